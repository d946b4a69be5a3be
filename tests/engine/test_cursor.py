"""The cursor: only what was appended is read, and the answer is that of reading everything."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import zlib
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest
from attrs import evolve

from kumon_observe import CheckResult
from kumon_observe.config.settings import CheckSettings, ConsistencySettings, HandoffSettings, Settings
from kumon_observe.engine import sources
from kumon_observe.engine.cursor import LEAST, Cursor
from kumon_observe.engine.workers import Worker
from kumon_observe.parsing.head import HEAD_BYTES
from kumon_observe.plugins.registry import Registry
from kumon_observe.state import cursors as store
from kumon_observe.state.database import FILE
from tests.engine.cursors import LATER, Log, healthy, later, notes
from tests.plugins.examples import Checks, EventCount
from tests.scans import pure_scan
from tests.scenarios import START, Story, trace


@pytest.fixture(params=["compiled", "pure"])
def log(tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    made = Log(tmp_path).begin()
    made.append(healthy(20))
    if request.param == "compiled":
        yield made
    else:
        with pure_scan():
            yield made


def size(log: Log) -> int:
    return log.path.stat().st_size


def test_only_what_was_appended_is_read(log: Log) -> None:
    assert log.run().begun_at == 0
    before = size(log)
    log.append(healthy(3, 4000).planning("ana").guard("ana"))
    cursor = log.run()
    assert (cursor.begun_at, notes(cursor)) == (before, "")
    again = log.run()
    assert (again.begun_at, notes(again)) == (size(log), "")


def test_a_short_rest_is_read_by_this_process(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_LEAST_DIVIDED", size(log))
    begun: list[Worker] = []
    begin = Worker.begin

    def noted(*task: Any) -> Worker:
        begun.append(begin(*task))
        return begun[-1]

    monkeypatch.setattr(Worker, "begin", noted)
    log.run(jobs=3)
    assert begun
    begun.clear()
    log.append(healthy(3, 4000))
    log.run(jobs=3)
    assert not begun


def test_what_was_begun_before_is_finished_behind_the_cursor(log: Log) -> None:
    log.append(later(4000).planning("ana", 2).send("bia").planning("cida"))
    log.run()
    log.append(later(4010).delivery("ana", 0).send("ana").result("bia").guard("other-3"))
    found = log.judged(Cursor(log.state, least=0))
    assert log.run().begun_at > 0
    handoff = found["checks"][0]
    assert handoff["counts"]["violations"] == 2
    assert [len(violation["evidence"]) for violation in handoff["violations"]] == [3, 2]


def test_an_unfinished_last_line_is_judged_and_read_again(log: Log) -> None:
    line = later(4000).planning("ana").delivery("ana", 0).render("json")
    before = size(log)
    log.append(line[:-9])
    log.run()
    log.append(line[-9:-1])
    cursor = log.run()
    assert cursor.begun_at > before
    log.append(b"\n")
    assert log.run().begun_at == cursor.begun_at


def test_little_is_not_saved(log: Log) -> None:
    cursor = Cursor(log.state, lambda: LATER)
    log.judged(cursor)
    assert not (log.state / FILE).exists()
    log.append(healthy(LEAST // 1000, 4000))
    log.judged(cursor)
    saved = size(log)
    log.append(healthy(3, 9000))
    for _ in range(2):
        log.judged(cursor)
        assert cursor.begun_at == saved


def test_a_log_within_its_head_is_read_whole(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.append(Story().turn("ana"))
    assert log.run().begun_at == log.run().begun_at == 0
    assert not (log.state / FILE).exists()


# -- files that did not just grow ----------------------------------------------------------------------


def test_rotation_by_name(log: Log) -> None:
    log.run()
    log.path.rename(log.path.with_suffix(".log.1"))
    log.begin().append(later(5000).turn("ana", 1, 0))
    cursor = log.run()
    assert (cursor.begun_at, notes(cursor)) == (0, "")
    assert log.run().begun_at == size(log)


def test_a_renamed_file_keeps_its_cursor(log: Log) -> None:
    log.run()
    moved = log.path.rename(log.path.with_name("old.log"))
    assert log.run(sources=str(moved)).begun_at == moved.stat().st_size


def truncated(log: Log) -> None:
    log.path.write_bytes(b"")
    log.append(later(5000).turn("ana"))


def emptied(log: Log) -> None:
    log.path.write_bytes(b"")


def copied_and_truncated(log: Log) -> None:
    shutil.copy(log.path, log.path.with_suffix(".log.1"))
    log.path.write_bytes(b"")
    log.append(healthy(1200, 8000))


def restored_from_a_backup(log: Log) -> None:
    data = log.path.read_bytes()
    log.path.write_bytes(data[: len(data) * 9 // 10])


def edited(log: Log) -> None:
    data = log.path.read_bytes()
    log.path.write_bytes(data.replace(b"phase=delivery", b"phase=delivered", 1))


def edited_and_grown(log: Log) -> None:
    edited(log)
    log.append(healthy(2, 9000))


def edited_in_place(log: Log) -> None:
    before = log.path.stat().st_mtime_ns
    data = log.path.read_bytes()
    log.path.write_bytes(data.replace(b"count=1", b"count=0"))
    os.utime(log.path, ns=(before, before + 1_000_000))


SHORTER, OTHER, SAME_SIZE = "became shorter", "is not what stands in it", "without growing"
NOTHING = ""
"""Nobody looks for a saved state of a log so small."""


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (truncated, NOTHING),
        (emptied, NOTHING),
        (copied_and_truncated, OTHER),
        (restored_from_a_backup, SHORTER),
        (edited, OTHER),
        (edited_and_grown, OTHER),
        (edited_in_place, SAME_SIZE),
    ],
)
def test_a_file_that_did_not_just_grow_is_read_whole(
    log: Log, change: Callable[[Log], None], why: str
) -> None:
    log.append(later(4000).turn("ana", 1, 0))
    log.run()
    change(log)
    cursor = log.run()
    assert cursor.begun_at == 0
    assert why in notes(cursor)
    assert ("all of it was read" in notes(cursor)) == (why != NOTHING)
    again = log.run()
    assert (again.begun_at > 0) == (size(log) > HEAD_BYTES)
    assert notes(again) == ""


def test_a_truncated_file_that_grew_is_told_of_once(log: Log) -> None:
    log.run()
    truncated(log)
    log.run()
    log.append(healthy(60, 6000))
    assert SHORTER in notes(log.run())
    assert notes(log.run()) == ""


# -- what the answer depends on --------------------------------------------------------------------------


def test_options_that_change_the_judging_have_a_cursor_of_their_own(log: Log) -> None:
    log.run()
    other = Settings(checks=CheckSettings(handoff=HandoffSettings(max_open=1)))
    zone = Settings(timezone="America/Sao_Paulo")
    for settings in (other, zone, Settings(trusted_loggers=("*",)), Settings(max_record=8192)):
        assert log.run(settings=settings).begun_at == 0
        assert log.run(settings=settings).begun_at == size(log)
    assert log.run(layout="json").begun_at == 0
    assert log.run(checks=("handoff",)).begun_at == 0
    assert log.run().begun_at == size(log)


def test_options_of_the_result_alone_share_one(log: Log) -> None:
    log.run()
    settings = Settings(
        checks=CheckSettings(
            handoff=HandoffSettings(undelivered="critical"),
            consistency=ConsistencySettings(not_comparable="warning"),
        )
    )
    assert log.run(settings=settings).begun_at == size(log)


def test_windows_and_several_sources_are_read_whole(log: Log) -> None:
    log.run()
    other = log.folder / "other.log"
    other.write_bytes(Story().turn("bia").render("json"))
    packed = log.folder / "packed.log.gz"
    packed.write_bytes(gzip.compress(log.path.read_bytes()))
    for options in (
        {"since": START},
        {"until": LATER},
        {"sources": [str(log.path), str(other)]},
        {"sources": str(packed)},
    ):
        cursor = log.run(**options)
        assert (cursor.begun_at, notes(cursor)) == (0, "")
    assert log.run().begun_at == size(log)


class Counted(EventCount):
    """A check that tells its state."""

    def saved(self) -> dict[str, Any]:
        return {"seen": self.seen}

    def resumed(self, saved: dict[str, Any]) -> Counted:
        check = type(self)(self.name)
        check.seen = saved["seen"]
        return check


class Stubborn(Counted):
    def resumed(self, saved: dict[str, Any]) -> Counted:
        raise ZeroDivisionError

    def result(self, now: datetime | None) -> CheckResult:
        return super().result(now)


class Secretive(Counted):
    def saved(self) -> dict[str, Any]:
        raise ZeroDivisionError


class Wordless(Counted):
    def saved(self) -> dict[str, Any]:
        return {"seen": {self.seen}}


def with_check(make: Callable[[], object]) -> Registry:
    return Registry.load(Settings(), extra=[Checks("mine", lambda: [make()])])


@pytest.mark.parametrize(
    ("make", "kept", "said"),
    [
        (Counted, True, ""),
        (EventCount, False, ""),
        (Secretive, False, ""),
        (Stubborn, False, "does not fit any more"),
        (Wordless, False, "is no JSON"),
    ],
)
def test_a_check_of_others_takes_part_if_it_tells_its_state(
    log: Log, make: Callable[[], object], *, kept: bool, said: str
) -> None:
    log.run(registry=with_check(make))
    log.append(healthy(1, 6000))
    cursor = log.run(registry=with_check(make))
    assert (cursor.begun_at > 0) == kept
    assert said in notes(cursor)


# -- the state itself ----------------------------------------------------------------------------------


def test_a_damaged_state_file_is_told_and_replaced(log: Log) -> None:
    log.run()
    (log.state / FILE).write_bytes(b"nothing of the kind" * 1000)
    cursor = log.run()
    assert cursor.begun_at == 0
    assert "was damaged" in notes(cursor)
    assert log.run().begun_at == size(log)


def resaved(log: Log, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what is saved, as if another program had written it with a right digest."""
    with closing(connect(log.state / FILE)) as database, database:
        ((key, value),) = database.execute("SELECT key, value FROM cursors")
        saved = json.loads(zlib.decompress(value))
        saved = change(saved) or saved
        value = zlib.compress(json.dumps(saved).encode())
        database.execute("UPDATE cursors SET value = ?, digest = ?", (value, store._digest(key, value)))


@pytest.mark.parametrize(
    "change",
    [
        lambda saved: saved.update(form=2),
        lambda saved: saved.pop("form"),
        lambda saved: [0],
        lambda saved: saved["scan"].update(offset=1),
        lambda saved: saved["scan"].pop("tally"),
        lambda saved: saved["scan"].update(previous="0" * 16),
        lambda saved: saved.update(seen=None),
        lambda saved: saved.update(file=[1]),
        lambda saved: saved["checks"].pop("delivery"),
        lambda saved: saved["checks"].update(delivery={}),
        lambda saved: saved["checks"]["handoff"].update(form=0),
        lambda saved: saved["checks"]["handoff"]["options"].update(grace=1),
        lambda saved: saved["checks"]["handoff"].update(state={"turns": [[1]]}),
        lambda saved: saved["checks"]["instances"].update(state=7),
    ],
)
def test_a_state_that_is_none_is_told_and_all_is_read(
    log: Log, change: Callable[[dict[str, Any]], object]
) -> None:
    log.run()
    resaved(log, change)
    cursor = log.run()
    assert cursor.begun_at == 0
    assert "what was saved of it" in notes(cursor)
    assert log.run().begun_at == size(log)


@pytest.mark.parametrize("value", [b"", b"x", zlib.compress(b"{"), zlib.compress(b"{}")[:-1]])
def test_what_is_no_json_is_told(log: Log, value: bytes) -> None:
    log.run()
    with closing(connect(log.state / FILE)) as database, database:
        ((key,),) = database.execute("SELECT key FROM cursors")
        database.execute("UPDATE cursors SET value = ?, digest = ?", (value, store._digest(key, value)))
    assert "what was saved of it is damaged" in notes(log.run())
    assert notes(log.run()) == ""


def test_a_state_that_cannot_be_kept_is_told_and_changes_no_answer(log: Log) -> None:
    log.state.write_text("a file where the folder should be")
    cursor = log.run()
    assert "is not saved" in notes(cursor)
    assert "cannot be used: Not a directory" in notes(cursor)


def test_the_state_holds_no_text_of_a_record(log: Log) -> None:
    secret = "words of a parent"
    log.append(later(4000).echo(secret).says(trace("OUTBOX_TRACE", phase=secret, conv="c", count=secret)))
    log.append(later(4100).planner("ana\nb", 1).send("ana", phone="5551999999999").echo(secret))
    log.run()
    (value,) = log.values()
    for text in (secret, "OUTBOX_TRACE|", "phase=", "5551999999999"):
        assert text.encode() not in value


def chunks(message: str) -> bytes:
    """A record as docker cuts it."""
    entry = {"stream": "stdout", "time": "2025-01-15T12:00:00.1Z"}
    text = f"INFO:app.x:{message}\n"
    pieces = [text[start : start + 60] for start in range(0, len(text), 60)]
    return b"".join(json.dumps({"log": piece, **entry}).encode() + b"\n" for piece in pieces)


@pytest.mark.parametrize("layout", ["docker", "basic"])
def test_evidence_of_several_lines_is_shown_whole_from_before_the_cursor(tmp_path: Path, layout: str) -> None:
    log = Log(tmp_path, layout).begin()
    long = trace("OUTBOX_TRACE", phase="planner", conv="ana" + "n" * 100, idem="k", count=1)
    cut = f"INFO:app.x:{long}\n".replace("|count", "\nx|count")
    log.append(chunks(long) if layout == "docker" else cut.encode())
    log.append(later(5000).delivery("ana" + "n" * 100, 0, idem="k").noise())
    log.run()
    cursor = log.run()
    assert cursor.begun_at > 0
    shown = log.judged(Cursor(log.state, least=0))["checks"][0]["violations"][0]["evidence"][0]["text"]
    assert shown.endswith("count=1")


def test_two_identical_records_on_both_sides_of_the_cursor_count_once(log: Log) -> None:
    record = later(4000).planning("ana").records[-1].render("json")
    log.append(record)
    log.run()
    log.append(record)
    log.run()
    found = log.judged(Cursor(log.state, least=0))
    assert found["input"]["sources"][0]["lines"] > 0


def test_times_without_a_year_move_with_the_file(tmp_path: Path) -> None:
    log = Log(tmp_path, "syslog").begin()
    log.append(later().turn("ana", 1, 0))
    moment = START + timedelta(days=10)
    for days, used in ((0, False), (1, True), (200, True), (500, False)):
        at = (moment + timedelta(days=days)).timestamp()
        log.append(later(4000 + days).turn("bia"))
        os.utime(log.path, (at, at))
        assert (log.run().begun_at > 0) == used


def test_a_harmed_file_is_not_kept(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    log.run()
    log.append(b"\x00" * 100)
    assert log.run().begun_at > 0
    log.path.write_bytes(b"\x00" * 200_000)
    assert log.run().begun_at == log.run().begun_at == 0


def test_settings_with_sets_of_names_are_told_apart(log: Log) -> None:
    checks = CheckSettings()
    for allowed in (("a",), ("b",), ("a", "b")):
        instances = evolve(checks.instances, allowed=allowed)
        assert log.run(settings=Settings(checks=evolve(checks, instances=instances))).begun_at == 0
