"""Deprecated names whose time is over: the release that should have dropped them is reached."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from kumon_observe.model.deprecation import FORM

_CALLS = frozenset(("Deprecated", "deprecated", "warn_deprecated"))


def overdue(folder: Path, version: str) -> list[str]:
    """The places below *folder* that deprecate a name for a release up to *version*."""
    reached = _release(version)
    return [
        f"{path.relative_to(folder)}:{line}: kumon-observe {drops} drops this name: remove it"
        for path in sorted(folder.rglob("*.py"))
        for line, drops in deprecations(path.read_text(encoding="utf-8"))
        if _release(drops) <= reached
    ]


def deprecations(source: str) -> Iterator[tuple[int, str]]:
    """The line of each deprecation in *source*, with the release that drops the name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
            given = [*node.args[:2], *(word.value for word in node.keywords if word.arg == "drops")]
            for text in (value.value for value in given if isinstance(value, ast.Constant)):
                if isinstance(text, str) and (drops := _told(text)):
                    yield node.lineno, drops


def _told(text: str) -> str | None:
    if match := FORM.fullmatch(text):
        return match["drops"]
    return text if text.replace(".", "").isdecimal() else None


def _release(version: str) -> tuple[int, int]:
    major, minor = version.split(".")[:2]
    return int(major), int(minor)
