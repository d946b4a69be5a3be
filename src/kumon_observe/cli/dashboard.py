"""``dashboard``: the live screen, or one plain screen where nobody could see it move."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kumon_observe.cli import output
from kumon_observe.cli.call import Call
from kumon_observe.cli.commands import command
from kumon_observe.cli.errors import CommandLineError
from kumon_observe.cli.options import Logs, Option
from kumon_observe.model.phrase import phrase
from kumon_observe.present.language import translatable

if TYPE_CHECKING:
    from kumon_observe.cli.screen import Keys, Screen
    from kumon_observe.model.board import Board
    from kumon_observe.monitor.looking_on import LookingOn
    from kumon_observe.present.rows import Row

_EVERY: Final = 2
_STALE: Final = 10
_HOURS: Final = 6
_FIRST: Final = 1.0
"""Seconds to the second refresh: what several logs say at once has settled by then."""

_LOOK: Final = 0.25
"""Seconds between two looks at the logs, and at the size of the terminal."""

_FOOT: Final = phrase("q or Ctrl-C ends")


@command(
    "dashboard",
    Logs(),
    Option(("--once",), help=translatable("one plain screen, and the verdict's exit code")),
    Option(("--every",), metavar="SECONDS", help=translatable("seconds between two refreshes (default: 2)")),
    Option(
        ("--hours",), metavar="HOURS", help=translatable("how many hours the trends go back (default: 6)")
    ),
    Option(
        ("--stale",),
        metavar="MINUTES",
        help=translatable("how old the newest trace may be before that is said loudly (default: 10)"),
    ),
)
def dashboard(call: Call, once: bool, every: int | None, hours: int | None, stale: int | None) -> int:
    span, stale_after = timedelta(hours=hours or _HOURS), timedelta(minutes=stale or _STALE)
    if once or call.json or call.given.get("quiet") or not output.is_live(call.environ):
        return _once(call, span, stale_after)
    for name in ("since", "until", "rotated"):
        if call.given.get(name):
            raise CommandLineError(phrase("--{name} goes with --once: a live screen shows all", name=name))
    return _live(call, every or _EVERY, span, stale_after)


def _once(call: Call, span: timedelta, stale_after: timedelta) -> int:
    from kumon_observe.engine.run import Run
    from kumon_observe.monitor.board import board_once
    from kumon_observe.monitor.onlooker import Onlooker

    run = Run(specs=call.sources, **call.reading())
    onlooker = Onlooker.of(call.loaded.settings)
    return _said(call, board_once(run, onlooker, span=span, stale_after=stale_after))


def _said(call: Call, board: Board) -> int:
    """Print the *board*; the verdict's exit code."""
    if call.json:
        from kumon_observe.model.document import verdict_to

        call.print_json(verdict_to(board.verdict))
        return board.verdict.status.exit_code
    view = call.view()
    if view.quiet:
        from kumon_observe.present import headline

        page = view.page()
        page.verbatim(headline.status_line(board.verdict, view))
        output.write(page.text())
    else:
        from kumon_observe.present import dashboard as screen

        output.write(screen.plain(board, view))
    return board.verdict.status.exit_code


def _live(call: Call, every: float, span: timedelta, stale_after: timedelta) -> int:
    from kumon_observe.cli.screen import Keys, Screen
    from kumon_observe.engine.following import Following
    from kumon_observe.monitor.board import Boards
    from kumon_observe.monitor.looking_on import LookingOn
    from kumon_observe.monitor.onlooker import Onlooker

    settings = call.loaded.settings
    following = Following(
        call.sources,
        settings=settings,
        registry=call.registry,
        show_personal_data=bool(call.given.get("show_personal_data")),
        stdin=call.reading()["stdin"],
        clock=call.clock,
    )
    boards = Boards(following.run, Onlooker.of(settings), span=span, stale_after=stale_after)
    looking_on = LookingOn(following, boards)
    try:
        with Screen(call.view()) as screen, Keys(wanted="-" not in call.sources) as keys:
            if not _shown(looking_on, screen, keys, every):
                return 0
    finally:
        following.close()
    return _said(call, looking_on.board())


def _shown(looking_on: LookingOn, screen: Screen, keys: Keys, every: float) -> bool:
    """Show how it stands until ``q`` is pressed (then false) or nothing more can come."""
    begun = time.monotonic()
    while looking_on.step():
        screen.show(_reading(looking_on, screen, time.monotonic() - begun))
        if keys.quits(0):
            return False
    pause = min(every, _FIRST)
    while not looking_on.over:
        if not _refreshed(looking_on, screen, keys, time.monotonic() + pause):
            return False
        pause = every
    looking_on.finish()
    return True


def _refreshed(looking_on: LookingOn, screen: Screen, keys: Keys, until: float) -> bool:
    """Show how it stands, and read what comes until the next refresh; false if ``q`` was pressed."""
    from kumon_observe.present import dashboard as present

    board, drawn = looking_on.board(), None
    while (left := until - time.monotonic()) > 0 and not looking_on.over:
        if drawn != screen.size:
            drawn = screen.size
            screen.show(present.rows(board, screen.view, drawn, foot=_FOOT))
        behind = looking_on.step()
        if keys.quits(0 if behind else min(left, _LOOK)):
            return False
    return True


def _reading(looking_on: LookingOn, screen: Screen, seconds: float) -> list[Row]:
    """How far the first reading has come."""
    from kumon_observe.present import dashboard as present, progress

    name, done, total = looking_on.progress()
    reading = progress.Reading(name, done, total, done / seconds if seconds > 0 else 0.0)
    look = screen.view.look
    line = progress.line(reading, screen.view.language, screen.size.width - 1, unicode=look.unicode)
    return present.reading_rows(line, screen.view)


COMMANDS = {"dashboard": dashboard}
