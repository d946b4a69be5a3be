"""Whatever a callback, a sink or a check does, the app and the verdict go on."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from kumon_observe import (
    Alert,
    Check,
    CheckResult,
    MergeError,
    Sink,
    Status,
    TemporarySinkError,
    TraceEvent,
    hookimpl,
    parse,
)
from kumon_observe.observer.isolated import Isolated
from kumon_observe.testing import CapturingSink
from tests.observer.app import LOST, Inbox, observer, play, until
from tests.scenarios import Story
from tests.verdicts import reasons, said


@pytest.fixture
def release() -> Iterator[threading.Event]:
    """What hangs in a test hangs until this is set."""
    event = threading.Event()
    yield event
    event.set()


def raises() -> None:
    raise ZeroDivisionError("no")


def exits() -> None:
    sys.exit(3)


def interrupts() -> None:
    raise KeyboardInterrupt


class Channel:
    """A sink that does something else than deliver."""

    def __init__(self, does: Callable[[], object], name: str = "pager") -> None:
        self.name = name
        self.does = does

    def send(self, alert: Alert) -> None:
        self.does()


class Counting:
    """A check that counts events, and does something at the second."""

    name = "counting"

    def __init__(self, does: Callable[[], object]) -> None:
        self.seen = 0
        self.does = does

    def observe(self, event: TraceEvent) -> None:
        self.seen += 1
        if self.seen == 2:
            self.does()

    def merge(self, later: Counting) -> None: ...

    def result(self, now: datetime | None) -> CheckResult:
        return CheckResult(name=self.name, status=Status.OK, summary="counted", value=self.seen)


class Plugin:
    """Gives such a check, and sinks."""

    def __init__(self, does: Callable[[], object] = int, sinks: tuple[Sink, ...] = ()) -> None:
        self.does = does
        self.sinks = sinks

    @hookimpl
    def kumon_register_checks(self) -> list[Check]:
        return [Counting(self.does)]

    @hookimpl
    def kumon_register_sinks(self) -> list[Sink]:
        return list(self.sinks)


# -- receivers of alerts


@pytest.mark.parametrize(
    ("does", "error"),
    [(raises, "ZeroDivisionError"), (exits, "SystemExit"), (interrupts, "KeyboardInterrupt")],
)
def test_a_receiver_that_fails_is_named_and_the_others_are_told(
    does: Callable[[], object], error: str, tmp_path: Path
) -> None:
    inbox = Inbox()
    with observer(tmp_path, on_alert=inbox, sinks=[Channel(does)]) as watching:
        play(LOST)
        until(lambda: inbox.alerts, "the callback was not told")
        until(lambda: watching._worker.desk.channels[1].failed, "the sink was not called")
        verdict = watching.verdict()
    told = f"an alert was not delivered: pager failed: {error.lower()}"
    assert told in reasons(verdict)
    assert told not in reasons(*verdict.checks)


def test_a_receiver_that_hangs_holds_up_nobody(tmp_path: Path, release: threading.Event) -> None:
    inbox = Inbox()
    with observer(tmp_path, on_alert=inbox, sinks=[Channel(lambda: release.wait(30))]) as watching:
        for number in range(5):
            play(Story().turn(f"c{number}", 1, 0))
            until(partial(inbox.has, number + 1), "the callback waits for the sink")
        assert watching.verdict().check("handoff").counts["violations"] == 5
        hung = watching._worker.desk.channels[1]
        assert (hung.delivered, hung.failed) == (0, 0)


def test_a_receiver_that_hangs_long_is_named(
    tmp_path: Path, release: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kumon_observe.observer.channel._HANGS_AFTER", 0.0)
    began = threading.Event()

    def hang() -> None:
        began.set()
        release.wait(30)

    with observer(tmp_path, sinks=[Channel(hang)]) as watching:
        play(LOST)
        assert began.wait(10)
        assert "alerts are not delivered: pager does not come back" in reasons(watching.verdict())


def test_a_slow_receiver_gets_the_newest_alert_of_each_check(tmp_path: Path) -> None:
    first, release = threading.Event(), threading.Event()
    told: list[Alert] = []

    def slow(alert: Alert) -> None:
        told.append(alert)
        first.set()
        release.wait(10)

    with observer(tmp_path, on_alert=slow) as watching:
        for number in range(5):
            play(Story().turn(f"c{number}", 1, 0))
            watching.verdict()
            assert first.wait(10)
        release.set()
        assert watching.close(timeout=10)
    assert [len(alert.result.violations) for alert in told if alert.result is not None] == [1, 5]


def test_without_a_callback_the_registered_sinks_are_told(tmp_path: Path) -> None:
    pager = CapturingSink("pager")
    plugin = Plugin(sinks=(pager, CapturingSink("stdout", failure=TemporarySinkError("busy"))))
    with observer(tmp_path, plugin, sinks=None) as watching:
        play(LOST)
        until(lambda: pager.alerts, "the sink was not told")
        assert [channel.name for channel in watching._worker.desk.channels] == ["stdout", "pager"]


def test_a_callback_takes_the_place_of_the_registered_sinks(tmp_path: Path) -> None:
    inbox = Inbox()
    with observer(tmp_path, Plugin(sinks=(CapturingSink(),)), on_alert=inbox, sinks=None) as watching:
        play(LOST)
        until(lambda: inbox.alerts, "the callback was not told")
        assert [channel.name for channel in watching._worker.desk.channels] == ["on_alert"]


def test_what_a_receiver_logs_itself_is_not_judged(tmp_path: Path) -> None:
    echoed = threading.Event()

    def echo(alert: Alert) -> None:
        play(Story().guard("echo").turn("echo"))
        echoed.set()

    with observer(tmp_path, on_alert=echo) as watching:
        play(LOST)
        assert echoed.wait(10)
        verdict = watching.verdict()
    assert (verdict.coverage.guards, verdict.check("handoff").counts["violations"]) == (0, 1)


# -- checks of plugins


@pytest.mark.parametrize(
    ("does", "reason"),
    [
        (raises, "the check failed: zerodivisionerror: no"),
        (exits, "the check failed: systemexit: 3"),
        (interrupts, "the check failed: keyboardinterrupt: "),
    ],
)
def test_a_check_that_fails_is_unknown_and_the_others_judge(
    does: Callable[[], object], reason: str, tmp_path: Path
) -> None:
    with observer(tmp_path, Plugin(does)) as watching:
        play(LOST)
        verdict = watching.verdict()
    assert reasons(verdict.check("counting")) == reason
    assert verdict.check("counting").status is Status.UNKNOWN
    assert verdict.check("handoff").status is Status.CRITICAL


def test_a_check_that_hangs_is_unknown_until_it_comes_back(tmp_path: Path, release: threading.Event) -> None:
    inbox = Inbox()
    with observer(tmp_path, Plugin(lambda: release.wait(30)), on_alert=inbox) as watching:
        play(LOST)
        verdict = watching.verdict()
        assert reasons(verdict.check("counting")) == "the check does not come back"
        began = time.perf_counter()
        assert watching.verdict().check("handoff").status is Status.CRITICAL
        assert time.perf_counter() - began < 0.25, "the hanging check is waited for again and again"
        until(lambda: inbox.alerts, "the alert waits for the hanging check")
        release.set()
        found = watching.wait_for(lambda verdict: verdict.check("counting").status is Status.OK)
        assert found.check("counting").value == len(LOST.records)


def test_a_check_that_hangs_is_fed_no_more_than_memory_allows(
    tmp_path: Path, release: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kumon_observe.observer.isolated._MOST_WAITING", 10)
    with observer(tmp_path, Plugin(lambda: release.wait(30))) as watching:
        play(Story().others(20))
        assert watching.verdict().check("counting").status is Status.UNKNOWN
        release.set()
        found = watching.wait_for(lambda verdict: verdict.check("counting").value is not None)
    result = found.check("counting")
    assert result.status is Status.UNKNOWN
    assert " traces came too fast for the check" in reasons(result)
    assert found.check("handoff").counts["turns"] == 20


def test_an_isolated_check_cannot_be_merged_and_takes_single_events() -> None:
    check = Isolated(Counting(int), set())
    check.at_log_start()
    with pytest.raises(MergeError, match="counting judges as the records come: there is nothing to merge"):
        check.merge(check)
    for event in parse(["INFO:app.x:" + record.message for record in LOST.records]):
        check.observe(event)
    assert check.result(None).value == len(LOST.records)


def test_a_check_of_a_plugin_that_works_is_one_of_the_four_more(tmp_path: Path) -> None:
    with observer(tmp_path, Plugin()) as watching:
        play(LOST)
        assert watching.verdict().check("counting").value == len(LOST.records)


# -- what is ours


def test_a_fault_of_the_observer_itself_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with observer(tmp_path) as watching:
        play(Story().turn("ana"))
        assert watching.verdict().status is Status.OK
        monkeypatch.setattr("kumon_observe.engine.live.Live.take", lambda self, records: raises())
        play(Story().turn("bia"))
        verdict = watching.verdict()
    assert verdict.status is Status.UNKNOWN
    assert "the observer failed: zerodivisionerror: no" in said(verdict)


def test_a_verdict_that_cannot_be_reached_does_not_end_the_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with observer(tmp_path, interval=0.01) as watching:
        with monkeypatch.context() as patched:
            patched.setattr("kumon_observe.engine.live.Live.verdict", lambda self, **_: raises())
            play(Story().turn("ana"))
            until(lambda: watching._worker.desk.fault, "nobody looked at the checks")
            assert said(watching.verdict()) == "the observer failed: zerodivisionerror: no"
        found = watching.wait_for(lambda verdict: "zerodivisionerror" in said(verdict))
        assert found.coverage.outbox == 3


def test_judging_that_does_not_come_back_degrades_what_was_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kumon_observe.observer.worker._PATIENCE", 0.01)
    with observer(tmp_path) as watching:
        with watching._worker.judging():
            nothing = watching.verdict()
        play(Story().turn("ana"))
        assert watching.verdict().status is Status.OK
        with watching._worker.judging():
            verdict = watching.verdict()
    assert (nothing.status, nothing.checks) == (Status.UNKNOWN, ())
    assert verdict.status is Status.UNKNOWN
    assert verdict.coverage.outbox == 3
    told = "judging does not come back: this is what was known before"
    assert told in said(verdict)
    assert told in said(nothing)


def test_no_thread_can_be_started_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't create new thread at interpreter shutdown")

    watching = observer(tmp_path, on_alert=Inbox()).install()
    monkeypatch.setattr(threading.Thread, "start", refuse)
    play(LOST)
    assert watching.close(timeout=5.0) is True
    verdict = watching.verdict()
    assert verdict.status is Status.CRITICAL
    assert "on_alert failed: no thread can be started while the interpreter ends" in reasons(verdict)
