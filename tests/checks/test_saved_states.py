"""What a check saves: small, without texts, and refused where it does not fit."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from kumon_observe.checks.consistency import ConsistencyCheck
from kumon_observe.checks.delivery import DeliveryCheck
from kumon_observe.checks.handoff import HandoffCheck
from kumon_observe.checks.instances import InstancesCheck
from kumon_observe.checks.journaled import JournaledCheck
from kumon_observe.config.settings import (
    ConsistencySettings,
    DeliverySettings,
    HandoffSettings,
    InstanceSettings,
)
from kumon_observe.model import rows
from kumon_observe.model.errors import StateError
from kumon_observe.model.events import event_of
from kumon_observe.model.rows import PlainRow

CHECKS = pytest.mark.parametrize("kind", [HandoffCheck, InstancesCheck, DeliveryCheck, ConsistencyCheck])
Kind = Callable[[], JournaledCheck]
MOST_BYTES = 5_000_000


def begun(kind: Kind) -> JournaledCheck:
    check = kind()
    check.at_log_start()
    return check


class Traces:
    """Rows as a log gives them, one behind the other."""

    def __init__(self) -> None:
        self.random = random.Random(4)
        self.at = 1_736_935_200_000_000
        self.line = self.offset = 0

    def row(self, kind: int, conv: str, idem: str, *payload: object) -> PlainRow:
        self.line += 1
        self.offset += 200
        self.at += self.random.randint(1, 90_000)
        a, b, c, d = (*payload, None, None, None, None)[:4]
        return (kind, self.at, 0, self.line, self.offset, 190, "the text", "0", conv, idem, a, b, c, d)

    def turn(self, *, healthy: bool) -> list[PlainRow]:
        """A turn of a new conversation with ids as long as the real ones."""
        chance = self.random
        conv = f"conv_55519{chance.randrange(10**8):08d}_20250115_{chance.randrange(240_000):06d}"
        idem = f"{chance.getrandbits(64):016x}"
        state, outbox = (str(140_303_530_000_000 + chance.randrange(10**8)) for _ in range(2))
        instance = "kumon_assistant" if healthy or chance.random() < 0.5 else f"thread_{conv[5:18]}"
        found = [
            self.row(rows.PLANNER, conv, idem, 0, state, outbox, False),
            self.row(rows.PLANNER, conv, idem, 1, state, outbox, False),
        ]
        if healthy or chance.random() < 0.7:
            count, other = (1, outbox) if healthy else (chance.randrange(2), outbox + "1")
            found.append(self.row(rows.DELIVERY, conv, idem, count, state, other))
        found.append(self.row(rows.SEND, conv, idem, instance, "5551999999999"))
        if healthy or chance.random() < 0.7:
            found.append(self.row(rows.RESULT, conv, idem, True, "200", instance))
        return found


@pytest.mark.parametrize("healthy", [True, False])
def test_a_state_is_small_however_long_the_log(*, healthy: bool) -> None:
    """Every bound is met by 30,000 conversations, so that a million weigh no more."""
    traces = Traces()
    checks = [begun(kind) for kind in (HandoffCheck, InstancesCheck, DeliveryCheck, ConsistencyCheck)]
    sizes = []
    for conversations in (25_000, 5000):
        for _ in range(conversations):
            turn = traces.turn(healthy=healthy)
            for check in checks:
                check.observe_many(turn)
        told = json.dumps([check.saved() for check in checks], separators=(",", ":"))
        assert "the text" not in told
        assert "5551999999999" not in told
        sizes.append(len(zlib.compress(told.encode(), 1)))
    assert max(sizes) < MOST_BYTES
    assert sizes[1] < 1.05 * sizes[0]


@CHECKS
def test_a_check_that_keeps_traces_for_a_merge_has_no_state(kind: Kind) -> None:
    with pytest.raises(StateError, match="call at_log_start"):
        kind().saved()


@CHECKS
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"check": "other"}, "is no state of"),
        ({"form": 0}, "has form 0, and this release reads 2"),
        ({"options": {}}, "was made with other options"),
        ({"state": {}}, "is damaged"),
        ({"state": 7}, "is damaged"),
        ({"state": None}, "is damaged"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(kind: Kind, change: dict[str, Any], why: str) -> None:
    check = begun(kind)
    saved = {**check.saved(), **change}
    with pytest.raises(StateError, match=why):
        kind().resumed(saved)


@CHECKS
def test_what_lacks_a_part_is_refused(kind: Kind) -> None:
    saved = dict(begun(kind).saved())
    for name in saved:
        with pytest.raises(StateError):
            kind().resumed({key: value for key, value in saved.items() if key != name})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (HandoffCheck(), HandoffCheck(HandoffSettings(grace=61))),
        (HandoffCheck(), HandoffCheck(HandoffSettings(keep_open=61))),
        (HandoffCheck(), HandoffCheck(HandoffSettings(max_open=61))),
        (InstancesCheck(), InstancesCheck(InstanceSettings(allowed=("a",)))),
        (DeliveryCheck(), DeliveryCheck(DeliverySettings(grace=61))),
        (ConsistencyCheck(), ConsistencyCheck(ConsistencySettings(max_open=61))),
    ],
)
def test_options_that_judging_depends_on_make_another_state(
    one: JournaledCheck, other: JournaledCheck
) -> None:
    one.at_log_start()
    with pytest.raises(StateError, match="other options"):
        other.resumed(one.saved())


def test_options_of_the_result_alone_do_not() -> None:
    check = begun(HandoffCheck)
    critical = HandoffCheck(HandoffSettings(undelivered="critical"))
    assert critical.resumed(check.saved()).saved() == check.saved()
    few = DeliveryCheck(DeliverySettings(min_samples=1))
    assert few.resumed(begun(DeliveryCheck).saved()).result(None).counts["success"] == 0


def test_a_turn_and_its_loss_are_one_again() -> None:
    """A guard that comes later speaks of the loss that was saved, not of a second one."""
    traces = Traces()
    check = begun(HandoffCheck)
    check.observe_many(
        [
            traces.row(rows.PLANNER, "c", "k", 1, "1", "2", False),
            traces.row(rows.DELIVERY, "c", "k", 0, "1", "2"),
        ]
    )
    again = HandoffCheck().resumed(json.loads(json.dumps(check.saved())))
    again.observe(event_of(traces.row(rows.HANDOFF_GUARD, "c", "k", 1, 0)))
    (violation,) = again.result(None).violations
    assert violation.details["by"] == ["traces", "guard"]
    assert len(violation.evidence) == 3
