"""Patterns of names mean what a shell means by them."""

from __future__ import annotations

from fnmatch import fnmatchcase

from hypothesis import example, given, strategies as st

from kumon_observe.model.wildcards import matches

signs = st.text(st.sampled_from("aA.*?[]!-\n"), max_size=6)


@given(signs, signs)
@example("app.core", "app.*")
@example("app", "app.*")
@example("default", "default")
@example("Default", "default")
@example("a", "[ab]")
@example("a\nb", "a*")
@example("anything", "*")
def test_a_pattern_means_what_fnmatch_says(name: str, pattern: str) -> None:
    assert matches(name, pattern) is fnmatchcase(name, pattern)
