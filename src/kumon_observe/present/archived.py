"""What ``archive`` did, a log at a time."""

from __future__ import annotations

from collections.abc import Iterable

from kumon_observe.model.archived import Archived
from kumon_observe.model.phrase import phrase
from kumon_observe.model.status import Status
from kumon_observe.present.page import Span
from kumon_observe.present.view import View


def render(logs: Iterable[Archived], view: View) -> str:
    """Each log with what became of it, its figures and notes below; with ``quiet`` only what was not cut."""
    page = view.page()
    for log in logs:
        if view.quiet and log.status is Status.OK:
            continue
        page.line(
            view.status(log.status, view.status_width()), f"  {log.log}: {view.say(log.sentence)}", hang=4
        )
        if log.packed:
            figures = phrase("{packed} bytes packed; {left} bytes are left in the log", packed=log.packed,
                             left=log.left)  # fmt: skip
            page.line(Span(view.say(figures), "dim"), indent=4)
        for note in log.notes:
            page.line(view.say(note), indent=4)
        for path in log.removed:
            gone = phrase("{path} would be removed: it is not kept any longer", path=path)
            if not log.dry_run:
                gone = phrase("{path} removed: it is not kept any longer", path=path)
            page.line(view.say(gone), indent=4)
    return page.text()
