"""An incident as it comes from a rule, in the words of a channel: each thing is said once."""

from __future__ import annotations

from typing import Literal

from attrs import evolve

from kumon_observe.model.alert import Alert
from kumon_observe.sinks.lines import line
from kumon_observe.state import outbox
from tests.alerting.test_life import BAD, GOOD
from tests.alerting.world import World, losses, rate_rule, rule
from tests.sinks.alerts import worded


def _said(alert: Alert, lang: Literal["en", "pt"] = "en") -> str:
    when, _, rest = line(evolve(alert, incident="k7m2"), "text", worded(lang)).partition("-03:00 ")
    assert when
    return rest


def test_a_lost_hand_off_says_once_what_to_do_and_how_to_acknowledge() -> None:
    world = World(rule())
    world.says(losses(1))
    assert _said(world.told[-1]) == (
        "CRITICAL ROLL BACK NOW: replies are lost between planner and delivery: 1 lost hand-offs. "
        "To do: roll back to the release before, now. Say that you are on it: kumon-observe alerts ack k7m2"
    )


def _waiting(world: World) -> Alert:
    """The last alert that waits for a sink."""
    with world.book.reading() as connection:
        alert = outbox.waiting(connection)[-1].alert
    assert alert is not None
    return alert


def test_who_has_it_and_who_ended_it_is_said_once() -> None:
    world = World(rate_rule(clear_times=1))
    world.says(BAD)
    world.ack("ana", comment="looking")
    assert _said(_waiting(world)) == (
        "NOTICE ana has it: too few messages reach WhatsApp: 90 of 100 delivered. "
        "ana has acknowledged it: looking. To do: find out why; no rollback."
    )
    world.says(GOOD)
    assert _said(world.told[-1], "pt") == (
        "RESOLVIDO encerrado: poucas mensagens chegam ao WhatsApp: 99 of 100 delivered. Terminou."
    )
