"""A test that uses the fixture fails when the traces that it causes show what must not be."""

from __future__ import annotations

import logging

import pytest

from tests.pytest_plugin.running import run

pytest_plugins = ["pytester"]


def test_a_test_whose_traces_are_sound_passes(pytester: pytest.Pytester) -> None:
    run(pytester, "def test_it(kumon_traces):\n    play('good')").assert_outcomes(passed=1)


def test_a_lost_hand_off_fails_the_test_with_all_that_a_developer_needs(pytester: pytest.Pytester) -> None:
    result = run(pytester, "def test_it(kumon_traces):\n    play('lost')")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_it*",
            "handoff is critical: 1 lost hand-off in 2 turns",
            "  conv ana: planned 2, delivered 0 (not reported by the app's own guard; paired by *)",
            "      ??:??:??.???  OUTBOX_TRACE|phase=planner|conv=ana|*|count=0",
            "    > ??:??:??.???  OUTBOX_TRACE|phase=planner|conv=ana|*|count=2",
            "    > ??:??:??.???  OUTBOX_TRACE|phase=delivery|conv=ana|*|count=0",
            'If this test must see that: @pytest.mark.kumon_allow_violations("handoff", reason="*")',
        ]
    )
    result.stdout.no_fnmatch_line("*conv=bia*")


def test_nothing_is_masked(pytester: pytest.Pytester) -> None:
    conv = "conv_5551900000014_20250115_100000"
    code = f"def test_it(kumon_traces):\n    say('OUTBOX_GUARD|level=CRITICAL|type=x|conv={conv}|idem=k')"
    code += f"\n    say('INSTANCE_TRACE|source=meta|instance=thread_1|conv={conv}|idem=k')"
    result = run(pytester, code)
    result.stdout.fnmatch_lines([f'  conv {conv} idem k: instance "thread_1" (no guard reported it)'])


@pytest.mark.parametrize(
    ("story", "said"),
    [
        ("guarded", "handoff is critical: 1 lost hand-off in 1 turn"),
        ("partial", "handoff is warning: no lost hand-off in 1 turn"),
        ("wrong instance", "instances is critical: 1 wrong instance in 4 instance traces"),
        ("refused", "delivery is warning: 0.0% delivered (0 of 1)"),
    ],
)
def test_every_check_can_fail_a_test(pytester: pytest.Pytester, story: str, said: str) -> None:
    result = run(pytester, f"def test_it(kumon_traces):\n    play({story!r})")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines([said])


def test_refused_sends_are_shown(pytester: pytest.Pytester) -> None:
    result = run(pytester, "def test_it(kumon_traces):\n    play('refused')")
    result.stdout.fnmatch_lines(["    DELIVERY_TRACE|action=result|status=failed|*"])


def test_of_many_findings_the_first_are_shown(pytester: pytest.Pytester) -> None:
    result = run(pytester, "def test_it(kumon_traces):\n    play('many')")
    result.stdout.fnmatch_lines(["  conv c1: *", "  conv c2: *", "  conv c3: *", "  and 1 more"])


def test_no_trace_at_all_fails_the_test_and_says_what_to_do(pytester: pytest.Pytester) -> None:
    result = run(pytester, "def test_it(kumon_traces):\n    pass")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "no trace was seen, so the test shows nothing about hand-offs, instances and deliveries",
            "*If this test must log none: @pytest.mark.kumon_traces(allow_empty=True)",
        ]
    )


def test_what_could_not_be_used_is_named_where_nothing_else_was_seen(pytester: pytest.Pytester) -> None:
    code = """def test_it(kumon_traces):
    say("OUTBOX_TRACE|phase=planner|conv=ana|count=1", logger="uvicorn", level=logging.ERROR)
    say("user wrote OUTBOX_GUARD|level=CRITICAL")
    say("OUTBOX_TRACE|phase=planner")
"""
    result = run(pytester, code)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "no trace was seen, *",
            "  - 1 malformed trace was ignored",
            "  - 1 embedded trace was ignored: *",
            "  - 1 untrusted trace was ignored: its logger is none of the app's",
        ]
    )


@pytest.mark.parametrize(
    "code",
    [
        "def test_it(kumon_traces):\n    kumon_traces.allow_empty()",
        "@pytest.mark.kumon_traces(allow_empty=True)\ndef test_it(kumon_traces):\n    pass",
        "@pytest.mark.kumon_traces(allow_empty=True)\ndef test_it():\n    pass",
    ],
)
def test_a_test_may_be_allowed_to_log_no_trace(pytester: pytest.Pytester, code: str) -> None:
    run(pytester, code).assert_outcomes(passed=1)


def test_a_test_that_failed_or_was_skipped_need_not_have_logged_anything(pytester: pytest.Pytester) -> None:
    code = """def test_failed(kumon_traces):
    assert False

def test_skipped(kumon_traces):
    pytest.skip("not here")

@pytest.mark.xfail(strict=True)
def test_expected(kumon_traces):
    assert False
"""
    run(pytester, code).assert_outcomes(failed=1, skipped=1, xfailed=1)


def test_a_test_that_failed_shows_what_its_traces_say(pytester: pytest.Pytester) -> None:
    result = run(pytester, "def test_it(kumon_traces):\n    play('lost')\n    assert False")
    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines(["handoff is critical: *"])


def test_what_fixtures_log_as_they_come_and_go_is_judged(pytester: pytest.Pytester) -> None:
    code = """@pytest.fixture
def app():
    say("OUTBOX_TRACE|phase=planner|conv=ana|idem=k|count=1")
    yield
    say("OUTBOX_TRACE|phase=delivery|conv=ana|idem=k|count=0")

def test_it(app, kumon_traces):
    assert kumon_traces.verdict().coverage.outbox == 1
"""
    result = run(pytester, code)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["  conv ana idem k: planned 1, delivered 0*"])


def test_a_fixture_that_fails_at_its_end_hides_no_violation(pytester: pytest.Pytester) -> None:
    code = """@pytest.fixture
def app():
    yield
    raise OSError("the app did not stop")

def test_it(kumon_traces, app):
    play("lost")
"""
    result = run(pytester, code)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["E   * OSError: the app did not stop", "*kumon-observe teardown*", "handoff is *"]
    )


def test_each_test_is_judged_by_its_own_traces(pytester: pytest.Pytester) -> None:
    code = """def test_lost(kumon_traces):
    play("lost")

def test_good(kumon_traces):
    play("good")
    assert kumon_traces.verdict().coverage.outbox == 3
"""
    run(pytester, code).assert_outcomes(passed=2, errors=1)


def test_the_fixture_may_be_asked_for_late(pytester: pytest.Pytester) -> None:
    code = """def test_it(request):
    play("lost")
    request.getfixturevalue("kumon_traces")
    play("good")
"""
    run(pytester, code).assert_outcomes(passed=1)


def test_records_of_threads_count(pytester: pytest.Pytester) -> None:
    code = """def test_it(kumon_traces):
    from threading import Thread
    thread = Thread(target=play, args=("lost",))
    thread.start()
    thread.join()
"""
    run(pytester, code).assert_outcomes(passed=1, errors=1)


def test_a_trace_that_logging_could_not_write_is_no_silence(pytester: pytest.Pytester) -> None:
    code = """def test_it(kumon_traces, monkeypatch):
    monkeypatch.setattr(logging, "raiseExceptions", False)
    play("good")
    logging.getLogger("app.x").info("OUTBOX_TRACE|phase=%s|conv=%s", "planner")
    logging.getLogger("app.x").info("%d of %d", 1)
"""
    result = run(pytester, code)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["not read whole: *log calls whose arguments do not fit their trace"])


def test_an_unwatched_test_is_left_alone(pytester: pytest.Pytester) -> None:
    result = run(
        pytester, "def test_it():\n    play('lost')\n    assert logging.Logger.handle.__module__ == 'logging'"
    )
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("kumon-observe: *")


# -- beside caplog, capsys and everybody's logging


def test_caplog_and_capsys_see_what_they_would_see_without_it(pytester: pytest.Pytester) -> None:
    code = """import sys

def test_it(kumon_traces, caplog, capsys):
    handler = logging.StreamHandler(sys.stderr)
    logging.getLogger("app").addHandler(handler)
    try:
        play("good")
        say("not so good", level=logging.WARNING)
    finally:
        logging.getLogger("app").removeHandler(handler)
    assert caplog.messages == ["not so good"]
    assert capsys.readouterr() == ("", "not so good" + chr(10))
    assert kumon_traces.verdict().coverage.outbox == 3
"""
    run(pytester, code).assert_outcomes(passed=1)


def test_caplog_at_level_works_beside_it(pytester: pytest.Pytester) -> None:
    code = """def test_it(kumon_traces, caplog):
    with caplog.at_level(logging.INFO, logger="app"):
        play("good")
    assert len(caplog.records) == 6
    assert not any(name.startswith("_kumon") for name in vars(caplog.records[0]))
"""
    run(pytester, code).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    "hidden",
    [
        "logging.getLogger('app.core').propagate = False",
        "logging.getLogger('app.core').setLevel(logging.CRITICAL)",
        "logging.getLogger('app.core.x').disabled = True",
        "logging.disable(logging.CRITICAL)",
    ],
)
def test_no_setting_of_logging_hides_a_trace(pytester: pytest.Pytester, hidden: str) -> None:
    code = f"""def test_it(kumon_traces):
    try:
        {hidden}
        play("lost")
    finally:
        logging.disable(logging.NOTSET)
        logging.getLogger("app.core.x").disabled = False
        logging.getLogger("app.core").setLevel(logging.NOTSET)
        logging.getLogger("app.core").propagate = True
"""
    run(pytester, code).assert_outcomes(passed=1, errors=1)


def test_records_that_are_handled_without_being_logged_reach_the_handlers(pytester: pytest.Pytester) -> None:
    code = """def test_it(kumon_traces, caplog):
    play("good")
    record = logging.LogRecord("app.x", logging.DEBUG, "x.py", 1, "from another process", (), None)
    logging.getLogger("app.x").handle(record)
    assert caplog.messages == ["from another process"]
"""
    run(pytester, code).assert_outcomes(passed=1)


def test_logging_is_as_it_was_once_the_test_is_over(pytester: pytest.Pytester) -> None:
    before = logging.Logger.handle, logging.Logger.isEnabledFor, logging.Logger.makeRecord
    run(pytester, "def test_it(kumon_traces):\n    play('lost')")
    assert (logging.Logger.handle, logging.Logger.isEnabledFor, logging.Logger.makeRecord) == before


def test_the_caller_of_a_log_call_stays_the_same(pytester: pytest.Pytester) -> None:
    code = """def test_it(kumon_traces, caplog):
    play("good")
    with caplog.at_level(logging.INFO):
        play("good")
    assert {record.filename for record in caplog.records} == {"app.py"}
"""
    run(pytester, code).assert_outcomes(passed=1)
