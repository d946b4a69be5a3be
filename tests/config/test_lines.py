from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

import pytest
from hypothesis import given, strategies as st

from kumon_observe.config.lines import Path, key_lines

TRICKY = '''\
# [not.a.table] limit = 1
limit = 1  # lang = "x"
"lang" = """
timezone = "inside"
\\""" [checks]
"""""
'layout' = \'\'\'a'b
state_dir = 1\'\'\'
sources = [
  "a]b", # ] timezone = 2
  'c#d',
  """e
f""", ["g"], { h = [1,
  2], "i" = 3 },
]

[ checks . "hand off" ]
grace=30.5
nested.key = { undelivered = "x", deep = { deeper = 1979-05-27 07:32:00 } }
\t[[checks.list]]
a = 1
  [checks.list.sub]
b = 2
[[checks.list]]
a = 3
'''


def test_keys_are_found_in_every_form_of_toml() -> None:
    lines = key_lines(TRICKY)
    assert lines == {
        ("limit",): 2,
        ("lang",): 3,
        ("layout",): 7,
        ("sources",): 9,
        ("sources", "h"): 13,
        ("sources", "i"): 14,
        ("checks",): 17,
        ("checks", "hand off"): 17,
        ("checks", "hand off", "grace"): 18,
        ("checks", "hand off", "nested"): 19,
        ("checks", "hand off", "nested", "key"): 19,
        ("checks", "hand off", "nested", "key", "undelivered"): 19,
        ("checks", "hand off", "nested", "key", "deep"): 19,
        ("checks", "hand off", "nested", "key", "deep", "deeper"): 19,
        ("checks", "list"): 20,
        ("checks", "list", "a"): 21,
        ("checks", "list", "sub"): 22,
        ("checks", "list", "sub", "b"): 23,
    }


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield (*path, name)
            yield from paths(part, (*path, name))
    elif isinstance(value, list):
        for part in value:
            yield from paths(part, path)


def test_no_key_of_a_valid_file_is_missed() -> None:
    assert set(key_lines(TRICKY)) == set(paths(tomllib.loads(TRICKY)))


def test_lines_end_as_they_do_on_windows() -> None:
    assert key_lines("a = 1\r\n\r\n[b]\r\nc = '''x\r\ny'''\r\nd = 2\r\n") == {
        ("a",): 1,
        ("b",): 3,
        ("b", "c"): 4,
        ("b", "d"): 6,
    }


def test_every_key_of_a_large_real_file_is_found() -> None:
    text = (FilePath(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    lines = key_lines(text)
    assert set(lines) == set(paths(tomllib.loads(text)))
    assert text.splitlines()[lines["project", "name"] - 1].startswith("name = ")


pieces = st.sampled_from(
    [
        "a",
        "b.c",
        '"d"',
        "'e'",
        " = ",
        "1",
        '"x"',
        "'''y\n'''",
        "[",
        "]",
        "{",
        "}",
        ",",
        "\n",
        "#z",
        ".",
        "\\",
        '"""',
    ]
)


@given(st.lists(pieces, max_size=25).map("".join))
def test_whatever_is_valid_has_all_its_keys_and_whatever_is_not_does_no_harm(text: str) -> None:
    lines = key_lines(text)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert set(lines) == set(paths(table))


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    assert all(line >= 1 for line in key_lines(text).values())


@pytest.mark.parametrize("deep", ["a = " + "[" * 5000, "a = " + "{b=" * 5000])
def test_deep_nesting_ends_the_list_early(deep: str) -> None:
    assert ("a",) in key_lines(deep)
