"""``plugins``, and ``plugins new``."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from kumon_observe.cli import errors, output
from kumon_observe.cli.call import Call
from kumon_observe.cli.commands import command
from kumon_observe.cli.errors import CommandLineError
from kumon_observe.cli.families import Family
from kumon_observe.cli.files import create_folder
from kumon_observe.cli.options import Option
from kumon_observe.model.phrase import phrase
from kumon_observe.present.language import translatable

_NEW: Final = translatable("write a plugin package with its tests: kumon-NAME, in this folder")


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


COMMANDS = {
    "plugins": Family(
        listed,
        {"new": new},
        usages=("plugins [OPTIONS]", "plugins new NAME --kind check|sink|layout"),
        rows=(("", _LIST), ("new NAME", _NEW)),
    )
}
