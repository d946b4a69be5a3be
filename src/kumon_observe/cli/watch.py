"""``watch``: the monitor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kumon_observe.cli import exits, output
from kumon_observe.cli.call import Call, stdin
from kumon_observe.cli.commands import command
from kumon_observe.cli.errors import CommandLineError
from kumon_observe.cli.options import Logs, Option
from kumon_observe.model.phrase import phrase
from kumon_observe.present.language import translatable

if TYPE_CHECKING:
    from kumon_observe.model.evidence import Sentence
    from kumon_observe.monitor.session import Plan, Session


@command(
    "watch",
    Logs(),
    Option(("--once",), help=translatable("judge what is there, tell what is to be told, and end")),
    Option(
        ("--profile",),
        metavar="NAME",
        help=translatable("do only what is scheduled in the morning, afternoon or night"),
    ),
    Option(("--takeover",), help=translatable("take the place of a watch that runs on the same state")),
)
def watch(call: Call, once: bool, profile: str | None, takeover: bool) -> int:
    from kumon_observe.monitor.lock import WatchIsRunning
    from kumon_observe.monitor.watch import Watch, once as look_once

    def plan() -> Plan:
        return _plan(call.again(), profile)

    try:
        if once:
            session = look_once(plan, take_over=takeover)
        else:
            watching = Watch(plan=plan, say=lambda sentence: _say(call, sentence))
            session = watching.run(take_over=takeover)
            if watching.wanted.interrupted:
                return exits.INTERRUPTED
            if watching.wanted.end:
                return exits.UNTOLD if session.is_untold else 0
    except WatchIsRunning as error:
        raise CommandLineError(str(error), exits.TEMPORARY) from None
    return _answer(call, session)
