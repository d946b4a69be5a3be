"""Shows logs as they grow: traces, guards, errors, and each violation as soon as it is known."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from kumon_observe.engine.analyze import wanted_checks
from kumon_observe.engine.following import Following
from kumon_observe.engine.grave import Gravity
from kumon_observe.engine.judge import Judging
from kumon_observe.engine.listing import wanted_kinds
from kumon_observe.engine.settling import Item
from kumon_observe.engine.shown import ConversationMatch, bound, listed_record, listed_row
from kumon_observe.model import rows
from kumon_observe.model.evidence import CheckResult, Sentence, Violation
from kumon_observe.model.rows import PlainRow
from kumon_observe.model.status import Status
from kumon_observe.model.tailed import Tailed

LAST: Final = 1 << 20
"""Bytes before the end in which the last lines are looked for."""

_ROUNDS: Final = 3
_MOST_KNOWN: Final = 10_000
_CRITICAL: Final = (rows.HANDOFF_GUARD, rows.BAD_INSTANCE)
_WARNING: Final = (rows.OUTBOX_GUARD, rows.OTHER_GUARD)
_Place = tuple[int, int]
_Ident = tuple[str, str | None, str | None, _Place | None]


class Tail:
    """What *following* gives, judged and made ready to be shown; *following* must look for ``errors``.

    With *kinds* only those traces are shown; with *conv* the traces and violations of that conversation; with
    *only* nothing less grave.

    Raises:
        UsageError: there is no such kind of trace.
    """

    def __init__(
        self,
        following: Following,
        *,
        kinds: Collection[str] = (),
        conv: str | None = None,
        only: Status = Status.OK,
    ) -> None:
        self._following = following
        self._run = following.run
        self._kinds = wanted_kinds(kinds)
        self._all_kinds = not kinds
        self._matches = None if conv is None else ConversationMatch(self._run, conv)
        self._only = only
        self._judging = Judging(wanted_checks(self._run.plugins, None))
        self._gravity = Gravity(self._judging.apart)
        self._known: dict[_Ident, None] = {}
        self._said: list[Sentence] = []

    @property
    def over(self) -> bool:
        """Whether nothing can come any more."""
        return self._following.over

    def wait(self, seconds: float) -> None:
        """Wait at most so long for something to show."""
        self._following.wait(seconds)

    def first(self, limit: int) -> list[Tailed]:
        """The last *limit* of what is there already.

        Raises:
            UsageError: *limit* is negative.
        """
        last: deque[Tailed] = deque(maxlen=bound(limit))
        rounds = 0
        while rounds < _ROUNDS:
            last.extend(self.more())
            rounds += not self._following.behind
            if not any(log.queue.held for log in self._following.logs):
                break
            self.wait(self._following.settle.total_seconds())
        return list(last)

    def more(self) -> list[Tailed]:
        """What came since."""
        return [*self._shown(self._following.entries()), *self._news()]

    def rest(self) -> list[Tailed]:
        """What is left at the end of standard input."""
        return list(self._shown(self._following.last_entries()))

    # judging

    def _shown(self, items: list[Item]) -> Iterator[Tailed]:
        """*items* that are wanted, each followed by the violations that it made known."""
        found = self._violations([item for item in items if isinstance(item, tuple)])
        for item in items:
            one = self._row(item) if isinstance(item, tuple) else self._error(item)
            if one is not None and one.status >= self._only:
                yield one
            place = (item[2], item[4]) if isinstance(item, tuple) else None
            if place in found:
                yield from found.pop(place)
        for rest in found.values():
            yield from rest

    def _violations(self, batch: list[PlainRow]) -> dict[_Place | None, list[Tailed]]:
        """The violations that *batch* made known, by the place of the record that shows them last."""
        grave = self._gravity.may_be_grave(batch)
        self._judging.observe(batch)
        found: dict[_Place | None, list[Tailed]] = {}
        if not grave or not self._all_kinds:
            return found
        for result in self._judging.results(self._following.now):
            if result.status is not Status.CRITICAL:
                continue
            for violation in self._new(result):
                shown = self._run.resolver.violation(violation)
                one = Tailed(status=result.status, check=result.name, violation=shown)
                found.setdefault(_place(violation, -1), []).append(one)
        return found

    def _new(self, result: CheckResult) -> Iterator[Violation]:
        for violation in result.violations:
            key = violation.key
            ident = (result.name, key.conv, key.idem, _place(violation, 0))
            if ident in self._known or (self._matches is not None and not self._matches(key.conv)):
                continue
            self._known[ident] = None
            if len(self._known) > _MOST_KNOWN:
                del self._known[next(iter(self._known))]
            yield violation

    # showing

    def _row(self, row: PlainRow) -> Tailed | None:
        if row[0] not in self._kinds or not (self._matches is None or self._matches(row[8])):
            return None
        return Tailed(status=_status(row), record=listed_row(self._run, row))

    def _error(self, item: Item) -> Tailed | None:
        if isinstance(item, tuple) or not self._all_kinds or self._matches is not None:
            return None
        level = (item.record.level or "").upper()
        status = Status.WARNING if level == "ERROR" else Status.CRITICAL
        return Tailed(status=status, record=listed_record(self._run, item))

    def _news(self) -> Iterator[Tailed]:
        """What is to be said of the logs that was not said at the look before."""
        losses = self._following.losses()
        notes = [note for log in self._following.logs for note in log.named_notes()]
        before, self._said = self._said, [*losses, *notes]
        for sentence in _without(self._said, before):
            yield Tailed(status=Status.UNKNOWN, said=sentence)


def _without(sentences: Iterable[Sentence], before: Collection[Sentence]) -> Iterator[Sentence]:
    return (sentence for sentence in sentences if sentence not in before)


def _place(violation: Violation, number: int) -> _Place | None:
    refs = [evidence.ref for evidence in violation.evidence if evidence.ref is not None]
    return (refs[number].source, refs[number].offset) if refs else None


def _status(row: PlainRow) -> Status:
    kind = row[0]
    if kind in _CRITICAL:
        return Status.CRITICAL
    refused = (kind == rows.RESULT and not row[10]) or (kind == rows.TURN_RESULT and row[10] == "send_failed")
    return Status.WARNING if refused or kind in _WARNING else Status.OK
