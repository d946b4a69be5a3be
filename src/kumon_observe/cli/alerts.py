"""``alerts list``, ``ack``, ``resolve``, ``silence`` and ``test``."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import click

from kumon_observe.cli import errors, exits, helping, output, table, undelivered
from kumon_observe.cli.book import asked, book_of
from kumon_observe.cli.call import Call
from kumon_observe.cli.commands import Words, command, help_option
from kumon_observe.cli.errors import CommandLineError
from kumon_observe.cli.options import Option, common
from kumon_observe.model.phrase import phrase
from kumon_observe.present.language import Language, translatable

if TYPE_CHECKING:
    from kumon_observe.model.alerts import Alerts
    from kumon_observe.model.incident import Incident, Silence
    from kumon_observe.model.protocols import Sink

_LIST: Final = translatable("the open incidents, the last ones that are over, and what was not delivered")
_ACK: Final = translatable("say that you have it: no repeats and no escalation")
_RESOLVE: Final = translatable("say that it is over")
_SILENCE: Final = translatable("tell nothing of a rule (of all but critical ones without) for a time")
_TEST: Final = translatable("send a test alert to every sink, and say what it answered")
_WORDS: Final = (
    ("list", _LIST),
    ("ack ID", _ACK),
    ("resolve ID", _RESOLVE),
    ("silence [RULE]", _SILENCE),
    ("resend [NUMBER]", undelivered.RESEND),
    ("drop NUMBER", undelivered.DROP),
    ("test", _TEST),
)
_NAMES: Final = ("LOGNAME", "USER", "USERNAME")


class AlertWords(Words):
    """The commands about incidents."""

    def invoke(self, ctx: click.Context) -> int:
        """Run the subcommand."""
        if ctx.invoked_subcommand is None and not ctx.args and not getattr(ctx, "_protected_args", []):
            raise CommandLineError(
                phrase("alerts needs one more word: list, ack, resolve, silence, resend, drop or test")
            )
        return int(super().invoke(ctx))

    def get_help(self, ctx: click.Context) -> str:
        """The page of all of them."""
        language = ctx.find_object(Language) or Language("en")
        page = helping.page(os.environ)
        helping.usage(
            page, language, f"{table.PROGRAM} alerts list|ack|resolve|silence|resend|drop|test [OPTIONS]"
        )
        page.blank()
        helping.columns(page, [(word, language.translate(text)) for word, text in _WORDS])
        return page.text()


def _by() -> list[click.Parameter]:
    return [
        Option(("--by",), metavar="NAME", help=translatable("who you are (default: your user name)")),
        Option(("--comment",), metavar="TEXT", help=translatable("why, for those who were told")),
    ]


@command("list", logs=False, help=_LIST)
def listed(call: Call) -> int:
    from kumon_observe.alerting.report import ENDED, report
    from kumon_observe.model.alerts import Alerts
    from kumon_observe.model.document import alerts_to
    from kumon_observe.present import alerts as screen
    from kumon_observe.state.database import FILE

    now = call.clock()
    book, folder = book_of(call)
    if (folder / FILE).exists():
        found = asked(
            lambda: report(
                call.loaded.settings,
                book,
                [sink.name for sink in call.registry.sinks()],
                now,
                call.limit(ENDED),
            )
        )
    else:
        found = Alerts(generated_at=now)
    if call.json:
        call.print_json(alerts_to(found))
    else:
        output.write(screen.alerts(found, call.view()))
    return _code(found)


@command("ack", click.Argument(["name"], metavar="ID"), *_by(), logs=False, help=_ACK)
def ack(call: Call, name: str, by: str | None, comment: str | None) -> int:
    from kumon_observe.alerting import acts

    return _about_incident(call, acts.acknowledge, name, by, comment)


@command("resolve", click.Argument(["name"], metavar="ID"), *_by(), logs=False, help=_RESOLVE)
def resolve(call: Call, name: str, by: str | None, comment: str | None) -> int:
    from kumon_observe.alerting import acts

    return _about_incident(call, acts.resolve, name, by, comment)


@command(
    "silence",
    click.Argument(["rule"], metavar="[RULE]", required=False, default=""),
    Option(("--for",), metavar="TIME", help=translatable("for how long: 30min, 2h, 1d")),
    Option(("--end",), metavar="ID", help=translatable("end this silence before its time")),
    *_by(),
    logs=False,
    help=_SILENCE,
)
def silence(
    call: Call, rule: str, end: str | None, by: str | None, comment: str | None, **given: str | None
) -> int:
    from kumon_observe.alerting import acts

    book, _ = book_of(call)
    now, settings = call.clock(), call.loaded.settings
    if end is not None:
        made = asked(lambda: acts.end_silence(book, now, end))
    else:
        until = now + _length(given.get("for"))
        made = asked(
            lambda: acts.silence(
                settings, book, now, rule, until, by=_name(call, by), comment=call.typed(comment)
            )
        )
    _show(call, silences=(made,))
    return 0


@command(
    "test",
    Option(("--sink",), metavar="NAME", help=translatable("only this one (plugins lists them)")),
    logs=False,
    help=_TEST,
)
def test(call: Call, sink: str | None) -> int:
    from kumon_observe.alerting.trial import tried
    from kumon_observe.model.document import tried_to
    from kumon_observe.present import alerts as screen

    sinks = _sinks(call, sink)
    found = tried(sinks, call.loaded.settings.alerting, call.clock())
    if call.json:
        call.print_json(tried_to(found))
    else:
        output.write(screen.tried(found, call.view()))
    return 0 if all(one.delivered for one in found) else exits.UNDELIVERED


def _sinks(call: Call, name: str | None) -> list[Sink]:
    """Those to try; standard output cannot hold an alert and the one JSON object that is the answer."""
    sinks = call.registry.sinks()
    if call.json and name == "stdout":
        raise CommandLineError(phrase("the sink stdout prints where --json does: leave one of them out"))
    if name is None:
        return [one for one in sinks if not (call.json and one.name == "stdout")]
    wanted = [one for one in sinks if one.name == name]
    if not wanted:
        raise errors.no_such(phrase("sink"), name, [one.name for one in sinks])
    return wanted


def _about_incident(
    call: Call, act: Callable[..., Incident], name: str, by: str | None, comment: str | None
) -> int:
    book, _ = book_of(call)
    who, settings, now = _name(call, by), call.loaded.settings, call.clock()
    changed = asked(lambda: act(settings, book, now, name, by=who, comment=call.typed(comment)))
    _show(call, incidents=(changed,))
    return 0


def _show(call: Call, incidents: tuple[Incident, ...] = (), silences: tuple[Silence, ...] = ()) -> None:
    from kumon_observe.alerting.report import shown
    from kumon_observe.model.alerts import Alerts
    from kumon_observe.model.document import alerts_to
    from kumon_observe.present import alerts as screen

    now = call.clock()
    found = [shown(call.loaded.settings, incident) for incident in incidents]
    if call.json:
        call.print_json(alerts_to(Alerts(generated_at=now, incidents=tuple(found), silences=silences)))
    elif not call.given.get("quiet"):
        view = call.view()
        output.write("".join(screen.incident(one, now, view) for one in found))
        output.write("".join(screen.silence(one, now, view) for one in silences))


def _code(found: Alerts) -> int:
    """2: something critical is open, 1: something else is, 4: a message could not be delivered."""
    from kumon_observe.model.status import Severity, Status

    fired = [one.incident for one in found.incidents if one.incident.is_open and one.incident.fired]
    if fired:
        critical = any(incident.severity is Severity.CRITICAL for incident in fired)
        return (Status.CRITICAL if critical else Status.WARNING).exit_code
    return exits.UNDELIVERED if found.dead else Status.OK.exit_code


def _name(call: Call, by: str | None) -> str:
    """Who does it: those who are told want to know whom to ask."""
    for name in (by, *(call.environ.get(variable) for variable in _NAMES)):
        if name:
            return call.typed(name)
    raise CommandLineError(phrase("who are you? --by NAME is needed, as there is no user name here"))


def _length(text: str | None) -> timedelta:
    from kumon_observe.cli.when import length

    if text is None:
        raise CommandLineError(phrase("--for is missing: a silence has an end, as in --for 2h"))
    return length("--for", text)


COMMANDS = {
    "alerts": AlertWords(
        "alerts",
        commands={
            "list": listed,
            "ack": ack,
            "resolve": resolve,
            "silence": silence,
            **undelivered.COMMANDS,
            "test": test,
        },
        params=[*common(logs=False), help_option()],
        add_help_option=False,
        no_args_is_help=False,
        help=table.COMMANDS["alerts"].help,
    )
}
