"""What each function writes, to the letter: other programs may read it too."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from kumon_observe import emit
from kumon_observe.emit import text

PHONE = "5551900000014"
TRACES: list[tuple[str, dict[str, Any], str]] = [
    (
        "planner",
        {"count": 2, "state_id": 140303530988224, "outbox_id": 140303531324096, "conv": "c1", "idem": "k1"},
        "OUTBOX_TRACE|phase=planner|esc=1|KEY|state_id=140303530988224|outbox_id=140303531324096|count=2",
    ),
    (
        "delivery",
        {"count": 0, "outbox_id": "MISSING"},
        "OUTBOX_TRACE|phase=delivery|esc=1|conv=unknown|idem=unknown|outbox_id=MISSING|count=0",
    ),
    (
        "instance",
        {"instance": "kumon_assistant", "conv": "c1", "idem": "k1"},
        "INSTANCE_TRACE|source=meta|esc=1|instance=kumon_assistant|KEY",
    ),
    (
        "instance",
        {"instance": None, "source": "state", "conv": "c1", "idem": "k1"},
        "INSTANCE_TRACE|source=state|esc=1|instance=None|KEY",
    ),
    (
        "send",
        {"instance": "kumon_assistant", "phone": PHONE, "conv": "c1", "idem": "k1"},
        f"DELIVERY_TRACE|action=send|esc=1|instance=kumon_assistant|phone={PHONE}|KEY",
    ),
    (
        "send",
        {"instance": "kumon_assistant", "conv": "c1"},
        "DELIVERY_TRACE|action=send|esc=1|instance=kumon_assistant|conv=c1|idem=unknown",
    ),
    (
        "result",
        {"success": True, "instance": "main", "conv": "c1", "idem": "k1"},
        "DELIVERY_TRACE|action=result|status=success|esc=1|http=unknown|instance=main|KEY",
    ),
    (
        "result",
        {"success": False, "http": 500, "instance": "main", "conv": "c1", "idem": "k1"},
        "DELIVERY_TRACE|action=result|status=failed|esc=1|http=500|instance=main|KEY",
    ),
    (
        "handoff_violation",
        {"planner_after": 1, "conv": "c1", "idem": "k1"},
        "OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|esc=1|planner_after=1|delivery_before=0|KEY",
    ),
    (
        "outbox_guard",
        {"type": "stale", "conv": "c1", "idem": "k1"},
        "OUTBOX_GUARD|level=CRITICAL|type=stale|esc=1|KEY",
    ),
    (
        "invalid_instance",
        {"value": "thread_7", "conv": "c1", "idem": "k1"},
        "INSTANCE_GUARD|level=CRITICAL|type=invalid_pattern|esc=1|value=thread_7|KEY",
    ),
    (
        "instance_guard",
        {"type": "slow", "conv": "c1", "idem": "k1"},
        "INSTANCE_GUARD|level=CRITICAL|type=slow|esc=1|KEY",
    ),
]


@pytest.mark.parametrize(("name", "given", "expected"), TRACES)
def test_a_trace_is_written_so(name: str, given: dict[str, Any], expected: str) -> None:
    expected = expected.replace("KEY", "conv=c1|idem=k1")
    assert getattr(text, name)(**given) == f"{expected}|pid=worker-1"
    assert getattr(text, name)(**given, turn="t1") == f"{expected}|pid=worker-1|turn=t1"


def test_what_could_break_a_trace_is_escaped() -> None:
    assert text.instance(instance='a|b="c"\n\\', source="é", conv=" ana ").startswith(
        "INSTANCE_TRACE|source=%C3%A9|esc=1|instance=a%7Cb=%22c%22%0A%5C|conv=%20ana%20|"
    )


def test_a_word_for_unknown_stays_a_text_where_it_is_one() -> None:
    assert "|conv=%4Eone|idem=%|" in text.outbox_guard(type="stale", conv="None", idem="")
    assert "|http=%75nknown|" in text.result(success=False, instance="i", http="unknown")


def test_what_is_bound_is_written_where_nothing_is_given() -> None:
    with emit.bound(conv="c1", idem="k1", turn="t1"):
        assert text.planner(count=1).endswith("|esc=1|conv=c1|idem=k1|count=1|pid=worker-1|turn=t1")
        assert text.planner(count=1, idem="k2").endswith("|conv=c1|idem=k2|count=1|pid=worker-1|turn=t1")
    assert text.planner(count=1).endswith("|esc=1|conv=unknown|idem=unknown|count=1|pid=worker-1")


def test_a_value_of_another_type_does_not_break_the_turn() -> None:
    conversation: object = UUID(int=7)
    written = text.planner(count=None, conv=conversation)  # type: ignore[arg-type]
    assert "|conv=00000000-0000-0000-0000-000000000007|idem=unknown|count=None|" in written


def test_with_a_sealer_every_trace_ends_with_a_seal() -> None:
    emit.configure(process="worker-1", sealer=emit.Sealer("k" * 32))
    assert text.planner(count=1, conv="c1") == (
        "OUTBOX_TRACE|phase=planner|esc=1|conv=c1|idem=unknown|count=1|pid=worker-1|seal=6cb50749.ofzz7hCV5N66vg7MdvU8iQ"
    )
