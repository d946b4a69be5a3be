"""Finds every English template in the source, as the catalogue has to know it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "kumon_observe"
_MAKERS = {"phrase": 1, "Phrase": 1, "counted": 3, "translatable": 1}
_UNTRANSLATED = {"{both}", "{reason}", "{what}"}


def templates() -> dict[str, str]:
    """Each template with the file that it stands in.

    A template may be given by name or starred (``counted(n, *_FORMS)``): a file that does so has all
    sentences among its own constants counted.
    """
    found: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for template in _of_file(tree):
            found.setdefault(template, str(path.relative_to(SOURCE)))
    return found


def _of_file(tree: ast.Module) -> Iterator[str]:
    by_name = False
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or _name(node.func) not in _MAKERS:
            continue
        for argument in node.args[: _MAKERS[_name(node.func)]]:
            texts = list(_texts(argument))
            yield from texts
            by_name = by_name or (not texts and not _is_count(argument, node))
    if by_name:
        for statement in tree.body:
            if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
                yield from (text for text in _texts(statement.value) if " " in text)


def _is_count(argument: ast.expr, call: ast.Call) -> bool:
    return _name(call.func) == "counted" and argument is call.args[0]


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _texts(node: ast.expr) -> Iterator[str]:
    """The strings that *node* is or chooses among, not those deeper in calls."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, (ast.Tuple, ast.List)):
        for element in node.elts:
            yield from _texts(element)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _texts(value)
