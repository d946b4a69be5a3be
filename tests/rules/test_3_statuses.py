"""TRACES section 3: statuses, lossy sources and evidence."""

from __future__ import annotations

import gzip
import itertools
from pathlib import Path

import pytest
from attrs import evolve

from kumon_observe.config.settings import Settings
from kumon_observe.engine.analyze import analyze
from kumon_observe.model.status import Status
from kumon_observe.model.verdict import Verdict
from tests.commands import kumon_observe
from tests.rules.table import rule
from tests.scenarios import Story
from tests.verdicts import Judge, judged, number, problems, reasons, said

GUARD = (
    "OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|planner_after=1|delivery_before=0|conv=x|idem=unknown"
)
CHECKS = ("handoff", "instances", "delivery", "consistency")


def healthy() -> Story:
    """A story that every check calls ok."""
    return Story().others(25)


@rule("3.1")
def test_critical_is_worse_than_warning_than_unknown_than_ok() -> None:
    assert sorted(Status, reverse=True) == [Status.CRITICAL, Status.WARNING, Status.UNKNOWN, Status.OK]
    for one, other in itertools.combinations(Status, 2):
        assert Status.worst([one, other]) is max(one, other)


@rule("3.1")
def test_the_verdict_is_as_bad_as_its_worst_check(judge: Judge, layout: str) -> None:
    assert judge(healthy(), layout).status is Status.OK
    lost_and_partial = healthy().turn("ana", 2, 1).turn("bia", 1, 0)
    assert judge(lost_and_partial, layout).status is Status.CRITICAL
    assert judge(healthy().turn("ana", 2, 1), layout).status is Status.WARNING
    assert judge(Story().planner("ana").delivery("ana"), layout).status is Status.UNKNOWN


@rule("3.2")
@pytest.mark.parametrize(
    ("story", "code"),
    [
        (healthy(), 0),
        (healthy().turn("ana", 2, 1), 1),
        (healthy().turn("ana", 2, 0), 2),
        (Story().noise(), 3),
    ],
)
def test_the_exit_code_is_that_of_monitoring_plugins(tmp_path: Path, story: Story, code: int) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(story.render("json"))
    assert kumon_observe("health", log, cwd=tmp_path).returncode == code


@rule("3.2")
@pytest.mark.parametrize(
    "arguments",
    [["helth"], ["health", "--jason"], ["health", "--since", "soon"], ["health", "--layout", "xml"]],
)
def test_wrong_usage_exits_with_64_or_more_in_one_plain_line(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "app.log").write_bytes(healthy().render("json"))
    ran = kumon_observe(*arguments, cwd=tmp_path)
    assert ran.returncode >= 64
    assert ran.stdout == ""
    assert "Traceback" not in ran.stderr


@rule("3.2")
def test_a_wrong_configuration_exits_with_64_or_more(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(healthy().render("json"))
    (tmp_path / "kumon-observe.toml").write_text("[checks.handoff]\ngrease = 60\n")
    ran = kumon_observe("health", "app.log", cwd=tmp_path)
    assert ran.returncode >= 64
    assert "grease" in ran.stderr
    assert "grace" in ran.stderr


@rule("3.3")
@pytest.mark.parametrize("name", CHECKS)
def test_a_check_that_saw_nothing_is_unknown_and_says_why(judge: Judge, name: str, layout: str) -> None:
    verdict = judge(Story().noise(5), layout)
    assert verdict.check(name).status is Status.UNKNOWN
    assert reasons(verdict.check(name))
    assert verdict.status is Status.UNKNOWN


@rule("3.3")
def test_each_check_needs_its_own_traces(judge: Judge, layout: str) -> None:
    story = Story().planning("ana").delivery("ana")
    statuses = {check.name: check.status for check in judge(story, layout).checks}
    assert statuses["handoff"] is Status.OK
    assert statuses["consistency"] is Status.OK
    assert statuses["instances"] is Status.UNKNOWN
    assert statuses["delivery"] is Status.UNKNOWN


# sources that were lost, wholly or in part


def lossy(tmp_path: Path, kind: str, log: bytes) -> list[str]:
    """Sources of which one is not what it should be; ``app.log`` is good."""
    good, bad = tmp_path / "app.log", tmp_path / "worker.log"
    good.write_bytes(log)
    if kind == "missing":
        pass
    elif kind == "not a folder":
        bad = good / "inside.log"
    elif kind == "empty":
        bad.write_bytes(b"")
    elif kind == "truncated":
        bad = tmp_path / "worker.log.gz"
        packed = gzip.compress(Story().others(2000, "gz").render("json"))
        bad.write_bytes(packed[: len(packed) // 2])
    elif kind == "undecodable":
        bad.write_bytes(Story().others(5, "utf16").render("json").decode().encode("utf-16"))
    elif kind == "no gzip":
        bad = tmp_path / "worker.log.gz"
        bad.write_bytes(b"this is no gzip")
    elif kind == "empty folder":
        bad.mkdir()
    return [str(good), str(bad)]


LOSSES = ("missing", "not a folder", "empty", "truncated", "undecodable", "no gzip", "empty folder")


def judge_files(sources: list[str], tmp_path: Path, *, rotated: bool = False) -> Verdict:
    """The verdict on these sources as they are."""
    return analyze(
        sources,
        settings=Settings(state_dir=str(tmp_path / "state")),
        show_personal_data=True,
        rotated=rotated,
    )


@rule("3.4", "3.5")
@pytest.mark.parametrize("kind", LOSSES)
def test_a_lossy_source_among_good_ones_is_never_ok(tmp_path: Path, kind: str, layout: str) -> None:
    sources = lossy(tmp_path, kind, healthy().render(layout))
    verdict = judge_files(sources, tmp_path)
    assert {check.status for check in verdict.checks} == {Status.UNKNOWN}
    assert number(verdict.check("handoff"), "turns") >= 25
    assert Path(sources[1]).name in said(verdict)


@rule("3.4", "3.5")
@pytest.mark.parametrize("kind", LOSSES)
def test_a_violation_in_what_was_read_counts_beside_a_lossy_source(
    tmp_path: Path, kind: str, layout: str
) -> None:
    sources = lossy(tmp_path, kind, healthy().turn("ana", 2, 0).render(layout))
    verdict = judge_files(sources, tmp_path)
    assert verdict.check("handoff").status is Status.CRITICAL
    assert verdict.check("handoff").counts["violations"] == 1


@rule("3.4")
@pytest.mark.parametrize("kind", LOSSES)
def test_a_lossy_source_alone_is_unknown(tmp_path: Path, kind: str) -> None:
    verdict = judge_files(lossy(tmp_path, kind, b"")[1:], tmp_path)
    assert verdict.status is Status.UNKNOWN
    assert said(verdict)


@rule("3.5")
def test_what_stood_before_the_cut_of_an_archive_counts(tmp_path: Path, layout: str) -> None:
    story = Story().turn("ana", 2, 0).others(3000)
    packed = gzip.compress(story.render(layout))
    log = tmp_path / "app.log.gz"
    log.write_bytes(packed[: len(packed) * 3 // 4])
    verdict = judge_files([str(log)], tmp_path)
    assert verdict.check("handoff").status is Status.CRITICAL
    assert verdict.check("handoff").counts["violations"] == 1
    assert verdict.check("delivery").status is Status.UNKNOWN
    assert problems(verdict)["truncated"] == 1
    assert verdict.sources[0].error


@rule("3.5")
def test_a_lossy_source_has_its_error_in_its_report(tmp_path: Path) -> None:
    for kind in ("missing", "empty", "truncated", "undecodable", "no gzip"):
        verdict = judge_files(lossy(tmp_path, kind, healthy().render("json")), tmp_path)
        errors = [source.error for source in verdict.sources]
        assert sum(error is not None for error in errors) == 1, kind


@rule("3.6")
def test_an_empty_file_beside_its_rotated_sibling_is_one_healthy_source(tmp_path: Path, layout: str) -> None:
    (tmp_path / "app.log").write_bytes(b"")
    (tmp_path / "app.log.1").write_bytes(healthy().render(layout))
    verdict = judge_files([str(tmp_path / "app.log")], tmp_path, rotated=True)
    assert verdict.status is Status.OK
    assert judge_files([str(tmp_path / "app.log")], tmp_path).status is Status.UNKNOWN


@rule("3.6")
def test_a_turn_may_lie_across_rotated_siblings(tmp_path: Path, layout: str) -> None:
    first = healthy().planning("ana", 2)
    rest = Story(now=first.now).delivery("ana", 0)
    (tmp_path / "app.log.1").write_bytes(first.render(layout))
    (tmp_path / "app.log").write_bytes(rest.render(layout))
    handoff = judge_files([str(tmp_path / "app.log")], tmp_path, rotated=True).check("handoff")
    assert handoff.counts["violations"] == 1
    assert handoff.counts["turns"] == 26


# records that were not used


@rule("3.7")
@pytest.mark.parametrize("problem", ["malformed", "embedded", "untrusted", "oversized"])
def test_an_unused_record_is_named_and_changes_no_status(judge: Judge, problem: str, layout: str) -> None:
    settings = Settings(max_record=4096)
    expected = judged(judge(healthy().noise(), layout, settings=settings))
    story = healthy()
    if problem == "malformed":
        story.says("OUTBOX_TRACE|phase=planner|conv=ana|count=many")
    elif problem == "embedded":
        story.echo(GUARD)
    elif problem == "untrusted":
        story.says(GUARD, logger="root")
    else:
        story.says("x" * 10_000)
    verdict = judge(story.noise(), layout, settings=settings)
    assert judged(verdict) == expected
    assert problems(verdict) == {problem: 1}
    assert problem in said(verdict)


@rule("3.7")
@pytest.mark.parametrize("problem", ["malformed", "embedded", "untrusted", "oversized"])
def test_health_names_an_unused_record_in_the_coverage_line(tmp_path: Path, problem: str) -> None:
    story = healthy()
    messages = {
        "malformed": "OUTBOX_TRACE|phase=planner|conv=ana|count=many",
        "embedded": f"oi {GUARD}",
        "untrusted": GUARD,
        "oversized": "x" * 3_000_000,
    }
    story.says(messages[problem], logger="root" if problem == "untrusted" else "app.core.x").noise()
    (tmp_path / "app.log").write_bytes(story.render("json"))
    ran = kumon_observe("health", "app.log", cwd=tmp_path)
    assert ran.returncode == 0
    assert {"embedded": "quoted trace"}.get(problem, problem) in ran.stdout


@rule("3.8")
@pytest.mark.parametrize("cut", [3, 30, 60])
def test_a_last_line_that_is_still_being_written_is_no_loss(judge: Judge, cut: int, layout: str) -> None:
    line = Story().planner("zoe").render(layout)
    verdict = judge(healthy().render(layout) + line[:cut], layout)
    assert verdict.status is Status.OK
    assert not problems(verdict)
    assert verdict.sources[0].error is None


@rule("3.8")
def test_a_whole_last_line_without_its_newline_counts(judge: Judge, layout: str) -> None:
    log = healthy().planner("ana").delivery("ana", 0).render(layout).removesuffix(b"\n")
    assert judge(log).check("handoff").counts["violations"] == 1


# evidence


@rule("3.9")
def test_evidence_tells_source_line_offset_time_and_record(judge: Judge, tmp_path: Path, layout: str) -> None:
    story = Story().others(3).echo("ação\x0b").planning("ana", 2).delivery("ana", 0).noise()
    verdict = judge(story, layout)
    log = (tmp_path / "app.log").read_bytes()
    (violation,) = verdict.check("handoff").violations
    assert violation.evidence
    for evidence in violation.evidence:
        assert evidence.source.endswith("app.log")
        line = log[evidence.offset :].split(b"\n", 1)[0]
        assert log.split(b"\n")[evidence.line - 1] == line
        record = story.records[evidence.line - 1]
        assert evidence.text == record.message
        assert evidence.at == (None if layout == "basic" else record.at)
    shown = {evidence.text for evidence in violation.evidence}
    assert {record.message for record in story.records[-3:-1]} <= shown
    assert (violation.at is None) == (layout == "basic")


@rule("3.9")
@pytest.mark.parametrize("check", ["handoff", "instances", "consistency"])
def test_every_violation_has_evidence(judge: Judge, check: str, layout: str) -> None:
    story = healthy().turn("ana", 2, 0).instance("ana", "thread_7").send("ana", instance="thread_7")
    story.planner("bia", state="1").delivery("bia", state="2")
    result = judge(story, layout).check(check)
    assert result.violations
    assert all(violation.evidence for violation in result.violations)


@rule("3.9")
def test_evidence_survives_a_source_that_cannot_be_read_twice(tmp_path: Path, layout: str) -> None:
    story = healthy().turn("ana", 2, 0)
    log = tmp_path / "app.log.gz"
    log.write_bytes(gzip.compress(story.render(layout)))
    (violation,) = judge_files([str(log)], tmp_path).check("handoff").violations
    assert "OUTBOX_TRACE|phase=delivery|conv=ana" in " ".join(
        evidence.text for evidence in violation.evidence
    )


@rule("3.9")
def test_violations_beyond_the_limit_are_counted(judge: Judge, layout: str) -> None:
    story = Story()
    for lost in range(7):
        story.turn(f"lost-{lost}", 1, 0)
    handoff = judge(story, layout, limit=3).check("handoff")
    assert (len(handoff.violations), handoff.omitted, handoff.counts["violations"]) == (3, 4, 7)


def test_the_defaults_are_those_that_the_tests_suppose() -> None:
    settings = Settings()
    assert settings.checks.handoff.grace == 60
    assert settings.checks.delivery.grace == 60
    assert evolve(settings) == settings
