"""Which loggers may speak for the app (TRACES section 2)."""

from __future__ import annotations

from collections.abc import Iterable

from kumon_observe.model.wildcards import matches


class TrustedLoggers:
    """Shell-style patterns of logger names; ``app.*`` stands for ``app`` and all below it.

    A record whose layout names no logger is trusted, since there is nothing to hold against it.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = tuple(patterns)
        self._known: dict[str, bool] = {}

    def __call__(self, logger: str | None) -> bool:
        """Whether a trace from *logger* counts."""
        if logger is None:
            return True
        trusted = self._known.get(logger)
        if trusted is None:
            trusted = any(_matches(logger, pattern) for pattern in self._patterns)
            if len(self._known) < 1024:  # names can be forged: keep a bounded memory of them
                self._known[logger] = trusted
        return trusted


def _matches(logger: str, pattern: str) -> bool:
    return matches(logger, pattern) or (pattern.endswith(".*") and logger == pattern[:-2])
