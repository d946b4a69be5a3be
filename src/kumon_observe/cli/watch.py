"""``watch``: the monitor."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from kumon_observe.cli import exits, output
from kumon_observe.cli.call import Call, stdin
from kumon_observe.cli.commands import command
from kumon_observe.cli.errors import CommandLineError
from kumon_observe.cli.options import Logs, Option
from kumon_observe.cli.profiles import profile_named, profile_option
from kumon_observe.present.language import translatable

if TYPE_CHECKING:
    from kumon_observe.config.settings import Settings
    from kumon_observe.model.evidence import Sentence
    from kumon_observe.monitor.plan import Plan
    from kumon_observe.monitor.session import Session
    from kumon_observe.monitor.wanted import Wanted


@command(
    "watch",
    Logs(),
    Option(("--once",), help=translatable("judge what is there, tell what is to be told, and end")),
    profile_option(),
    Option(("--takeover",), help=translatable("take the place of a watch that runs on the same state")),
)
def watch(call: Call, once: bool, profile: str | None, takeover: bool) -> int:
    from kumon_observe.monitor.wanted import Wanted, listening

    wanted = Wanted()
    with nullcontext() if once else listening(wanted):
        return _watched(call, wanted, once=once, profile=profile, takeover=takeover)


def _watched(call: Call, wanted: Wanted, *, once: bool, profile: str | None, takeover: bool) -> int:
    from kumon_observe.monitor.lock import WatchIsRunning
    from kumon_observe.monitor.watch import Watch, once as look_once

    def plan() -> Plan:
        return _plan(call.again(), once=once)

    def say(sentence: Sentence) -> None:
        _say(call, sentence)

    watching = Watch(plan=plan, say=say, profile=profile_named(profile), wanted=wanted)
    try:
        session = look_once(plan, take_over=takeover) if once else watching.run(take_over=takeover)
    except WatchIsRunning as error:
        if call.given.get("quiet"):
            return exits.TEMPORARY
        raise CommandLineError(error.sentence, exits.TEMPORARY) from None
    if wanted.interrupted:
        return exits.INTERRUPTED
    if not once and not session.following.over:
        return exits.UNDELIVERED if session.is_untold else 0
    for sentence in (*session.take_notes(), *session.hindrances()) if once else ():
        say(sentence)
    return _answered(call, session)


def _plan(call: Call, *, once: bool) -> Plan:
    from kumon_observe.monitor.plan import Plan
    from kumon_observe.plugins.registry import Registry

    settings = _settings(call)
    return Plan(
        settings=settings,
        registry=Registry.load(settings),
        specs=call.sources,
        show_personal_data=bool(call.given.get("show_personal_data")),
        stdin=stdin(),
        clock=call.clock,
        without=("stdout",) if once and call.json else (),
    )


def _settings(call: Call) -> Settings:
    """The configuration; with ``--json`` alerts are printed as objects, one a line."""
    from attrs import evolve

    settings = call.loaded.settings
    if not call.json:
        return settings
    sinks = settings.sinks
    return evolve(settings, sinks=evolve(sinks, stdout=evolve(sinks.stdout, form="json")))


def _say(call: Call, sentence: Sentence) -> None:
    from kumon_observe.config.zone import told_zone

    if not call.given.get("quiet"):
        at = call.clock().astimezone(told_zone(call.loaded.settings)).isoformat(" ", "seconds")
        output.complain(f"{at} {call.language(sentence)}")


def _answered(call: Call, session: Session) -> int:
    """Say what the checks say of all that was read, and how that can be told from the exit code."""
    verdict = session.verdict()
    if call.json:
        from kumon_observe.model.document import verdict_to

        call.print_json(verdict_to(verdict))
    else:
        from kumon_observe.present import headline

        view = call.view()
        page = view.page()
        page.verbatim(headline.status_line(verdict, view))
        output.write(page.text())
    return exits.UNDELIVERED if session.is_untold else verdict.status.exit_code


COMMANDS = {"watch": watch}
