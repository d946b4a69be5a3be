"""What the items of a checklist look at; what several of them need is read once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from functools import cached_property
from pathlib import Path

from attrs import frozen

from kumon_observe.clock import Clock
from kumon_observe.config.settings import Settings
from kumon_observe.engine.analyze import analyze
from kumon_observe.engine.performance import performance
from kumon_observe.model.checklist import Item, ItemState
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.listing import Performance
from kumon_observe.model.profile import Profile, Shift, shift_at
from kumon_observe.model.status import Status
from kumon_observe.model.verdict import Verdict
from kumon_observe.monitor.checklist.incidents import IncidentsNow
from kumon_observe.plugins.registry import Registry


@frozen(kw_only=True, slots=False)
class Look:
    """The set-up at one moment.

    Attributes:
        settings: the configuration in force.
        registry: the plugins.
        sources: the logs.
        directory: the state folder.
        shift: whose checklist it is.
        zone: of its hours.
        now: the moment, in UTC.
        incidents: what is known of incidents; ``None``: nothing.
        config_file: the configuration file; empty: there is none.
    """

    settings: Settings
    registry: Registry
    sources: Sequence[str]
    directory: Path
    shift: Shift
    zone: tzinfo
    now: datetime
    incidents: IncidentsNow | None
    config_file: str = ""

    @cached_property
    def night(self) -> Shift:
        """The last night."""
        return shift_at(self.now, self.zone, Profile.NIGHT)

    @cached_property
    def verdict(self) -> Verdict:
        """All checks since that night began."""
        return analyze(
            self.sources,
            settings=self.settings,
            registry=self.registry,
            since=self.night.begin,
            clock=self._clock,
        )

    @cached_property
    def day(self) -> datetime:
        """When the day began whose afternoon it is: at midnight."""
        begun = self.shift.begin.astimezone(self.zone)
        return begun.replace(hour=0, minute=0, second=0, microsecond=0)

    @cached_property
    def performance(self) -> Performance:
        """Delivery since then."""
        return performance(
            self.sources,
            zone=self.zone,
            settings=self.settings,
            registry=self.registry,
            since=self.day,
            clock=self._clock,
        )

    @property
    def _clock(self) -> Clock:
        return lambda: self.now

    def when(self, moment: datetime) -> str:
        """*moment* as ``--since`` takes it, in the zone of the shift."""
        return moment.astimezone(self.zone).isoformat(timespec="minutes")

    def said(self, moment: datetime) -> str:
        """*moment* as people read it, in the same zone."""
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M}"


def ok(name: str, title: Sentence, found: Sentence, *, file: str = "", command: str = "") -> Item:
    """The item holds."""
    return Item(name=name, title=title, state=ItemState.OK, found=found, file=file, command=command)


def attention(
    name: str,
    title: Sentence,
    found: Sentence,
    *,
    gravity: Status = Status.WARNING,
    file: str = "",
    command: str = "",
) -> Item:
    """Something is wrong."""
    return Item(
        name=name,
        title=title,
        state=ItemState.ATTENTION,
        found=found,
        gravity=gravity,
        file=file,
        command=command,
    )


def unknown(name: str, title: Sentence, found: Sentence, *, file: str = "", command: str = "") -> Item:
    """It cannot be told."""
    return Item(name=name, title=title, state=ItemState.UNKNOWN, found=found, file=file, command=command)


def person(name: str, title: Sentence, found: Sentence, *, command: str = "") -> Item:
    """Only a person can tell."""
    return Item(name=name, title=title, state=ItemState.PERSON, found=found, command=command)
