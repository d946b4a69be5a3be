"""One conversation's timeline, turn by turn, with what each check concluded and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Unpack

from attrs import Factory, define

from kumon_observe.engine.judge import judge
from kumon_observe.engine.run import Run, RunOptions, SourceSpec
from kumon_observe.engine.shown import ConversationMatch, listed_record, listed_row
from kumon_observe.engine.sources import ReadFile
from kumon_observe.engine.story import Entry, tell
from kumon_observe.model import rows
from kumon_observe.model.evidence import CheckResult, Sentence, Violation
from kumon_observe.model.listing import Explanation
from kumon_observe.model.phrase import phrase
from kumon_observe.model.rows import PlainRow, turn_of
from kumon_observe.model.status import Status
from kumon_observe.parsing.grammar import context_kind, split_fields
from kumon_observe.parsing.records import LoggedRecord, RecordReader

_MOST_ENTRIES: Final = 5000
_TURNS_HELD: Final = 2000


def explain(
    conv: str, sources: SourceSpec | Iterable[SourceSpec], **options: Unpack[RunOptions]
) -> Explanation:
    """The timeline of *conv* (its id or its pseudonym, matched exactly) in *sources*.

    The checks judge everything that was read, since a conversation stands among others; the findings
    are those about this one. The options are those of :class:`kumon_observe.engine.run.Run`.
    """
    run = Run(specs=sources, **options)
    collected = _Collector(run, conv)
    run.sources.tap = collected.tap
    judging = judge(run.plugins.checks(), collected.of(run.sources.batches()))
    results = judging.results(run.now())
    return explanation_of(run, collected.matches, collected.ordered(), results)


def explanation_of(
    run: Run,
    matches: ConversationMatch,
    entries: Sequence[Entry],
    results: Sequence[CheckResult],
    *,
    also_lost: Iterable[Sentence] = (),
) -> Explanation:
    """What the *entries* of one conversation tell, in log order, with those of the *results* about it."""
    about = [(result.name, finding) for result in results for finding in _about(result, matches)]
    losses = [*run.losses(), *also_lost]
    if not entries:
        losses.append(phrase("no trace of this conversation was seen"))
    turns = tell(run, entries, about)
    statuses = [turn.status for turn in turns]
    resolved = [run.resolver.result(result, 0) for result in results]
    return Explanation(
        conv=run.masks.value(matches.wanted),
        generated_at=run.generated_at(),
        turns=turns,
        checks=tuple(result.degraded(*losses) if losses else result for result in resolved),
        status=max([*statuses, Status.UNKNOWN if losses else Status.OK]),
        sources=run.reports(),
        coverage=run.sources.seen.coverage(),
        reasons=tuple(losses),
    )


@define(eq=False)
class _Collector:
    """Picks what belongs to one conversation out of all that is read, within bounds."""

    run: Run
    conv: str
    entries: list[Entry] = Factory(list)
    matches: ConversationMatch = Factory(lambda self: ConversationMatch(self.run, self.conv), takes_self=True)
    _idems: set[str] = Factory(set)
    _turns: dict[str, None] = Factory(dict)
    _held: dict[str, list[LoggedRecord]] = Factory(dict)
    _readers: dict[int, RecordReader] = Factory(dict)

    def of(self, batches: Iterable[list[PlainRow]]) -> Iterator[list[PlainRow]]:
        """Pass *batches* on, noting the conversation's traces."""
        for batch in batches:
            for row in batch:
                if self.matches(row[8]):
                    if row[9] is not None:
                        self._idems.add(row[9])
                    self._add(Entry(row[1], row[2], row[4], row=row, shown=listed_row(self.run, row)))
                    self._belongs(turn_of(row))
                elif row[0] == rows.TURN_RESULT and row[9] in self._idems:
                    self._add(Entry(row[1], row[2], row[4], row=row, shown=listed_row(self.run, row)))
                    self._belongs(row[11])
            yield batch

    def tap(self, read: ReadFile, block: bytes) -> None:
        """Look for context messages in the bytes that are read."""
        reader = self._readers.get(read.source)
        if reader is None:
            reader = self._readers[read.source] = RecordReader(self.run.scan_options, read.source)
        for logged in reader.feed(block) if block else reader.finish():
            if context_kind(logged.message) is not None:
                self._context(logged)

    def ordered(self) -> list[Entry]:
        """Everything found, in log order."""
        return sorted(self.entries, key=lambda entry: (entry.at or 0, entry.source, entry.offset))

    def _context(self, logged: LoggedRecord) -> None:
        window = self.run.sources.window
        at = logged.ref.at
        if window.bounded and (at is None or not window.holds(at)):
            return
        fields = split_fields(logged.message)
        turn = fields.get("turn")
        if self.matches(fields.known("conv")) or (turn is not None and turn in self._turns):
            self._add(self._entry(logged))
            self._belongs(turn)
        elif turn:
            self._held.setdefault(turn, []).append(logged)
            if len(self._held) > _TURNS_HELD:
                del self._held[next(iter(self._held))]

    def _entry(self, logged: LoggedRecord) -> Entry:
        ref = logged.ref
        return Entry(ref.at, ref.source, ref.offset, row=None, shown=listed_record(self.run, logged))

    def _belongs(self, turn: str | None) -> None:
        """A turn id is known to be this conversation's: what was held back for it is shown too."""
        if turn:
            self._turns[turn] = None
            for logged in self._held.pop(turn, ()):
                self._add(self._entry(logged))

    def _add(self, entry: Entry) -> None:
        if len(self.entries) < _MOST_ENTRIES:
            self.entries.append(entry)


def _about(result: CheckResult, matches: ConversationMatch) -> Iterator[tuple[Violation, Status]]:
    """The findings of *result* that are about the conversation, each with its weight."""
    for violation in result.violations:
        if matches(violation.key.conv):
            mismatched = violation.details.get("identity") == "mismatched" and not violation.details.get(
                "corroborated"
            )
            yield violation, Status.WARNING if mismatched else result.status
    for warning in result.warnings:
        if matches(warning.key.conv):
            yield warning, Status.WARNING
