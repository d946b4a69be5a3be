"""Views for tests."""

from __future__ import annotations

from typing import Any

from kumon_observe.present.language import Language
from kumon_observe.present.page import Look
from kumon_observe.present.view import View


def view(lang: str = "en", width: int | None = 80, *, colour: bool = False, **changes: Any) -> View:
    """How a person sees it, in UTC unless told otherwise."""
    look = Look(width=width, colour=colour, unicode=bool(changes.pop("unicode", True)))
    return View(language=Language(lang), look=look, logs=changes.pop("logs", ("app.log",)), **changes)
