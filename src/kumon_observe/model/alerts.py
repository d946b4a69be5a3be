"""What ``alerts`` answers: incidents, silences, and what was not delivered."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.incident import Incident, Silence
from kumon_observe.model.value import Value


@frozen(kw_only=True, eq=False, repr=False)
class ShownIncident(Value):
    """An ``incident`` with what it is about in words (``what``).

    Attributes:
        incident: the incident.
        what: what it is about.
        silenced: until when a silence holds it; ``None``: none does.
        behind: the id of a graver incident of the same check that is told in its place; empty: none is.
    """

    incident: Incident
    what: Sentence
    silenced: datetime | None = None
    behind: str = ""


@frozen(kw_only=True, eq=False, repr=False)
class Undelivered(Value):
    """A message that waits to be sent, or that could not be.

    Attributes:
        number: by which a person names it.
        sink: the sink that it is for.
        incident: of which incident it tells; empty: of none.
        title: what it says, empty if this release cannot read it.
        since: when it was made, aware.
        attempts: how often it was tried.
        error: why the last attempt failed; empty: there was none.
    """

    number: int
    sink: str
    incident: str = ""
    title: Sentence = ""
    since: datetime
    attempts: int = 0
    error: Sentence = ""


@frozen(kw_only=True, eq=False, repr=False)
class Alerts(Value):
    """The incidents and their messages at one moment.

    Attributes:
        generated_at: that moment, aware.
        incidents: those that are open, the gravest and then the oldest first; after them the latest that are
            over.
        silences: those that have not ended.
        waiting: the messages that are still to be delivered.
        dead: the messages that could not be delivered.
        declined: the latest messages that a sink left alone on purpose.
    """

    generated_at: datetime
    incidents: tuple[ShownIncident, ...] = ()
    silences: tuple[Silence, ...] = ()
    waiting: tuple[Undelivered, ...] = ()
    dead: tuple[Undelivered, ...] = ()
    declined: tuple[Undelivered, ...] = ()


@frozen(kw_only=True, eq=False, repr=False)
class Tried(Value):
    """What the sink of this ``name`` answered to a test: delivered, or the ``error``."""

    name: str
    error: str = ""

    @property
    def delivered(self) -> bool:
        """Whether it took the alert."""
        return not self.error
