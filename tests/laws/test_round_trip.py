"""parse(render(event)) = event, in every layout and every way to write it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from kumon_observe.engine.parse import parse
from kumon_observe.model.events import TraceEvent
from tests.laws.logs import a_written_event, message_of
from tests.rendering import VARIANTS, render
from tests.scenarios import APP, START

WAYS = [(layout, variant) for layout, variants in VARIANTS.items() for variant in range(len(variants))]


def facts(event: TraceEvent) -> tuple[object, ...]:
    """What an event says, without where it stood."""
    return (type(event), *event.row()[8:])


@pytest.mark.parametrize(("layout", "variant"), WAYS)
@given(event=a_written_event())
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read(layout: str, variant: int, event: TraceEvent) -> None:
    line = render(layout, message_of(event), at=START, level="INFO", logger=APP, variant=variant)
    (found,) = parse([line])
    assert facts(found) == facts(event)


@pytest.mark.parametrize(("layout", "variant"), [way for way in WAYS if way[0] != "plain"])
@given(event=a_written_event())
@settings(max_examples=15, deadline=None)
def test_what_is_written_is_read_with_its_layout_forced(layout: str, variant: int, event: TraceEvent) -> None:
    line = render(layout, message_of(event), at=START, level="INFO", logger=APP, variant=variant)
    (found,) = parse([line + b"\n"], layout=layout)
    assert facts(found) == facts(event)


@pytest.mark.parametrize(
    ("layout", "variant"), [(name, n) for name, n in WAYS if VARIANTS[name][n].timed and name != "syslog"]
)
def test_the_time_is_read_to_the_millisecond(layout: str, variant: int) -> None:
    line = render(layout, "DELIVERY|sent|turn=t|idem=h", at=START, level="INFO", logger=APP, variant=variant)
    (found,) = parse([line])
    assert found.at == START
