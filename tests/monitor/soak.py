"""A day and more of a watch in accelerated time: ``python -m tests.monitor.soak FOLDER REPLICAS HOURS SEED``.

In a process of its own, whose memory and descriptors are those of the watch. It prints a :class:`Day`.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
from datetime import timedelta
from pathlib import Path
from typing import Final

from attrs import asdict, define, evolve, field

from kumon_observe.alerting.acts import resolve
from kumon_observe.config.watching import WatchSettings
from kumon_observe.state import incidents
from kumon_observe.testing.clock import FakeClock
from tests.monitor.watched import Watched, configured
from tests.scenarios import START, Story

STEP: Final = 10
"""Seconds between two turns of the loop; in each a turn of the app is written to every log."""

_REFUSED: Final = 33
_LATER: Final = 600
_HORIZON: Final = 4 * 3600
"""Seconds that an answer is about: a day would need two to show that memory stays."""

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_WAYS: Final = ("rename", "copytruncate", "truncate")


@define
class Day:
    """What was written, what was told, and what the process held.

    Attributes:
        lost: when each reply was lost, in seconds after the start.
        told: what one sink was told: seconds, rule, news, how many were found.
        incidents: how many incidents a person resolved, and the findings of each.
        memory: resident bytes, hour by hour.
        descriptors: open ones, hour by hour.
        rotations: how often a log was rotated, and how.
        problems: why nobody might have relied on the watch, at any time.
    """

    lost: list[float] = field(factory=list)
    told: list[tuple[float, str, str, int]] = field(factory=list)
    incidents: list[int] = field(factory=list)
    memory: list[int] = field(factory=list)
    descriptors: list[int] = field(factory=list)
    rotations: dict[str, int] = field(factory=dict)
    problems: list[str] = field(factory=list)


@define(eq=False)
class Soak:
    """*replicas* logs in *folder*, rotated hourly and watched for *hours*."""

    folder: Path
    replicas: int
    hours: float
    chance: random.Random
    day: Day = field(factory=Day)
    turns: int = 0

    def run(self) -> Day:
        """All of it."""
        names = [f"app-{number}.log" for number in range(self.replicas)]
        wanted = evolve(configured(self.folder), watch=WatchSettings(save=600, horizon=_HORIZON))
        watch = Watched(self.folder, wanted, FakeClock(START), names)
        planted = set(self.chance.sample(range(1, int(self.hours * 3600 // STEP) - 30), round(self.hours)))
        resolves: float | None = None
        for step in range(int(self.hours * 3600 // STEP)):
            at = step * STEP
            for log in range(self.replicas):
                if at and at % 3600 == log * 600:
                    self._rotate(watch, log, at // 3600)
                watch.writes(
                    self._story(at, lost=step in planted and log == step % self.replicas).records, log=log
                )
            watch.clock.set(START + timedelta(seconds=at + 1))
            watch.step()
            if at % 3600 == 0:
                self._measure(watch)
            if resolves is None and any(rule == "handoff" for _, _, rule, *_ in watch.heard[-4:]):
                resolves = at + _LATER if self._open(watch) else None
            elif resolves is not None and at >= resolves:
                self._resolve(watch)
                resolves = None
        if resolves is not None:
            self._resolve(watch)
        watch.session.end(1)
        begun = START.timestamp()
        self.day.told = [
            (moment.timestamp() - begun, rule, news, found)
            for moment, sink, rule, news, _, found in watch.heard
            if sink == "pager"
        ]
        return self.day

    def _story(self, at: float, *, lost: bool) -> Story:
        """A turn; one in 33 messages is refused, and a lost reply is another turn."""
        self.turns += 1
        story = Story().at(at).turn(f"c{self.turns}", ok=self.turns % _REFUSED != 0)
        if lost:
            self.day.lost.append(at)
            story.turn(f"lost{self.turns}", 1, 0)
        return story

    def _rotate(self, watch: Watched, log: int, hour: int) -> None:
        way = _WAYS[hour % len(_WAYS)]
        self.day.rotations[way] = self.day.rotations.get(way, 0) + 1
        path = self.folder / watch.names[log]
        old = path.with_name(f"{path.name}.1")
        if way == "rename":
            path.rename(old)
            return
        if way == "copytruncate":
            shutil.copy(path, old)
        os.truncate(path, 0)

    def _open(self, watch: Watched) -> bool:
        with watch.session.book.reading() as connection:
            return incidents.is_any_open(connection)

    def _resolve(self, watch: Watched) -> None:
        session, now = watch.session, watch.clock.now
        with session.book.reading() as connection:
            found = incidents.open_incidents(connection)
        for incident in found:
            self.day.incidents.append(incident.found)
            resolve(session.plan.settings, session.book, now, incident.id, by="ana")
        session.delivery.run_due()

    def _measure(self, watch: Watched) -> None:
        self.day.memory.append(int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE)
        self.day.descriptors.append(len(list(Path("/proc/self/fd").iterdir())))
        self.day.problems += map(str, watch.session.hindrances())


def main() -> None:
    """Read the command line and do it."""
    folder, replicas, hours, seed = sys.argv[1:]
    day = Soak(Path(folder), int(replicas), float(hours), random.Random(seed)).run()
    json.dump(asdict(day), sys.stdout)


if __name__ == "__main__":
    main()
