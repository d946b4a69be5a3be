"""The sends that still wait for a result (TRACES section 6)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from typing import Any, Final, TypeVar

from kumon_observe.model.rows import MICROSECONDS, PlainRow

_TRACES_UNTIL_LATE: Final = 1000
_K = TypeVar("_K")


class Send:
    """One message on its way; ``number`` is that of the trace among all traces."""

    __slots__ = ("at", "conv", "idem", "number", "overtaken")

    def __init__(
        self, conv: str | None, idem: str | None, at: int | None, number: int, overtaken: bool = False
    ) -> None:
        self.conv = conv
        self.idem = idem
        self.at = at
        self.number = number
        self.overtaken = overtaken


class OpenSends:
    """Sends without a result, at most *max_open*; *grace* in seconds.

    ``expired`` counts those given up to bound memory after their grace, ``evicted`` the younger ones.
    """

    def __init__(self, grace: float, max_open: int) -> None:
        self.expired = 0
        self.evicted = 0
        self._grace = int(grace * MICROSECONDS)
        self._max_open = max_open
        self._open: OrderedDict[int, Send] = OrderedDict()
        self._by_conv: dict[str | None, list[Send]] = {}
        self._by_idem: dict[str, list[Send]] = {}
        self._untimed = 0

    def add(self, row: PlainRow, number: int) -> None:
        """A send goes out; *number* is that of its trace."""
        self._wait(Send(row[8], row[9], row[1], number))
        if len(self._open) > self._max_open:
            oldest = next(iter(self._open.values()))
            late = self.is_late(oldest, row[1], number)
            self.expired += late
            self.evicted += not late
            self._drop(oldest)

    def answer(self, conv: str | None, idem: str | None) -> None:
        """A result answers the latest open send of its key; an unknown idem fits any of its conversation."""
        sends = self._by_conv.get(conv, ())
        fitting = [send for send in sends if send.idem == idem]
        if not fitting:
            fitting = [send for send in sends if send.idem is None or idem is None]
        if fitting:
            self._drop(fitting[-1])

    def answer_anywhere(self, idem: str | None) -> None:
        """A turn-based result, which names no conversation, answers by its idem alone."""
        sends = self._by_idem.get(idem, ()) if idem is not None else ()
        if sends:
            self._drop(sends[-1])

    def next_turn(self, conv: str | None) -> None:
        """A later turn of *conv* begins: what has no time and no result by now will not get one."""
        for send in self._by_conv.get(conv, ()):
            send.overtaken = True

    def late(self, now: int | None, number: int) -> int:
        """How many are past their grace at *now*, the log having gone on to trace *number*."""
        return self.expired + sum(self.is_late(send, now, number) for send in self._open.values())

    def is_late(self, send: Send, now: int | None, number: int) -> bool:
        """Whether *send* should have had its result."""
        if send.at is not None and now is not None:
            return now - send.at > self._grace
        return send.overtaken or number - send.number >= _TRACES_UNTIL_LATE

    @property
    def names(self) -> tuple[Collection[str | None], ...]:
        """The conversations whose next turn tells of what waits: none if all that waits has a time."""
        return (self._by_conv.keys(),) if self._untimed else ()

    def __len__(self) -> int:
        return len(self._open)

    def saved(self) -> list[Any]:
        """What waits, as JSON values."""
        waiting = [[s.conv, s.idem, s.at, s.number, s.overtaken] for s in self._open.values()]
        return [self.expired, self.evicted, waiting]

    def restore(self, saved: Any) -> None:
        """Wait for what was saved."""
        expired, evicted, waiting = saved
        self.expired, self.evicted = int(expired), int(evicted)
        for conv, idem, at, number, overtaken in waiting:
            self._wait(Send(conv, idem, at, number, overtaken))

    def _wait(self, send: Send) -> None:
        self._open[send.number] = send
        self._untimed += send.at is None
        self._by_conv.setdefault(send.conv, []).append(send)
        if send.idem is not None:
            self._by_idem.setdefault(send.idem, []).append(send)

    def _drop(self, send: Send) -> None:
        del self._open[send.number]
        self._untimed -= send.at is None
        _remove(self._by_conv, send.conv, send)
        if send.idem is not None:
            _remove(self._by_idem, send.idem, send)


def _remove(index: dict[_K, list[Send]], key: _K, send: Send) -> None:
    sends = index[key]
    sends.remove(send)
    if not sends:
        del index[key]
