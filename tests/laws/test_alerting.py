"""Incidents depend on what the checks said and when, and on nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from attrs import evolve
from hypothesis import example, given, settings, strategies as st

from kumon_observe.alerting.acts import Refused
from kumon_observe.config.alerting import RouteSettings
from kumon_observe.config.rules import RULES
from kumon_observe.model.alert import Alert
from kumon_observe.model.status import Status
from kumon_observe.state import incidents, outbox
from kumon_observe.state.book import Book
from tests.alerting.world import World, data, delivered, losses

ENDED = 1000


class Step(NamedTuple):
    """What happens next: an action with a number, ``seconds`` after the last one."""

    does: str
    number: int
    seconds: float


RULES_HERE = {
    "handoff": RULES["handoff"],
    "delivery": evolve(RULES["delivery"], clear_times=2, times=2, for_=60, repeat=900, escalate=True),
    "burn": evolve(RULES["delivery-burn"], clear_times=1),
    "data": RULES["data"],
}
ROUTES = {"boss": RouteSettings(level=1), "pager": RouteSettings(least="critical", resolved=False)}
OFTEN = ("lose", "lose", "reread", "rate", "rate", "data", "tick", "tick", "ack", "resolve", "silence")

steps = st.lists(
    st.builds(
        Step,
        st.sampled_from(OFTEN),
        st.integers(0, 20),
        st.sampled_from((0, 1, 30, 59, 60, 61, 119, 300, 900, 3600)),
    ),
    max_size=40,
)
jumping = st.lists(
    st.builds(Step, st.sampled_from(OFTEN), st.integers(0, 20), st.sampled_from((-7200, -61, 0, 60, 300))),
    max_size=40,
)


class Played:
    """A world in which *steps* happened; it is restarted before those of *restarts*."""

    def __init__(self, taken: list[Step], restarts: set[int] = frozenset(), book: Book | None = None) -> None:  # type: ignore[assignment]
        self.world = World(
            RULES_HERE,
            routes=ROUTES,
            sinks=("team", "boss", "pager"),
            book=book,
            flap_changes=3,
            flap_window=1800,
        )
        self.lost = 0
        for number, step in enumerate(taken):
            if number in restarts:
                self.world.restart()
            self.world.later(step.seconds)
            getattr(self, f"_{step.does}")(step.number)

    def _lose(self, number: int) -> None:
        self.lost += number % 3
        self.world.says(losses(*range(1, self.lost + 1)))

    def _reread(self, number: int) -> None:
        """A lost cursor: the log is read again, and judged half-way."""
        self.world.says(losses(*range(1, min(number, self.lost) + 1)))

    def _rate(self, number: int) -> None:
        rate = ((0, 0), (10, 100), (90, 100), (99, 100))[number % 4]
        self.world.rates = {("delivery", seconds): rate for seconds in (3600.0, 300.0)}
        self.world.says(delivered(*rate))

    def _data(self, number: int) -> None:
        self.world.says(data(Status.OK if number % 2 else Status.UNKNOWN))

    def _tick(self, number: int) -> None:
        self.world.note(self.world.alerting.tick(self.world.now))

    def _ack(self, number: int) -> None:
        self._by_a_person("acknowledge", number)

    def _resolve(self, number: int) -> None:
        self._by_a_person("resolve", number)

    def _by_a_person(self, act: str, number: int) -> None:
        from kumon_observe.alerting import acts

        world = self.world
        found = world.open()
        if found:
            one = found[number % len(found)].id
            with suppress(Refused):
                getattr(acts, act)(world.settings, world.book, world.now, one, by=f"p{number}")

    def _silence(self, number: int) -> None:
        self.world.silence(("", "handoff", "delivery", "burn")[number % 4], 60 * (1 + number))

    def sent(self) -> list[tuple[str, str, Alert | None]]:
        """All that waits to be sent, by sink."""
        with self.world.book.reading() as connection:
            return [(one.key, one.sink, one.alert) for one in outbox.waiting(connection)]

    def ended(self) -> list[object]:
        with self.world.book.reading() as connection:
            return [*incidents.open_incidents(connection), *incidents.ended_incidents(connection, ENDED)]


@given(taken=steps | jumping, restarts=st.sets(st.integers(0, 39)))
@settings(max_examples=150, deadline=None)
def test_restarts_change_nothing(taken: list[Step], restarts: set[int]) -> None:
    straight, broken = Played(taken), Played(taken, restarts)
    assert broken.world.told == straight.world.told
    assert broken.sent() == straight.sent()
    assert broken.ended() == straight.ended()
    assert broken.world.alerting.next_due(broken.world.now) == straight.world.alerting.next_due(
        straight.world.now
    )


@given(taken=steps)
@settings(max_examples=20, deadline=None)
def test_a_store_on_disk_is_as_one_in_memory(taken: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        book = Book(Path(folder))
        assert Played(taken, book=book).sent() == Played(taken).sent()
        book.close()


@given(taken=steps | jumping)
@example(taken=[Step("lose", 2, 0), Step("resolve", 0, 0), Step("reread", 1, 0), Step("lose", 1, 0)])
@settings(max_examples=150, deadline=None)
def test_every_loss_is_in_one_incident_and_none_is_in_two(taken: list[Step]) -> None:
    played = Played(taken)
    with played.world.book.reading() as connection:
        found = [
            incident.found
            for incident in (
                *incidents.open_incidents(connection),
                *incidents.ended_incidents(connection, ENDED),
            )
            if incident.rule == "handoff"
        ]
    assert sum(found) == played.lost


@given(taken=steps | jumping)
@settings(max_examples=150, deadline=None)
def test_an_incident_is_told_from_its_beginning_to_its_end_once(taken: list[Step]) -> None:
    played = Played(taken)
    sent = played.sent()
    assert len({(key, sink) for key, sink, _ in sent}) == len(sent)
    by_incident: dict[str, list[Alert]] = defaultdict(list)
    for alert in played.world.told:
        by_incident[alert.incident].append(alert)
    for alerts in by_incident.values():
        news = [str(alert.news) for alert in alerts]
        assert news[0] in ("fired", "flapping")
        assert Counter(news).keys().isdisjoint({"test"})
        assert Counter(news)["fired"] + Counter(news)["flapping"] == 1
        assert "resolved" not in news[:-1]
        assert [alert.found for alert in alerts] == sorted(alert.found for alert in alerts)


@given(taken=steps)
@settings(max_examples=150, deadline=None)
def test_nothing_waits_longer_than_it_says(taken: list[Step]) -> None:
    """What ``tick`` tells at its next moment, it does not tell a moment before."""
    world = Played(taken).world
    world.note(world.alerting.tick(world.now))
    due = next_of_tick(world)
    if due is None:
        assert world.after(1e7) == []
        return
    early = due - timedelta(seconds=1)
    if early > world.now:
        world.now = early
        assert world.after(0) == []
    world.now = due
    before = world.open()
    assert world.after(0) or world.open() != before or not rings(world, due)


def next_of_tick(world: World) -> datetime | None:
    """When time alone brings something: evaluations set aside."""
    return min(world.alerting._timers(world.now), default=None)


def rings(world: World, due: datetime) -> bool:
    """Whether the moment was more than the end of one of several silences."""
    with world.book.reading() as connection:
        return not incidents.silences(connection, due - timedelta(microseconds=1))
