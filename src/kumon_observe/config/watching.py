"""The monitor: ``[watch]``, and the rhythm of its day, ``[schedule]`` and ``[jobs.NAME]``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from attrs import field, frozen

from kumon_observe.config import checked
from kumon_observe.config.table import DAY, SECONDS, SOME_SECONDS, Table
from kumon_observe.model.zones import named_zone


def _zone(_settings: object, _attribute: object, value: str) -> None:
    named_zone(value)


@frozen(kw_only=True, eq=False, repr=False)
class WatchSettings(Table):
    """``[watch]``.

    Attributes:
        poll: seconds between two looks at a log.
        settle: seconds for which the traces of several logs are held back, to be judged in their order.
        horizon: seconds of the log, by its own time, that an answer without a window is about: what is older
            was told, and is forgotten.
        save: seconds between two savings of what was judged.
        heartbeat: the file whose time of change says that judging and delivering work; empty: ``heartbeat``
            in the state folder.
        ping_url: an address that is called with each heartbeat (healthchecks style); empty: none.
        ping_url_file: a file that holds it.
        ping_every: seconds between two calls.
        stop: seconds in which the watch ends when it is told to.
    """

    poll: float = field(default=0.25, validator=SOME_SECONDS)
    settle: float = field(default=0.5, validator=SECONDS)
    horizon: float = field(default=DAY, validator=SOME_SECONDS)
    save: float = field(default=10.0, validator=SOME_SECONDS)
    heartbeat: str = ""
    ping_url: str = field(default="", repr=False)
    ping_url_file: str = ""
    ping_every: float = field(default=60.0, validator=SOME_SECONDS)
    stop: float = field(default=4.0, validator=SOME_SECONDS)


@frozen(kw_only=True, eq=False, repr=False)
class ScheduleSettings(Table):
    """``[schedule]``.

    Attributes:
        timezone: the zone of hours and cron lines.
        reports: the folder of the dated reports; empty: ``reports`` in the state folder.
        late: a run that was missed is made up for if it is not later than this, in seconds.
    """

    timezone: str = field(default="America/Sao_Paulo", validator=_zone)
    reports: str = ""
    late: float = field(default=3600.0, validator=SECONDS)


@frozen(kw_only=True, eq=False, repr=False)
class JobSettings(Table):
    """``[jobs.NAME]``: what is done when.

    Attributes:
        enabled: whether it is done.
        profile: the part of the day that it belongs to: ``morning``, ``afternoon``, ``night``.
        cron: when, in the five fields of cron, in the zone of ``[schedule]``.
        run: what is done.
        on_call: whether a verdict that is not ok is told to those on call (escalation level 1).
    """

    enabled: bool = True
    profile: Literal["morning", "afternoon", "night"] = "morning"
    cron: str = field(default="", validator=checked.cron)
    run: Literal["delivery", "health", "report", "archive", "checklist"] = "health"
    on_call: bool = False


JOBS: Final[Mapping[str, JobSettings]] = MappingProxyType(
    {
        "morning-delivery": JobSettings(profile="morning", cron="*/15 8-11 * * *", run="delivery"),
        "afternoon-health": JobSettings(profile="afternoon", cron="*/30 12-21 * * *", run="health"),
        "afternoon-report": JobSettings(profile="afternoon", cron="0 12-20/2 * * *", run="report"),
        "night-health": JobSettings(profile="night", cron="0 22-23,0-7 * * *", run="health", on_call=True),
        "night-archive": JobSettings(profile="night", cron="0 2 * * *", run="archive"),
    }
)
"""The guide's day: morning 08 to 12, afternoon 12 to 22, night 22 to 08."""
