"""What the commands about the set-up itself show: plugins, configuration values, findings of ``doctor``."""

from __future__ import annotations

from enum import Enum
from typing import Any, Literal

from attrs import field, frozen, validators

from kumon_observe.model.evidence import Sentence


@frozen(kw_only=True)
class PluginInfo:
    """One plugin as it was found.

    Attributes:
        name: that of its entry point.
        version: its package's, if it is of one.
        origin: where it comes from (``built in``, ``package kumon-extra``, ``given by the program``).
        provides: as in ``("check handoff", "layout json")``.
        error: why it, or a part of it, is not used.
        disabled: the configuration says not to use it; it was not even imported.
    """

    name: str
    version: str | None = None
    origin: str = ""
    provides: tuple[str, ...] = ()
    error: str | None = None
    disabled: bool = False


@frozen(kw_only=True)
class PluginPackage:
    """The plugin package ``name`` that was written: its ``kind``, its ``folder`` and the ``files`` in it."""

    name: str
    kind: str
    folder: str
    files: tuple[str, ...]


@frozen(kw_only=True)
class Origin:
    """Where a value comes from, by ``kind``: ``file`` and ``line`` (from 1), or ``variable``."""

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
    """One option in force: its dotted ``key``, its ``value`` (JSON, secrets masked) and its ``origin``."""

    key: str
    value: Any
    origin: Origin = Origin()


@frozen(kw_only=True)
class ConfigReport:
    """The ``values`` in force; ``file`` is the one that was read, ``problems`` say why it cannot be used."""

    file: str | None = None
    values: tuple[ConfigValue, ...] = ()
    problems: tuple[str, ...] = ()


class Health(Enum):
    """How one part of the set-up is: ``OK``, a ``WARNING`` (it works, but not as well), a ``PROBLEM``."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"

    def __str__(self) -> str:
        return self.value


@frozen(kw_only=True)
class SetupFinding:
    """What ``doctor`` found about one part of the set-up.

    Attributes:
        topic: which part (``python``, ``plugins``, …).
        health: how it is.
        sentence: that in words.
        remedy: what to do about it; empty when nothing is to be done.
    """

    topic: str = field(validator=validators.min_len(1))
    health: Health = Health.OK
    sentence: Sentence
    remedy: Sentence = ""
