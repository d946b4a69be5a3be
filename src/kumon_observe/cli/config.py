"""``config show`` and ``config check``."""

from __future__ import annotations

import os

import click

from kumon_observe.cli import exits, helping, output, table
from kumon_observe.cli.call import Call
from kumon_observe.cli.commands import Words, command, help_option
from kumon_observe.cli.errors import CommandLineError
from kumon_observe.cli.options import common
from kumon_observe.model.phrase import phrase
from kumon_observe.present.language import Language, translatable

_SHOW = translatable("what is in force, and where each value comes from")
_CHECK = translatable("whether the configuration can be used, with every problem")


class Config(Words):
    """The commands about the configuration."""

    def invoke(self, ctx: click.Context) -> int:
        """Run the subcommand."""
        if ctx.invoked_subcommand is None and not ctx.args and not getattr(ctx, "_protected_args", []):
            raise CommandLineError(phrase("config needs one more word: config show or config check"))
        return int(super().invoke(ctx))

    def get_help(self, ctx: click.Context) -> str:
        """The page of both subcommands."""
        language = ctx.find_object(Language) or Language("en")
        page = helping.page(os.environ)
        helping.usage(page, language, f"{table.PROGRAM} config show|check [OPTIONS]")
        page.blank()
        helping.columns(page, [("show", language.translate(_SHOW)), ("check", language.translate(_CHECK))])
        return page.text()


@command("show", logs=False, help=_SHOW)
def show(call: Call) -> int:
    from kumon_observe.config.show import report
    from kumon_observe.model.document import config_to
    from kumon_observe.present import setup as screen

    answer = report(call.loaded)
    if call.json:
        call.print_json(config_to(answer))
    else:
        output.write(screen.configuration(answer, call.view()))
    return 0


@command("check", logs=False, help=_CHECK)
def check(call: Call) -> int:
    from attrs import evolve

    from kumon_observe.config.show import check as checked
    from kumon_observe.engine.doctor import sink_faults
    from kumon_observe.model.document import config_to
    from kumon_observe.present import setup as screen

    answer = checked(call.given.get("config"), call.environ)
    if not answer.problems:
        answer = evolve(answer, problems=tuple(sink_faults(call.registry)))
    if call.json:
        call.print_json(config_to(answer))
    elif answer.problems:
        for problem in answer.problems:
            output.complain(problem)
    else:
        output.write(screen.checked(answer, call.view()))
    return exits.CONFIG if answer.problems else 0


COMMANDS = {
    "config": Config(
        "config",
        commands={"show": show, "check": check},
        params=[*common(logs=False), help_option()],
        add_help_option=False,
        no_args_is_help=False,
        help=table.COMMANDS["config"].help,
    )
}
