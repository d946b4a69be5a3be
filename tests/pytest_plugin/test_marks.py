"""Violations that a test must see are allowed by name, with a reason, and only while they are there."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.running import run

pytest_plugins = ["pytester"]

ALLOW = "@pytest.mark.kumon_allow_violations"


def marked(mark: str, story: str) -> str:
    return f"{mark}\ndef test_it(kumon_traces):\n    play({story!r})\n"


@pytest.mark.parametrize(
    "arguments", ['"handoff", reason="the outbox is full"', 'reason="the outbox is full"']
)
def test_an_allowed_violation_passes_and_is_counted(pytester: pytest.Pytester, arguments: str) -> None:
    result = run(pytester, marked(f"{ALLOW}({arguments})", "lost"))
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["kumon-observe: 1 watched test, 9 traces, 1 with allowed violations"])


def test_only_what_is_named_is_allowed(pytester: pytest.Pytester) -> None:
    code = marked(f'{ALLOW}("handoff", reason="x")', "lost") + "    play('wrong instance')\n"
    result = run(pytester, code)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["instances is critical: *"])
    result.stdout.no_fnmatch_line("handoff is *")


def test_several_checks_may_be_allowed_in_one_marker_or_in_several(pytester: pytest.Pytester) -> None:
    one = marked(f'{ALLOW}("handoff", "instances", reason="x")', "lost") + "    play('wrong instance')\n"
    two = one.replace("test_it", "test_two").replace(
        f'{ALLOW}("handoff", "instances", reason="x")',
        f'{ALLOW}("handoff", reason="x")\n{ALLOW}("instances", reason="y")',
    )
    run(pytester, one + two).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("arguments", "story", "unused"),
    [
        ('"handoff", reason="it was lost"', "good", "handoff (it was lost)"),
        ('reason="it was lost"', "good", "violations (it was lost)"),
        ('"handoff", "instances", reason="both"', "lost", "handoff and instances (both)"),
    ],
)
def test_an_unused_marker_fails_the_test(
    pytester: pytest.Pytester, arguments: str, story: str, unused: str
) -> None:
    result = run(pytester, marked(f"{ALLOW}({arguments})", story))
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [f"the marker kumon_allow_violations allows {unused}, and not all of that was found: take away *"]
    )


def test_a_marker_is_not_unused_where_the_test_itself_failed(pytester: pytest.Pytester) -> None:
    code = f'{ALLOW}("handoff", reason="x")\ndef test_it(kumon_traces):\n    assert False\n'
    run(pytester, code).assert_outcomes(failed=1)


@pytest.mark.parametrize(
    "arguments", ['"handoff"', '"handoff", reason=""', '"handoff", reason="x", until=3', ""]
)
def test_a_marker_without_a_reason_is_refused(pytester: pytest.Pytester, arguments: str) -> None:
    result = run(pytester, marked(f"{ALLOW}({arguments})", "lost"))
    result.stdout.fnmatch_lines(
        ['*allow_violations needs a reason, as in @pytest.mark.kumon_allow_violations("handoff", reason="…")']
    )
    result.assert_outcomes(errors=1)


def test_a_check_that_is_not_there_is_refused_by_name(pytester: pytest.Pytester) -> None:
    result = run(pytester, marked(f'{ALLOW}("handof", reason="x")', "lost"))
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["kumon-observe: * names 'handof', which is no check: there are consistency, delivery, handoff, *"]
    )


def test_a_test_that_is_not_watched_needs_its_marker_for_another_run(pytester: pytest.Pytester) -> None:
    code = f'{ALLOW}("handoff", reason="x")\ndef test_it():\n    play("lost")\n'
    run(pytester, code).assert_outcomes(passed=1)
    run(pytester, code, "--kumon-strict").assert_outcomes(passed=1)


def test_a_test_may_mark_itself(pytester: pytest.Pytester) -> None:
    code = """@pytest.mark.parametrize("reason", ["it must", ""])
def test_it(kumon_traces, request, reason):
    request.node.add_marker(pytest.mark.kumon_allow_violations("handoff", reason=reason))
    play("lost")
"""
    result = run(pytester, code)
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["kumon-observe: kumon_allow_violations needs a reason, *"])


# -- which checks judge


@pytest.mark.parametrize(
    "code",
    [
        "@pytest.mark.kumon_traces(checks=['delivery'])\ndef test_it():\n    play('lost')",
        "def test_it(kumon_traces):\n    kumon_traces.select('delivery', 'instances')\n    play('lost')",
        "pytestmark = pytest.mark.kumon_traces(checks=['delivery'])\ndef test_it():\n    play('lost')",
    ],
)
def test_a_test_may_be_judged_by_some_checks_alone(pytester: pytest.Pytester, code: str) -> None:
    run(pytester, code).assert_outcomes(passed=1)


def test_the_closest_marker_decides(pytester: pytest.Pytester) -> None:
    code = """pytestmark = pytest.mark.kumon_traces(checks=["delivery"], allow_empty=True)

@pytest.mark.kumon_traces(checks=["handoff"])
def test_lost():
    play("lost")

def test_empty():
    pass
"""
    run(pytester, code).assert_outcomes(passed=2, errors=1)


def test_the_checks_of_a_suite_come_from_its_options_or_configuration(pytester: pytest.Pytester) -> None:
    code = "def test_it(kumon_traces):\n    play('lost')"
    run(pytester, code, "--kumon-checks", "delivery, instances").assert_outcomes(passed=1)
    pytester.makeini("[pytest]\nkumon_checks = delivery instances\n")
    run(pytester, code).assert_outcomes(passed=1)
    run(pytester, code, "--kumon-checks=handoff").assert_outcomes(passed=1, errors=1)


def test_a_suite_that_wants_an_unknown_check_is_told(pytester: pytest.Pytester) -> None:
    result = run(pytester, "def test_it(kumon_traces):\n    play('good')", "--kumon-checks=deliver")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["kumon-observe: there is no check 'deliver': did you mean 'delivery'?"])


@pytest.mark.parametrize("arguments", ["'handoff'", "checks='handoff'", "checks=[1]", "check=['handoff']"])
def test_a_marker_that_is_not_understood_is_refused(pytester: pytest.Pytester, arguments: str) -> None:
    code = f"@pytest.mark.kumon_traces({arguments})\ndef test_it():\n    play('good')"
    result = run(pytester, code)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ['*kumon_traces is written so: @pytest.mark.kumon_traces(checks=[[]"handoff"], allow_empty=True)']
    )


def test_the_markers_are_known(pytester: pytest.Pytester) -> None:
    result = run(pytester, "", "--markers")
    result.stdout.fnmatch_lines(
        [
            "@pytest.mark.kumon_allow_violations(*checks, reason): *",
            "@pytest.mark.kumon_traces(checks=None, allow_empty=False): *",
        ]
    )
