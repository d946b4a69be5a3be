from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from attrs import evolve
from hypothesis import given, strategies as st

from kumon_observe.model import events, moments, rows
from kumon_observe.model.events import (
    DeliveryTrace,
    HandoffGuard,
    InstanceGuard,
    InstanceTrace,
    InvalidInstanceGuard,
    OutboxGuard,
    PlannerTrace,
    Position,
    ResultTrace,
    SendTrace,
    TraceEvent,
    TurnResult,
)
from kumon_observe.model.rows import Ref, Row

AT = datetime(2025, 1, 15, 10, 0, 0, 123_456, tzinfo=UTC)
PLACE = Position(source=1, line=17, offset=2210, length=90)

PAYLOADS: list[tuple[TraceEvent, tuple[object, ...]]] = [
    (PlannerTrace(count=1, state_id="7", outbox_id="8"), (1, "7", "8", False)),
    (PlannerTrace(count=2, state_id="7", short=True), (2, "7", None, True)),
    (DeliveryTrace(count=0, state_id="7"), (0, "7", None, None)),
    (HandoffGuard(planner_after=2, delivery_before=0), (2, 0, None, None)),
    (OutboxGuard(type="desync"), ("desync", None, None, None)),
    (InstanceTrace(source="meta", instance="kumon"), ("meta", "kumon", None, None)),
    (InvalidInstanceGuard(value="thread_1"), ("invalid_pattern", "thread_1", None, None)),
    (InstanceGuard(type="odd"), ("odd", None, None, None)),
    (SendTrace(instance="kumon", phone="5551900000014"), ("kumon", "5551900000014", None, None)),
    (ResultTrace(success=False, http="500", instance="kumon"), (False, "500", "kumon", None)),
    (TurnResult(outcome="dedup_hit", turn="t1"), ("dedup_hit", "t1", None, None)),
]


@pytest.mark.parametrize(("event", "payload"), PAYLOADS)
def test_an_event_and_its_row_tell_the_same(event: TraceEvent, payload: tuple[object, ...]) -> None:
    assert event.row() == (event.kind, None, 0, 0, 0, 0, None, "", None, None, *payload)


@pytest.mark.parametrize("event", [event for event, _ in PAYLOADS])
def test_an_event_is_made_again_from_its_row(event: TraceEvent) -> None:
    placed = evolve(event, conv="c", idem="i", at=AT, process="p", position=PLACE)
    again = events.event_of(placed.row(), {"more": "1"})
    assert again == placed
    assert type(again) is type(placed)
    assert again.extra == {"more": "1"}


def test_what_every_event_has_stands_at_its_place_in_the_row() -> None:
    event = PlannerTrace(count=1, conv="c", idem="i", at=AT, process="p", position=PLACE, text="OUTBOX…")
    row = Row(*event.row())
    assert (row.source, row.line, row.offset, row.length) == (1, 17, 2210, 90)
    assert (row.conv, row.idem, row.process, row.text) == ("c", "i", "p", "OUTBOX…")
    assert moments.to_datetime(row.at or 0) == AT
    assert Ref.of(row) == Ref(row.at, 1, 17, 2210, 90, "OUTBOX…")


def test_every_kind_has_the_class_of_its_number() -> None:
    assert [kind.kind for kind in events.KINDS] == list(range(len(events.KINDS)))
    assert events.KINDS[rows.TURN_RESULT] is TurnResult


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        PlannerTrace(count=1, at=AT.replace(tzinfo=None))


@pytest.mark.parametrize("count", [-1, 1.0, "1", None])
def test_a_count_is_a_whole_number_from_zero(count: int) -> None:
    with pytest.raises((TypeError, ValueError), match="count"):
        PlannerTrace(count=count)


def test_an_outcome_is_one_that_the_app_writes() -> None:
    with pytest.raises(ValueError, match="outcome"):
        TurnResult(outcome="lost")  # type: ignore[arg-type]


@pytest.mark.parametrize("field", ["conv", "idem", "process", "state_id"])
def test_what_stood_in_the_log_is_text(field: str) -> None:
    with pytest.raises(TypeError, match=field):
        PlannerTrace(count=1, **{field: 7})  # type: ignore[arg-type]


def test_the_base_is_no_event_of_its_own() -> None:
    with pytest.raises(NotImplementedError, match="make an event of one of its kinds"):
        TraceEvent().row()


def test_text_and_extra_fields_do_not_make_two_events_different() -> None:
    assert PlannerTrace(count=1, text="a", extra={"x": "1"}) == PlannerTrace(count=1, text="b")


@given(
    st.datetimes(
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=-3)), timezone(timedelta(hours=5.5))])
    )
)
def test_a_moment_survives_as_microseconds(moment: datetime) -> None:
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return
    assert moments.to_datetime(moments.to_microseconds(moment)) == moment
