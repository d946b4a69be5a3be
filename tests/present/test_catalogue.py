from __future__ import annotations

from collections import Counter
from string import Formatter
from types import ModuleType

import pytest

from kumon_observe.model.phrase import counted, phrase
from kumon_observe.present import pt
from kumon_observe.present.language import Language, detect
from kumon_observe.present.pt import CATALOGUE
from tests.present.templates import templates


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_every_template_in_the_source_has_a_portuguese_entry() -> None:
    missing = {template: file for template, file in templates().items() if template not in CATALOGUE}
    assert missing == {}


def test_no_entry_outlives_its_template() -> None:
    known = templates()
    assert [template for template in CATALOGUE if template not in known] == []


def test_nothing_is_translated_twice() -> None:
    parts = [
        vars(module).get("SENTENCES", {}) for module in vars(pt).values() if isinstance(module, ModuleType)
    ]
    found = Counter(template for part in parts for template in part)
    assert [template for template, times in found.items() if times > 1] == []
    assert set(found) == set(CATALOGUE)


@pytest.mark.parametrize("template", sorted(CATALOGUE))
def test_a_translation_has_the_same_places(template: str) -> None:
    assert places(CATALOGUE[template]) == places(template)


def test_the_collector_finds_templates_given_directly_by_name_and_starred() -> None:
    found = templates()
    assert "{n} turns" in found
    assert "{n} losses were not reported by the app's own guard" in found
    assert "all checks, one screen" in found


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({}, "en"),
        ({"LANG": "pt_BR.UTF-8"}, "pt"),
        ({"LANG": "pt_PT"}, "pt"),
        ({"LANG": "PT_br"}, "pt"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "pt_BR", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US", "LC_MESSAGES": "pt_BR"}, "pt"),
        ({"LANG": "pt_BR", "LC_MESSAGES": "", "LC_ALL": ""}, "pt"),
    ],
)
def test_the_locale_decides_the_language(environ: dict[str, str], code: str) -> None:
    assert detect(environ) == code


def test_a_phrase_is_translated_with_the_phrases_in_it() -> None:
    turns = counted(812, "1 turn", "{n} turns")
    lost = counted(2, "1 lost hand-off in {turns}", "{n} lost hand-offs in {turns}", turns=turns)
    assert Language("pt")(lost) == "2 handoffs perdidos em 812 turnos"
    assert Language("en")(lost) == "2 lost hand-offs in 812 turns"


def test_what_is_not_in_the_catalogue_stays_english() -> None:
    assert Language("pt")(phrase("a plugin says {n}", n=3)) == "a plugin says 3"
    assert Language("pt")("OK {not a place}") == "OK {not a place}"
