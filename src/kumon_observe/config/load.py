"""Lays the sources of the configuration over each other: defaults, file, environment, flags."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from kumon_observe.config.options import dotted, from_text, names_in, options
from kumon_observe.config.place import anything_to_read
from kumon_observe.config.settings import Settings
from kumon_observe.model.errors import ConfigError
from kumon_observe.model.threshold import Threshold

if TYPE_CHECKING:
    from pathlib import Path as FilePath

    from attrs import Attribute

    from kumon_observe.config.layers import Layers
    from kumon_observe.config.lines import Path
    from kumon_observe.model.setup import Origin

_NO_FLAGS: Final[Mapping[str, Any]] = MappingProxyType({})


class LoadedSettings:
    """The settings in force, and where each value comes from."""

    def __init__(
        self, settings: Settings, layers: Layers | None = None, flags: frozenset[Path] = frozenset()
    ) -> None:
        self.settings = settings
        self._layers = layers
        self._flags = flags

    @property
    def options(self) -> Mapping[Path, Attribute[Any]]:
        """Every option in force, those of named tables that are no default ones among them."""
        return options(names=names_in(self.settings))

    @property
    def origins(self) -> Mapping[str, Origin]:
        """By dotted key, where the value of *every* option comes from."""
        return {dotted(option): self._origin(option) for option in self.options}

    @property
    def file(self) -> str | None:
        """The configuration file's name as shown; ``None``: there is none."""
        file = self._layers.file if self._layers else None
        return file.name if file else None

    @property
    def written(self) -> Mapping[str, Any]:
        """By dotted key, what stands in the file for the values that ``${NAME}`` is a part of."""
        written = self._layers.expansion.written if self._layers else {}
        return {dotted(at): value for at, value in written.items()}

    def _origin(self, option: Path) -> Origin:
        from kumon_observe.model.setup import Origin

        if option in self._flags:
            return Origin(kind="flag")
        return self._layers.origin(option) if self._layers else Origin()


def load_settings(
    path: str | FilePath | None = None,
    environ: Mapping[str, str] | None = None,
    flags: Mapping[str, Any] = _NO_FLAGS,
    cwd: FilePath | None = None,
) -> LoadedSettings:
    """Load the configuration.

    ``path`` is a file to use instead of looking for one. ``environ`` is the process's own by default.
    ``flags`` are values by dotted key that beat everything (``None`` counts as not given). ``cwd`` is the
    folder in which files are looked for.

    Raises:
        ConfigError: something in it cannot be used; ``problems`` are all faults, each with its place.
        MissingExtraError: there is an option to read, and the extra ``config`` is not installed.
    """
    environ = os.environ if environ is None else environ
    settings, layers = Settings(), None
    if anything_to_read(path, environ, cwd or ""):
        from kumon_observe.config.layers import Layers

        layers = Layers.read(path, environ, cwd or "")
        settings = _structured(layers)
    given = {_known_flag(key): value for key, value in flags.items() if value is not None}
    for option, value in given.items():
        settings = _with_flag(settings, option, value)
    return LoadedSettings(settings=settings, layers=layers, flags=frozenset(given))


def _structured(layers: Layers) -> Settings:
    from kumon_observe.config.values import Faults, settings_of

    settings, faults = Settings(), []
    try:
        merged = layers.merged()
        if merged and layers.file is None:
            settings = settings_of(layers.environment.values)
        elif merged:  # without any option to read the defaults are in force, and work without cattrs
            from kumon_observe.config.structure import structured

            settings = structured(merged)
    except Faults as found:
        faults = found.faults
    problems = layers.problems(faults)
    if problems:
        raise ConfigError(*problems)
    return settings


def _known_flag(key: str) -> Path:
    path = tuple(key.split("."))
    if path not in options(path[:1]):
        raise ConfigError(f"command line: there is no option {key!r}")
    return path


def _with_flag(settings: Settings, option: Path, value: Any) -> Settings:
    from kumon_observe.config.values import changed

    kind = options(option[:1])[option].type
    try:
        if isinstance(value, str):
            value = Threshold.parse(value) if kind is Threshold else from_text(value, kind)
        of_flag: Settings = changed(settings, option, tuple(value) if isinstance(value, list) else value)
    except TypeError:
        raise ConfigError(f"command line: {dotted(option)} cannot take {value!r}") from None
    except (ValueError, ConfigError) as error:
        message = str(error.args[0]).removeprefix(f"'{option[-1]}' ")
        raise ConfigError(f"command line: {dotted(option)} {message}") from None
    return of_flag
