"""Records as they are shown in lists: resolved, named, masked."""

from __future__ import annotations

from kumon_observe.engine.run import Run
from kumon_observe.model.errors import UsageError
from kumon_observe.model.listing import ListedRecord, Listing
from kumon_observe.model.moments import to_datetime
from kumon_observe.model.phrase import phrase
from kumon_observe.model.rows import PlainRow, Ref
from kumon_observe.model.status import Status
from kumon_observe.parsing.grammar import kind_name
from kumon_observe.parsing.records import LoggedRecord


def bound(limit: int) -> int:
    """*limit* as a number of records.

    Raises:
        UsageError: it is negative.
    """
    if limit < 0:
        raise UsageError(f"the limit {limit} is negative: give how many records to show")
    return limit


class ConversationMatch:
    """Whether a conversation is the wanted one, which may be named raw or by its pseudonym."""

    def __init__(self, run: Run, wanted: str) -> None:
        self._value = run.masks.value
        self.wanted = wanted
        self._known: dict[str, bool] = {}

    def __call__(self, conv: str | None) -> bool:
        """Exactly the wanted one: ``conv_1`` is not ``conv_12``."""
        if conv is None:
            return False
        same = self._known.get(conv)
        if same is None:
            if len(self._known) > 100_000:
                self._known.clear()
            same = self._known[conv] = conv == self.wanted or self._value(conv) == self.wanted
        return same


def listed_row(run: Run, row: PlainRow) -> ListedRecord:
    """A trace row as it is shown."""
    ref = Ref.of(row)
    text = run.resolver.text(ref)
    return ListedRecord(
        source=run.sources.files[ref.source].file.name,
        line=ref.line,
        offset=ref.offset,
        at=None if ref.at is None else to_datetime(ref.at),
        text=run.masks.record(text),
        kind=kind_name(text),
        conv=None if row[8] is None else run.masks.value(row[8]),
    )


def listed_record(run: Run, logged: LoggedRecord) -> ListedRecord:
    """Any record as it is shown, with the lines that continue it."""
    ref, record = logged.ref, logged.record
    return ListedRecord(
        source=run.sources.files[ref.source].file.name,
        line=ref.line,
        offset=ref.offset,
        at=None if ref.at is None else to_datetime(ref.at),
        text=run.masks.record(logged.message, logged.continued),
        kind=kind_name(logged.message),
        level=record.level,
        logger=None if record.logger is None else run.masks.value(record.logger),
    )


def listing(run: Run, command: str, records: list[ListedRecord], matched: int, *, seen: bool) -> Listing:
    """The listing of a finished *run*: *records* of *matched*; ``unknown`` where nothing was *seen*."""
    reasons = run.losses()
    if not seen:
        reasons.append(phrase("no trace was seen"))
    return Listing(
        command=command,
        generated_at=run.generated_at(),
        records=tuple(records),
        omitted=matched - len(records),
        status=Status.UNKNOWN if reasons else Status.OK,
        sources=run.reports(),
        coverage=run.sources.seen.coverage(),
        reasons=tuple(reasons),
    )
