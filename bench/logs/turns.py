"""Plays the turns of the app and books what each one is, before anything is written.

Two releases run side by side, as while a new one is rolled out: a quarter of the turns are the newer one's.
Most turns go well. In their order, every ``planted_every``-th turn goes wrong in the next of the ways of
:data:`PLANTED`; a turn that planned nothing and a refused message are drawn at random among the others.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import cycle
from typing import Final

from bench.logs.known import Known
from bench.logs.layouts import Clock, TraceFrames
from bench.logs.turn import NewerTurn, Parent, Turn

_NOTHING_PLANNED: Final = 0.05
_REFUSED: Final = 0.03
_TWO_MESSAGES: Final = 0.12
_FALLBACK: Final = 0.04
_UUID: Final = 0.02
_NEWER: Final = 0.25
_HEAP: Final = 140_303_500_000_000
_QUOTES: Final = tuple(
    f"OUTBOX_TRACE|phase={phase}|conv=c1|idem=unknown|state_id=1|outbox_id=2|count={count}"
    for phase, count in (("planner", 1), ("delivery", 0))
)
_FORGED: Final = (
    "OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|planner_after=2|delivery_before=0|"
    "conv=c1|idem=unknown"
)


class App:
    """Plays turns; what it planted stands in ``known``."""

    def __init__(self, layout: str, planted_every: int, rng: random.Random, clock: Clock) -> None:
        self.known = Known()
        self._frames = TraceFrames.of(layout)
        self._rng = rng
        self._clock = clock
        self._every = planted_every
        ways = [name for name in PLANTED if layout != "basic" or name not in _NEEDS_TIMES]
        self._planted = cycle(getattr(self, f"_{name}") for name in ways)
        self._phones = 0
        self._heap = [str(_HEAP + 64 * rng.randrange(1 << 22)) for _ in range(4096)]

    def parent(self) -> Parent:
        """A new conversation."""
        draw = self._rng.random()
        self._phones += 1
        phone = f"555190{self._phones:07}"
        if draw < _UUID:
            digits = f"{self._rng.getrandbits(128):032x}"
            conv = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
        elif draw < _UUID + _FALLBACK:
            conv = f"fallback_{phone}_{self._clock.now // 1_000_000}"
        else:
            conv = f"conv_{phone}_{self._clock.day_and_time()}"
        return Parent(conv, phone, self._rng.randrange(3, 9))

    def turn(self, parent: Parent) -> list[str]:
        """The records of the next turn of *parent*, without their stamps."""
        parent.turns_left -= 1
        self.known.turns += 1
        if parent.owed:
            self.known.unsent += 1
            parent.owed = False
        release = NewerTurn if self._rng.random() < _NEWER else Turn
        turn = release(parent, self._frames, self.known, self._rng, self._heap)
        if self.known.turns % self._every == 0:
            play: Callable[[Turn], None] = next(self._planted)
            play(turn)
        elif self._rng.random() < _NOTHING_PLANNED:
            turn.planned(0)
            turn.delivered(0)
        else:
            self._well(turn)
        self.known.traces += len(turn.lines)
        return turn.lines

    def _well(self, turn: Turn) -> None:
        messages = 2 if self._rng.random() < _TWO_MESSAGES else 1
        turn.planned(messages)
        turn.delivered(messages)
        for _ in range(messages):
            turn.sent(ok=self._rng.random() >= _REFUSED)

    def _lost(self, turn: Turn) -> None:
        turn.planned(1)
        turn.delivered(0)
        self.known.lost += 1

    def _lost_and_guarded(self, turn: Turn) -> None:
        self._lost(turn)
        turn.guard()

    def _lost_with_emergency_text(self, turn: Turn) -> None:
        self._lost(turn)
        turn.sent()

    def _delivered_in_part(self, turn: Turn) -> None:
        turn.planned(2)
        turn.delivered(1)
        turn.sent()
        self.known.partial += 1

    def _never_delivered(self, turn: Turn) -> None:
        turn.planned(1)
        turn.parent.turns_left = 0
        self.known.undelivered += 1

    def _drained_twice(self, turn: Turn) -> None:
        self._well(turn)
        turn.delivered(0)
        self.known.pairs -= 1

    def _without_result(self, turn: Turn) -> None:
        turn.planned(1)
        turn.delivered(1)
        turn.sent(answered=False)
        turn.parent.turns_left = 0
        self.known.unresolved += 1

    def _copied_outbox(self, turn: Turn) -> None:
        turn.planned(1)
        turn.new_outbox()
        turn.delivered(1)
        turn.sent()
        self.known.inconsistent += 1

    def _wrong_instance(self, turn: Turn) -> None:
        turn.planned(1)
        turn.delivered(1)
        turn.sent(instance="default")
        self._wrong(turn, "default")
        self.known.unguarded += 1

    def _wrong_and_guarded(self, turn: Turn) -> None:
        thread = f"thread_{turn.parent.phone}"
        turn.planned(1)
        turn.delivered(1)
        turn.instance_guard(thread)
        turn.sent(instance=thread)
        self._wrong(turn, thread)

    def _wrong(self, turn: Turn, value: str) -> None:
        turn.parent.turns_left = 0  # so that no second turn repeats the finding
        self.known.wrong_instances += 1

    def _skipped_as_duplicate(self, turn: Turn) -> None:
        turn.planned(1)
        turn.delivered(1)
        turn.parent.owed = True

    def _without_instance(self, turn: Turn) -> None:
        self._skipped_as_duplicate(turn)
        turn.unresolved_instance()
        self.known.resolution_errors += 1

    def _quoted(self, turn: Turn) -> None:
        self._well(turn)
        for text in _QUOTES:
            turn.quote(text)
            turn.echo(text)
        turn.quote_on_a_line_of_its_own(_FORGED)
        quoted = 2 * len(_QUOTES) + 1
        self.known.traces -= quoted
        self.known.embedded += quoted


PLANTED: Final = (
    "lost",
    "quoted",
    "lost_and_guarded",
    "delivered_in_part",
    "drained_twice",
    "lost_with_emergency_text",
    "never_delivered",
    "without_result",
    "copied_outbox",
    "wrong_instance",
    "wrong_and_guarded",
    "skipped_as_duplicate",
    "without_instance",
)
_NEEDS_TIMES: Final = ("without_result",)
