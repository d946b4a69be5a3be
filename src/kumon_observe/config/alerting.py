"""How incidents are told: ``[alerting]`` for all, ``[routes.NAME]`` for each sink."""

from __future__ import annotations

from typing import Literal

from attrs import field, frozen

from kumon_observe.config.table import ANY_COUNT, COUNT, DAY, SECONDS, SOME_SECONDS, Table


@frozen(kw_only=True, eq=False, repr=False)
class AlertingSettings(Table):
    """``[alerting]``.

    Attributes:
        lang: the language of alerts, ``en`` or ``pt``; empty: that of the screen.
        place: what alerts say they are about, as in ``kumon-assistant production``.
        link: an address that alerts name (a dashboard, the guide); empty: none.
        title: a template instead of the built-in title of a message; empty: that one.
        body: the same for its text. ``$name`` stands for a value (docs/alerts.md lists them).
        escalate_1: seconds without an acknowledgement until level 1 is told.
        escalate_2: seconds without an acknowledgement until level 2 is told.
        flap_changes: an incident that begins so often within ``flap_window`` is said to be flapping; only
            its first and last changes are told.
        flap_window: seconds.
        quiet_between: at least so many seconds between two messages that only tell that an incident grew.
        retry_first: seconds until a failed delivery is tried again; each wait is twice as long, with jitter.
        retry_most: the longest wait, in seconds.
        give_up: seconds after which an alert that could not be delivered is dead.
        keep: seconds for which ended incidents and their messages are kept.
    """

    lang: Literal["", "en", "pt"] = ""
    place: str = ""
    link: str = ""
    title: str = ""
    body: str = ""
    escalate_1: float = field(default=120.0, validator=SOME_SECONDS)
    escalate_2: float = field(default=300.0, validator=SOME_SECONDS)
    flap_changes: int = field(default=4, validator=COUNT)
    flap_window: float = field(default=3600.0, validator=SOME_SECONDS)
    quiet_between: float = field(default=60.0, validator=SECONDS)
    retry_first: float = field(default=1.0, validator=SOME_SECONDS)
    retry_most: float = field(default=300.0, validator=SOME_SECONDS)
    give_up: float = field(default=DAY, validator=SOME_SECONDS)
    keep: float = field(default=90 * DAY, validator=SOME_SECONDS)


@frozen(kw_only=True, eq=False, repr=False)
class RouteSettings(Table):
    """``[routes.NAME]``: which alerts the sink *NAME* gets; a sink without one gets all.

    Attributes:
        enabled: whether it gets any.
        least: the least severity that it gets.
        level: the escalation from which on it gets an incident: 0 at once, 1 and 2 when nobody acknowledges.
        rules: the rules whose incidents it gets, by name; empty: all.
        resolved: whether it is told of the end of what it was told of.
        per_minute: alerts a minute at most; further ones wait. 0: no limit.
    """

    enabled: bool = True
    least: Literal["info", "moderate", "high", "critical"] = "info"
    level: int = field(default=0, validator=ANY_COUNT)
    rules: tuple[str, ...] = ()
    resolved: bool = True
    per_minute: int = field(default=30, validator=ANY_COUNT)
