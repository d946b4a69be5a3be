"""What a plugin provides: a check, a sink, or a parser of a log layout."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, Self, runtime_checkable

from attrs import field, frozen, validators

from kumon_observe.model.value import Value

if TYPE_CHECKING:
    from kumon_observe.model.alert import Alert
    from kumon_observe.model.events import TraceEvent
    from kumon_observe.model.evidence import CheckResult
    from kumon_observe.model.rows import Batch


@runtime_checkable
class Check(Protocol):
    """A small mergeable state machine over trace events.

    Splitting a log anywhere, observing the parts with two fresh checks and merging the later into the
    earlier must give what one pass gives. State must stay bounded; ``now`` and all times are the log's.
    """

    @property
    def name(self) -> str:
        """What it is called: letters a-z, digits, ``-`` and ``_``. A plain attribute will do."""

    def observe(self, event: TraceEvent) -> None:
        """Take in the next event in log order."""

    def merge(self, later: Self) -> None:
        """Take in the state of the part that follows directly."""

    def result(self, now: datetime | None) -> CheckResult:
        """Judge what was seen up to *now*, the log's own time (``None``: the log has no times)."""


@runtime_checkable
class BatchCheck(Check, Protocol):
    """A check that takes plain rows (:mod:`kumon_observe.model.rows`), which is many times faster."""

    def observe_many(self, batch: Batch) -> None:
        """Take in the rows of *batch*, in log order."""

    def at_log_start(self) -> None:
        """Told before the first event when nothing stands before it: nothing is to be kept for a merge."""


@runtime_checkable
class ResumableCheck(Check, Protocol):
    """A check whose state can be kept, so that a log that grew is read only from where it ended before.

    What comes after ``check.resumed(json.loads(json.dumps(check.saved())))`` is judged as if it came to
    ``check``. All checks of a run must be such, or all is read each time.
    """

    def saved(self) -> Mapping[str, Any]:
        """Its state as JSON values, without the text of any record; its options too, if they matter.

        Raises:
            StateError: it cannot be told (a :class:`BatchCheck` that was not told ``at_log_start``).
        """

    def resumed(self, saved: Mapping[str, Any]) -> Self:
        """A new check that goes on where the *saved* one stood, with the options of this one.

        Raises:
            StateError: *saved* is of another check, release or option, or is damaged.
        """


@runtime_checkable
class Sink(Protocol):
    """A channel that delivers one alert at a time.

    ``send`` returns when the channel has taken the alert, and raises when it has not:
    :class:`~kumon_observe.model.errors.TemporarySinkError` where trying again is worth it,
    :class:`~kumon_observe.model.errors.PermanentSinkError` where it is not. Anything else that it raises
    counts as temporary. It waits for its channel for a bounded time only; a time-out is temporary, even
    though the alert may have arrived: ``alert.key`` lets the channel drop a double. Its ``repr``, its errors
    and what it logs hold no secret. An alert is never changed. A sink that cannot deliver as it is configured
    says why as ``fault``, a text that ``doctor`` shows, and refuses every alert. One that does more than tell
    (it runs a program) has a true ``acts``: it is never given what was meant for another sink.
    """

    @property
    def name(self) -> str:
        """What it is called: letters a-z, digits, ``-`` and ``_``. A plain attribute will do."""

    def send(self, alert: Alert) -> None:
        """Deliver *alert*.

        Raises:
            TemporarySinkError: it was not delivered, and trying again is worth it.
            PermanentSinkError: it was not delivered, and somebody has to change something first.
        """


class Keep(Protocol):
    """Where a sink keeps short texts by name over a restart, as which message began an incident's thread.

    It never raises: what cannot be kept is forgotten, and the sink does without it.
    """

    def get(self, name: str) -> str | None:
        """The text that was kept under *name*."""

    def put(self, name: str, text: str) -> None:
        """Keep *text* under *name*, instead of what was kept there."""


@runtime_checkable
class KeepingSink(Sink, Protocol):
    """A sink that works better with something kept over a restart."""

    def keep_in(self, keep: Keep) -> None:
        """Told before the first alert where to keep it; each sink has a place of its own."""


@frozen(kw_only=True, eq=False, repr=False)
class Explained(Value):
    """A log record that a layout recognised.

    A wrapping layout gives ``inner`` instead of ``message``.

    Attributes:
        message: what the app wrote, from where its own text starts.
        at: the time; if it is naive, the configured zone applies.
        precise: the time has a fraction of a second.
        level: the log level, ``None`` where the layout has none.
        logger: the logger, ``None`` where the layout has none; a trace counts only from trusted ones.
        process: whose ``id()`` numbers can be compared, ``None`` where the layout does not tell.
        inner: the record that this one wraps, which is explained in turn.
        inner_ends: false for a chunk of a record that goes on in the next entry of the same ``stream``.
        stream: which of several mixed streams a chunk belongs to.
    """

    message: str = ""
    at: datetime | None = None
    precise: bool = False
    level: str | None = None
    logger: str | None = None
    process: str | None = None
    inner: str | None = None
    inner_ends: bool = True
    stream: str = field(default="", validator=validators.instance_of(str))


@runtime_checkable
class Parser(Protocol):
    """A log layout: knows how one kind of record begins.

    ``explain`` gives ``None`` for any text that is not a record of this layout; it never raises. No text
    may be a record of two layouts.
    """

    @property
    def name(self) -> str:
        """What it is called: letters a-z, digits, ``-`` and ``_``. A plain attribute will do."""

    def explain(self, record: str) -> Explained | None:
        """What *record* (one line without its end) is, if it is of this layout."""
