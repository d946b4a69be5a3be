"""Runs the checklist of a shift, and keeps what it gave and who acknowledged what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from attrs import evolve

from kumon_observe.config.settings import Settings
from kumon_observe.engine.pseudonym_key import state_directory
from kumon_observe.model.checklist import Acknowledgement, Checklist, Item, PastChecklist
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.model.profile import Profile, Shift, shift_at
from kumon_observe.model.zones import named_zone
from kumon_observe.monitor.checklist import alerts, logs, machine, rhythm
from kumon_observe.monitor.checklist.incidents import IncidentsNow, incidents_now
from kumon_observe.monitor.checklist.look import Look, unknown
from kumon_observe.plugins.registry import Registry
from kumon_observe.state import checklists
from kumon_observe.state.database import FILE, NoState, reading, writing

_WAIT: Final = 2.0

LISTS: Final[Mapping[Profile, Mapping[str, Callable[[Look], Item]]]] = {
    Profile.MORNING: {
        "watch": machine.watch,
        "incidents": alerts.incidents,
        "night": logs.night,
        "log": logs.fresh,
        "disk": machine.disk,
        "configuration": machine.configuration,
        "sinks": alerts.sinks,
    },
    Profile.AFTERNOON: {
        "watch": machine.watch,
        "incidents": alerts.unacknowledged,
        "delivery": logs.delivery,
        "trend": logs.trend,
        "report": rhythm.report,
    },
    Profile.NIGHT: {
        "watch": machine.watch,
        "incidents": alerts.unacknowledged,
        "archive": rhythm.archive,
        "disk": machine.disk,
        "sealing": machine.sealing,
        "schedule": rhythm.schedule,
        "on-call": alerts.on_call,
    },
}
"""The items of each list, by name, in the order in which they are looked at."""


def run_checklist(
    settings: Settings,
    registry: Registry,
    sources: Sequence[str],
    now: datetime,
    *,
    profile: Profile | None = None,
    config_file: str = "",
    incidents: Callable[[Path], IncidentsNow | None] = incidents_now,
) -> Checklist:
    """Look at every item of *profile*'s list (``None``: that of the present shift) at *now* (aware).

    An item that fails is ``UNKNOWN`` with its reason; nothing is raised for what is wrong with the set-up.
    ``incidents`` tells what is known of incidents in the state folder.
    """
    zone = named_zone(settings.schedule.timezone)
    shift = shift_at(now, zone, profile)
    directory = state_directory(settings)
    look = Look(
        settings=settings,
        registry=registry,
        sources=sources,
        directory=directory,
        shift=shift,
        zone=zone,
        now=now,
        incidents=_known(incidents, directory),
        config_file=config_file,
    )
    said, before, previous, reason = _history(directory, shift)
    items = [
        evolve(_looked(name, item, look), acknowledged=said.get(name), before=before.get(name))
        for name, item in LISTS[shift.profile].items()
    ]
    checklist = Checklist(
        profile=shift.profile,
        begin=shift.begin,
        end=shift.end,
        now=now.astimezone(UTC),
        timezone=settings.schedule.timezone,
        items=tuple(items),
        previous=previous,
        reason=reason,
    )
    try:
        with writing(directory, _WAIT) as connection:
            checklists.keep(connection, checklist)
    except NoState as why:
        return evolve(checklist, reason=why.sentence)
    return checklist


def acknowledge(
    settings: Settings, item: str, by: str, comment: str, now: datetime, profile: Profile | None = None
) -> Acknowledgement:
    """Keep that *by* looked after *item* in the shift of *profile* (``None``: the present one).

    Raises:
        KeyError: the list of that profile has no such item.
        NoState: it cannot be kept.
    """
    shift = shift_at(now, named_zone(settings.schedule.timezone), profile)
    if item not in LISTS[shift.profile]:
        raise KeyError(item)
    said = Acknowledgement(item=item, by=by, at=now.astimezone(UTC), comment=comment)
    with writing(state_directory(settings), _WAIT) as connection:
        checklists.acknowledge(connection, shift, said)
    return said


def _known(incidents: Callable[[Path], IncidentsNow | None], directory: Path) -> IncidentsNow | None:
    try:
        return incidents(directory)
    except NoState:
        return None


def _looked(name: str, item: Callable[[Look], Item], look: Look) -> Item:
    try:
        return item(look)
    except Exception as error:  # noqa: BLE001 - what one item cannot tell must not hide the others
        reason = phrase("it could not be looked at: {error}", error=str(error) or type(error).__name__)
        return unknown(name, name, reason)


_Said = dict[str, Acknowledgement]


def _history(directory: Path, shift: Shift) -> tuple[_Said, _Said, PastChecklist | None, Sentence]:
    """Who acknowledged what in this shift and before, the run before, and why that is not known."""
    if not (directory / FILE).exists():
        return {}, {}, None, ""
    try:
        with reading(directory, _WAIT) as connection:
            return (
                checklists.acknowledged(connection, shift),
                checklists.acknowledged_before(connection, shift),
                checklists.last_before(connection, shift),
                "",
            )
    except NoState as why:
        return {}, {}, None, why.sentence
