"""``traces``, ``failures`` and ``errors``: the last records of a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kumon_observe.cli import output
from kumon_observe.cli.call import Call
from kumon_observe.cli.commands import command
from kumon_observe.cli.options import Logs, Option
from kumon_observe.present.language import translatable

if TYPE_CHECKING:
    from kumon_observe.model.listing import Listing

_USUAL: Final = 20
_CONV: Final = translatable("only this conversation, raw or masked as a verdict shows it")


def _show(call: Call, listing: Listing) -> int:
    from kumon_observe.model.document import listing_to
    from kumon_observe.present import listing as screen

    if call.json:
        call.print_json(listing_to(listing))
    else:
        output.write(screen.render(listing, call.view(wrap_always=False)))
    return listing.status.exit_code


@command(
    "traces",
    Logs(),
    Option(
        ("--kind",),
        metavar="KIND",
        help=translatable("only OUTBOX_TRACE, DELIVERY_TRACE, ... (comma separated)"),
    ),
    Option(("--conv",), metavar="CONV", help=_CONV),
)
def traces(call: Call, kind: str | None, conv: str | None) -> int:
    from kumon_observe.engine.listing import recent_traces

    kinds = [name.strip() for name in (kind or "").split(",") if name.strip()]
    found = recent_traces(call.sources, limit=call.limit(_USUAL), kinds=kinds, conv=conv, **call.reading())
    return _show(call, found)


@command("failures", Logs(), Option(("--conv",), metavar="CONV", help=_CONV))
def failures(call: Call, conv: str | None) -> int:
    from kumon_observe.engine.listing import recent_failures

    return _show(call, recent_failures(call.sources, limit=call.limit(_USUAL), conv=conv, **call.reading()))


@command("errors", Logs())
def errors(call: Call) -> int:
    from kumon_observe.engine.errors import recent_errors

    return _show(call, recent_errors(call.sources, limit=call.limit(_USUAL), **call.reading()))


COMMANDS = {"traces": traces, "failures": failures, "errors": errors}
