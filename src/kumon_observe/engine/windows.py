"""The windows that rules ask for, over a log that goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from kumon_observe.engine.panes import Panes
from kumon_observe.engine.rates import Rates
from kumon_observe.model.errors import StateError
from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.protocols import Check
from kumon_observe.model.rows import MICROSECONDS, Batch

_NEVER: Final = 1 << 62

Asked = tuple[str, float]
"""A check's name, and seconds."""


class Windows:
    """All windows that rules ask for.

    Args:
        windows: the checks whose answer over so many seconds is asked for.
        rates: the checks whose rate over so many seconds is asked for.
        make: gives a new check of a name.
    """

    def __init__(
        self, windows: Iterable[Asked], rates: Iterable[Asked], make: Callable[[str], Check]
    ) -> None:
        self._panes = {
            (name, seconds): Panes(_microseconds(seconds), _maker(make, name)) for name, seconds in windows
        }
        longest: dict[str, float] = {}
        for name, seconds in rates:
            longest[name] = max(seconds, longest.get(name, 0.0))
        self._rates = {
            name: Rates(_microseconds(seconds), _maker(make, name)) for name, seconds in longest.items()
        }
        self._all: tuple[Panes | Rates, ...] = (*self._panes.values(), *self._rates.values())
        self._latest = 0
        self._next = 0

    def observe(self, batch: Batch) -> None:
        """Take in the next rows; a time that goes back counts as the latest before it."""
        begin = 0
        for index, row in enumerate(batch):
            at = row[1]
            if at is not None and at > self._latest:
                self._latest = at
                if at >= self._next:
                    self._feed(batch[begin:index])
                    begin = index
                    self._turn(at)
        self._feed(batch[begin:])

    def result(self, check: str, seconds: float) -> CheckResult:
        """What *check* says of the last *seconds* of the log, by the log's own time.

        Raises:
            KeyError: nobody said that this would be asked.
        """
        return self._panes[check, seconds].result(self._latest)

    def rate(self, check: str, seconds: float) -> tuple[int, int]:
        """How many of *check*'s events in the last *seconds* were good, and how many there were.

        Raises:
            KeyError: nobody said that this would be asked.
        """
        return self._rates[check].rate(_microseconds(seconds), self._latest)

    def saved(self) -> Mapping[str, Any]:
        """All of it as JSON values, without the text of any record."""
        return {
            "latest": self._latest,
            "panes": [[name, seconds, panes.saved()] for (name, seconds), panes in self._panes.items()],
            "rates": [[name, rates.saved()] for name, rates in self._rates.items()],
        }

    def restore(self, saved: Any) -> None:
        """Go on from what was saved; a window that was not asked for then begins anew.

        Raises:
            StateError: it is of another release or option, or is damaged. Then nothing is to be used.
        """
        try:
            self._latest = int(saved["latest"])
            for name, seconds, panes in saved["panes"]:
                if (name, seconds) in self._panes:
                    self._panes[name, seconds].restore(panes)
            for name, rates in saved["rates"]:
                if name in self._rates:
                    self._rates[name].restore(rates)
        except (KeyError, TypeError, ValueError) as error:
            raise StateError(f"what was saved of the windows is damaged: {error}") from error
        self._next = 0

    def _turn(self, at: int) -> None:
        self._next = min((one.turn(at) for one in self._all), default=_NEVER)

    def _feed(self, batch: Batch) -> None:
        if not batch:
            return
        if not self._next:  # nothing had a time so far, or this goes on from a saved state
            self._turn(self._latest)
        for one in self._all:
            one.observe(batch)


def _microseconds(seconds: float) -> int:
    return round(seconds * MICROSECONDS)


def _maker(make: Callable[[str], Check], name: str) -> Callable[[], Check]:
    return lambda: make(name)
