"""Every error that this library raises on purpose, under one root."""

from __future__ import annotations


class KumonObserveError(Exception):
    """Root of all errors of this library.

    The message is one sentence for a person: what was being done, with what, and what to do now.
    """


class UsageError(KumonObserveError):
    """The caller asked for something that cannot be done as asked (a wrong option or argument)."""


class ConfigError(UsageError):
    """The configuration holds something that cannot be used; the message names the file and line.

    ``problems`` are all that were found, one sentence each; the message is the first of them.
    """

    def __init__(self, *problems: str) -> None:
        more = f" (and {len(problems) - 1} more: see kumon-observe config check)" if len(problems) > 1 else ""
        super().__init__("".join(problems[:1]) + more)
        self.problems = problems


class ThresholdError(ConfigError):
    """A threshold is not written as one, or it cannot be compared with the value it is given."""


class PluginError(KumonObserveError):
    """A plugin cannot be used: it took a taken name, or its hook raised, or it fails to import."""


class MissingExtraError(KumonObserveError):
    """A feature was used whose optional dependencies are not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs an extra: install kumon-observe[{extra}]")
        self.feature = feature
        self.extra = extra


class SchemaError(KumonObserveError):
    """A JSON document is not a verdict of a version that this release can read."""


class StateError(KumonObserveError):
    """A saved state cannot be gone on from: it is of another check, release or option, or is damaged."""


class MergeError(KumonObserveError):
    """Two check states cannot be merged: they are of different checks or options."""
