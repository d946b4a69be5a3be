"""Commands that do something alone, and may be followed by one more word."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import click

from kumon_observe.cli import errors, helping, table
from kumon_observe.cli.commands import Command, Words
from kumon_observe.cli.options import Option
from kumon_observe.model.phrase import phrase
from kumon_observe.present.language import Language

_COMMON = {option.names[0] for option in table.COMMON}
_NONE: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class Family(Words):
    """The command *alone*, and the commands that a word after it calls.

    ``short`` are words that call *alone* with the arguments that they stand for. ``usages`` are the lines
    that its help begins with, ``rows`` say what each word does.
    """

    def __init__(
        self,
        alone: Command,
        words: Mapping[str, click.Command],
        *,
        usages: tuple[str, ...],
        rows: tuple[tuple[str, str], ...],
        short: Mapping[str, tuple[str, ...]] = _NONE,
    ) -> None:
        super().__init__(
            alone.name,
            commands=dict(words),
            callback=self._alone,
            invoke_without_command=True,
            params=alone.params,
            add_help_option=False,
            no_args_is_help=False,
            help=alone.help,
        )
        self._command = alone
        self._short = short
        self._usages = usages
        self._rows = rows

    def _alone(self, **values: Any) -> Any:
        """What the group does itself: nothing where a word follows."""
        if click.get_current_context().invoked_subcommand is None and self._command.callback is not None:
            return self._command.callback(**values)
        return 0

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The subcommand and what follows it."""
        if args[0] in self._short:
            return args[0], self._command, [*self._short[args[0]], *args[1:]]
        if args[0] not in self.commands:
            raise errors.no_such(phrase("command"), args[0], [*self._short, *self.commands])
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        """The page of all of them."""
        language = ctx.find_object(Language) or Language("en")
        page = helping.page(os.environ)
        for usage in self._usages:
            helping.usage(page, language, f"{table.PROGRAM} {usage}")
        page.blank()
        helping.columns(page, [(word, language.translate(text)) for word, text in self._rows])
        options = [option for option in self.params if isinstance(option, Option)]
        own = [option for option in options if option.opts[0] not in _COMMON]
        if own:
            helping.heading(page, language, helping.OPTIONS)
        helping.columns(
            page, ((helping.flag(o.opts, o.metavar or ""), language.translate(o.template)) for o in own)
        )
        return page.text()
