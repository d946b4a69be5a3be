"""A day of the app, drawn by Hypothesis and booked while it is played: what a verdict must say of it."""

from __future__ import annotations

from collections import Counter

from attrs import define, field
from hypothesis import strategies as st

from tests.scenarios import Said, Story

PHONES = tuple(f"55519000000{number}" for number in (14, 21, 38))
CONVS = tuple(f"conv_{phone}_20250115_100000" for phone in PHONES)
Key = tuple[str, str | None]


@define
class Booked:
    """What happened, counted while it was played and never read back from the log."""

    turns: int = 0
    lost: Counter[Key] = field(factory=Counter)
    guarded: int = 0
    partial: int = 0
    undelivered: int = 0
    success: int = 0
    failed: int = 0
    unresolved: int = 0
    unsent: int = 0
    wrong: Counter[tuple[str, str | None, str]] = field(factory=Counter)
    unguarded: int = 0
    resolution_errors: int = 0
    inconsistent: int = 0
    pairs: int = 0


FLOWS = (
    "healthy",
    "healthy",
    "nothing planned",
    "requeued",
    "drained twice",
    "planner failed",
    "partial",
    "lost",
    "lost, guard called",
    "lost, guard raised",
    "lost, emergency text",
    "undelivered",
    "skipped as duplicate",
    "no instance",
    "wrong instance",
    "wrong instance, guarded",
    "refused",
    "send raised",
    "other ids",
)


@define
class App:
    """One release of the app, playing turns of one conversation."""

    conv: str
    keyed: bool
    newer: bool
    booked: Booked
    story: Story = field(factory=Story)
    number: int = 0
    left_open: bool = False

    def play(self, flow: str, planned: int) -> None:
        """One turn, booked as it goes."""
        if flow == "drained twice" and self.left_open:
            flow = "healthy"  # by TRACES 4.2 a second drain would take the turn that was left open
        self.number += 1
        idem = f"k{self.number}" if self.keyed else None
        key: Key = (self.conv, idem)
        state, outbox = f"1403035{len(self.conv)}88000", f"14030353{self.number:06}"
        ids: dict[str, object] = {"idem": idem or "unknown", "state": state, "outbox": outbox}
        story, booked = self.story, self.booked
        booked.turns += 1
        story.planner(self.conv, 1 if flow == "requeued" else 0, **ids)
        if flow == "planner failed":
            story.delivery(self.conv, 0, **ids)
            booked.pairs += 1
            return
        if flow == "nothing planned":
            story.planner(self.conv, 0, **ids).delivery(self.conv, 0, **ids)
            booked.pairs += 1
            return
        if self.newer and not self.keyed:
            for item in range(planned):
                story.short(self.conv, f"{self.conv[-8:]}h{self.number}i{item}", item + 1, state=state)
        planned += flow in ("requeued", "partial")
        story.planner(self.conv, planned, **ids)
        if flow == "undelivered":
            booked.undelivered += 1
            self.left_open = True
            return
        self._deliver(flow, planned, key, ids)

    def _deliver(self, flow: str, planned: int, key: Key, ids: dict[str, object]) -> None:
        story, booked = self.story, self.booked
        idem = str(ids["idem"])
        if flow == "lost, guard raised":
            story.guard(self.conv, planned, idem=idem)
            booked.lost[key] += 1
            return
        booked.pairs += 1
        if flow == "other ids":
            booked.inconsistent += 1
            ids = {**ids, "outbox": "140303539999999"}
        if flow.startswith("lost"):
            story.delivery(self.conv, 0, **ids)
            booked.lost[key] += 1
            if flow == "lost, guard called":
                story.guard(self.conv, planned, idem=idem)
                booked.guarded += 1
            if flow == "lost, emergency text":
                self._send(idem, 1, "healthy")
            return
        arrived = planned - 1 if flow == "partial" else planned
        booked.partial += flow == "partial"
        story.delivery(self.conv, arrived, **ids)
        self._send(idem, arrived, flow)
        if flow == "drained twice":
            story.delivery(self.conv, 0, **ids)

    def _send(self, idem: str, messages: int, flow: str) -> None:
        story, booked = self.story, self.booked
        if flow == "skipped as duplicate":
            booked.unsent += 1
            return
        if flow == "no instance":
            story.instance(self.conv, "no_valid_instance_found", source="error", idem=idem)
            booked.resolution_errors += 1
            booked.unsent += 1
            return
        instance = "kumon_assistant"
        if flow.startswith("wrong instance"):
            instance = "thread_abc"
            booked.wrong[self.conv, None if idem == "unknown" else idem, instance] += 1
            if flow == "wrong instance, guarded":
                story.instance_guard(self.conv, instance, idem=idem)
            else:
                booked.unguarded += 1
        for _ in range(messages):
            story.instance(self.conv, instance, idem=idem).send(self.conv, instance=instance, idem=idem)
            if flow == "send raised":
                booked.unresolved += 1
                continue
            ok = flow != "refused"
            story.result(self.conv, ok=ok, http="201" if ok else "500", instance=instance, idem=idem)
            booked.success += ok
            booked.failed += not ok


@st.composite
def a_day(draw: st.DrawFn) -> tuple[list[Said], Booked]:
    """The records of a day with several conversations at once, and what was booked."""
    keyed, newer = draw(st.booleans()), draw(st.booleans())
    booked = Booked()
    queues = []
    for conv in CONVS[: draw(st.integers(1, 3))]:
        app = App(conv, keyed, newer, booked)
        for flow in draw(st.lists(st.sampled_from(FLOWS), min_size=1, max_size=6)):
            app.play(flow, draw(st.integers(1, 3)))
        app.play("healthy", 1)
        queues.append(app.story.records)
    mixed = Story()
    queues = [list(queue) for queue in queues]
    while any(queues):
        queue = queues[draw(st.sampled_from([number for number, left in enumerate(queues) if left]))]
        record = queue.pop(0)
        mixed.says(record.message, level=record.level, logger=record.logger)
        if draw(st.integers(0, 5)) == 0:
            mixed.noise()
    return mixed.wait(61).noise().instance("zoe").records, booked
