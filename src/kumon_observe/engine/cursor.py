"""The cursor: a log that grew is judged from where the last run ended, not from its beginning."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING, Final

from attrs import Factory, define, frozen

from kumon_observe.clock import Clock, utc_now
from kumon_observe.config.settings import Settings
from kumon_observe.parsing.head import HEAD_BYTES

if TYPE_CHECKING:
    from kumon_observe.engine.judge import JudgedCheck
    from kumon_observe.engine.keeping import Keeping
    from kumon_observe.engine.seen import Seen
    from kumon_observe.model.evidence import Sentence
    from kumon_observe.parsing.options import ScanOptions
    from kumon_observe.parsing.scan import Scanner
    from kumon_observe.plugins.registry import Registry
    from kumon_observe.reading import LogFile

LEAST: Final = 256 << 10


@define(eq=False)
class Cursor:
    """What a run may go on from, and leaves for the next one.

    Attributes:
        directory: where states are kept.
        clock: tells when a state was saved.
        least: a state is saved when so many bytes are new since the last one: less is read again in no time.
        notes: after a run, why a saved state was not used or none could be saved.
        begun_at: after a run, the offset at which the reading began, in bytes.
    """

    directory: str | PathLike[str]
    clock: Clock = utc_now
    least: int = LEAST
    notes: list[Sentence] = Factory(list)
    begun_at: int = 0

    def note(self, sentence: Sentence | None) -> None:
        """Keep *sentence*, if it is one and new."""
        if sentence is not None and sentence not in self.notes:
            self.notes.append(sentence)


@frozen(kw_only=True)
class Keeper:
    """Who keeps for *cursor* what *checks*, which have seen nothing yet, come to know of a log."""

    cursor: Cursor
    checks: Sequence[JudgedCheck]
    settings: Settings
    options: ScanOptions
    registry: Registry

    def of(self, file: LogFile, scanner: Scanner, seen: Seen) -> Keeping | None:
        """The keeping of a run over *file* alone, from its beginning to its end.

        ``None`` where it cannot be, or is not worth it: the file is no plain one, is harmed, or is all head;
        or a check keeps no state.
        """
        if (
            not file.seekable
            or file.error is not None
            or (file.size or 0) < max(HEAD_BYTES, self.cursor.least)
        ):
            return None
        from kumon_observe.engine.state_key import keeping_of

        return keeping_of(self, file, scanner, seen)
