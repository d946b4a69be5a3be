"""The runs of what is done by the clock: those that are due, and what became of the others."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import field, frozen

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.profile import Profile
from kumon_observe.model.value import Value


class Outcome(Enum):
    """What became of a run.

    That of a run which gives a verdict is its status: ``OK``, ``UNKNOWN``, ``WARNING`` or ``CRITICAL``.
    ``FAILED``: it could not be done. ``INTERRUPTED``: what did it ended before it was done. ``MISSED``: it
    was not begun in time.
    """

    OK = "ok"
    UNKNOWN = "unknown"
    WARNING = "warning"
    CRITICAL = "critical"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    MISSED = "missed"

    def __str__(self) -> str:
        return self.value


@frozen(kw_only=True, eq=False, repr=False)
class JobRun(Value):
    """A run of a job as it is kept.

    Attributes:
        job: its name.
        planned: when it was due, in UTC.
        begun: when it was begun; ``None``: it was not.
        ended: when it was done.
        outcome: what became of it; ``None``: it goes on.
        detail: more about that, as a path or a sentence.
        runs: for how many planned runs it stands, itself among them.
    """

    job: str
    planned: datetime
    begun: datetime | None = None
    ended: datetime | None = None
    outcome: Outcome | None = None
    detail: str = ""
    runs: int = 1


@frozen(kw_only=True, eq=False, repr=False)
class JobReport(Value):
    """What ``schedule show`` tells of a job.

    Attributes:
        job: its name.
        profile: the part of the day that it belongs to.
        run: what is done.
        cron: its cron line.
        enabled: whether it is done at all.
        next: the next moments at which it is due, in UTC.
        last: its last run that was begun; ``None``: none is known.
        missed: runs that were missed in the last day, newest first.
    """

    job: str
    profile: Profile
    run: str
    cron: str
    enabled: bool = True
    next: tuple[datetime, ...] = ()
    last: JobRun | None = None
    missed: tuple[JobRun, ...] = ()


@frozen(kw_only=True, eq=False, repr=False)
class ScheduleReport(Value):
    """What ``schedule show`` tells: ``jobs``, and the ``profile`` that it is ``now`` in ``timezone``.

    ``reason`` says why nothing is known of runs, where the state cannot be read.
    """

    now: datetime
    timezone: str
    profile: Profile
    jobs: tuple[JobReport, ...] = field(default=())
    reason: Sentence = ""
