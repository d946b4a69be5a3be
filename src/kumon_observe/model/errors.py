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
    """A feature was used whose optional dependencies are not installed.

    ``feature`` is what needs them, ``extra`` the name to install them by.
    """

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


class SinkError(KumonObserveError):
    """A sink did not deliver an alert. It raises one of the two kinds below.

    The message says what the channel answered and what to do, without any secret (a token, a webhook's
    address). Anything else that a sink raises counts as temporary: what nobody foresaw may pass.
    """


class TemporarySinkError(SinkError):
    """Not delivered now, worth trying again: a time-out, a refused connection, a full disk, HTTP 429 or 5xx.

    ``retry_after``: the seconds that the channel asks to wait before that, ``None`` where it names none; a
    negative number counts as 0.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = None if retry_after is None else max(0.0, float(retry_after))


class PermanentSinkError(SinkError):
    """Not delivered, and trying again as it is cannot help: a revoked token, an unknown address, HTTP 4xx.

    Whoever reads the message has to change something first.
    """


class DeclinedError(PermanentSinkError):
    """Not delivered on purpose: the sink is told to leave such an alert alone, and nothing failed.

    The message says why, as "no rollback is allowed". It is kept and shown with the alert; nobody tries
    again, and nobody else has to be told instead.
    """
