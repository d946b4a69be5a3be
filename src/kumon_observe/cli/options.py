"""The parameters of commands: the common options, LOG, and how their values are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import click

from kumon_observe.cli import table
from kumon_observe.cli.errors import CommandLineError
from kumon_observe.model.phrase import phrase
from kumon_observe.model.zones import named_zone
from kumon_observe.present.language import LANGUAGES, translatable

Reader = Callable[[str, str], Any]
_MAY_BE_EMPTY: Final = ("--layout",)
"""An empty layout forces none, whatever the configuration says."""


class Option(click.Option):
    """An option that is read by a function of its name and text, and whose help can be translated."""

    def __init__(self, names: Iterable[str], *, help: str, metavar: str = "", hidden: bool = False) -> None:
        super().__init__(
            list(names),
            help=help,
            metavar=metavar or None,
            is_flag=not metavar,
            default=None if metavar else False,
            hidden=hidden,
        )
        self.template = help

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """The value that the command gets.

        Raises:
            CommandLineError: the text is none that the option takes.
        """
        value = super().process_value(ctx, value)
        if not isinstance(value, str):
            return value
        name = self.opts[0]
        if not value.strip() and name not in _MAY_BE_EMPTY:
            raise CommandLineError(
                phrase(
                    "{name} {text!r} is empty: write {name} {what}", name=name, text=value, what=self.metavar
                )
            )
        reader = _READERS.get(name)
        return reader(name, value) if reader is not None else value


class Logs(click.Argument):
    """``[LOG]...``."""

    def __init__(self) -> None:
        super().__init__(["logs"], nargs=-1, metavar="[LOG]...")

    def process_value(self, ctx: click.Context, value: Any) -> tuple[str, ...]:
        """The names of the logs.

        Raises:
            CommandLineError: one of them is empty, as an unset variable in a script leaves it.
        """
        logs: tuple[str, ...] = super().process_value(ctx, value)
        if not all(map(str.strip, logs)):
            raise CommandLineError(
                phrase("a LOG is empty: give a file, a directory, a glob, or - for standard input")
            )
        return logs


class Conversation(click.Argument):
    """``CONV``."""

    def __init__(self) -> None:
        super().__init__(["conv"], metavar="CONV")

    def process_value(self, ctx: click.Context, value: Any) -> str:
        """The conversation's id or pseudonym.

        Raises:
            CommandLineError: it is empty.
        """
        conv: str = super().process_value(ctx, value)
        if not conv.strip():
            raise CommandLineError(
                phrase("CONV is empty: give the id as the log has it, or the masked one that a verdict shows")
            )
        return conv


def whole_number(least: int) -> Reader:
    """Reads a number from *least* up."""

    def read(name: str, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) < least:
            raise CommandLineError(
                phrase(
                    "{name} {text!r} is no whole number from {least} up", name=name, text=text, least=least
                )
            )
        return int(text)

    return read


def _zone(name: str, text: str) -> str:
    try:
        named_zone(text)
    except ValueError:
        raise CommandLineError(
            phrase("{name} {text!r} is no time zone: write America/Sao_Paulo or UTC", name=name, text=text)
        ) from None
    return text


def _language(name: str, text: str) -> str:
    if text not in LANGUAGES:
        raise CommandLineError(
            phrase("{name} {text!r} is no language here: write pt or en", name=name, text=text)
        )
    return text


_READERS: Final[dict[str, Reader]] = {
    "--limit": whole_number(1),
    "--jobs": whole_number(1),
    "--every": whole_number(1),
    "--stale": whole_number(1),
    "--hours": whole_number(1),
    "--timezone": _zone,
    "--lang": _language,
}


def common(*, logs: bool = True) -> list[click.Parameter]:
    """New common options; those about logs are hidden where a command reads none."""
    return [
        Option(option.names, metavar=option.metavar, help=option.help, hidden=option.about_logs and not logs)
        for option in table.COMMON
        if "--help" not in option.names
    ]


VERSION: Final = translatable("show the version")
