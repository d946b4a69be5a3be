"""When rules are evaluated, how fast a budget burns, and who is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given, strategies as st

from kumon_observe.alerting.faults import faults
from kumon_observe.alerting.judging import burns
from kumon_observe.alerting.routing import uncovered
from kumon_observe.config.alerting import RouteSettings
from kumon_observe.config.rules import RULES, RuleSettings
from kumon_observe.model.errors import ThresholdError
from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.status import Action, Status
from tests.alerting.test_life import BAD, GOOD
from tests.alerting.world import NOON, World, data, delivered, losses, rate_rule, rule

BURN = {"burn": evolve(RULES["delivery-burn"], every=0, clear_times=1)}


def burning(world: World, long: tuple[int, int] | None, short: tuple[int, int] | None) -> list[str]:
    world.rates = {("delivery", 3600.0): long, ("delivery", 300.0): short}
    return world.says(GOOD if long is None else delivered(*long))


def test_a_budget_that_burns_in_both_windows_fires_and_one_that_burns_in_one_does_not() -> None:
    assert burning(World(BURN), (28, 100), (7, 25)) == ["fired"]  # 14.4 x 5% = 72% lost, exactly
    assert burning(World(BURN), (29, 100), (7, 25)) == []
    assert burning(World(BURN), (28, 100), (8, 25)) == []


def test_a_burning_budget_is_over_soon_after_the_errors_end() -> None:
    world = World(BURN)
    burning(world, (20, 100), (0, 25))
    assert burning(world, (40, 150), (25, 25)) == ["resolved"]


@pytest.mark.parametrize(
    ("long", "short"),
    [((0, 19), (0, 19)), ((20, 100), (0, 0)), (None, (0, 25)), ((20, 100), None), ((0, 0), (0, 0))],
)
def test_what_cannot_be_told_neither_begins_nor_ends_a_burning_budget(
    long: tuple[int, int] | None, short: tuple[int, int] | None
) -> None:
    assert burning(World(BURN), long, short) == []
    world = World(BURN)
    burning(world, (20, 100), (0, 25))
    assert burning(world, long, short) == []
    assert world.one().is_open


def test_without_an_objective_nothing_burns() -> None:
    world = World(BURN)
    world.rates = {("delivery", 3600.0): (0, 100), ("delivery", 300.0): (0, 100)}
    assert world.says(evolve(delivered(0, 100), threshold=None)) == []


@given(good=st.integers(0, 500), bad=st.integers(0, 500), limit=st.fractions(0, 2))
def test_a_burn_rate_is_compared_exactly(good: int, bad: int, limit: Fraction) -> None:
    events = good + bad
    assert burns((good, events), limit) == (bad > 0 and Fraction(bad, events) >= limit)


def test_an_objective_of_all_is_burnt_by_any_error_and_by_nothing_else() -> None:
    assert burns((99, 100), Fraction(0))
    assert not burns((100, 100), Fraction(0))


def test_rules_are_due_by_their_rhythm_and_those_without_one_whenever_asked() -> None:
    world = World({**rule(), **rate_rule(every=300), "off": RuleSettings(check="delivery", enabled=False)})
    assert world.alerting.due(world.now) == ("handoff", "delivery")
    world.says(losses(), GOOD)
    assert world.alerting.due(world.now) == ("handoff",)
    assert world.alerting.next_due(world.now) == world.now + timedelta(seconds=300)
    world.later(299.999)
    assert world.alerting.due(world.now) == ("handoff",)
    world.restart()
    assert world.alerting.due(world.later(0.001).now) == ("handoff", "delivery")


def test_nothing_to_wait_for_is_said() -> None:
    assert World(rule()).alerting.next_due(NOON) is None


def test_outside_its_hours_a_rule_is_not_due_and_the_next_look_is_at_their_beginning() -> None:
    night = datetime(2025, 1, 15, 4, tzinfo=UTC)  # 01:00 in Sao Paulo
    world = World({"quiet": RULES["quiet"]}, now=night)
    assert world.alerting.due(world.now) == ()
    assert world.alerting.next_due(world.now) == datetime(2025, 1, 15, 11, tzinfo=UTC)
    assert world.alerting.due(world.later(7 * 3600).now) == ("quiet",)


def test_nothing_is_repeated_or_begun_by_time_outside_the_hours_of_a_rule() -> None:
    evening = datetime(2025, 1, 16, 0, 30, tzinfo=UTC)  # 21:30 in Sao Paulo
    world = World(rate_rule(hours="08:00-22:00", repeat=3600), now=evening)
    assert world.says(BAD) == ["fired"]
    opening = datetime(2025, 1, 16, 11, tzinfo=UTC)
    assert world.after(9 * 3600) == []
    assert world.alerting.next_due(world.now) == opening
    world.now = opening
    assert world.after(0) == ["repeated"]
    late = World(rate_rule(hours="08:00-22:00", for_=3600), now=evening)
    late.says(BAD)
    assert late.after(9 * 3600) == []
    assert late.alerting.due(late.now) == ()
    late.now = opening
    assert late.alerting.due(late.now) == ("delivery",)


def test_a_check_that_measures_without_a_rate_must_reach_the_limit_with_its_value() -> None:
    def measured(value: float | None, status: Status = Status.OK) -> CheckResult:
        return CheckResult(name="slow", status=status, summary="slow turns", value=value)

    world = World({"slow": RuleSettings(check="slow", clear_at="<= 0.5")})
    assert world.says(measured(0.9, Status.WARNING)) == ["fired"]
    assert world.says(measured(0.51)) == []
    assert world.says(measured(None)) == []
    assert world.says(measured(0.5)) == ["resolved"]


def test_hours_and_limits_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="'8-22' are no hours"):
        RuleSettings(hours="8-22")
    with pytest.raises(ThresholdError, match="'97' is no threshold"):
        RuleSettings(clear_at="97")


def told_to(world: World) -> list[tuple[str, str]]:
    return sorted(world.waiting())


def test_a_sink_gets_what_its_route_lets_through() -> None:
    routes = {
        "off": RouteSettings(enabled=False),
        "grave": RouteSettings(least="critical"),
        "rates": RouteSettings(rules=("delivery",)),
        "level1": RouteSettings(level=1),
    }
    sinks = ("all", *routes)
    world = World({**rule(), **rate_rule()}, routes=routes, sinks=sinks)
    world.says(losses(1))
    assert told_to(world) == [("fired", "all"), ("fired", "grave")]
    other = World(rate_rule(), routes=routes, sinks=sinks)
    other.says(BAD)
    assert told_to(other) == [("fired", "all"), ("fired", "rates")]


def test_those_of_a_level_join_when_nobody_acknowledged_in_time() -> None:
    routes = {"boss": RouteSettings(level=1), "director": RouteSettings(level=2)}
    world = World(rule(), routes=routes, sinks=("team", "boss", "director"))
    world.says(losses(1))
    world.after(120)
    assert told_to(world) == [("escalated", "boss"), ("escalated", "team"), ("fired", "team")]
    world.after(180)
    assert ("escalated", "director") in told_to(world)


def test_the_end_is_told_to_those_who_got_the_alarm_and_want_to_know() -> None:
    routes = {"boss": RouteSettings(level=1), "pager": RouteSettings(resolved=False)}
    world = World(rule(), routes=routes, sinks=("team", "boss", "pager"))
    world.says(losses(1))
    world.resolve()
    assert [sink for news, sink in world.waiting() if news == "resolved"] == ["team"]


def test_an_acknowledgement_is_told_to_those_who_got_the_alarm() -> None:
    routes = {"boss": RouteSettings(level=1)}
    world = World(rule(), routes=routes, sinks=("team", "boss"))
    world.says(losses(1))
    world.ack()
    assert [sink for news, sink in world.waiting() if news == "acknowledged"] == ["team"]


def test_a_critical_rule_that_nobody_would_hear_of_is_said() -> None:
    world = World(rule(), routes={"slack": RouteSettings(level=1)})
    (sentence,) = uncovered(world.settings, ["slack"])
    assert str(sentence) == (
        "nobody would be told of a critical incident of the rule handoff: "
        "set up a sink that takes it (docs/alerts.md)"
    )
    assert list(uncovered(world.settings, ["slack", "email"])) == []
    assert list(uncovered(World(rate_rule()).settings, [])) == []


def test_what_cannot_come_true_is_said_before_it_is_needed() -> None:
    rules = {
        **rate_rule(),
        "lost": RuleSettings(check="handof"),
        "off": RuleSettings(check="x", enabled=False),
    }
    world = World(rules, routes={"slak": RouteSettings(), "slack": RouteSettings(rules=("hands",))})
    assert list(map(str, faults(world.settings, ["handoff", "delivery"], ["slack"]))) == [
        (
            "the rule lost judges the check 'handof', which there is not: "
            "use one of handoff, delivery, data, traces"
        ),
        "the route 'slak' is of no sink that can be used: there are slack",
        "the route 'slack' names the rule 'hands', which there is not: use one of delivery, lost, off",
    ]
    assert [str(fault)[:32] for fault in faults(World(rule()).settings, ["handoff"], [])] == [
        "nobody would be told of a critic"
    ]


@pytest.mark.parametrize(
    ("result", "title", "summary"),
    [
        (
            losses(1),
            "ROLL BACK NOW: replies are lost between planner and delivery",
            "1 lost hand-offs",
        ),
        (BAD, "too few messages reach WhatsApp", "90 of 100 delivered"),
        (data(Status.UNKNOWN), "the log cannot be judged", "the log is unknown"),
    ],
)
def test_an_alert_says_what_happened_in_the_check_s_own_words(
    result: object, title: str, summary: str
) -> None:
    assert isinstance(result, CheckResult)
    world = World({**rule(), **rate_rule(), "data": evolve(RULES["data"], for_=0)}, place="kumon production")
    world.says(result)
    (alert,) = world.told
    assert (str(alert.title), str(alert.summary)) == (title, summary)
    assert (alert.place, alert.key) == ("kumon production", f"{alert.incident}/1/fired")


def test_each_news_has_its_own_words() -> None:
    world = World(rule(), quiet_between=0)
    world.says(losses(1))
    world.later(1).says(losses(1, 2))
    world.after(120)
    world.after(180)
    world.after(3600)
    world.ack("ana")
    world.resolve("bia")
    with world.book.reading() as connection:
        from kumon_observe.state import outbox

        last = outbox.waiting(connection)[-1].alert
    assert [str(alert.title) for alert in world.told] == [
        "ROLL BACK NOW: replies are lost between planner and delivery",
        "ROLL BACK NOW: 2 by now: replies are lost between planner and delivery",
        "ROLL BACK NOW: nobody has it yet (level 1): replies are lost between planner and delivery",
        "ROLL BACK NOW: nobody has it yet (level 2): replies are lost between planner and delivery",
        "ROLL BACK NOW: still so: replies are lost between planner and delivery",
    ]
    assert last is not None
    assert (str(last.title), last.action) == (
        "over: replies are lost between planner and delivery",
        Action.NONE,
    )
    assert (str(last.summary), last.by) == ("2 lost hand-offs", "bia")
