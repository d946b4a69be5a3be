"""Where a scan stopped between two lines of a file, so that another one can go on there in a later run."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final, Self

from attrs import fields, frozen

from kumon_observe.model.errors import StateError
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import Phrase
from kumon_observe.model.rows import Ref
from kumon_observe.parsing.head import HEAD_BYTES
from kumon_observe.parsing.lines import NO_TRACE, Previous
from kumon_observe.parsing.options import Dated, ScanOptions
from kumon_observe.parsing.scan import TAIL, Scanner
from kumon_observe.parsing.standing import Reread
from kumon_observe.parsing.tally import Place, Tally

_NEAR: Final = 4 << 10
_YEAR: Final = 360 * 86_400 * 1_000_000
_DIGEST: Final = 8


@frozen
class Bookmark:
    """What a scan knew at ``offset``, where a line begins, and cannot learn by looking at the file again.

    ``previous`` is a digest of the trace that ends there, if one does: a second handler may repeat it.
    ``first`` is the time that the file's head told, ``reference`` the time up to which those without a year
    were taken to lie, both in microseconds since the epoch.
    """

    offset: int
    plain: bool
    previous: str
    first: int | None
    reference: int
    tally: Tally

    @classmethod
    def of(cls, scanner: Scanner, options: ScanOptions, reread: Reread, reference: int) -> Self | None:
        """Where *scanner* is; ``None`` while that cannot be told without the text of records.

        *reread* gives the file's bytes once more.
        """
        if not scanner.settled or scanner.unreadable is not None or scanner.failed_layouts:
            return None
        probe = Scanner(options)
        probe.begin(reread(0, HEAD_BYTES))
        if len(probe.beginning.head) < HEAD_BYTES or probe.beginning != scanner.beginning:
            return None
        first, previous = probe.tally.first, ""
        if scanner.previous[0] == scanner.offset:
            previous = _digest(scanner.previous)
            tail = reread(max(0, scanner.offset - TAIL), min(scanner.offset, TAIL))
            if _previous(probe, scanner.offset, tail, previous) is None:
                return None
        return cls(scanner.offset, scanner.beginning.plain, previous, first, reference, scanner.tally)

    def go_on(self, scanner: Scanner, options: ScanOptions, reread: Reread, reference: int) -> None:
        """Let *scanner*, which has read nothing, go on from here.

        Raises:
            StateError: the file is another one than it was, or is to be read in another way.
        """
        self._hold_years(options, reference)
        probe = Scanner(options)
        probe.begin(reread(0, HEAD_BYTES))
        beginning = probe.beginning
        if probe.unreadable is not None or probe.failed_layouts:
            raise StateError("the beginning of the log can no longer be read")
        if (beginning.plain, probe.tally.first) != (self.plain, self.first):
            raise StateError("the beginning of the log tells something else than before")
        tail = reread(max(0, self.offset - TAIL), min(self.offset, TAIL))
        previous = _previous(probe, self.offset, tail, self.previous) if self.previous else NO_TRACE
        if previous is None:
            raise StateError("the trace before the place up to which the log was read is another one")
        for field in fields(Tally):
            setattr(scanner.tally, field.name, getattr(self.tally, field.name))
        scanner.resume(beginning, self.offset, self.tally.lines, previous, tail)

    def _hold_years(self, options: ScanOptions, reference: int) -> None:
        """See that times without a year are in the years in which they were then."""
        yearless = {parser.name for parser in options.parsers if isinstance(parser, Dated)}
        if not yearless.intersection(self.tally.layouts):
            return
        first = self.tally.first
        if reference < self.reference or first is None or reference - first > _YEAR:
            raise StateError("the times in the log have no year, and may now be of another one")

    def saved(self) -> dict[str, Any]:
        """The place as JSON values, without the text of any record."""
        tally = self.tally
        return {
            "offset": self.offset,
            "plain": self.plain,
            "previous": self.previous,
            "first": self.first,
            "reference": self.reference,
            "tally": {
                "counts": [tally.lines, tally.traces, tally.extra_fields, tally.duplicates],
                "recognised": tally.recognised,
                "forms": [[list(form), n] for form, n in tally.forms.items()],
                "problems": dict(tally.problems),
                "places": [[place.kind, list(place.ref[:-1]), _told(place.reason)] for place in tally.places],
                "span": [tally.first, tally.last],
            },
        }

    @classmethod
    def restored(cls, saved: Any) -> Self:
        """The place that was saved.

        Raises:
            LookupError, TypeError, ValueError: it is none.
        """
        told = saved["tally"]
        lines, traces, extra_fields, duplicates = told["counts"]
        first, last = told["span"]
        tally = Tally(
            lines=lines,
            traces=traces,
            extra_fields=extra_fields,
            duplicates=duplicates,
            recognised=told["recognised"],
            forms=Counter({tuple(form): n for form, n in told["forms"]}),
            problems=Counter(told["problems"]),
            places=[
                Place(kind, Ref._make((*place, None)), _sentence(reason))
                for kind, place, reason in told["places"]
            ],
            first=first,
            last=last,
        )
        return cls(
            saved["offset"], saved["plain"], saved["previous"], saved["first"], saved["reference"], tally
        )


def _previous(probe: Scanner, offset: int, tail: bytes, digest: str) -> Previous | None:
    """The trace of *digest* that ends at *offset*, found in the *tail* before it."""
    for length in (_NEAR, TAIL):
        start = max(0, offset - length, offset - len(tail))
        piece = tail[len(tail) - (offset - start) :]
        if start:  # in the middle of a line
            start += piece.find(b"\n") + 1
            piece = piece[piece.find(b"\n") + 1 :]
        probe.resume(probe.beginning, start, 0, NO_TRACE)
        probe.feed(piece)
        if probe.settled and probe.previous[0] == offset and _digest(probe.previous) == digest:
            return probe.previous
    return None


def _digest(previous: Previous) -> str:
    _, at, message, record = previous
    import hashlib

    told = repr((at, message, record.writer, record.layouts, record.precise)).encode()
    return hashlib.blake2b(told, digest_size=_DIGEST).hexdigest()


def _told(reason: Sentence) -> Any:
    if isinstance(reason, str):
        return reason
    return [reason.template, {name: str(value) for name, value in reason.values.items()}]


def _sentence(told: Any) -> Sentence:
    if isinstance(told, str):
        return told
    template, values = told
    return Phrase(template, values)
