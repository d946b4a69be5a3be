"""The configuration file: where it is looked for, and what stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from kumon_observe.config.place import FILE_NAME, PATH_VARIABLE, PROJECT_FILE, Place, is_file
from kumon_observe.model.errors import ConfigError
from kumon_observe.model.patterns import LatePattern

if TYPE_CHECKING:
    from pathlib import Path as FilePath

    from kumon_observe.config.lines import Path
    from kumon_observe.model.setup import Origin

_PROJECT_TABLE: Final = ("tool", "kumon-observe")
_PLACE: Final = LatePattern(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@frozen(kw_only=True, eq=False, repr=False)
class ConfigFile:
    """A file that was read: its ``name`` as shown, its ``table`` of options, the line of each key."""

    name: str
    table: Mapping[str, Any]
    lines: Mapping[Path, int] = field(factory=dict)
    root: Path = ()

    def origin(self, path: Path) -> Origin:
        """The place of *path*, or of the nearest table around it that has one."""
        from kumon_observe.model.setup import Origin

        full = (*self.root, *path)
        while full and full not in self.lines:
            full = full[:-1]
        return Origin(kind="file", file=self.name, line=self.lines.get(full))


def find_file(path: Place | None, environ: Mapping[str, str], cwd: Place) -> ConfigFile | None:
    """The first there is of *path*, ``KUMON_OBSERVE_CONFIG``, ``kumon-observe.toml``, ``pyproject.toml``.

    Raises:
        ConfigError: the file is missing though it was named, cannot be read, or is no TOML.
    """
    named = path or environ.get(PATH_VARIABLE)
    if named:
        by = "" if path else f" (named by {PATH_VARIABLE})"
        file = _read(cwd, str(named), by)
        if file is None:
            raise ConfigError(f"{named} has no table [tool.kumon-observe]: add it, or name a {FILE_NAME}")
        return file
    for name in (FILE_NAME, PROJECT_FILE):
        if is_file(cwd, name):
            return _read(cwd, name)
    return None


def _read(folder: Place, name: str, by: str = "") -> ConfigFile | None:
    from pathlib import Path as FilePath

    path = FilePath(folder, name)
    text = _text(path, name, by)
    if path.name != PROJECT_FILE:
        return _parsed(text, name, ())
    # Another tool's broken pyproject.toml is no reason to refuse work: it is parsed only if it speaks of us.
    return _parsed(text, name, _PROJECT_TABLE) if _PROJECT_TABLE[-1] in text else None


def _text(path: FilePath, name: str, by: str) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        remedy = "write one with kumon-observe init, or correct the path"
        raise ConfigError(f"there is no configuration file {name}{by}: {remedy}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name} is not UTF-8 at byte {error.start}: save it as UTF-8") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigError(f"the configuration file {name}{by} cannot be read: {reason}") from None


def _parsed(text: str, name: str, root: Path) -> ConfigFile | None:
    import tomllib

    from kumon_observe.config.lines import key_lines

    try:
        table: Any = tomllib.loads(text)
    except ValueError as error:  # tomllib lets that of a number with too many digits through
        raise ConfigError(_not_toml(name, text, str(error))) from None
    except RecursionError:
        raise ConfigError(f"{name}: the values are nested too deeply") from None
    for part in root:
        table = table.get(part) if isinstance(table, dict) else None
    if root and table is None:
        return None
    file = ConfigFile(name=name, table={}, lines=key_lines(text), root=root)
    if not isinstance(table, dict):
        key = ".".join(root)
        raise ConfigError(f"{file.origin(())}: {key} needs to be a table: write [{key}]")
    return ConfigFile(name=name, table=table, lines=file.lines, root=root)


def _not_toml(name: str, text: str, message: str) -> str:
    place = _PLACE.search(message)
    line = place[1] if place and place[1] else str(text.count("\n") + 1)
    return f"{name}:{line}: this is no TOML: {_PLACE.sub('', message)}"
