"""How a command is declared: a function of a :class:`Call`, with parameters beside the common ones."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import click
from click.core import ParameterSource

from kumon_observe.cli import errors, output, table
from kumon_observe.cli.call import Call
from kumon_observe.cli.options import Logs, Option, common
from kumon_observe.model.phrase import phrase
from kumon_observe.present.language import Language, translatable

Body = Callable[..., int]


class Command(click.Command):
    """A command whose help is written in the user's language."""

    def get_help(self, ctx: click.Context) -> str:
        """The command's page."""
        from kumon_observe.cli import helping

        language = ctx.find_object(Language) or Language("en")
        page = helping.page(os.environ)
        arguments = [p.human_readable_name for p in self.params if isinstance(p, click.Argument)]
        helping.usage(page, language, " ".join([ctx.command_path, "[OPTIONS]", *arguments]))
        page.blank()
        page.line(language.translate(self.help or ""))
        own = [option for option in self.params if isinstance(option, Option) and not option.hidden]
        rows = [
            (helping.flag(option.opts, option.metavar or ""), language.translate(option.template))
            for option in own
        ]
        helping.heading(page, language, helping.OPTIONS)
        helping.columns(page, [*rows, ("--help, -h", language.translate(translatable("show this help")))])
        if any(isinstance(parameter, Logs) for parameter in self.params):
            helping.about_logs(page, language)
        return page.text()


class Words(click.Group):
    """A command that is followed by one more word."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The subcommand and what follows it."""
        if args[0] not in self.commands:
            raise errors.no_such(phrase("command"), args[0], list(self.commands))
        return super().resolve_command(ctx, args)


def command(
    name: str, *parameters: click.Parameter, logs: bool = True, help: str = ""
) -> Callable[[Body], Command]:
    """Makes a function ``body(call, **parameters) -> exit code`` the command *name*."""

    def made(body: Body) -> Command:
        own = {parameter.name for parameter in parameters if not isinstance(parameter, Logs)}

        def callback(**values: Any) -> int:
            context = click.get_current_context()
            call = Call(given=given(context), logs=values.get("logs", ()))
            return body(call, **{key: value for key, value in values.items() if key in own})

        return Command(
            name,
            params=[*parameters, *common(logs=logs), help_option()],
            callback=callback,
            help=help or table.COMMANDS[name].help,
            add_help_option=False,
        )

    return made


def given(context: click.Context) -> dict[str, Any]:
    """The common options, those nearer to the command's end before those before its name."""
    values: dict[str, Any] = {}
    chain: list[click.Context] = []
    at: click.Context | None = context
    while at is not None:
        chain.insert(0, at)
        at = at.parent
    for each in chain:
        for name, value in each.params.items():
            if each.get_parameter_source(name) is ParameterSource.COMMANDLINE or name not in values:
                values[name] = value
    return values


def help_option() -> click.Option:
    """``--help``, written through the one door to standard output."""

    def show(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
        if value:
            output.write(context.get_help())
            context.exit(0)

    return click.Option(
        ["--help", "-h"], is_flag=True, is_eager=True, expose_value=False, callback=show, hidden=True
    )
