"""What became of a log that was to be archived."""

from __future__ import annotations

from attrs import frozen

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.status import Status


@frozen(kw_only=True)
class Archived:
    """One log after ``archive``.

    Attributes:
        log: its name as shown.
        status: ``OK`` (archived, or nothing to do), ``WARNING`` (nothing was cut), ``UNKNOWN`` (no log).
        sentence: what became of it.
        archive: the new archive's path; ``None`` if none was made.
        cut: bytes of the log that are in it, and not in the log any more.
        packed: bytes of the archive.
        left: bytes of the log after that.
        removed: the archives that were too old, or too many.
        notes: what else is to be known.
        dry_run: nothing of that was done; it is what would be.
    """

    log: str
    status: Status = Status.OK
    sentence: Sentence
    archive: str | None = None
    cut: int = 0
    packed: int = 0
    left: int = 0
    removed: tuple[str, ...] = ()
    notes: tuple[Sentence, ...] = ()
    dry_run: bool = False
