"""Lines for a person's own crontab (crontab(5))."""

from __future__ import annotations

import shlex
from typing import Final

from kumon_observe.model.deployment import Deployment

FILE: Final = "kumon-observe.cron"


def lines(watch: Deployment) -> str:
    """The lines of a user's crontab, without the field for a user that ``/etc/cron.d`` has.

    Cron starts the watch each minute, and one that finds another running ends at once: so it comes back
    within a minute after a crash or a restart of the machine. What it says goes to the system's log.
    """
    command = " ".join(shlex.quote(word) for word in (*watch.program, *watch.arguments))
    started = f"cd {shlex.quote(watch.folder)} && {command} --quiet 2>&1 | logger -t kumon-observe"
    heading = "".join(f"# {line}\n" for line in watch.remarks(FILE))
    return f"""\
{heading}# For the crontab of {watch.user}: (crontab -l; cat {FILE}) | crontab -
# The watch locks its state itself: a second one ends at once.
SHELL=/bin/sh
KUMON_OBSERVE_STATE_DIR={watch.state}
* * * * * {started.replace("%", _PERCENT)}
"""


_PERCENT: Final = "\\%"
"""A bare percent sign would be a new line; cron takes the backslash away, also within quotes."""
