"""Every rule of TRACES has its tests."""

from __future__ import annotations

import pytest

from tests.rules.table import BY_NUMBER, RULES, Rule, proofs, rule


@pytest.mark.parametrize("a_rule", RULES, ids=lambda a_rule: a_rule.number)
def test_every_rule_has_a_test_and_is_tried_in_many_layouts(a_rule: Rule) -> None:
    found = proofs()[a_rule.number]
    assert found, f"no test proves {a_rule.number}: {a_rule.says}"
    if a_rule.everywhere:
        assert any(proof.everywhere for proof in found), f"{a_rule.number} is tried in one layout only"


def test_numbers_stand_once() -> None:
    assert len(BY_NUMBER) == len(RULES)


def test_a_rule_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no such rule: 12\.1"):
        rule("12.1")
