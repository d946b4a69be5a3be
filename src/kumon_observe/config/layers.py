"""The file and the environment as layers: what each says of an option, and where it says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import frozen

from kumon_observe.config.environment import Environment
from kumon_observe.config.file import ConfigFile, find_file
from kumon_observe.config.options import Names, dotted
from kumon_observe.config.place import Place
from kumon_observe.config.secrets import Expansion, is_secret

if TYPE_CHECKING:
    from kumon_observe.config.lines import Path
    from kumon_observe.model.setup import Origin

Fault: TypeAlias = "tuple[Path, str]"
"""What is wrong about the option at a path, as the rest of a sentence that begins with its key."""


@frozen(eq=False, repr=False)
class Layers:
    """``table`` is the file's, with ``${NAME}`` replaced; the environment's values lie over it."""

    file: ConfigFile | None
    environment: Environment
    expansion: Expansion
    table: Mapping[str, Any]

    @classmethod
    def read(cls, path: Place | None, environ: Mapping[str, str], cwd: Place) -> Layers:
        """Find and read both.

        Raises:
            ConfigError: the file cannot be read.
        """
        file = find_file(path, environ, cwd)
        expansion = Expansion(environ)
        table = expansion.expand(dict(file.table)) if file else {}
        return cls(file, Environment.read(environ, _names(table)), expansion, table)

    def merged(self) -> dict[str, Any]:
        """Both in one table; where the file has a value instead of a table, that fault stays."""
        merged = dict(self.table)
        for path, value in self.environment.values.items():
            inner = merged
            for name in path[:-1]:
                deeper = inner.get(name, {})
                if not isinstance(deeper, dict):
                    break
                inner[name] = inner = dict(deeper)
            else:
                inner[path[-1]] = value
        return merged

    def origin(self, path: Path) -> Origin:
        """Where the value of an option comes from."""
        from kumon_observe.model.setup import Origin

        if path in self.environment.values:
            return Origin(kind="environment", variable=self.environment.variables[path])
        if self.file is None or _found(self.table, path) is None:
            return Origin()
        return self.file.origin(path)

    def problems(self, faults: Iterable[Fault]) -> list[str]:
        """A sentence for every fault of the layers and every one of *faults*, in the file's order."""
        unset = dict(self.expansion.problems)
        placed = [(self._in_file(path), path, sentence) for path, sentence in unset.items()]
        for path, sentence in faults:
            if path in self.environment.values:
                placed.append((self.origin(path), path, self._safe(path, sentence)))
            elif path not in unset:
                placed.append((self._in_file(path), path, self._safe(path, sentence)))
        placed.sort(key=lambda fault: fault[0].line or 0)
        told = [f"{place}: {dotted(path)} {sentence}" for place, path, sentence in placed]
        return [*told, *self.environment.problems]

    def _in_file(self, path: Path) -> Origin:
        from kumon_observe.model.setup import Origin

        return self.file.origin(path) if self.file else Origin()

    def _safe(self, path: Path, sentence: str) -> str:
        """*sentence*, unless it may tell a value that must not be shown."""
        value = _found(self.merged(), path)
        replaced = any(written[: len(path)] == path for written in self.expansion.written)
        if replaced or is_secret(path, value):
            return "has a value that it cannot take (not shown, since it may be a secret)"
        return sentence


def _names(table: Mapping[str, Any]) -> Names:
    """The names in every table of tables, whether they may have names of their own or not."""
    return {key: value for key, value in table.items() if isinstance(value, dict)}


def _found(table: Mapping[str, Any], path: Path) -> Any:
    value: Any = table
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
