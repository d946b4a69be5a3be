"""``report``: the full verdict as a document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from kumon_observe.cli import output
from kumon_observe.cli.call import Call
from kumon_observe.cli.commands import command
from kumon_observe.cli.errors import CommandLineError
from kumon_observe.cli.files import write_whole
from kumon_observe.cli.options import Logs, Option
from kumon_observe.model.phrase import Phrase, phrase
from kumon_observe.present.language import translatable

if TYPE_CHECKING:
    from kumon_observe.model.verdict import Verdict

_FORMS: Final = (".md", ".json")


@command(
    "report",
    Logs(),
    Option(("--output", "-o"), metavar="FILE", help=translatable("write to FILE, a .md or a .json")),
)
def report(call: Call, output: str | None) -> int:
    path = None if output is None else Path(output)
    if path is not None and path.suffix.lower() not in _FORMS:
        raise CommandLineError(_wrong_form(path))
    from kumon_observe.engine.analyze import analyze

    verdict = analyze(
        call.sources,
        command="report",
        limit=call.given.get("limit"),
        cursor=call.cursor,
        **call.reading(),
    )
    call.tell_of_cursor()
    if path is not None:
        write_whole(path, _document(verdict, call, path.suffix.lower()))
    _answer(verdict, call, path)
    return verdict.status.exit_code


def _wrong_form(path: Path) -> Phrase:
    if path.suffix.lower() == ".html":
        return phrase("this release writes no HTML report: give {path} the ending .md or .json", path=path)
    return phrase("{path} says no form: give it the ending .md or .json", path=path)


def _document(verdict: Verdict, call: Call, form: str) -> str:
    if form == ".json":
        from kumon_observe.model.document import to_text, verdict_to

        return to_text(verdict_to(verdict), indent=2) + "\n"
    from kumon_observe.present import markdown

    return markdown.render(verdict, call.view())


def _answer(verdict: Verdict, call: Call, path: Path | None) -> None:
    if call.json:
        from kumon_observe.model.document import verdict_to

        call.print_json(verdict_to(verdict))
    elif path is None:
        output.write(_document(verdict, call, ".md"))
    else:
        from kumon_observe.present import headline

        view = call.view()
        page = view.page()
        page.verbatim(headline.status_line(verdict, view))
        if not view.quiet:
            page.line(view.say(phrase("report written to {path}", path=path)))
        output.write(page.text())


COMMANDS = {"report": report}
