"""A file of scenarios: what is wrong in it is named with what to write instead, and what it says is held."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import evolve

from kumon_observe.config.rules import RULES
from kumon_observe.config.settings import Settings
from kumon_observe.model.alert import News
from kumon_observe.model.backtest import RulesTest
from kumon_observe.model.errors import UsageError
from kumon_observe.monitor.scenarios import try_scenarios
from kumon_observe.plugins.registry import Registry
from tests.scenarios import Story

LOST = Story().others(20).turn("bia", 1, 0)
ESCALATED = """expect = [
  { rule = "handoff", news = "fired", at = 2025-01-15T10:00:02Z },
  { rule = "handoff", news = "escalated", level = 1 },
]"""


def tried(folder: Path, text: str, wanted: Settings | None = None) -> RulesTest:
    path = folder / "rules.toml"
    path.write_text(text, encoding="utf-8")
    wanted = wanted or Settings()
    registry = Registry.load(wanted, entry_points=False)
    return try_scenarios(path, wanted, registry, lambda: datetime(2025, 2, 1, tzinfo=UTC))


def faults(folder: Path, *lines: str, wanted: Settings | None = None) -> list[str]:
    """What is wrong with the one scenario of these *lines*, which is called ``a`` and reads ``a.log``."""
    text = "\n".join(["[[scenario]]", 'name = "a"', 'log = "a.log"', *lines])
    (one,) = tried(folder, text, wanted).scenarios
    return [str(fault) for fault in one.faults]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.log").write_bytes(LOST.render("json"))
    return tmp_path


MEMBERS = "use name, log, traces, after, alarms, expect"
RULES_THERE = ", ".join(sorted(RULES))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("logs = 3", f"has 'logs', which means nothing: {MEMBERS}"),
        ('traces = "x"', "needs either log (a file, or a list of files) or traces (the records)"),
        ("after = 90", "has after = 90, which is no length of time: write 90s, 6m or 1h30m"),
        ('after = "soon"', "has after = 'soon', which is no length of time: write 90s, 6m or 1h30m"),
        ('after = "99w"', "has after = '99w': write 31d at most"),
        ('alarms = "handoff"', "needs a list of rules as alarms"),
        ("alarms = [1]", "needs a list of rules as alarms"),
        ('alarms = ["hand"]', f"names the rule 'hand': those in force are {RULES_THERE}"),
        ('expect = "fired"', "needs a list of notifications as expect"),
        (
            'expect = [{ rule = "handoff" }]',
            'expects a notification that is none: write { rule = "handoff", news = "fired" }',
        ),
        (
            'expect = [{ rule = "handoff", news = "fired", who = "me" }]',
            'expects a notification that is none: write { rule = "handoff", news = "fired" }',
        ),
        (
            'expect = [{ rule = ["handoff"], news = "fired" }]',
            f"names the rule ['handoff']: those in force are {RULES_THERE}",
        ),
        (
            'expect = [{ rule = "handoff", news = "began" }]',
            f"expects the news 'began': there are {', '.join(map(str, News))}",
        ),
        (
            'expect = [{ rule = "handoff", news = "fired", level = "1" }]',
            "expects the level '1': there are 0, 1 and 2",
        ),
        (
            'expect = [{ rule = "handoff", news = "fired", sink = "slak" }]',
            "expects that the sink 'slak' is told: there are stdout",
        ),
        (
            'expect = [{ rule = "handoff", news = "fired", at = 2025-01-15T10:00:00 }]',
            "expects a time that is none: write at = 2025-01-15T10:00:00Z",
        ),
        (
            'expect = [{ rule = "handoff", news = "fired", at = "10:00" }]',
            "expects a time that is none: write at = 2025-01-15T10:00:00Z",
        ),
    ],
)
def test_what_is_no_scenario_is_named_with_what_to_write(folder: Path, line: str, says: str) -> None:
    with pytest.raises(UsageError) as error:
        faults(folder, line)
    assert str(error.value) == f"{folder / 'rules.toml'}: scenario 'a' {says}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", " has no scenario: write one under [[scenario]]"),
        ("scenario = 1", " has no scenario: write one under [[scenario]]"),
        ("[[scenarios]]", " has 'scenarios', which means nothing: use [[scenario]] alone"),
        ("[[scenario]]", ": scenario 1 has no name: give it one"),
        ("scenario = [1]", ": scenario 1 has no name: give it one"),
        (
            '[[scenario]]\nname = "a"\nlog = []',
            ": scenario 'a' needs the name of a file as log, or a list of names",
        ),
        (
            '[[scenario]]\nname = "a"\nlog = ""',
            ": scenario 'a' needs the name of a file as log, or a list of names",
        ),
        ('[[scenario]]\nname = "a"\ntraces = 1', ": scenario 'a' needs a text as traces"),
        (
            '[[scenario]]\nname = "a"',
            ": scenario 'a' needs either log (a file, or a list of files) or traces (the records)",
        ),
    ],
)
def test_what_is_no_file_of_scenarios_is_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(UsageError) as error:
        tried(tmp_path, text)
    assert str(error.value) == f"{tmp_path / 'rules.toml'}{says}"


def test_a_file_that_is_no_toml_or_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"rules.toml is no TOML: .*line 1"):
        tried(tmp_path, "[[scenario]")
    registry = Registry.load(Settings(), entry_points=False)
    with pytest.raises(UsageError, match=r"none.toml cannot be read: No such file or directory"):
        try_scenarios(tmp_path / "none.toml", Settings(), registry, lambda: datetime.now(UTC))


def test_a_rule_that_is_not_enabled_cannot_be_a_label(folder: Path) -> None:
    rules = {**RULES, "handoff": evolve(RULES["handoff"], enabled=False)}
    with pytest.raises(UsageError, match="names the rule 'handoff': those in force are"):
        faults(folder, 'alarms = ["handoff"]', wanted=evolve(Settings(), rules=rules))


def test_a_scenario_that_goes_as_it_says_has_no_faults(folder: Path) -> None:
    assert faults(folder, 'alarms = ["handoff"]', 'after = "2m"', ESCALATED) == []


def test_each_difference_is_told(folder: Path) -> None:
    assert faults(folder, ESCALATED, 'alarms = ["quiet"]') == [
        "not sent: handoff escalated level 1",
        "handoff fired and should not",
        "quiet should fire and did not",
    ]
    assert faults(folder, 'alarms = ["handoff"]', "expect = []") == [
        "sent and not expected: handoff fired level 0 stdout 2025-01-15T10:00:02Z"
    ]
    later = ESCALATED.replace("10:00:02Z", "10:00:03Z")
    assert faults(folder, 'alarms = ["handoff"]', 'after = "2m"', later) == [
        "sent handoff fired level 0 stdout 2025-01-15T10:00:02Z instead of handoff fired 2025-01-15T10:00:03Z"
    ]


def test_a_notification_may_name_its_sink(folder: Path) -> None:
    one = 'expect = [{ rule = "handoff", news = "fired", sink = "stdout" }]'
    assert faults(folder, 'alarms = ["handoff"]', one) == []


def test_a_scenario_may_hold_its_records(tmp_path: Path) -> None:
    traces = LOST.render("dash").decode()
    text = f"[[scenario]]\nname = 'a'\nalarms = ['handoff']\ntraces = '''\n{traces}'''"
    assert tried(tmp_path, text).passed


def test_the_logs_of_several_replicas_are_judged_together_with_their_rotated_siblings(tmp_path: Path) -> None:
    records = LOST.records
    halves = Story(records=records[:-1]), Story(records=records[-1:])
    (tmp_path / "one.log.1.gz").write_bytes(gzip.compress(halves[0].render("json")))
    (tmp_path / "one.log").write_bytes(halves[1].render("json"))
    (tmp_path / "two.log").write_bytes(Story().others(5, "two").render("docker"))
    text = "[[scenario]]\nname = 'a'\nalarms = ['handoff']\nlog = ['one.log', 'two.log']"
    tested = tried(tmp_path, text)
    assert tested.passed
    assert tested.scenarios[0].backtest.verdict.check("handoff").counts["turns"] == 26


def test_a_scenario_whose_log_is_not_there_fails_and_decides_nothing(folder: Path) -> None:
    text = "[[scenario]]\nname = 'a'\nalarms = ['handoff']\nlog = 'a.log'\n"
    tested = tried(folder, text + "[[scenario]]\nname = 'b'\nlog = 'b.log'")
    assert [str(fault) for fault in tested.scenarios[1].faults] == [
        "no trace has a time, so there is nothing to replay",
        f"{folder / 'b.log'}: it does not exist: check the path",
    ]
    assert not tested.passed
    assert tested.accuracy.accuracy == (len(RULES), len(RULES))


def test_a_wrong_label_is_counted_as_a_missed_and_as_a_false_alarm(folder: Path) -> None:
    text = "[[scenario]]\nname = 'a'\nalarms = ['quiet']\nlog = 'a.log'\n"
    accuracy = tried(folder, text).accuracy
    assert (accuracy.false_alarms, accuracy.missed, accuracy.right_alarms) == (1, 1, 0)
    assert accuracy.right_silences == len(RULES) - 2
    assert not accuracy.is_accurate
    assert not accuracy.is_believable
