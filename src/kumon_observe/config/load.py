"""Lays the sources of the configuration over each other: defaults, file, environment, flags."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any, Final

import attrs
from attrs import field, frozen

from kumon_observe.config.layers import Layers
from kumon_observe.config.lines import Path
from kumon_observe.config.options import dotted, from_text, options
from kumon_observe.config.settings import Settings
from kumon_observe.config.structure import Faults, structured
from kumon_observe.model.errors import ConfigError
from kumon_observe.model.setup import Origin
from kumon_observe.model.threshold import Threshold

_NO_FLAGS: Final[Mapping[str, Any]] = MappingProxyType({})


@frozen(kw_only=True)
class LoadedSettings:
    """The settings in force, and by dotted key where the value of *every* option comes from.

    ``file`` is the configuration file's name as shown (``None``: there is none). ``written`` has, by dotted
    key, what stands in it for the values that ``${NAME}`` is a part of.
    """

    settings: Settings
    origins: Mapping[str, Origin]
    file: str | None = None
    written: Mapping[str, Any] = field(factory=dict)


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
    layers = Layers.read(path, os.environ if environ is None else environ, cwd or FilePath.cwd())
    settings = _structured(layers)
    given = {_known_flag(key): value for key, value in flags.items() if value is not None}
    for option, value in given.items():
        settings = _with_flag(settings, option, value)
    return LoadedSettings(
        settings=settings,
        origins={
            dotted(option): Origin(kind="flag") if option in given else layers.origin(option)
            for option in options()
        },
        file=layers.file.name if layers.file else None,
        written={dotted(at): value for at, value in layers.expansion.written.items()},
    )


def _structured(layers: Layers) -> Settings:
    merged = layers.merged()
    settings, faults = Settings(), []
    if merged:
        # Without a file and variables nothing is read, so that the defaults work without cattrs.
        try:
            settings = structured(merged)
        except Faults as found:
            faults = found.faults
    problems = layers.problems(faults)
    if problems:
        raise ConfigError(*problems)
    return settings


def _known_flag(key: str) -> Path:
    path = tuple(key.split("."))
    if path not in options():
        raise ConfigError(f"command line: there is no option {key!r}")
    return path


def _with_flag(settings: Settings, option: Path, value: Any) -> Settings:
    kind = options()[option].type
    try:
        if isinstance(value, str):
            value = Threshold.parse(value) if kind is Threshold else from_text(value, kind)
        changed: Settings = _changed(settings, option, tuple(value) if isinstance(value, list) else value)
    except TypeError:
        raise ConfigError(f"command line: {dotted(option)} cannot take {value!r}") from None
    except (ValueError, ConfigError) as error:
        message = str(error.args[0]).removeprefix(f"'{option[-1]}' ")
        raise ConfigError(f"command line: {dotted(option)} {message}") from None
    return changed


def _changed(table: Any, path: Path, value: Any) -> Any:
    if len(path) > 1:
        value = _changed(getattr(table, path[0]), path[1:], value)
    return attrs.evolve(table, **{path[0]: value})
