"""The checklist of a shift: what the program found of each item, and what persons said of it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import frozen

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.profile import Profile
from kumon_observe.model.status import Status
from kumon_observe.model.value import Value


class ItemState(Enum):
    """``OK``, ``ATTENTION`` (something is wrong), ``PERSON`` (only a person can tell), ``UNKNOWN``."""

    OK = "ok"
    ATTENTION = "attention"
    PERSON = "person"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value


@frozen(kw_only=True, eq=False, repr=False)
class Acknowledgement(Value):
    """Somebody looked after an item.

    Attributes:
        item: its name.
        by: who did.
        at: when, in UTC.
        comment: what that person said of it.
    """

    item: str
    by: str
    at: datetime
    comment: str = ""


@frozen(kw_only=True, eq=False, repr=False)
class Item(Value):
    """One item of a checklist.

    Attributes:
        name: as ``checklist ack`` takes it.
        title: what is asked.
        state: the answer.
        gravity: of ``ATTENTION``: ``WARNING`` or ``CRITICAL``.
        found: what the answer rests on.
        file: where that stands; empty: in no file.
        command: how to look further; empty: not by a command.
        acknowledged: who looked after it in this shift; ``None``: nobody said so.
        before: who did in the last shift of the kind in which somebody did.
    """

    name: str
    title: Sentence
    state: ItemState
    found: Sentence
    gravity: Status = Status.WARNING
    file: str = ""
    command: str = ""
    acknowledged: Acknowledgement | None = None
    before: Acknowledgement | None = None

    @property
    def status(self) -> Status:
        """How good or bad that is; what a person has not looked after yet is a ``WARNING``."""
        if self.state is ItemState.ATTENTION:
            return self.gravity
        if self.state is ItemState.PERSON:
            return Status.WARNING if self.acknowledged is None else Status.OK
        return Status.OK if self.state is ItemState.OK else Status.UNKNOWN


@frozen(kw_only=True, eq=False, repr=False)
class PastChecklist(Value):
    """A checklist that was run before: ``at``, and its ``status`` then."""

    at: datetime
    status: Status


@frozen(kw_only=True, eq=False, repr=False)
class Checklist(Value):
    """A checklist as it was run.

    Attributes:
        profile: whose it is.
        begin: when its shift begins, in UTC.
        end: when its shift ends, in UTC.
        now: when it was run, in UTC.
        timezone: the zone of its hours.
        items: what was asked, and answered.
        previous: the last time that the one of an earlier shift was run; ``None``: it is not known.
        reason: why the history is not kept; empty: it is.
    """

    profile: Profile
    begin: datetime
    end: datetime
    now: datetime
    timezone: str
    items: tuple[Item, ...]
    previous: PastChecklist | None = None
    reason: Sentence = ""

    @property
    def status(self) -> Status:
        """``OK`` only if every item holds, and every one for a person is acknowledged in this shift."""
        return Status.worst(item.status for item in self.items)
