"""The three lists: each item with what it rests on; what persons said stays, and counts for its shift."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from attrs import evolve

from kumon_observe.config.channels import EmailSettings, FileSettings, SinkSettings
from kumon_observe.config.settings import SealingSettings, Settings
from kumon_observe.config.watching import JOBS, WatchSettings
from kumon_observe.model.checklist import Checklist, Item, ItemState
from kumon_observe.model.jobs import JobRun, Outcome
from kumon_observe.model.profile import Profile
from kumon_observe.model.status import Status
from kumon_observe.model.zones import named_zone
from kumon_observe.monitor.checklist.incidents import IncidentsNow, incidents_now
from kumon_observe.monitor.checklist.run import LISTS, acknowledge, run_checklist
from kumon_observe.monitor.heartbeat import heartbeat_age
from kumon_observe.plugins.registry import Registry
from kumon_observe.state import jobs
from kumon_observe.state.database import FILE, NoState, writing
from tests.scenarios import START, Story

ZONE = named_zone("America/Sao_Paulo")
MORNING = datetime(2025, 1, 15, 8, 30, tzinfo=ZONE).astimezone(UTC)
AFTERNOON = datetime(2025, 1, 15, 15, 30, tzinfo=ZONE).astimezone(UTC)
NIGHT = datetime(2025, 1, 15, 23, 0, tzinfo=ZONE).astimezone(UTC)
NOBODY = IncidentsNow()


class Home(NamedTuple):
    """A folder with a log, and a configuration of it."""

    folder: Path
    settings: Settings

    @property
    def log(self) -> Path:
        return self.folder / "app.log"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def with_(self, **changes: Any) -> Home:
        return Home(self.folder, evolve(self.settings, **changes))

    def writes(self, story: Story) -> Home:
        self.log.write_bytes(story.render("json"))
        return self

    def beats(self, now: datetime) -> Home:
        self.state.mkdir(exist_ok=True)
        touched(self.state / "heartbeat", now)
        return self

    def run(
        self, now: datetime, profile: Profile | None = None, incidents: IncidentsNow | None = NOBODY
    ) -> Checklist:
        registry = Registry.load(self.settings, entry_points=False)
        log = (str(self.log),)
        return run_checklist(
            self.settings, registry, log, now, profile=profile, incidents=lambda _: incidents
        )


def touched(path: Path, at: datetime) -> Path:
    path.touch()
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path, Settings(state_dir=str(tmp_path / "state")))
    return made.writes(Story().at((MORNING - START).total_seconds() - 60).others(30))


def item(checklist: Checklist, name: str) -> Item:
    (found,) = [item for item in checklist.items if item.name == name]
    return found


def told(checklist: Checklist, name: str) -> tuple[ItemState, Status, str]:
    found = item(checklist, name)
    return found.state, found.status, str(found.found)


OK, ATTENTION, PERSON, UNKNOWN = ItemState


@pytest.mark.parametrize(
    ("now", "profile"),
    [(MORNING, Profile.MORNING), (AFTERNOON, Profile.AFTERNOON), (NIGHT, Profile.NIGHT)],
)
def test_the_hour_decides_which_list_is_run(home: Home, now: datetime, profile: Profile) -> None:
    checklist = home.run(now)
    assert checklist.profile is profile
    assert [item.name for item in checklist.items] == list(LISTS[profile])
    assert checklist.begin <= now < checklist.end


def test_a_list_of_another_part_of_the_day_is_run_when_it_is_named(home: Home) -> None:
    checklist = home.run(MORNING, Profile.NIGHT)
    assert (checklist.profile, checklist.end) == (Profile.NIGHT, MORNING - timedelta(minutes=30))


# the whole


def test_it_is_ok_only_when_all_hold_and_every_persons_item_is_acknowledged(home: Home) -> None:
    sinks = SinkSettings(log=FileSettings(path="alerts.log"))
    home = home.with_(sinks=sinks).beats(MORNING)
    before = home.run(MORNING)
    assert told(before, "sinks") == (PERSON, Status.WARNING, "not tried in the last day: log")
    assert before.status is Status.WARNING
    acknowledge(home.settings, "sinks", "Ana", "a test arrived", MORNING)
    after = home.run(MORNING)
    assert {item.name: item.status for item in after.items} == dict.fromkeys(
        LISTS[Profile.MORNING], Status.OK
    )
    assert after.status is Status.OK
    said = item(after, "sinks").acknowledged
    assert said is not None
    assert (said.by, said.at, said.comment) == ("Ana", MORNING, "a test arrived")


def test_an_acknowledgement_counts_for_its_shift_and_is_shown_in_the_next(home: Home) -> None:
    acknowledge(home.settings, "on-call", "Ana", "", NIGHT)
    assert item(home.run(NIGHT + timedelta(hours=8)), "on-call").status is Status.OK
    tomorrow = home.run(NIGHT + timedelta(days=1))
    found = item(tomorrow, "on-call")
    assert (found.status, found.acknowledged) == (Status.WARNING, None)
    assert found.before is not None
    assert (found.before.by, found.before.at) == ("Ana", NIGHT)
    assert tomorrow.previous is not None
    assert tomorrow.previous.at == NIGHT + timedelta(hours=8)


def test_an_acknowledgement_does_not_heal_what_the_program_sees(home: Home) -> None:
    acknowledge(home.settings, "watch", "Ana", "it runs, I swear", MORNING)
    found = item(home.run(MORNING), "watch")
    assert (found.state, found.status) == (ATTENTION, Status.CRITICAL)
    assert found.acknowledged is not None


def test_an_item_that_is_on_no_list_cannot_be_acknowledged(home: Home) -> None:
    with pytest.raises(KeyError, match="on-call"):
        acknowledge(home.settings, "on-call", "Ana", "", MORNING)


def test_an_item_that_fails_hides_no_other(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: object) -> None:
        raise OSError("no such device")

    monkeypatch.setattr(shutil, "disk_usage", full)
    checklist = home.run(MORNING)
    assert told(checklist, "disk") == (UNKNOWN, Status.UNKNOWN, "it could not be looked at: no such device")
    assert item(checklist, "log").state is OK


def test_without_its_state_the_list_is_run_and_says_so(home: Home) -> None:
    home.state.mkdir()
    (home.state / FILE).mkdir()
    checklist = home.run(MORNING)
    assert "cannot be used: Is a directory" in str(checklist.reason)
    assert item(checklist, "night").state is OK


# logs


def test_the_nights_verdict_is_that_of_the_checks_since_it_began(home: Home) -> None:
    story = (
        Story().at(-12 * 3600).turn("bia", 2, 0).at(0).others(30).at((MORNING - START).total_seconds() - 60)
    )
    good = home.writes(story.turn("caio")).run(MORNING)
    assert item(good, "night").state is OK
    bad = home.writes(story.turn("ana", 2, 0)).run(MORNING)
    state, status, found = told(bad, "night")
    assert (state, status) == (ATTENTION, Status.CRITICAL)
    assert found == "1 lost hand-off in 32 turns"
    assert item(bad, "night").command == "kumon-observe health --since 2025-01-14T22:00-03:00"


def test_a_log_is_fresh_while_traces_come(home: Home) -> None:
    assert told(home.run(MORNING), "log") == (OK, Status.OK, "the newest trace is 58 s old")
    later = home.run(MORNING + timedelta(hours=2))
    assert told(later, "log") == (ATTENTION, Status.WARNING, "the newest trace is 2 h old")
    home.log.unlink()
    state, status, found = told(home.run(MORNING), "log")
    assert (state, status) == (ATTENTION, Status.CRITICAL)
    assert "app.log: " in found
    home.log.write_bytes(b"")
    assert told(home.run(MORNING), "log")[1] is Status.CRITICAL
    home.writes(Story().at(-24 * 3600).others(3))
    assert told(home.run(MORNING), "log") == (
        UNKNOWN,
        Status.UNKNOWN,
        "no trace with a time since 2025-01-14 22:00",
    )


def results(story: Story, hours: float, *, success: int, failed: int) -> Story:
    """Results so many hours before the afternoon's moment."""
    story.at((AFTERNOON - START).total_seconds() - hours * 3600)
    for number in range(success + failed):
        status = "success" if number < success else "failed"
        story.says(
            f"DELIVERY_TRACE|action=result|status={status}|http=unknown|instance=kumon_assistant|conv=c{number}|idem=unknown"
        )
    return story


@pytest.mark.parametrize(
    ("recent", "state", "found"),
    [
        ((100, 0), OK, "100% lately, 99.0% before"),
        ((95, 5), OK, "95.0% lately, 99.0% before"),
        ((93, 7), ATTENTION, "93.0% lately, 99.0% before"),
        ((0, 0), UNKNOWN, "too few results to compare: 0 lately, 100 before"),
    ],
)
def test_delivery_that_goes_down_wants_attention(
    home: Home, recent: tuple[int, int], state: ItemState, found: str
) -> None:
    story = results(Story(), 5, success=99, failed=1)
    results(story, 0.4, success=recent[0], failed=recent[1])
    checklist = home.writes(story).run(AFTERNOON)
    assert (item(checklist, "trend").state, str(item(checklist, "trend").found)) == (state, found)


def test_a_fall_of_more_than_five_points_wants_attention_though_the_rate_is_met(home: Home) -> None:
    story = results(Story(), 5, success=1000, failed=0)
    checklist = home.writes(results(story, 0.4, success=1899, failed=101)).run(AFTERNOON)
    assert told(checklist, "trend") == (ATTENTION, Status.WARNING, "94.95% lately, 100% before")
    assert told(checklist, "delivery")[:2] == (OK, Status.OK)


def test_the_delivery_of_the_day_begins_at_midnight(home: Home) -> None:
    story = results(Story(), 20, success=0, failed=50)
    checklist = home.writes(results(story, 2, success=50, failed=0)).run(AFTERNOON)
    assert told(checklist, "delivery")[:2] == (OK, Status.OK)
    story = results(Story(), 20, success=50, failed=0)
    checklist = home.writes(results(story, 2, success=40, failed=10)).run(AFTERNOON)
    state, status, found = told(checklist, "delivery")
    assert (state, status) == (ATTENTION, Status.WARNING)
    assert "80" in found


# the machine


def test_the_watch_runs_while_its_heartbeat_is_fresh(home: Home) -> None:
    missing = told(home.run(MORNING), "watch")
    assert missing == (ATTENTION, Status.CRITICAL, "there is no heartbeat: no watch runs on this state")
    home.beats(MORNING - timedelta(seconds=40))
    assert told(home.run(MORNING), "watch") == (OK, Status.OK, "its heartbeat is 40 s old")
    home.beats(MORNING - timedelta(minutes=4))
    old = told(home.run(MORNING), "watch")
    assert old == (ATTENTION, Status.CRITICAL, "its heartbeat is 4 min old")


def test_the_heartbeat_is_where_the_configuration_says(home: Home) -> None:
    home = home.with_(watch=WatchSettings(heartbeat=str(home.folder / "beat")))
    assert heartbeat_age(home.settings, MORNING) is None
    touched(home.folder / "beat", MORNING - timedelta(seconds=3))
    assert heartbeat_age(home.settings, MORNING) == timedelta(seconds=3)
    assert item(home.run(MORNING), "watch").file == str(home.folder / "beat")


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.parametrize(
    ("free", "state", "status", "found"),
    [
        (50 << 30, OK, Status.OK, "50.0 GiB of 100.0 GiB are free"),
        (9 << 30, ATTENTION, Status.WARNING, "9.0 GiB of 100.0 GiB are free"),
        (99 << 20, ATTENTION, Status.CRITICAL, "99.0 MiB of 100.0 GiB are free"),
    ],
)
def test_a_disk_that_fills_wants_attention(
    home: Home,
    monkeypatch: pytest.MonkeyPatch,
    free: int,
    state: ItemState,
    status: Status,
    found: str,
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(100 << 30, 0, free))
    assert told(home.run(MORNING), "disk") == (state, status, found)


def test_of_several_disks_the_one_with_the_least_room_is_told(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.state.mkdir()
    usages = {home.state: Usage(1000 << 30, 0, 90 << 30), home.folder: Usage(100 << 30, 0, 50 << 30)}
    monkeypatch.setattr(shutil, "disk_usage", usages.__getitem__)
    assert told(home.run(MORNING), "disk")[2] == "90.0 GiB of 1000.0 GiB are free"
    usages[home.folder] = Usage(100 << 20, 0, 60 << 20)
    assert told(home.run(MORNING), "disk")[2] == "60.0 MiB of 100.0 MiB are free"


def test_a_plugin_that_cannot_be_used_wants_attention(home: Home) -> None:
    class Broken:
        error = "no module named x"
        name = "extra"

    class Plugins:
        plugins = (Broken(),)

        def __getattr__(self, name: str) -> object:
            return getattr(Registry.load(Settings(), entry_points=False), name)

    checklist = run_checklist(
        home.settings,
        Plugins(),  # type: ignore[arg-type]
        (str(home.log),),
        MORNING,
        incidents=lambda _: NOBODY,
    )
    assert told(checklist, "configuration") == (
        ATTENTION,
        Status.WARNING,
        "plugin extra: no module named x",
    )


def test_keys_of_seals_that_cannot_be_used_are_critical(home: Home) -> None:
    assert told(home.run(NIGHT), "sealing")[0] is OK
    good = home.with_(sealing=SealingSettings(key="k" * 32))
    assert told(good.run(NIGHT), "sealing") == (OK, Status.OK, "1 key can be used")
    bad = home.with_(sealing=SealingSettings(key="short"))
    state, status, found = told(bad.run(NIGHT), "sealing")
    assert (state, status) == (ATTENTION, Status.CRITICAL)
    assert "short" not in found


# the rhythm


def keep(home: Home, *runs: JobRun) -> None:
    with writing(home.state, 1) as connection:
        for run in runs:
            jobs.keep(connection, run)


def ended(job: str, planned: datetime, outcome: Outcome | None, detail: str = "") -> JobRun:
    return JobRun(job=job, planned=planned, begun=planned, ended=planned, outcome=outcome, detail=detail)


@pytest.mark.parametrize(
    ("outcome", "state", "found"),
    [
        (Outcome.OK, OK, "night-archive was done 21 h ago"),
        (Outcome.WARNING, OK, "night-archive was done 21 h ago, with a warning"),
        (None, OK, "night-archive goes on since 21 h"),
        (Outcome.FAILED, ATTENTION, "night-archive failed 21 h ago"),
        (Outcome.UNKNOWN, ATTENTION, "night-archive could not do all of it, 21 h ago"),
        (Outcome.INTERRUPTED, ATTENTION, "night-archive was interrupted 21 h ago"),
        (Outcome.MISSED, ATTENTION, "night-archive was missed 21 h ago"),
    ],
)
def test_the_last_archive_is_what_its_run_came_to(
    home: Home, outcome: Outcome | None, state: ItemState, found: str
) -> None:
    keep(home, ended("night-archive", NIGHT - timedelta(hours=21), outcome, "app-20250115.log.gz"))
    checklist = home.run(NIGHT)
    assert (item(checklist, "archive").state, str(item(checklist, "archive").found)) == (state, found)
    assert item(checklist, "archive").file == "app-20250115.log.gz"


def test_no_archive_in_a_night_wants_attention_and_none_wanted_is_not_ok(home: Home) -> None:
    keep(home, ended("night-archive", NIGHT - timedelta(hours=45), Outcome.OK))
    assert told(home.run(NIGHT), "archive") == (
        ATTENTION,
        Status.WARNING,
        "no archive was made in the last 26 h",
    )
    off = home.with_(jobs={**JOBS, "night-archive": evolve(JOBS["night-archive"], enabled=False)})
    assert told(off.run(NIGHT), "archive")[0] is UNKNOWN


def test_a_report_of_the_day_is_one_that_was_written_since_midnight(home: Home) -> None:
    folder = home.state / "reports"
    assert told(home.run(AFTERNOON), "report") == (
        ATTENTION,
        Status.WARNING,
        f"there is no report in {folder}",
    )
    folder.mkdir(parents=True, exist_ok=True)
    touched(folder / "old.md", AFTERNOON - timedelta(days=1))
    assert told(home.run(AFTERNOON), "report") == (
        ATTENTION,
        Status.WARNING,
        "the newest report is 24 h old",
    )
    new = touched(folder / "new.md", AFTERNOON - timedelta(hours=3))
    checklist = home.run(AFTERNOON)
    assert told(checklist, "report") == (OK, Status.OK, "the newest report is 3 h old")
    assert item(checklist, "report").file == str(new)


def test_what_was_missed_in_the_last_day_wants_attention(home: Home) -> None:
    assert told(home.run(NIGHT), "schedule") == (
        OK,
        Status.OK,
        "next: night-health at 2025-01-16 00:00",
    )
    missed = JobRun(job="night-health", planned=NIGHT - timedelta(hours=20), outcome=Outcome.MISSED, runs=3)
    keep(home, missed)
    assert told(home.run(NIGHT), "schedule") == (
        ATTENTION,
        Status.WARNING,
        "3 runs were missed in the last day",
    )
    off = home.with_(jobs={name: evolve(job, enabled=False) for name, job in JOBS.items()})
    assert told(off.run(NIGHT + timedelta(days=3)), "schedule")[2] == "every job is switched off"


# incidents


@pytest.mark.parametrize(
    ("incidents", "now", "state", "status", "found"),
    [
        (None, MORNING, UNKNOWN, Status.UNKNOWN, "no incidents are kept on this state"),
        (None, NIGHT, UNKNOWN, Status.UNKNOWN, "no incidents are kept on this state"),
        (IncidentsNow(), MORNING, OK, Status.OK, "none is open"),
        (
            IncidentsNow(open=2, critical=1),
            MORNING,
            ATTENTION,
            Status.CRITICAL,
            "2 incidents are open, 0 not acknowledged",
        ),
        (
            IncidentsNow(open=1, unacknowledged=1),
            MORNING,
            ATTENTION,
            Status.WARNING,
            "1 incident is open, 1 not acknowledged",
        ),
        (
            IncidentsNow(open=2, critical=1),
            AFTERNOON,
            OK,
            Status.OK,
            "2 incidents are open, all acknowledged",
        ),
        (
            IncidentsNow(open=2, unacknowledged=1, critical=1),
            NIGHT,
            ATTENTION,
            Status.CRITICAL,
            "1 incident that nobody acknowledged",
        ),
    ],
)
def test_open_incidents_want_attention_in_the_morning_and_those_that_nobody_has_later(
    home: Home,
    incidents: IncidentsNow | None,
    now: datetime,
    state: ItemState,
    status: Status,
    found: str,
) -> None:
    assert told(home.run(now, incidents=incidents), "incidents") == (state, status, found)


def test_without_a_store_of_incidents_nothing_is_told_of_them(home: Home) -> None:
    assert incidents_now(home.state) is None


def test_a_sink_that_delivered_today_needs_no_person(home: Home) -> None:
    assert told(home.run(MORNING), "sinks") == (
        ATTENTION,
        Status.WARNING,
        "no sink is configured: alerts go nowhere",
    )
    sinks = SinkSettings(log=FileSettings(path="a.log"), email=EmailSettings(host="mail.example.org"))
    home = home.with_(sinks=sinks)
    delivered = {"log": MORNING - timedelta(hours=1), "email": MORNING - timedelta(hours=30)}
    found = told(home.run(MORNING, incidents=IncidentsNow(delivered=delivered)), "sinks")
    assert found == (PERSON, Status.WARNING, "not tried in the last day: email")
    delivered["email"] = MORNING - timedelta(hours=5)
    found = told(home.run(MORNING, incidents=IncidentsNow(delivered=delivered)), "sinks")
    assert found == (OK, Status.OK, "one was delivered to each sink in the last 5 h")


def test_a_schedule_that_cannot_be_told_is_unknown(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "cronsim", None)
        assert told(home.run(NIGHT), "schedule") == (
            UNKNOWN,
            Status.UNKNOWN,
            "doing things by the clock needs an extra: install kumon-observe[schedule]",
        )
    (home.state / FILE).unlink()
    (home.state / FILE).mkdir()
    state, _, found = told(home.run(NIGHT), "schedule")
    assert state is UNKNOWN
    assert "cannot be used: Is a directory" in found


def test_incidents_that_cannot_be_read_are_unknown(home: Home) -> None:
    def unusable(_directory: Path) -> IncidentsNow | None:
        raise NoState("the disk is gone")

    registry = Registry.load(home.settings, entry_points=False)
    checklist = run_checklist(home.settings, registry, (str(home.log),), MORNING, incidents=unusable)
    assert item(checklist, "incidents").state is UNKNOWN


def test_a_configuration_is_told_by_its_file(home: Home) -> None:
    registry = Registry.load(home.settings, entry_points=False)
    checklist = run_checklist(
        home.settings, registry, (str(home.log),), MORNING, config_file="kumon-observe.toml"
    )
    assert told(checklist, "configuration") == (OK, Status.OK, "kumon-observe.toml is in force")
