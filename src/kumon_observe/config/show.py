"""The configuration as ``config show`` and ``config check`` report it: nothing secret in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from kumon_observe.config.lines import Path
from kumon_observe.config.load import LoadedSettings, load_settings
from kumon_observe.config.options import described, dotted, kind_path, value_at
from kumon_observe.config.secrets import masked
from kumon_observe.model.errors import ConfigError
from kumon_observe.model.setup import ConfigReport, ConfigValue
from kumon_observe.model.threshold import Threshold


def report(loaded: LoadedSettings) -> ConfigReport:
    """Every option in force with its origin.

    Of a named table such as ``[rules.NAME]`` only what differs from other tables of its kind is told.
    A value that came through ``${NAME}`` is shown as the file has it; secrets are ``***``.
    """
    origins = loaded.origins
    values = tuple(
        ConfigValue(key=dotted(path), value=_shown(loaded, path), origin=origins[dotted(path)])
        for path in loaded.options
        if origins[dotted(path)].kind != "default" or not _is_usual(loaded, path)
    )
    return ConfigReport(file=loaded.file, values=values)


def check(
    path: str | FilePath | None = None,
    environ: Mapping[str, str] | None = None,
    cwd: FilePath | None = None,
) -> ConfigReport:
    """Like :func:`report`, with the problems instead of the values where the configuration cannot be used."""
    try:
        return report(load_settings(path, environ, cwd=cwd))
    except ConfigError as error:
        return ConfigReport(file=None if path is None else str(path), problems=error.problems)


def _shown(loaded: LoadedSettings, path: Path) -> Any:
    key = dotted(path)
    if key in loaded.written and loaded.origins[key].kind == "file":
        return masked(path, loaded.written[key])
    value = value_at(loaded.settings, path)
    return str(value) if isinstance(value, Threshold) else masked(path, value)


def _is_usual(loaded: LoadedSettings, path: Path) -> bool:
    """Whether a named table says what any other of its kind says by itself."""
    kind = kind_path(path)
    return kind != path and bool(value_at(loaded.settings, path) == described()[kind].default)
