"""``tail``: the log as it grows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kumon_observe.cli import output
from kumon_observe.cli.call import Call, stdin
from kumon_observe.cli.commands import command
from kumon_observe.cli.errors import CommandLineError
from kumon_observe.cli.options import Logs, Option
from kumon_observe.model.phrase import phrase
from kumon_observe.model.status import Status
from kumon_observe.present.language import translatable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kumon_observe.model.tailed import Tailed

_USUAL: Final = 10
_PAUSE: Final = 1.0
_ONLY: Final = {"critical": Status.CRITICAL, "warning": Status.WARNING}


@command(
    "tail",
    Logs(),
    Option(("--only",), metavar="critical|warning", help=translatable("only what is at least so grave")),
    Option(
        ("--kind",),
        metavar="KIND",
        help=translatable("only OUTBOX_TRACE, DELIVERY_TRACE, ... (comma separated)"),
    ),
    Option(
        ("--conv",),
        metavar="CONV",
        help=translatable("only this conversation, raw or masked as a verdict shows it"),
    ),
)
def tail(call: Call, only: str | None, kind: str | None, conv: str | None) -> int:
    from kumon_observe.engine.following import Following
    from kumon_observe.engine.tail import LAST, Tail

    if call.given.get("since") or call.given.get("until"):
        raise CommandLineError(phrase("tail shows what comes: leave --since and --until to traces"))
    following = Following(
        call.sources,
        settings=call.loaded.settings,
        registry=call.registry,
        show_personal_data=bool(call.given.get("show_personal_data")),
        stdin=stdin(),
        clock=call.clock,
        last=LAST,
        errors=True,
    )
    shown = Tail(
        following,
        kinds=[name.strip() for name in (kind or "").split(",") if name.strip()],
        conv=conv,
        only=_only(only),
    )
    try:
        going = _show(call, shown.first(call.limit(_USUAL)))
        while going and not shown.over:
            shown.wait(_PAUSE)
            going = _show(call, shown.more())
        if going:
            _show(call, shown.rest())
    finally:
        following.close()
    return 0


def _only(text: str | None) -> Status:
    if text is None:
        return Status.OK
    if text not in _ONLY:
        raise CommandLineError(
            phrase(
                "{name} {text!r} is no severity: write {what}",
                name="--only",
                text=text,
                what=" or ".join(_ONLY),
            )
        )
    return _ONLY[text]


def _show(call: Call, tailed: Iterable[Tailed]) -> bool:
    """Show *tailed*; whether somebody still reads."""
    tailed = list(tailed)
    if call.json:
        from kumon_observe.model.document import tailed_to, to_text

        text = "".join(to_text(tailed_to(one)) + "\n" for one in tailed)
    else:
        from kumon_observe.present.tail import render

        view = call.view(wrap_always=False)
        text = render(tailed, view, view.only_day(None, None, call.clock()))
    return output.write(text) if text else output.is_read()


COMMANDS = {"tail": tail}
