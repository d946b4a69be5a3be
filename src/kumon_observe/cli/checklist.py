"""``checklist``, and ``checklist ack``."""

from __future__ import annotations

from typing import Final

import click

from kumon_observe.cli import errors, exits, output
from kumon_observe.cli.call import Call
from kumon_observe.cli.commands import command
from kumon_observe.cli.errors import CommandLineError
from kumon_observe.cli.families import Family
from kumon_observe.cli.options import Option
from kumon_observe.cli.profiles import NAMES, profile_named, profile_option
from kumon_observe.model.phrase import phrase
from kumon_observe.model.profile import profile_at
from kumon_observe.model.zones import named_zone
from kumon_observe.present.language import translatable

_RUN: Final = translatable("runs the list of this shift; its exit code is 0 only if every item holds")
_ACK: Final = translatable("say who looked after an item in this shift")


@command("checklist", profile_option(), logs=False)
def checked(call: Call, profile: str | None) -> int:
    from kumon_observe.model.document import checklist_to
    from kumon_observe.monitor.checklist.run import run_checklist
    from kumon_observe.present import checklist as screen

    answer = run_checklist(
        call.loaded.settings,
        call.registry,
        call.sources,
        call.clock(),
        profile=profile_named(profile),
        config_file=call.loaded.file or "",
    )
    if call.json:
        call.print_json(checklist_to(answer))
    else:
        output.write(screen.render(answer, call.view()))
    return answer.status.exit_code


@command(
    "ack",
    click.Argument(["item"], metavar="ITEM"),
    Option(("--by",), metavar="NAME", help=translatable("who looked after it")),
    Option(("--comment",), metavar="TEXT", help=translatable("what that person says of it")),
    profile_option(),
    logs=False,
    help=_ACK,
)
def ack(call: Call, item: str, by: str | None, comment: str | None, profile: str | None) -> int:
    from kumon_observe.model.document import acknowledgement_to
    from kumon_observe.monitor.checklist.run import LISTS, acknowledge
    from kumon_observe.present import checklist as screen
    from kumon_observe.present.schedule import PROFILES
    from kumon_observe.state.database import NoState

    if by is None:
        raise CommandLineError(phrase("--by is missing: say who looked after it"))
    settings, now = call.loaded.settings, call.clock()
    of = profile_named(profile) or profile_at(now, named_zone(settings.schedule.timezone))
    if item not in LISTS[of]:
        what = phrase("item on the list of the {profile}", profile=PROFILES[of])
        raise errors.no_such(what, item, list(LISTS[of]))
    try:
        said = acknowledge(settings, item, call.typed(by), call.typed(comment), now, of)
    except NoState as why:
        raise CommandLineError(why.sentence, exits.CANNOT_CREATE) from why
    if call.json:
        call.print_json(acknowledgement_to(of, said))
    elif not call.given.get("quiet"):
        output.write(screen.acknowledged(said.item, said.by, of, call.view()))
    return 0


COMMANDS = {
    "checklist": Family(
        checked,
        {"ack": ack},
        usages=(
            "checklist [morning|afternoon|night] [OPTIONS]",
            "checklist ack ITEM --by NAME [--comment TEXT] [--profile PROFILE]",
        ),
        rows=(("", _RUN), ("ack ITEM", _ACK)),
        short={name: ("--profile", name) for name in NAMES},
    )
}
