"""What a watch does over stops, crashes and full disks: nothing is lost, and little is told twice."""

from __future__ import annotations

import resource
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from kumon_observe.config.alerting import AlertingSettings
from kumon_observe.config.settings import Settings
from kumon_observe.monitor.heartbeat import FILE
from kumon_observe.state.incidents import open_incidents
from kumon_observe.testing.clock import FakeClock
from tests.monitor.watched import Watched, configured
from tests.scenarios import START, Story

NAMES = ("pager", "boss")


def watch(folder: Path, settings: Settings | None = None) -> Watched:
    return Watched(folder, settings or configured(folder), FakeClock(START + timedelta(hours=1)))


def news(watched: Watched) -> list[tuple[str, str, int]]:
    """What the first sink heard: rule, news, how many."""
    return [(rule, what, found) for _, sink, rule, what, _, found in watched.heard if sink == "pager"]


def test_a_loss_is_told_in_the_turn_in_which_it_is_read(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    watched.writes(Story().turn("ana").turn("bia", 1, 0).records)
    watched.step()
    assert news(watched) == [("handoff", "fired", 1)]
    assert {sink for _, sink, *_ in watched.heard} == set(NAMES)


def test_a_watch_that_goes_on_tells_nothing_again_and_misses_nothing(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    story = Story().turn("ana", 1, 0)
    watched.writes(story.records)
    watched.step()
    watched.session.end(1)
    watched.writes(Story().at(60).planning("bia", 1).records)
    watched.begin()
    watched.step()
    watched.session.end(1)
    watched.writes(Story().at(61).delivery("bia", 0).records)
    watched.begin()
    watched.clock.advance(61)
    watched.step()
    assert [one for one in news(watched) if one[1] != "escalated"] == [
        ("handoff", "fired", 1),
        ("handoff", "grew", 2),
    ]


def test_a_watch_that_was_killed_reads_again_what_it_had_not_saved_and_tells_it_once(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    watched.step()
    watched.writes(Story().turn("ana", 1, 0).records)
    watched.step()  # not saved again: that is done every ten seconds
    watched.begin()  # the old session is simply gone
    watched.step()
    watched.clock.advance(5)
    watched.step()
    assert news(watched) == [("handoff", "fired", 1)]


def test_a_state_that_was_thrown_away_tells_no_old_finding_anew_while_the_incidents_are_there(
    tmp_path: Path,
) -> None:
    watched = watch(tmp_path)
    watched.writes(Story().turn("ana", 1, 0).records)
    watched.step()
    watched.session.end(1)
    with sqlite3.connect(tmp_path / "state" / "state.db") as database:
        database.execute("DELETE FROM cursors")
    database.close()
    watched.begin()
    watched.step()
    assert news(watched) == [("handoff", "fired", 1)]
    watched.writes(Story().at(100).turn("bia", 1, 0).records)
    watched.clock.advance(61)
    watched.step()
    assert news(watched)[-1] == ("handoff", "grew", 2)


def test_a_saved_state_that_is_damaged_is_said_and_all_is_read_again(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    watched.writes(Story().turn("ana", 1, 0).records)
    watched.step()
    watched.session.end(1)
    with sqlite3.connect(tmp_path / "state" / "state.db") as database:
        database.execute("UPDATE cursors SET value = x'00'")
    database.close()
    watched.begin()
    assert [str(note) for note in watched.session.telling.notes] == [
        "what was saved of this log is damaged, and was thrown away"
    ]
    watched.step()
    assert watched.session.verdict().check("handoff").counts["violations"] == 1


def test_a_missing_log_is_told_after_five_minutes_and_never_resolves_a_loss(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    watched.writes(Story().turn("ana", 1, 0).records)
    watched.step()
    watched.log.unlink()
    for _ in range(8):
        watched.clock.advance(60)
        watched.step()
    told = [(rule, what) for rule, what, _ in news(watched)]
    assert ("data", "fired") in told
    assert "resolved" not in {what for _, what in told}
    assert any("app.log" in str(sentence) for sentence in watched.session.hindrances())


def test_a_log_that_comes_back_ends_that_incident_and_keeps_the_loss(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    watched.writes(Story().turn("ana", 1, 0).records)
    watched.step()
    watched.log.unlink()
    for _ in range(8):
        watched.clock.advance(60)
        watched.step()
    watched.writes(Story().at(900).turn("bia").records)
    for _ in range(4):
        watched.clock.advance(60)
        watched.step()
    told = [(rule, what) for rule, what, _ in news(watched)]
    assert ("data", "resolved") in told
    assert ("handoff", "resolved") not in told


def test_a_hundred_thousand_losses_in_a_minute_are_one_incident_and_few_messages(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    # A minute of the log in ten parts; the watch's own clock goes on by a minute too.
    for part in range(10):
        story = Story().at(part * 6)
        story_records = []
        for number in range(10_000):
            conv = f"c{part}-{number}"
            story.records.clear()
            story.planner(conv, 1).delivery(conv, 0)
            story_records += story.records
            story.now = START + timedelta(seconds=part * 6 + number * 0.0006)
        watched.writes(story_records)
        watched.clock.advance(6)
        watched.step()
        while watched.session.following.behind:
            watched.step()
    for _ in range(3):
        watched.clock.advance(60)
        watched.step()
    told = news(watched)
    assert told[0][:2] == ("handoff", "fired")
    assert {rule for rule, *_ in told} == {"handoff"}
    assert len(told) <= 6
    assert told[-1][2] == 100_000


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file grows beyond *size* bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_each_loss_is_told_while_the_disk_is_full(tmp_path: Path) -> None:
    watched = watch(tmp_path, configured(tmp_path, alerting=AlertingSettings(quiet_between=0.0)))
    watched.step()
    for number in range(3):
        watched.writes(Story().at(60 * number).turn(f"c{number}", 1, 0).records)
        with full_disk(1000):
            watched.clock.advance(2)
            watched.step()
    assert news(watched) == [("handoff", "fired", 1), ("handoff", "grew", 2), ("handoff", "grew", 3)]


@pytest.mark.parametrize("how", ["damaged", "removed"])
def test_a_state_that_was_lost_is_said_and_what_is_known_is_told_anew(tmp_path: Path, how: str) -> None:
    watched = watch(tmp_path)
    watched.writes(Story().turn("ana", 1, 0).records)
    watched.step()
    if how == "removed":
        shutil.rmtree(tmp_path / "state")
    else:
        for name in ("state.db", "state.db-wal"):
            path = tmp_path / "state" / name
            path.write_bytes(b"\xa5" * path.stat().st_size)
    for _ in range(3):
        watched.clock.advance(6)
        watched.step()
    assert "the state was made anew" in " ".join(map(str, watched.session.telling.notes))
    assert news(watched)[-1] == ("handoff", "fired", 1)
    with watched.session.book.reading() as connection:
        assert [one.rule for one in open_incidents(connection)] == ["handoff"]


def test_a_store_that_comes_back_knows_what_was_told_without_it(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    watched.step()
    watched.writes(Story().turn("ana", 1, 0).records)
    with full_disk(1000):
        watched.clock.advance(2)
        watched.step()
    for _ in range(2):
        watched.clock.advance(6)
        watched.step()
    with watched.session.book.reading() as connection:
        assert [one.found for one in open_incidents(connection)] == [1]


def test_a_full_disk_is_said_and_a_loss_is_told_all_the_same(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    watched.step()
    state = tmp_path / "state" / "state.db"
    size = state.stat().st_size
    watched.writes(Story().turn("ana", 1, 0).records)
    with full_disk(min(size, 1000)):
        watched.clock.advance(11)
        watched.step()
        assert news(watched) == [("handoff", "fired", 1)]
        assert any("state.db cannot be used" in str(why) for why in watched.session.hindrances())
        watched.clock.advance(11)
        watched.step()
        assert len(news(watched)) == 1
    watched.clock.advance(11)
    watched.step()
    watched.writes(Story().at(100).turn("bia", 1, 0).records)
    watched.clock.advance(61)
    watched.step()
    assert watched.session.hindrances() == []
    assert news(watched)[-1][2] == 2
    assert not (tmp_path / "state" / FILE).exists()


@pytest.mark.parametrize(("hours", "word"), [(3, "180 minutes old"), (-3, "180 minutes ahead")])
def test_times_that_are_not_the_clock_s_are_said_once(tmp_path: Path, hours: int, word: str) -> None:
    watched = Watched(tmp_path, configured(tmp_path), FakeClock(START + timedelta(hours=hours)))
    watched.writes(Story().turn("old").records)  # what was there before says nothing of the zone
    watched.step()
    assert watched.session.telling.notes == []
    for number in range(2):
        watched.clock.advance(60)
        watched.writes(Story().at(60 * (number + 1)).turn(f"c{number}").records)
        watched.step()
    assert [word in str(note) for note in watched.session.telling.notes] == [True]


def test_on_a_full_disk_every_loss_is_told_and_that_is_said(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    watched.step()
    watched.writes(Story().turn("ana", 1, 0).records)
    for _ in range(2):
        with full_disk(1000):
            watched.clock.advance(11)
            watched.step()
        assert news(watched) == [("handoff", "fired", 1)]
        assert any("state.db cannot be used" in str(why) for why in watched.session.hindrances())
    watched.writes(Story().at(90).turn("carla", 1, 0).records)
    with full_disk(1000):
        watched.clock.advance(61)
        watched.step()
    assert news(watched)[-1] == ("handoff", "grew", 2)
