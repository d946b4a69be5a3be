"""Docstrings become Markdown: references are links, examples are code."""

from __future__ import annotations

import griffe
import pytest

from apidocs import public
from apidocs.prose import markdown

STATUS = "kumon_observe.model.status.Status"


def told(path: str = STATUS) -> griffe.Object:
    return public.home(public.package()[path.removeprefix("kumon_observe.")])


@pytest.mark.parametrize(
    ("docstring", "shown"),
    [
        (f"see :class:`{STATUS}`.", f"see [`model.status.Status`][{STATUS}]."),
        (f":class:`~{STATUS}`", f"[`Status`][{STATUS}]"),
        (":meth:`worst`", f"[`worst`][{STATUS}.worst]"),
        (":class:`Severity`", "[`Severity`][kumon_observe.model.status.Severity]"),
        (":mod:`kumon_observe.model.rows`", "[`model.rows`][kumon_observe.model.rows]"),
        (":mod:`kumon_observe.parsing.scan`", "`parsing.scan`"),
        (":func:`nobody`", "`nobody`"),
    ],
)
def test_a_reference_to_a_public_name_is_a_link_and_any_other_is_code(docstring: str, shown: str) -> None:
    assert markdown(docstring, told()) == shown


@pytest.mark.parametrize(
    ("docstring", "shown"),
    [
        ("So::\n\n    x = 1\n", "So:\n\n```python\nx = 1\n```\n"),
        ("So. ::\n\n    x = 1\n\nAnd", "So.\n\n```python\nx = 1\n```\nAnd"),
        ("So::\n\n    # pyproject.toml\n    [a]\n", "So:\n\n```toml\n# pyproject.toml\n[a]\n```\n"),
        ("So::\n\n    a trace | b\n", "So:\n\n```text\na trace | b\n```\n"),
        ("So.\n\n>>> 1 + 1\n2\n\nAnd", "So.\n\n```pycon\n>>> 1 + 1\n2\n```\n\nAnd"),
        ("Examples:\n    >>> 1 + 1\n    2\n", "Examples:\n    ```pycon\n    >>> 1 + 1\n    2\n    ```\n"),
    ],
)
def test_examples_are_code(docstring: str, shown: str) -> None:
    assert markdown(docstring, told()) == shown
