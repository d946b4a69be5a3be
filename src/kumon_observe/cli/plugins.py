"""``plugins``, and ``plugins new``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import click

from kumon_observe.cli import errors, helping, output, table
from kumon_observe.cli.call import Call
from kumon_observe.cli.commands import Words, command, help_option
from kumon_observe.cli.errors import CommandLineError
from kumon_observe.cli.files import create_folder
from kumon_observe.cli.options import Option, common
from kumon_observe.model.phrase import phrase
from kumon_observe.present.language import Language, translatable

_NEW: Final = translatable("write a plugin package with its tests: kumon-NAME, in this folder")


class Plugins(Words):
    """Lists what is installed, unless one more word follows."""

    def get_help(self, ctx: click.Context) -> str:
        """The page of both."""
        language = ctx.find_object(Language) or Language("en")
        page = helping.page(os.environ)
        helping.usage(page, language, f"{table.PROGRAM} plugins [OPTIONS]")
        helping.usage(page, language, f"{table.PROGRAM} plugins new NAME --kind check|sink|layout")
        page.blank()
        helping.columns(page, [("", language.translate(_LIST)), ("new NAME", language.translate(_NEW))])
        return page.text()


_LIST: Final = translatable("what is installed, and what of it cannot be used")


@command("plugins", logs=False)
def listed(call: Call) -> int:
    from kumon_observe.model.document import plugins_to
    from kumon_observe.model.status import Status
    from kumon_observe.present import setup as screen

    found = call.registry.plugins
    if call.json:
        call.print_json(plugins_to(found))
    else:
        output.write(screen.plugins(found, call.view()))
    return (Status.WARNING if any(plugin.error for plugin in found) else Status.OK).exit_code


@command(
    "new",
    click.Argument(["name"], metavar="NAME"),
    Option(("--kind",), metavar="KIND", help=translatable("what it is: check, sink or layout")),
    logs=False,
    help=_NEW,
)
def new(call: Call, name: str, kind: str | None) -> int:
    from kumon_observe.model.document import package_to
    from kumon_observe.model.setup import PluginPackage
    from kumon_observe.plugins import starter
    from kumon_observe.present import setup as screen

    if kind is None:
        raise CommandLineError(phrase("--kind is missing: write --kind check, sink or layout"))
    if kind not in starter.KINDS:
        raise errors.no_such(phrase("kind"), kind, starter.KINDS)
    refused = starter.refusal(name, kind)
    if refused is not None:
        raise CommandLineError(refused)
    files = starter.files_of(name, kind)
    package = PluginPackage(name=name, kind=kind, folder=starter.folder_of(name), files=tuple(files))
    create_folder(Path(package.folder), files)
    if call.json:
        call.print_json(package_to(package))
    elif not call.given.get("quiet"):
        output.write(screen.package(package, call.view()))
    return 0


def _listed_alone(**values: Any) -> Any:
    """What the group does itself: nothing where a subcommand follows."""
    if click.get_current_context().invoked_subcommand is None and listed.callback is not None:
        return listed.callback(**values)
    return 0


COMMANDS = {
    "plugins": Plugins(
        "plugins",
        commands={"new": new},
        callback=_listed_alone,
        invoke_without_command=True,
        params=[*common(logs=False), help_option()],
        add_help_option=False,
        no_args_is_help=False,
        help=table.COMMANDS["plugins"].help,
    )
}
