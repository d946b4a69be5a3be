"""The whole command line: finds the command, runs it, and turns every failure into one line."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib import import_module

import click

from kumon_observe import __version__
from kumon_observe.cli import errors, exits, output, table
from kumon_observe.cli.commands import help_option
from kumon_observe.cli.errors import CommandLineError
from kumon_observe.cli.options import VERSION, common
from kumon_observe.model.phrase import phrase
from kumon_observe.present.language import Language, detect


class Program(click.Group):
    """All commands, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the overview."""
        return list(table.COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command *cmd_name*, which is one of the table."""
        module = import_module(f"kumon_observe.cli.{table.COMMANDS[cmd_name].module}")
        commands: dict[str, click.Command] = module.COMMANDS
        return commands[cmd_name]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command and what follows it; a log in its place is answered with the likely intent."""
        name = args[0]
        if name not in table.COMMANDS:
            if name == "-" or os.sep in name or os.path.exists(name or "."):  # noqa: PTH110
                raise CommandLineError(
                    phrase(
                        "{name!r} is no command; to judge this log: kumon-observe health {name}", name=name
                    )
                )
            raise errors.no_such(phrase("command"), name, list(table.COMMANDS))
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        """The overview."""
        from kumon_observe.cli import helping

        return helping.overview(ctx.find_object(Language) or Language("en"), os.environ)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit code; everything that fails is said in one line."""
    language = Language(_language(arguments, os.environ))
    try:
        return _invoke(arguments, language)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return exits.INTERRUPTED
    except click.exceptions.Exit as finished:
        return finished.exit_code
    except Exception as error:  # noqa: BLE001 - the one place where a bug becomes a line for the user
        return errors.report(error, language, verbose=bool({"--verbose", "-v"} & set(arguments)))
    finally:
        output.passing.erase()


def _invoke(arguments: Sequence[str], language: Language) -> int:
    option_comes_first = bool(arguments) and arguments[0].startswith("-")
    program = Program(
        table.PROGRAM,
        params=[*(common() if option_comes_first else ()), _version_option(), help_option()],
        add_help_option=False,
        no_args_is_help=False,
    )
    with program.make_context(table.PROGRAM, list(arguments), obj=language) as context:
        if not arguments:
            raise CommandLineError(phrase("no command was given: kumon-observe --help lists them"))
        code = program.invoke(context)
    return int(code)


def _language(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """The language for errors and help, which are said before anything is parsed or configured."""
    asked = environ.get("KUMON_OBSERVE_LANG", "")
    for number, argument in enumerate(arguments):
        if argument == "--lang":
            asked = "".join(arguments[number + 1 : number + 2])
        elif argument.startswith("--lang="):
            asked = argument.removeprefix("--lang=")
    return asked if asked in ("pt", "en") else detect(environ)


def _version_option() -> click.Option:
    def show(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
        if value:
            output.write(f"{table.PROGRAM} {__version__}\n")
            context.exit(0)

    return click.Option(
        ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=show, help=VERSION
    )
