"""``schedule show``: what is done when, and what became of it."""

from __future__ import annotations

from typing import Final

from kumon_observe.cli import output
from kumon_observe.cli.call import Call
from kumon_observe.cli.commands import command
from kumon_observe.cli.families import Family
from kumon_observe.cli.profiles import profile_named, profile_option
from kumon_observe.present.language import translatable

_SHOW: Final = translatable("the next runs of each job, its last one, and what was missed")


def _shown(call: Call, profile: str | None) -> int:
    from kumon_observe.engine.pseudonym_key import state_directory
    from kumon_observe.model.document import schedule_to
    from kumon_observe.present import schedule as screen
    from kumon_observe.schedules.report import schedule_report

    settings = call.loaded.settings
    answer = schedule_report(settings, state_directory(settings), call.clock(), profile_named(profile))
    if call.json:
        call.print_json(schedule_to(answer))
    else:
        output.write(screen.render(answer, call.view()))
    return 0


COMMANDS = {
    "schedule": Family(
        command("schedule", profile_option(), logs=False)(_shown),
        {"show": command("show", profile_option(), logs=False, help=_SHOW)(_shown)},
        usages=("schedule [show] [OPTIONS]",),
        rows=(("show", _SHOW),),
    )
}
