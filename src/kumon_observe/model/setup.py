"""What the commands about the set-up itself show: plugins, configuration values, findings of ``doctor``."""

from __future__ import annotations

from enum import Enum
from typing import Any, Literal

from attrs import field, frozen, validators

from kumon_observe.model.evidence import Sentence


@frozen(kw_only=True)
class PluginInfo:
    """One plugin as it was found: ``provides`` names as in ``("check handoff", "layout json")``.

    ``origin`` says where it comes from (``built in``, ``package kumon-extra``, ``given by the program``).
    ``error`` is why it, or a part of it, is not used. A ``disabled`` one was not even imported.
    """

    name: str
    version: str | None = None
    origin: str = ""
    provides: tuple[str, ...] = ()
    error: str | None = None
    disabled: bool = False


@frozen(kw_only=True)
class PluginPackage:
    """A plugin package that was written: of which ``kind``, in which ``folder``, and its ``files`` there."""

    name: str
    kind: str
    folder: str
    files: tuple[str, ...]


@frozen(kw_only=True)
class Origin:
    """Where a configuration value comes from: ``file`` and ``line`` (from 1), or ``variable``."""

    kind: Literal["default", "file", "environment", "flag"] = "default"
    file: str = ""
    line: int | None = None
    variable: str = ""

    def __str__(self) -> str:
        if self.kind == "file":
            return self.file if self.line is None else f"{self.file}:{self.line}"
        if self.kind == "environment":
            return self.variable
        return "command line" if self.kind == "flag" else "default"


@frozen(kw_only=True)
class ConfigValue:
    """One option in force: its dotted ``key``, and its ``value`` as a JSON value with secrets masked."""

    key: str
    value: Any
    origin: Origin = Origin()


@frozen(kw_only=True)
class ConfigReport:
    """The configuration in force; ``file`` is the one that was read, ``problems`` why it cannot be used."""

    file: str | None = None
    values: tuple[ConfigValue, ...] = ()
    problems: tuple[str, ...] = ()


class Health(Enum):
    """How one part of the set-up is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"

    def __str__(self) -> str:
        return self.value


@frozen(kw_only=True)
class SetupFinding:
    """What ``doctor`` found about one ``topic`` (``python``, ``plugins``, …), and what to do about it."""

    topic: str = field(validator=validators.min_len(1))
    health: Health = Health.OK
    sentence: Sentence
    remedy: Sentence = ""
