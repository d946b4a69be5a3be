from __future__ import annotations

from kumon_observe.model.phrase import Phrase, counted, phrase

PORTUGUESE = {
    "{n} turns": "{n} turnos",
    "{what} in {where}": "em {where}: {what}",
    "a loss": "uma perda",
}


def portuguese(template: str) -> str:
    return PORTUGUESE.get(template, template)


def test_english_is_what_a_phrase_says_by_itself() -> None:
    assert str(phrase("{n} turns in {source}", n=3, source="app.log")) == "3 turns in app.log"


def test_a_translation_may_order_its_values_freely_and_reaches_inner_phrases() -> None:
    sentence = phrase("{what} in {where}", what=phrase("a loss"), where=counted(2, "1 turn", "{n} turns"))
    assert sentence.render(portuguese) == "em 2 turnos: uma perda"


def test_a_tuple_is_joined_with_commas() -> None:
    assert str(phrase("seen: {parts}", parts=(phrase("a loss"), "x"))) == "seen: a loss, x"


def test_counted_takes_the_singular_for_one_alone() -> None:
    assert [str(counted(n, "1 turn", "{n} turns")) for n in (0, 1, 2)] == ["0 turns", "1 turn", "2 turns"]


def test_braces_in_a_value_stay_as_they_are() -> None:
    assert str(phrase("saw {text}", text="{n} {0} {")) == "saw {n} {0} {"


def test_phrases_are_values() -> None:
    values = {"n": 1}
    made = Phrase("{n}", values)
    values["n"] = 2
    assert made == phrase("{n}", n=1)
    assert str(made) == "1"
