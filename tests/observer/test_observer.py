"""What an observer says of the process in which it stands."""

from __future__ import annotations

import asyncio
import logging
import logging.config
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve

from kumon_observe import KumonObserveError, Status, analyze
from kumon_observe.config.settings import SealingSettings, Settings
from kumon_observe.model.document import verdict_to
from kumon_observe.observer import processes
from kumon_observe.parsing.sealing import Sealer
from kumon_observe.plugins.registry import Registry
from kumon_observe.testing import FakeClock
from tests.emitting import KEY
from tests.engine.logged import LATER
from tests.observer.app import LOST, Inbox, logger, observer, play, until
from tests.scenarios import PHONE, Story
from tests.verdicts import judged, keys, problems, said

CONV = f"conv_{PHONE}_20250115_100000"


def test_the_verdict_is_that_of_the_log_file(tmp_path: Path) -> None:
    story = Story().others(30).turn("ana", 2, 0).turn("bia", 1, ok=False).instance("caio", "thread_7")
    path = tmp_path / "app.log"
    path.write_bytes(story.render("json"))
    settings = Settings(state_dir=str(tmp_path / "state"))
    registry = Registry.load(settings, entry_points=False)
    of_file = analyze(path, settings=settings, registry=registry, clock=FakeClock(LATER))
    with observer(tmp_path) as watching:
        play(story)
        assert judged(watching.verdict()) == judged(of_file)


def test_what_was_logged_before_the_question_is_in_the_answer(tmp_path: Path) -> None:
    with observer(tmp_path) as watching:
        for number in range(1, 20):
            play(Story().turn(f"c{number}"))
            assert watching.verdict().coverage.delivery == 2 * number


def test_nothing_seen_is_unknown(tmp_path: Path) -> None:
    with observer(tmp_path) as watching:
        assert watching.verdict().status is Status.UNKNOWN


def test_a_record_of_any_kind_moves_the_logs_own_time(tmp_path: Path) -> None:
    with observer(tmp_path) as watching:
        play(Story().others(2).planner("ana"))
        assert watching.verdict().check("handoff").counts["undelivered"] == 0
        play(Story().at(timedelta(minutes=5).total_seconds()).noise())
        assert watching.verdict().check("handoff").counts["undelivered"] == 1


def test_a_conversation_is_explained_by_its_id_and_by_its_pseudonym(tmp_path: Path) -> None:
    with observer(tmp_path) as watching:
        play(Story().turn(CONV, 2, 0).says(f"TURN_LOCK|acquired|conv={CONV}"))
        explanation = watching.explain(CONV)
        assert explanation.status is Status.CRITICAL
        assert PHONE not in str(explanation)
        shown = [record.text for turn in explanation.turns for record in turn.records]
        assert shown[-1].startswith("TURN_LOCK|")
        assert watching.explain(explanation.conv).turns == explanation.turns


def test_a_phone_stands_in_no_answer(tmp_path: Path) -> None:
    inbox = Inbox()
    with observer(tmp_path, on_alert=inbox) as watching:
        play(Story().turn(CONV, 1, 0))
        assert PHONE not in str(verdict_to(watching.verdict()))
        until(lambda: inbox.alerts, "no alert came")
        assert PHONE not in str(inbox.alerts[0]) + str(inbox.alerts[0].result)


def test_where_traces_are_sealed_a_lost_hand_off_without_a_seal_alerts_nobody(tmp_path: Path) -> None:
    inbox = Inbox()
    settings = Settings(state_dir=str(tmp_path / "state"), sealing=SealingSettings(key=KEY))
    with observer(tmp_path, settings=settings, on_alert=inbox) as watching:
        play(Story().turn("forged", 1, 0).guard("forged"))
        verdict = watching.verdict()
        assert (verdict.status, problems(verdict)) == (Status.UNKNOWN, {"unsealed": 4})
        play(evolve(record, message=Sealer(KEY).seal(record.message)) for record in LOST.records)
        assert keys(watching.verdict().check("handoff")) == [("ana", None)]
        assert watching.close(timeout=10)
    (alert,) = inbox.alerts
    assert alert.check == "handoff"
    assert alert.result is not None
    assert keys(alert.result) == [("ana", None)]


# -- on and off


def test_records_count_only_while_it_is_installed(tmp_path: Path) -> None:
    watching = observer(tmp_path)
    play(Story().turn("before"))
    with watching:
        play(Story().turn("during"))
    play(Story().turn("after"))
    assert watching.verdict().coverage.outbox == 3


def test_it_can_be_installed_again_and_goes_on(tmp_path: Path) -> None:
    watching = observer(tmp_path)
    for number in range(3):
        with watching:
            play(Story().turn(f"c{number}"))
    assert watching.verdict().check("handoff").counts["turns"] == 3


def test_a_second_install_does_nothing(tmp_path: Path) -> None:
    with observer(tmp_path) as watching:
        assert watching.install() is watching
        play(Story().turn("ana"))
        assert watching.verdict().coverage.outbox == 3


def test_close_judges_what_waits_and_delivers_it(tmp_path: Path) -> None:
    inbox = Inbox()
    watching = observer(tmp_path, on_alert=inbox).install()
    play(LOST)
    assert watching.close(timeout=10.0) is True
    assert inbox.checks() == ["handoff"]


def test_close_says_that_time_was_up(tmp_path: Path) -> None:
    release = threading.Event()
    watching = observer(tmp_path, on_alert=lambda alert: release.wait(10)).install()
    play(LOST)
    assert watching.close(timeout=0.2) is False
    release.set()


def test_close_says_that_judging_does_not_come_back(tmp_path: Path) -> None:
    watching = observer(tmp_path).install()
    with watching._worker.judging():
        play(Story().turn("ana"))
        assert watching.close(timeout=0.05) is False


def test_a_log_call_does_not_wait_for_another_one_that_starts_the_thread(tmp_path: Path) -> None:
    with observer(tmp_path) as watching:
        with watching._worker._starting:
            play(Story().turn("ana"))
            assert not watching._worker.intake.is_watched
        play(Story().turn("bia"))
        assert watching._worker.intake.is_watched


def test_nothing_runs_before_the_first_trace(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with observer(tmp_path):
        play(Story().noise(5))
        assert set(threading.enumerate()) == before
        play(Story().turn("ana"))
        (mine,) = set(threading.enumerate()) - before
        assert mine.daemon
    until(lambda: set(threading.enumerate()) <= before, "a thread was left")


def test_it_is_used_in_a_running_event_loop(tmp_path: Path) -> None:
    async def turns() -> Status:
        async with observer(tmp_path) as watching:
            logger().info("%s", LOST.records[0].message)
            play(LOST)
            found = await watching.wait_for_async(lambda verdict: verdict.status is Status.CRITICAL)
        return found.status

    assert asyncio.run(turns()) is Status.CRITICAL


# -- waiting


def test_wait_for_gives_the_verdict_of_which_the_condition_holds(tmp_path: Path) -> None:
    with observer(tmp_path) as watching:
        later = threading.Timer(0.05, play, [LOST])
        later.start()
        found = watching.wait_for(lambda verdict: verdict.status is Status.CRITICAL, timeout=10)
        later.join()
    assert keys(found.check("handoff")) == [("ana", None)]


def test_waiting_in_vain_says_what_the_verdict_is(tmp_path: Path) -> None:
    with observer(tmp_path) as watching:
        play(Story().turn("ana"))
        with pytest.raises(TimeoutError, match=r"waited 0 s in vain: the verdict is ok \(handoff: no lost"):
            watching.wait_for(lambda verdict: verdict.coverage.guards > 0, timeout=0)


def test_waiting_in_vain_in_an_event_loop_says_so_too(tmp_path: Path) -> None:
    async def wait() -> None:
        async with observer(tmp_path) as watching:
            await watching.wait_for_async(lambda verdict: False, timeout=0.02)

    with pytest.raises(TimeoutError, match=r"waited 0\.02 s in vain: the verdict is unknown"):
        asyncio.run(wait())


# -- what makes it less than whole


def test_a_logging_setup_that_takes_the_handler_away_is_told_until_it_is_repaired(tmp_path: Path) -> None:
    with observer(tmp_path) as watching:
        play(Story().turn("ana"))
        assert watching.verdict().status is Status.OK
        setup = {"version": 1, "disable_existing_loggers": False, "incremental": False}
        logging.config.dictConfig({**setup, "loggers": {"app": {"level": "INFO"}}})
        play(Story().turn("unseen"))
        verdict = watching.verdict()
        assert verdict.status is Status.UNKNOWN
        assert (
            "the observer was taken from the logger app: call install() after logging is configured"
            in said(verdict)
        )
        watching.install()
        play(Story().turn("bia"))
        verdict = watching.verdict()
        assert (verdict.status, verdict.coverage.outbox) == (Status.OK, 6)


def test_a_trace_whose_arguments_do_not_fit_is_counted(tmp_path: Path) -> None:
    with observer(tmp_path) as watching, caplog_off():
        play(Story().turn("ana"))
        logger().info("OUTBOX_TRACE|phase=%s|count=%d", "planner")
        verdict = watching.verdict()
        assert verdict.status is Status.UNKNOWN
        assert "1 record could not be read: its arguments do not fit its message" in said(verdict)


class caplog_off:  # noqa: N801 - used as a block
    """Keeps the app's records from pytest's own handlers, which would raise for what is wrong in them."""

    def __enter__(self) -> None:
        logging.getLogger("app").propagate = False

    def __exit__(self, *_: object) -> None:
        logging.getLogger("app").propagate = True


# -- forks; real ones are in test_processes


def test_while_a_process_forks_nobody_judges(tmp_path: Path) -> None:
    with observer(tmp_path) as watching:
        processes._before()
        with watching._worker.judging(patience=0.0) as mine:
            assert not mine
        processes._after()
        play(Story().turn("ana"))
        assert watching.verdict().coverage.outbox == 3


def test_a_desk_that_does_not_become_free_keeps_no_process_from_forking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kumon_observe.observer.worker._LONGEST_PAUSE", 0.01)
    with observer(tmp_path) as watching, watching._worker.judging():
        processes._before()
        processes._after()
        with watching._worker.judging(patience=0.0) as mine:
            assert not mine


def test_a_forked_process_has_seen_nothing(tmp_path: Path) -> None:
    with observer(tmp_path) as watching:
        play(LOST)
        parent = watching._worker
        processes._forked()
        assert watching.verdict().coverage.outbox == 0
        play(Story().turn("ana"))
        assert watching.verdict().coverage.outbox == 3
        assert parent.close(timeout=10)
        assert parent.verdict().coverage.outbox == 12


def test_the_end_of_python_closes_what_is_installed(tmp_path: Path) -> None:
    inbox = Inbox()
    watching = observer(tmp_path, on_alert=inbox).install()
    play(LOST)
    processes._end()
    assert inbox.checks() == ["handoff"]
    play(LOST)
    assert watching.verdict().coverage.outbox == 12


def test_explain_says_that_judging_does_not_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kumon_observe.observer.worker._PATIENCE", 0.01)
    watching = observer(tmp_path)
    with watching._worker.judging(), pytest.raises(KumonObserveError, match="ana cannot be explained now"):
        watching.explain("ana")
