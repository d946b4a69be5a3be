"""``alerts resend`` and ``alerts drop``: what a person does about messages that could not be delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from kumon_observe.cli import output
from kumon_observe.cli.book import asked, book_of
from kumon_observe.cli.call import Call
from kumon_observe.cli.commands import command
from kumon_observe.model.phrase import phrase
from kumon_observe.present.language import translatable

if TYPE_CHECKING:
    from kumon_observe.model.alerts import Alerts
    from kumon_observe.model.phrase import Phrase

RESEND: Final = translatable("try again what could not be delivered (all of it without NUMBER)")
DROP: Final = translatable("give up what could not be delivered")


@command(
    "resend",
    click.Argument(["number"], metavar="[NUMBER]", required=False, type=int),
    logs=False,
    help=RESEND,
)
def resend(call: Call, number: int | None) -> int:
    from kumon_observe.alerting import acts, report
    from kumon_observe.model.alerts import Alerts

    book, now = book_of(call)[0], call.clock()
    found = asked(lambda: acts.resend(book, now, number))
    _show(
        call,
        phrase("To be tried again"),
        Alerts(generated_at=now, waiting=tuple(map(report.message, found))),
    )
    return 0


@command("drop", click.Argument(["number"], metavar="NUMBER", type=int), logs=False, help=DROP)
def drop(call: Call, number: int) -> int:
    from kumon_observe.alerting import acts, report
    from kumon_observe.model.alerts import Alerts

    book, now = book_of(call)[0], call.clock()
    found = asked(lambda: acts.drop(book, now, number))
    _show(call, phrase("Given up"), Alerts(generated_at=now, dead=tuple(map(report.message, found))))
    return 0


def _show(call: Call, title: Phrase, changed: Alerts) -> None:
    from kumon_observe.model.document import alerts_to
    from kumon_observe.present import alerts as screen

    if call.json:
        call.print_json(alerts_to(changed))
    elif not call.given.get("quiet"):
        found = changed.waiting or changed.dead
        output.write(screen.messages(title, found, changed.generated_at, call.view()))


COMMANDS = {"resend": resend, "drop": drop}
