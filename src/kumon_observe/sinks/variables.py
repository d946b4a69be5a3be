"""The environment of a program that is run for an alert."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from kumon_observe.config.place import ALERT_PREFIX, PREFIX
from kumon_observe.model.document.values import time_to
from kumon_observe.sinks.message import cut, one_line

if TYPE_CHECKING:
    from kumon_observe.model.alert import Alert
    from kumon_observe.sinks.message import Message

_LONGEST: Final = 1000
_SECRET: Final = re.compile(r"(?:.*_)?(?:TOKEN|PASSWORD|SECRET|KEY|URL|URLS)")
_OF_THE_GUIDE: Final = "SLACK_WEBHOOK_URL"


def variables(alert: Alert, message: Message) -> dict[str, str]:
    """What is told of *alert*: every value is one line of printable characters, none longer than 1,000."""
    values = {
        "INCIDENT": alert.incident,
        "KEY": alert.key,
        "NEWS": str(alert.news),
        "CHECK": alert.check,
        "RULE": alert.rule,
        "SEVERITY": str(alert.severity),
        "STATUS": str(alert.status),
        "ACTION": str(alert.action),
        "TITLE": message.title,
        "SUMMARY": message.lead,
        "AT": time_to(alert.at) or "",
        "SINCE": time_to(alert.since) or "",
        "FOUND": str(alert.found),
        "LEVEL": str(alert.level),
        "PLACE": alert.place,
        "LINK": alert.link,
    }
    return {ALERT_PREFIX + name: cut(one_line(value), _LONGEST) for name, value in values.items()}


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """*environ* without what this library alone needs to know.

    That is ``SLACK_WEBHOOK_URL`` and each ``KUMON_OBSERVE_…`` whose name ends in ``TOKEN``, ``PASSWORD``,
    ``SECRET``, ``KEY``, ``URL`` or ``URLS``. All else the program may need as well.
    """
    return {name: value for name, value in environ.items() if not _is_secret(name)}


def _is_secret(name: str) -> bool:
    if name == _OF_THE_GUIDE:
        return True
    return name.startswith(PREFIX) and _SECRET.fullmatch(name.removeprefix(PREFIX)) is not None
