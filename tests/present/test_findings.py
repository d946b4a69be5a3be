from __future__ import annotations

from typing import Any

import pytest

from kumon_observe.model.evidence import Evidence, Key, Violation
from kumon_observe.present import findings
from tests.present.views import view


def finding(**details: Any) -> Violation:
    return Violation(key=Key(conv="c1"), details=details)


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ({"planned": 2, "delivered": 1}, "planned 2, delivered 1"),
        ({"planned": 2}, "planned 2, no delivery yet"),
        ({"value": "thread_7"}, 'instance "thread_7"'),
        ({"value": "", "repeats": 3}, 'instance "", 3 times'),
        ({"differs": ["state_id", "outbox_id"]}, "state_id, outbox_id differs"),
        ({"seconds": 9.5, "hosts": ["a"]}, "seconds 9.5"),
        ({}, "latency"),
    ],
)
def test_a_finding_says_what_happened(details: dict[str, Any], said: str) -> None:
    assert view().say(findings.what("latency", finding(**details))) == said


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ({"by": ["traces", "guard"]}, ["shown by the traces and by the app's guard"]),
        ({"by": ["guard"]}, ["known from the app's guard alone"]),
        ({"by": ["traces"]}, ["not reported by the app's own guard"]),
        ({"by": []}, []),
        ({"identity": "exact"}, []),
        ({"identity": "conversation"}, ["paired by conversation"]),
        ({"identity": "mismatched"}, ["planner and delivery name different keys"]),
        ({"guarded": False}, ["no guard reported it"]),
        ({"guarded": True}, []),
    ],
)
def test_a_finding_says_how_far_it_can_be_trusted(details: dict[str, Any], said: list[str]) -> None:
    assert [view().say(note) for note in findings.notes(finding(**details))] == said


def test_a_finding_without_a_conversation_is_named_by_its_idem() -> None:
    assert findings.conversation(Violation(key=Key(idem="k1")), view()) == "idem k1"
    assert findings.conversation(Violation(key=Key()), view("pt")) == "conversa desconhecida"


def test_a_place_without_a_line_is_the_source_alone() -> None:
    assert findings.place(Evidence(source="app.log")) == "app.log"
