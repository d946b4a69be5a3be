"""parse(emit(event)) = event, for any text, in every layout, sealed or not; and nothing else is read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from kumon_observe.config.settings import SealingSettings, Settings
from kumon_observe.engine.parse import parse
from kumon_observe.model import events
from kumon_observe.model.events import TraceEvent
from kumon_observe.parsing.compiled import CompiledScanner
from kumon_observe.parsing.escaping import escape, escape_known, unescape
from kumon_observe.parsing.grammar import Trace, parse_message
from kumon_observe.parsing.layouts import built_in_layouts
from kumon_observe.parsing.options import ScanOptions
from kumon_observe.parsing.scan import Scanner
from kumon_observe.parsing.sealing import Sealer
from kumon_observe.parsing.tally import Tally
from tests.emitting import KEY, PROCESS, emitting, message_of
from tests.oracle import read_line_by_line
from tests.rendering import VARIANTS, render
from tests.scenarios import APP, START, Said, rendered

WAYS = [(layout, variant) for layout, variants in VARIANTS.items() for variant in range(len(variants))]
SEALED = Settings(sealing=SealingSettings(key=KEY))
GUARD = "OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|planner_after=1|delivery_before=0|conv=c|idem=i"
HOSTILE = (
    "",
    "unknown",
    "None",
    "MISSING",
    "%",
    "%25",
    "%zz",
    " oi ",
    "a|b=c|count=0|esc=1",
    f"oi\nERROR:{APP}:{GUARD}",
    f"\r\n{GUARD}\x00",
    f"\x1b[31m{GUARD}\x1b[0m",
    '","message":"x',
    "\\",
    "\ud83d",
    "\ud83d\ude00 \U0001f600",
    "\u2028\x85\x0b",
    "|seal=00000000.AAAAAAAAAAAAAAAAAAAAAA",
    "x" * 40_000,
)
ANY_TEXT = st.one_of(st.text(st.characters(exclude_categories=())), st.sampled_from(HOSTILE))
NAMES = st.one_of(st.none(), ANY_TEXT)
COUNTS = st.integers(0, 10**18 - 1)


@st.composite
def an_emitted_event(draw: st.DrawFn) -> TraceEvent:
    """An event of a kind that is emitted, with any text wherever one may stand."""
    common: dict[str, Any] = {"conv": draw(NAMES), "idem": draw(NAMES)}
    count, text = draw(COUNTS), draw(ANY_TEXT)
    ids: dict[str, Any] = {"state_id": draw(NAMES), "outbox_id": draw(NAMES)}
    turn = draw(st.one_of(st.none(), ANY_TEXT.filter(bool)))
    guard = text if text not in ("handoff_violation", "invalid_pattern") else "other"
    return draw(
        st.sampled_from(
            (
                events.PlannerTrace(**common, **ids, count=count, turn=turn),
                events.DeliveryTrace(**common, **ids, count=count, turn=turn),
                events.HandoffGuard(**common, planner_after=count, delivery_before=draw(COUNTS), turn=turn),
                events.OutboxGuard(**common, type=guard),
                events.InstanceTrace(**common, source=draw(ANY_TEXT), instance=text),
                events.InvalidInstanceGuard(**common, value=text),
                events.InstanceGuard(**common, type=guard),
                events.SendTrace(**common, instance=text, phone=draw(NAMES)),
                events.ResultTrace(**common, success=count % 2 == 0, http=draw(NAMES), instance=text),
            )
        )
    )


def facts(event: TraceEvent) -> tuple[object, ...]:
    """What an event says, without where it stood."""
    return (type(event), *event.row()[8:], dict(event.extra))


@given(text=ANY_TEXT)
@settings(max_examples=400)
def test_escaping_gives_back_any_text(text: str) -> None:
    for written in (escape(text), escape_known(text)):
        assert unescape(written) == text
        assert written.isascii()
        assert written.isprintable()
        assert not set(written) & set('| "\\')
        assert written
    assert escape_known(text) not in ("unknown", "None", "MISSING", "")


@pytest.mark.parametrize("key", ["", KEY], ids=["unsealed", "sealed"])
@pytest.mark.parametrize(("layout", "variant"), WAYS)
@given(event=an_emitted_event())
@settings(max_examples=25, deadline=None)
def test_what_is_emitted_is_read(layout: str, variant: int, key: str, event: TraceEvent) -> None:
    with emitting(key=key):
        message = message_of(event)
    line = render(layout, message, at=START, logger=APP, variant=variant)
    (found,) = parse([line], settings=SEALED if key else None)
    assert facts(found) == facts(event)
    assert found.process.endswith(f"/{PROCESS}")


@given(event=an_emitted_event())
@settings(max_examples=100, deadline=None)
def test_no_field_of_an_emitted_trace_is_unknown(event: TraceEvent) -> None:
    with emitting(key=KEY):
        _, tally = read_line_by_line(message_of(event).encode(), ScanOptions(parsers=built_in_layouts()))
    assert (tally.traces, tally.extra_fields) == (1, 0)


def scanned(scan: type[Scanner], data: bytes, options: ScanOptions) -> tuple[list[Any], Tally]:
    scanner = scan(options, keep_text=True)
    return [*scanner.feed(data), *scanner.finish()], scanner.tally


@st.composite
def a_mixed_log(draw: st.DrawFn) -> bytes:
    """Emitted traces, sealed and not, between the app's own, which recur so that their forms are learnt."""
    plain = "OUTBOX_TRACE|phase=delivery|conv=c|idem=unknown|state_id=1|outbox_id=2|count=1"
    known = [plain, GUARD, "TURN_LOCK|x", f"echo: {plain}|seal=1.2"]
    for event in draw(st.lists(an_emitted_event(), min_size=1, max_size=3)):
        with emitting(key=draw(st.sampled_from(("", KEY)))):
            known.append(message_of(event))
    said = draw(st.lists(st.sampled_from(known), min_size=1, max_size=30))
    layout = draw(st.sampled_from(("basic", "json", "dash", "docker", "iso", "plain")))
    at = [START, START] if draw(st.booleans()) else [START]
    return rendered((Said(message, at[n % len(at)]) for n, message in enumerate(said)), layout)


@pytest.mark.parametrize("scan", [Scanner, CompiledScanner])
@pytest.mark.parametrize("key", ["", KEY], ids=["sealing off", "sealing on"])
@given(data=a_mixed_log())
@settings(max_examples=150, deadline=None)
def test_both_scans_read_emitted_traces_as_line_by_line(scan: type[Scanner], key: str, data: bytes) -> None:
    options = ScanOptions(parsers=built_in_layouts(), sealer=Sealer(key) if key else None)
    rows, tally = scanned(scan, data, options)
    expected, plainly = read_line_by_line(data, options)
    assert rows == expected
    assert (tally.traces, tally.problems, tally.extra_fields) == (
        plainly.traces,
        plainly.problems,
        plainly.extra_fields,
    )


FRONTS = (
    "OUTBOX_TRACE|phase=planner|conv={}|idem=a%20b|state_id=%7C|outbox_id=2|count=1",
    "INSTANCE_TRACE|source=meta|instance={}|conv=c|idem=%41",
    "DELIVERY_TRACE|action=send|instance=i|phone={}|conv=c|idem=%41",
    "DELIVERY_TRACE|action=result|status=success|http=%41|instance=i|conv=c|idem={}",
    "OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|planner_after=1|delivery_before=0|conv={}|idem=%41",
    "INSTANCE_GUARD|level=CRITICAL|type=invalid_pattern|value={}|conv=%41|idem=i",
    "DELIVERY|sent|turn={}|idem=%41|provider_id=p|text_len=1",
)


@given(front=st.sampled_from(FRONTS), value=st.one_of(ANY_TEXT, st.just("c|esc=1|pid=x|turn=t")))
@settings(max_examples=400)
def test_no_text_that_the_app_was_fed_says_that_a_trace_is_escaped(front: str, value: str) -> None:
    found = parse_message(front.format(value))
    otherwise = parse_message(front.format(value.replace("esc=", "esx=")))
    assert isinstance(found, Trace)
    assert isinstance(otherwise, Trace)
    assert found.process is None
    assert [told.replace("esc=", "esx=") if isinstance(told, str) else told for told in found[:-2]] == [
        *otherwise[:-2]
    ]
    assert {name.replace("esc", "esx") for name in found.extra} == set(otherwise.extra)
