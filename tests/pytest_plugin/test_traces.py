"""What a test can ask its traces, and the traces of other programs that it can add."""

from __future__ import annotations

from pathlib import Path

import pytest

from kumon_observe import UsageError, Verdict, analyze
from kumon_observe.config.settings import Settings
from kumon_observe.testing import KumonTraces, assert_delivered, assert_no_violations
from tests.pytest_plugin.running import run
from tests.scenarios import Story

pytest_plugins = ["pytester"]

INSIDE = "def test_it(kumon_traces):\n"


def test_the_verdict_of_this_moment_can_be_asked_for(pytester: pytest.Pytester) -> None:
    code = (
        INSIDE
        + """
    play("good")
    verdict = kumon_traces.verdict()
    assert (verdict.command, str(verdict.status)) == ("test", "ok")
    assert [source.name for source in verdict.sources] == ["logging"]
    play("partial")
    assert str(kumon_traces.verdict().status) == "warning"
    with pytest.raises(AssertionError, match="handoff is warning: "):
        kumon_traces.assert_no_violations()
"""
    )
    run(pytester, code).assert_outcomes(passed=1, errors=1)


def test_a_conversation_can_be_explained(pytester: pytest.Pytester) -> None:
    code = (
        INSIDE
        + """
    play("good")
    (turn,) = kumon_traces.explain("ana").turns
    assert len(turn.records) == 6
"""
    )
    run(pytester, code).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("story", "conv", "said"),
    [
        ("good", "ana", ""),
        ("turn based", "ana", ""),
        ("context", "ana", ""),
        ("retried", "ana", ""),
        ("good", "eva", "no trace of conversation eva was seen: nothing shows that it was delivered"),
        ("lost", "ana", "conversation ana, turn 1: planned 2, delivered 0 (shown by its traces)"),
        ("partial", "ana", "conversation ana, turn 1: planned 2, delivered 1"),
        ("planned", "ana", "conversation ana, turn 1: planned 1, no delivery trace yet"),
        ("unsent", "ana", "conversation ana: nothing was sent"),
        ("refused", "ana", "conversation ana, turn 1: the last send did not succeed"),
    ],
)
def test_a_conversation_was_delivered_or_is_told_why_not(
    pytester: pytest.Pytester, story: str, conv: str, said: str
) -> None:
    how = {"inside": "kumon_traces.assert_delivered", "outside": "assert_delivered"}
    code = "from kumon_observe.testing import assert_delivered\n\n" + "\n".join(
        f"""@pytest.mark.kumon_traces(checks=[])
def test_{name}(kumon_traces):
    play({story!r})
    {call}({conv!r})
"""
        for name, call in how.items()
    )
    result = run(pytester, code)
    result.assert_outcomes(**{"failed" if said else "passed": 2})
    if said:
        result.stdout.fnmatch_lines([f"E *{said.replace('[', '[[]')}*"])


def test_a_delivery_can_be_asserted_in_a_watched_test_alone() -> None:
    with pytest.raises(UsageError, match="this test is not watched: use the fixture kumon_traces"):
        assert_delivered("ana")


# -- a verdict from anywhere


def verdict_on(folder: Path, story: Story) -> Verdict:
    log = folder / "app.log"
    log.write_bytes(story.render("json"))
    return analyze(log, settings=Settings(state_dir=str(folder)), show_personal_data=True)


def test_a_sound_verdict_has_no_violations(tmp_path: Path) -> None:
    assert_no_violations(verdict_on(tmp_path, Story().turn("ana")))


def test_a_verdict_with_violations_is_told(tmp_path: Path) -> None:
    with pytest.raises(AssertionError) as raised:
        assert_no_violations(verdict_on(tmp_path, Story().turn("ana", 1, 0).guard("bia")))
    lines = str(raised.value).splitlines()
    assert lines[0] == "handoff is critical: 2 lost hand-offs in 1 turn"
    assert any(line.startswith("  conv ana: planned 1, delivered 0") for line in lines)
    assert any(
        line.endswith(
            "phase=delivery|conv=ana|idem=unknown|state_id=140303530304001|outbox_id=140303530304002|count=0"
        )
        for line in lines
    )


def test_a_verdict_that_saw_nothing_proves_nothing(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="no trace was seen, so there is nothing"):
        assert_no_violations(verdict_on(tmp_path, Story().noise()))


def test_a_verdict_that_lost_a_source_proves_nothing(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"not read whole: .*missing\.log: "):
        assert_no_violations(analyze(tmp_path / "missing.log", settings=Settings(state_dir=str(tmp_path))))


# -- traces of other programs


def test_a_log_file_is_judged(pytester: pytest.Pytester) -> None:
    (pytester.path / "app.log").write_bytes(Story().turn("ana", 1, 0).render("dash"))
    result = run(pytester, INSIDE + "    kumon_traces.add_file('app.log')")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["  conv ana: planned 1, delivered 0*", "    > *|phase=planner|conv=ana*"])


def test_of_a_log_that_outlives_tests_only_the_new_part_is_judged(pytester: pytest.Pytester) -> None:
    log = pytester.path / "app.log"
    log.write_bytes(Story().turn("ana", 1, 0).render("json"))
    (pytester.path / "more").write_bytes(Story().at(60).turn("bia").render("json"))
    code = (
        INSIDE
        + """
    from pathlib import Path
    kumon_traces.add_file("app.log", new_only=True)
    with open("app.log", "ab") as log:
        log.write(Path("more").read_bytes())
    kumon_traces.assert_delivered("bia")
    assert kumon_traces.verdict().coverage.outbox == 3
"""
    )
    run(pytester, code).assert_outcomes(passed=1)


def test_a_log_that_does_not_exist_yet_is_new_as_a_whole(pytester: pytest.Pytester) -> None:
    (pytester.path / "more").write_bytes(Story().turn("bia").render("json"))
    code = (
        INSIDE
        + """
    from pathlib import Path
    kumon_traces.add_file("app.log", new_only=True)
    Path("more").rename("app.log")
    kumon_traces.assert_delivered("bia")
"""
    )
    run(pytester, code).assert_outcomes(passed=1)


def test_a_log_that_is_not_there_fails_the_test(pytester: pytest.Pytester) -> None:
    result = run(pytester, INSIDE + "    play('good')\n    kumon_traces.add_file('gone.log')")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["not read whole: gone.log: *"])


@pytest.mark.parametrize("captured", ["True", "False"])
def test_what_another_program_wrote_is_judged(pytester: pytest.Pytester, captured: str) -> None:
    (pytester.path / "server.py").write_text(
        "import logging, sys\n"
        "logging.basicConfig(level=logging.INFO, stream=getattr(sys, sys.argv[1]))\n"
        "from app import play\nplay('lost')\nplay('good')\n"
    )
    code = f"""import subprocess, sys

@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_it(kumon_traces, stream):
    ran = subprocess.run(
        [sys.executable, "server.py", stream], capture_output=True, text={captured}, check=True
    )
    kumon_traces.add_output(ran, "server")
    assert kumon_traces.verdict().coverage.outbox == 9
    assert kumon_traces.verdict().sources[0].name.endswith(f"server-{{stream}}")
"""
    result = run(pytester, code)
    result.assert_outcomes(passed=2, errors=2)
    result.stdout.fnmatch_lines(["  conv ana: planned 2, delivered 0*"])


def test_an_output_without_anything_is_no_trace(pytester: pytest.Pytester) -> None:
    result = run(pytester, INSIDE + "    kumon_traces.add_output('')\n    kumon_traces.add_output(b'')")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["no trace was seen, *"])


def test_traces_of_several_programs_make_one_story(pytester: pytest.Pytester) -> None:
    code = (
        INSIDE
        + """
    from datetime import datetime, timezone
    say("OUTBOX_TRACE|phase=planner|conv=ana|idem=k1|count=1")
    say("INSTANCE_TRACE|source=meta|instance=kumon|conv=ana|idem=k1")
    now = datetime.now(timezone.utc).isoformat(timespec="microseconds")
    said = "OUTBOX_TRACE|phase=delivery|conv=ana|idem=k1|count=0"
    kumon_traces.add_output(f"{now} INFO app.core.x {said}" + chr(10))
"""
    )
    result = run(pytester, code)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["  conv ana idem k1: planned 1, delivered 0*"])


def test_refused_sends_of_a_log_are_shown_too(pytester: pytest.Pytester) -> None:
    (pytester.path / "app.log").write_bytes(Story().turn("ana", ok=False).render("json"))
    result = run(pytester, INSIDE + "    kumon_traces.add_file('app.log')")
    result.stdout.fnmatch_lines(["    DELIVERY_TRACE|action=result|status=failed|*"])


def test_the_class_can_be_named_in_annotations() -> None:
    assert KumonTraces.__name__ == "KumonTraces"
