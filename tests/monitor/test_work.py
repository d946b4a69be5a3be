"""What the watch does by the clock, while it goes on over new configurations."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from kumon_observe.config.watching import JobSettings
from kumon_observe.monitor.work import Work
from kumon_observe.testing.clock import FakeClock
from tests.monitor.watched import Watched, configured
from tests.scenarios import START


def test_a_job_that_runs_over_a_new_configuration_is_waited_for_and_not_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = threading.Semaphore(0), threading.Event()

    def slow(*_: object, **__: object) -> list[object]:
        begun.release()
        assert may_end.wait(20)
        return []

    monkeypatch.setattr("kumon_observe.archiving.archive.archive_all", slow)
    jobs = {"nightly": JobSettings(cron="* * * * *", run="archive")}
    watched = Watched(tmp_path, configured(tmp_path, jobs=jobs), FakeClock(START + timedelta(hours=1)))
    said: list[str] = []
    before = Work.of(watched.session, None, lambda sentence: said.append(str(sentence)))
    before.turn(watched.clock.now)
    watched.clock.advance(60)
    before.turn(watched.clock.now)
    assert begun.acquire(timeout=20)
    after = Work.of(watched.session, None, lambda sentence: said.append(str(sentence)), before)
    watched.clock.advance(60)
    after.turn(watched.clock.now)
    assert not begun.acquire(blocking=False)
    may_end.set()
    while after.collect(watched.clock.now):
        pass
    assert said == ["nightly: no log to archive"]
    after.turn(watched.clock.now)
    assert begun.acquire(timeout=20)
    after.close()
