"""A whole suite under watch: strictness, configuration, other plugins, processes, the line at its end."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.running import QUIET, run, with_app

pytest_plugins = ["pytester"]

LIGHT = [f"kumon_observe.testing.plugin{name}" for name in ("", ".marks", ".totals")]
SUITE = """
def test_good():
    play("good")

def test_lost():
    play("lost")

class TestOfAnotherKind(__import__("unittest").TestCase):
    def test_lost(self):
        play("lost")
"""


def test_a_strict_suite_is_watched_whole(pytester: pytest.Pytester) -> None:
    run(pytester, SUITE).assert_outcomes(passed=3)
    result = run(pytester, SUITE, "--kumon-strict")
    result.assert_outcomes(passed=3, errors=2)
    result.stdout.fnmatch_lines(["kumon-observe: 3 watched tests, 24 traces, 2 with violations"])


def test_strictness_may_stand_in_the_configuration(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nkumon_strict = true\n")
    run(pytester, SUITE).assert_outcomes(passed=3, errors=2)


def test_a_strict_suite_must_log_traces_unless_it_says_otherwise(pytester: pytest.Pytester) -> None:
    code = "def test_sum():\n    assert 1 + 1 == 2"
    run(pytester, code, "--kumon-strict").assert_outcomes(passed=1, errors=1)
    pytester.makeini("[pytest]\nkumon_allow_empty = true\n")
    result = run(pytester, code, "--kumon-strict")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["kumon-observe: 1 watched test, 0 traces, 1 without any trace, nothing was judged"]
    )


def test_a_session_without_watched_tests_says_nothing(pytester: pytest.Pytester) -> None:
    run(pytester, SUITE).stdout.no_fnmatch_line("kumon-observe: *")


def test_a_sound_session_says_so(pytester: pytest.Pytester) -> None:
    code = "def test_one(kumon_traces):\n    play('good')\n\ndef test_two(kumon_traces):\n    play('other')"
    run(pytester, code).stdout.fnmatch_lines(["kumon-observe: 2 watched tests, 15 traces, no violations"])


def test_the_projects_own_configuration_is_in_force(pytester: pytest.Pytester) -> None:
    pytester.makefile(".toml", **{"kumon-observe": '[checks.instances]\nallowed = ["other_name"]\n'})
    result = run(pytester, "def test_it(kumon_traces):\n    play('good')")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["instances is critical: 1 wrong instance in *"])


def test_a_configuration_that_cannot_be_used_is_told(pytester: pytest.Pytester) -> None:
    pytester.makefile(".toml", **{"kumon-observe": "[checks.instanes]\n"})
    result = run(pytester, "def test_it(kumon_traces):\n    play('good')")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["kumon-observe: *instanes*"])


def test_a_check_that_fails_is_no_silence(pytester: pytest.Pytester) -> None:
    with_app(pytester)
    pytester.makepyfile("""
        from app import play
        from kumon_observe.checks.delivery import DeliveryCheck

        def broken(check, batch):
            raise ZeroDivisionError("no turns")

        DeliveryCheck._judge = broken

        def test_it(kumon_traces):
            play("good")
    """)
    result = pytester.runpytest_subprocess(*QUIET)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["delivery could not answer: the check failed: ZeroDivisionError: no turns"])


def test_workers_of_xdist_add_up(pytester: pytest.Pytester) -> None:
    with_app(pytester)
    pytester.makepyfile(
        test_one="from app import play\ndef test_good(kumon_traces):\n    play('good')\n",
        test_two="from app import play\ndef test_lost(kumon_traces):\n    play('lost')\n",
    )
    result = pytester.runpytest_subprocess("-n2", "-pno:asyncio", "-pno:cacheprovider")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(
        ["handoff is critical: *", "kumon-observe: 2 watched tests, 15 traces, 1 with violations"]
    )


def test_a_worker_of_xdist_that_dies_takes_its_counts_along(pytester: pytest.Pytester) -> None:
    with_app(pytester)
    pytester.makepyfile(
        test_one="import os\ndef test_dies(kumon_traces):\n    os._exit(1)\n",
        test_two="from app import play\ndef test_good(kumon_traces):\n    play('good')\n",
    )
    result = pytester.runpytest_subprocess("-n2", "-pno:asyncio", "-pno:cacheprovider", "--maxfail=9")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["kumon-observe: 1 watched test, 6 traces, no violations"])


@pytest.mark.parametrize("kind", ["asyncio", "anyio"])
def test_async_tests_are_watched(pytester: pytest.Pytester, kind: str) -> None:
    with_app(pytester)
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    pytester.makepyfile(f"""
        import asyncio
        import pytest
        from app import play

        pytestmark = pytest.mark.{kind}

        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        async def test_lost(kumon_traces):
            await asyncio.gather(asyncio.to_thread(play, "lost"))

        async def test_good(kumon_traces):
            play("good")
            kumon_traces.assert_delivered("ana")
    """)
    result = pytester.runpytest_subprocess("-pno:cacheprovider")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["handoff is critical: *"])


def test_nothing_heavy_is_loaded_until_a_test_is_watched(pytester: pytest.Pytester) -> None:
    with_app(pytester)
    pytester.makeconftest("""
        import sys

        def pytest_sessionfinish():
            print("LOADED", *sorted(name for name in sys.modules if name.startswith("kumon_observe")))
            print("ATTR", "attr" in sys.modules, "sqlite3" in sys.modules, "asyncio" in sys.modules)
    """)
    pytester.makepyfile("from app import play\ndef test_it():\n    play('lost')\n")
    quiet = (*QUIET, "-pno:cov", "-pno:xdist.looponfail", "-s")
    result = pytester.runpytest_subprocess(*quiet)
    result.stdout.fnmatch_lines(
        [
            f"*LOADED kumon_observe kumon_observe.testing {' '.join(LIGHT)}",
            "ATTR False *",
        ]
    )


def test_the_plugin_can_be_left_out(pytester: pytest.Pytester) -> None:
    result = run(pytester, "def test_it(kumon_traces):\n    pass", "-pno:kumon_observe")
    result.stdout.fnmatch_lines(["*fixture 'kumon_traces' not found*"])
