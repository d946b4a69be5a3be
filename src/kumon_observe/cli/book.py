"""The store of the incidents, as a command asks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from kumon_observe.cli import exits
from kumon_observe.cli.call import Call
from kumon_observe.cli.errors import CommandLineError

if TYPE_CHECKING:
    from pathlib import Path

    from kumon_observe.state.book import Book

_Answer = TypeVar("_Answer")


def book_of(call: Call) -> tuple[Book, Path]:
    """The store, and the state folder that it is in."""
    from pathlib import Path

    from kumon_observe.engine.pseudonym_key import state_folder
    from kumon_observe.state.book import Book

    folder = Path(state_folder(call.loaded.settings))
    return Book(folder), folder


def asked(question: Callable[[], _Answer]) -> _Answer:
    """What *question* answers; why it cannot, in a line for the user."""
    from kumon_observe.alerting.acts import Refused
    from kumon_observe.state.database import NoState

    try:
        return question()
    except Refused as why:
        raise CommandLineError(why.sentence) from why
    except NoState as why:
        raise CommandLineError(why.sentence, exits.IO_ERROR) from why
