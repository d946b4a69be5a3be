"""Help texts: the overview of all commands, and one command's page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kumon_observe.cli import output, table
from kumon_observe.present.language import Language, translatable
from kumon_observe.present.page import Page, Span

_INDENT = 2
_GAP = 2
_WIDEST_LEFT = 26
_EXITS = translatable(
    "Exit codes: 0 ok, 1 warning, 2 critical, 3 unknown, 4 an alert undelivered; 64 and above: "
    "wrong usage or configuration."
)
_LOGS = translatable(
    "LOG is a file, a directory, a glob, a .gz or .tar.gz, or - for standard input "
    "(default: the configured sources, else app.log)."
)


def overview(language: Language, environ: Mapping[str, str]) -> str:
    """What ``kumon-observe --help`` says."""
    shown = page(environ)
    usage(shown, language, f"{table.PROGRAM} COMMAND [OPTIONS] [LOG]...")
    for title, commands in table.SECTIONS:
        heading(shown, language, title)
        columns(shown, ((name, language.translate(entry.help)) for name, entry in commands.items()))
    heading(shown, language, OPTIONS)
    options = [
        (flag(option.names, option.metavar), language.translate(option.help)) for option in table.COMMON
    ]
    columns(shown, [*options, ("--version", language.translate(translatable("show the version")))])
    about_logs(shown, language)
    shown.line(language.translate(_EXITS))
    shown.line(language.translate(translatable("More: kumon-observe COMMAND --help")))
    return shown.text()


def page(environ: Mapping[str, str]) -> Page:
    """An empty page for standard output."""
    return Page(output.look(environ))


def about_logs(page: Page, language: Language) -> None:
    """What a LOG can be."""
    page.blank()
    page.line(language.translate(_LOGS))


OPTIONS = translatable("Options")


def usage(page: Page, language: Language, text: str) -> None:
    """The first line of a help page."""
    page.line(Span(language.translate(translatable("Usage")), "bold"), f": {text}", hang=4)


def heading(page: Page, language: Language, title: str) -> None:
    """A part's title."""
    page.blank()
    page.line(Span(language.translate(title), "bold"), ":")


def flag(names: Iterable[str], metavar: str) -> str:
    """``--quiet, -q`` or ``--limit N``."""
    shown = ", ".join(names)
    return f"{shown} {metavar}" if metavar else shown


def columns(page: Page, rows: Iterable[tuple[str, str]]) -> None:
    """Two columns: what to type, and what it does."""
    rows = list(rows)
    left = min(_WIDEST_LEFT, max((len(name) for name, _ in rows), default=0))
    for name, text in rows:
        page.line(
            Span(name.ljust(left), "bold"), " " * _GAP, text, indent=_INDENT, hang=_INDENT + left + _GAP
        )
