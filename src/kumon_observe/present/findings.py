"""A violation in one line: when, which conversation, what happened, and where it stands in the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from kumon_observe.model.evidence import CheckResult, Evidence, Sentence, Violation
from kumon_observe.model.phrase import counted, phrase
from kumon_observe.model.verdict import Verdict
from kumon_observe.present.page import Page, Part, Span
from kumon_observe.present.view import View

SHOWN = 3
_ARCHIVES = (".tar", ".tar.gz", ".tgz")


def what(check: str, violation: Violation) -> Sentence:
    """What happened to this turn or message, by the details that its check gives."""
    details = violation.details
    if "planned" in details and "delivered" in details:
        return phrase(
            "planned {planned}, delivered {delivered}",
            planned=details["planned"],
            delivered=details["delivered"],
        )
    if "planned" in details:
        return phrase("planned {planned}, no delivery yet", planned=details["planned"])
    if "value" in details:
        return _instance(str(details["value"]), int(details.get("repeats", 1)))
    if "differs" in details:
        return phrase("{fields} differs", fields=", ".join(map(str, details["differs"])))
    shown = ", ".join(
        f"{name} {value}" for name, value in details.items() if isinstance(value, (str, int, float))
    )
    return shown or check


def _instance(value: str, repeats: int) -> Sentence:
    name = f'"{value}"' if value else '""'
    if repeats < 2:
        return phrase("instance {name}", name=name)
    return phrase("instance {name}, {n} times", name=name, n=repeats)


def notes(violation: Violation) -> Iterator[Sentence]:
    """What else decides how far this finding can be trusted."""
    details = violation.details
    by = details.get("by")
    if by is not None:
        if len(by) > 1:
            yield phrase("shown by the traces and by the app's guard")
        elif "guard" in by:
            yield phrase("known from the app's guard alone")
        elif "traces" in by:
            yield phrase("not reported by the app's own guard")
    if details.get("identity") == "conversation":
        yield phrase("paired by conversation")
    elif details.get("identity") == "mismatched":
        yield phrase("planner and delivery name different keys")
    if details.get("guarded") is False:
        yield phrase("no guard reported it")


def place(evidence: Evidence) -> str:
    """``app.log:17``."""
    return f"{evidence.source}:{evidence.line}" if evidence.line else evidence.source


def conversation(violation: Violation, view: View) -> str:
    """The conversation's id, the idempotency key where there is no conversation."""
    key = violation.key
    if key.conv is not None:
        return key.conv
    if key.idem is not None:
        return f"idem {key.idem}"
    return view.say(phrase("unknown conversation"))


class Setting(NamedTuple):
    """What findings need not repeat: the ``day`` of the log, the ``folder`` of its sources."""

    day: date | None = None
    folder: str = ""

    @classmethod
    def of(cls, verdict: Verdict, view: View) -> Setting:
        """The setting of a whole verdict."""
        span = verdict.coverage
        day = view.only_day(span.first, span.last, verdict.generated_at)
        return cls(day=day, folder=_folder([source.name for source in verdict.sources]))


def _folder(names: Sequence[str]) -> str:
    """The folders that all *names* begin with, up to the first that is an archive."""
    shared = [parts[:-1] for parts in (name.split("/") for name in names)]
    folders = []
    for level in zip(*shared, strict=False):
        if len(set(level)) > 1 or level[0].endswith(_ARCHIVES):
            break
        folders.append(f"{level[0]}/")
    return "".join(folders)


def write(page: Page, check: CheckResult, view: View, *, most: int, setting: Setting) -> int:
    """Write the findings of *check* below its heading; gives how many are left out."""
    found = (*check.violations, *check.warnings)
    for violation in found[:most]:
        _write_one(page, check, violation, view, setting)
    return len(found) - len(found[:most]) + check.omitted


def _write_one(page: Page, check: CheckResult, violation: Violation, view: View, setting: Setting) -> None:
    parts: list[Part] = []
    if violation.at is not None:
        parts.append(f"{view.clock(violation.at, setting.day)}  ")
    parts += [Span(conversation(violation, view), "bold"), "  ", view.say(what(check.name, violation))]
    if violation.evidence:
        parts += ["  ", Span(place(violation.evidence[0]).removeprefix(setting.folder), "dim")]
    page.line(*parts, indent=2, hang=4)
    if not view.verbose:
        return
    said = [view.say(note) for note in notes(violation)]
    if said:
        page.line("; ".join(said), indent=4)
    for evidence in violation.evidence:
        where = place(evidence).removeprefix(setting.folder)
        page.line(Span(where, "dim"), "  ", evidence.text, indent=4, hang=6)


def left_out(n: int) -> Sentence:
    """Says how many findings are not shown."""
    return counted(n, "and 1 more", "and {n} more")
