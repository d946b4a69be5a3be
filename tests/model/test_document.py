from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from kumon_observe.model.alert import Alert
from kumon_observe.model.alerts import Alerts, ShownIncident, Tried, Undelivered
from kumon_observe.model.archived import Archived
from kumon_observe.model.backtest import Accuracy, Backtest, RulesTest, Scenario, Sent
from kumon_observe.model.checklist import Acknowledgement, Checklist, Item, ItemState, PastChecklist
from kumon_observe.model.document import (
    JsonObject,
    acknowledgement_to,
    alert_to,
    alerts_to,
    archived_to,
    backtest_to,
    checklist_to,
    config_to,
    doctor_to,
    explanation_to,
    listing_to,
    package_to,
    performance_to,
    plugins_to,
    rules_test_to,
    schedule_to,
    tailed_to,
    to_text,
    tried_to,
    verdict_from,
    verdict_from_text,
    verdict_to,
)
from kumon_observe.model.document.values import plain, time_from
from kumon_observe.model.errors import SchemaError, UsageError
from kumon_observe.model.evidence import CheckResult, Evidence, Key, Violation
from kumon_observe.model.incident import Incident, Silence
from kumon_observe.model.jobs import JobReport, JobRun, Outcome, ScheduleReport
from kumon_observe.model.listing import (
    ExplainedTurn,
    Explanation,
    Finding,
    ListedRecord,
    Listing,
    Performance,
    Rate,
)
from kumon_observe.model.profile import Profile
from kumon_observe.model.rows import Ref
from kumon_observe.model.schema import SCHEMAS, load_schema
from kumon_observe.model.setup import (
    ConfigReport,
    ConfigValue,
    Health,
    Origin,
    PluginInfo,
    PluginPackage,
    SetupFinding,
)
from kumon_observe.model.status import Severity, Status
from kumon_observe.model.tailed import Tailed
from kumon_observe.model.threshold import Threshold
from kumon_observe.model.verdict import Verdict
from tests.model.answers import DELIVERY, HANDOFF, NOW, SOURCE, VERDICT, verdicts

RECORD = ListedRecord(
    source="app.log", line=1, offset=0, text="ERROR …\nTraceback", at=NOW, kind="", level="ERROR"
)
LISTING = Listing(command="errors", generated_at=NOW, records=(RECORD,), omitted=3, sources=(SOURCE,))
EXPLANATION = Explanation(
    conv="conv_***14~3fa9_20250115_100000",
    generated_at=NOW,
    turns=(
        ExplainedTurn(
            records=(RECORD,),
            findings=(Finding(check="handoff", status=Status.CRITICAL, sentence="1 reply was lost"),),
        ),
    ),
    checks=(HANDOFF,),
    status=Status.CRITICAL,
    sources=(SOURCE,),
)
PERFORMANCE = Performance(
    generated_at=NOW,
    timezone="America/Sao_Paulo",
    since=NOW,
    until=None,
    delivery=DELIVERY,
    total=Rate(success=3, failed=1),
    by_hour=((NOW.replace(minute=0, second=0, microsecond=0), Rate(success=3, failed=1)),),
    by_http={"500": Rate(failed=1)},
    by_instance={"kumon": Rate(success=3, failed=1)},
    untimed=1,
)
ALERT = Alert(
    key="handoff/critical",
    check="handoff",
    severity=Severity.CRITICAL,
    status=Status.CRITICAL,
    title="Lost hand-offs",
    summary="2 lost hand-offs in 812 turns",
    action=HANDOFF.action,
    at=NOW,
    result=HANDOFF,
)
PLUGINS = (
    PluginInfo(name="builtin", version="1.0", origin="built in", provides=("check handoff", "layout json")),
    PluginInfo(name="broken", origin="package broken", error="it cannot be loaded"),
    PluginInfo(name="off", origin="package off", disabled=True),
)
PACKAGE = PluginPackage(
    name="slow-turns", kind="check", folder="kumon-slow-turns", files=("pyproject.toml", "README.md")
)
CONFIG = ConfigReport(
    file="kumon-observe.toml",
    values=(
        ConfigValue(key="limit", value=5, origin=Origin(kind="file", file="kumon-observe.toml", line=3)),
        ConfigValue(key="lang", value="pt", origin=Origin(kind="environment", variable="KUMON_OBSERVE_LANG")),
        ConfigValue(key="sources", value=("app.log",)),
    ),
)
FINDINGS = (
    SetupFinding(topic="python", sentence="Python 3.11.7"),
    SetupFinding(
        topic="sources", health=Health.PROBLEM, sentence="app.log: it is empty", remedy="check the path"
    ),
)
ARCHIVED = (
    Archived(
        log="app.log", sentence="9 bytes went into app.gz", archive="/a/app.gz", cut=9, removed=("/a/x",)
    ),
    Archived(log="b.log", status=Status.WARNING, sentence="no", notes=("it is a link",), dry_run=True),
)
INCIDENT = Incident(
    id="k7m2",
    rule="handoff",
    check="handoff",
    severity=Severity.CRITICAL,
    since=NOW,
    broken=NOW,
    result=HANDOFF,
    found=2,
)
ALERTS = Alerts(
    generated_at=NOW,
    incidents=(
        ShownIncident(incident=INCIDENT, what="replies are lost", silenced=NOW),
        ShownIncident(incident=evolve(INCIDENT, id="9xq4", fired=NOW, ended=NOW, told=NOW), what=""),
    ),
    silences=(Silence(id="abcd", since=NOW, until=NOW, by="ana"),),
    waiting=(Undelivered(number=1, sink="slack", since=NOW),),
    dead=(Undelivered(number=2, sink="slack", incident="k7m2", title="x", since=NOW, error="refused"),),
    declined=(Undelivered(number=3, sink="shell", since=NOW, error="not allowed"),),
)
BACKTEST = Backtest(
    verdict=VERDICT,
    begins=NOW,
    ends=NOW,
    incidents=(INCIDENT,),
    sent=(Sent(at=NOW, sink="pager", alert=evolve(ALERT, rule="handoff")),),
    reasons=("some",),
)
RULES_TEST = RulesTest(
    file="rules.toml",
    scenarios=(
        Scenario(name="lost", alarms=frozenset(("handoff",)), backtest=BACKTEST, faults=("not sent: x",)),
    ),
    accuracy=Accuracy(right_alarms=1, missed=2),
)
SCHEDULE = ScheduleReport(
    now=NOW,
    timezone="America/Sao_Paulo",
    profile=Profile.NIGHT,
    jobs=(
        JobReport(job="new", profile=Profile.MORNING, run="health", cron="0 9 * * *", next=(NOW, NOW)),
        JobReport(
            job="night-archive",
            profile=Profile.NIGHT,
            run="archive",
            cron="0 2 * * *",
            enabled=False,
            last=JobRun(job="night-archive", planned=NOW, begun=NOW),
            missed=(JobRun(job="night-archive", planned=NOW, outcome=Outcome.MISSED, runs=3),),
        ),
    ),
)
SAID = Acknowledgement(item="on-call", by="Ana", at=NOW, comment="answers")
CHECKLIST = Checklist(
    profile=Profile.NIGHT,
    begin=NOW,
    end=NOW + timedelta(hours=10),
    now=NOW,
    timezone="America/Sao_Paulo",
    items=(
        Item(name="watch", title="the watch is running", state=ItemState.OK, found="12 s", file="heartbeat"),
        Item(
            name="on-call",
            title="the one on call can be reached",
            state=ItemState.PERSON,
            found="2 addresses",
            command="kumon-observe alerts test",
            acknowledged=SAID,
            before=Acknowledgement(item="on-call", by="Bia", at=NOW),
        ),
    ),
    previous=PastChecklist(at=NOW, status=Status.UNKNOWN),
    reason="the disk is full",
)
DOCUMENTS: dict[str, JsonObject] = {
    "backtest": backtest_to(BACKTEST),
    "rules-test": rules_test_to(RULES_TEST),
    "schedule": schedule_to(SCHEDULE),
    "checklist": checklist_to(CHECKLIST),
    "acknowledgement": acknowledgement_to(Profile.NIGHT, SAID),
    "verdict": verdict_to(VERDICT),
    "listing": listing_to(LISTING),
    "explanation": explanation_to(EXPLANATION),
    "performance": performance_to(PERFORMANCE),
    "alert": alert_to(ALERT),
    "tailed": tailed_to(Tailed(status=Status.UNKNOWN, said="app.log: it is empty")),
    "plugins": plugins_to(PLUGINS),
    "package": package_to(PACKAGE),
    "config": config_to(CONFIG),
    "doctor": doctor_to(FINDINGS),
    "archive": archived_to(ARCHIVED, NOW),
    "alerts": alerts_to(ALERTS),
    "tried": tried_to((Tried(name="slack"), Tried(name="email", error="refused"))),
}


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(load_schema(name))


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_document_is_as_its_schema_says(name: str) -> None:
    Draft202012Validator.check_schema(load_schema(name))
    validator(name).validate(json.loads(to_text(DOCUMENTS[name])))
    assert DOCUMENTS[name]["schema"] == f"kumon-observe/{name}/1"


def test_a_schema_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(UsageError, match="no schema 'verdikt': use one of acknowledgement, alert, alerts"):
        load_schema("verdikt")


def test_a_schema_can_be_changed_without_changing_the_next_one() -> None:
    load_schema("verdict")["properties"].clear()
    assert load_schema("verdict")["properties"]


def check_named(document: JsonObject, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(check for check in document["checks"] if check["name"] == name)
    return found


def removed(container: dict[str, Any], name: str) -> None:
    del container[name]


WRONG: dict[str, Callable[[JsonObject], object]] = {
    "another schema": lambda d: d.update(schema="kumon-observe/verdict/2"),
    "a member too many": lambda d: d.update(extra=1),
    "a member missing": lambda d: removed(d, "reasons"),
    "a time without zone": lambda d: d.update(generated_at="2025-01-15T10:00:00"),
    "a status that is none": lambda d: d.update(status="fine"),
    "a misspelt count": lambda d: check_named(d, "handoff")["counts"].update(turn=1),
    "a count missing": lambda d: removed(check_named(d, "handoff")["counts"], "turns"),
    "a negative count": lambda d: check_named(d, "instances")["counts"].update(seen=-1),
    "a detail too many": lambda d: check_named(d, "handoff").update(rate=[1, 2]),
    "a rate missing": lambda d: removed(check_named(d, "delivery"), "rate"),
    "codes that are no counts": lambda d: check_named(d, "delivery")["counts"].update(by_http=3),
    "an empty threshold": lambda d: check_named(d, "delivery").update(threshold={}),
    "an identity that is none": lambda d: check_named(d, "handoff")["violations"][0].update(identity="maybe"),
    "a violation without its value": lambda d: removed(check_named(d, "instances")["violations"][0], "value"),
    "an id that is none": lambda d: check_named(d, "consistency").update(not_comparable_ids=["idem"]),
    "a source without problems": lambda d: removed(d["input"]["sources"][0], "problems"),
    "a problem that is none": lambda d: d["input"]["sources"][0]["problems"].update(odd=1),
    "a plugin's nameless result": lambda d: check_named(d, "quiet-hours").update(name=""),
}


@pytest.mark.parametrize("spoil", WRONG.values(), ids=WRONG)
def test_wrong_output_fails_its_schema(spoil: Callable[[JsonObject], object]) -> None:
    document = copy.deepcopy(DOCUMENTS["verdict"])
    spoil(document)
    assert not validator("verdict").is_valid(document)


@settings(deadline=None)
@given(verdicts)
def test_a_verdict_survives_json(verdict: Verdict) -> None:
    text = to_text(verdict_to(verdict))
    assert verdict_from_text(text) == verdict
    assert text.isascii()
    validator("verdict").validate(json.loads(text))


def test_a_stored_verdict_says_what_the_first_one_said() -> None:
    assert verdict_to(verdict_from(DOCUMENTS["verdict"])) == DOCUMENTS["verdict"]


def test_the_document_is_as_the_interface_shows_it() -> None:
    document = DOCUMENTS["verdict"]
    assert {name: document[name] for name in ("schema", "command", "generated_at", "status")} == {
        "schema": "kumon-observe/verdict/1",
        "command": "health",
        "generated_at": "2025-01-15T10:00:00.123000Z",
        "status": "critical",
    }
    handoff = check_named(document, "handoff")
    assert (handoff["value"], handoff["threshold"], handoff["action"]) == (2, {"max": 0}, "rollback")
    assert handoff["violations"] == [
        {
            "key": {"conv": "c1", "idem": "k1"},
            "identity": "exact",
            "planned": 1,
            "delivered": 0,
            "corroborated": True,
            "by": ["traces", "guard"],
            "at": "2025-01-15T10:00:00.123000Z",
            "evidence": [
                {
                    "source": "app.log",
                    "line": 17,
                    "offset": 2210,
                    "at": "2025-01-15T10:00:00.123000Z",
                    "text": "OUTBOX_TRACE|phase=delivery|count=0",
                }
            ],
        }
    ]
    delivery = check_named(document, "delivery")
    assert (delivery["threshold"], delivery["rate"]) == ({"min": 0.95}, [1447, 1487])
    assert check_named(document, "consistency")["threshold"] == {"min": 1}


def test_times_are_in_utc_whatever_zone_they_came_in() -> None:
    there = datetime(2025, 1, 15, 7, 0, tzinfo=timezone(timedelta(hours=-3)))
    assert verdict_to(evolve(VERDICT, generated_at=there))["generated_at"] == "2025-01-15T10:00:00Z"


def test_what_json_has_no_form_for_becomes_text_or_nothing() -> None:
    values = {
        "when": NOW,
        "share": Fraction(1, 4),
        "status": Status.OK,
        "limit": Threshold.parse(">= 95%"),
        "pair": (1, 2),
        "nan": math.nan,
        3: b"raw",
    }
    assert plain(values) == {
        "when": "2025-01-15T10:00:00.123000Z",
        "share": 0.25,
        "status": "ok",
        "limit": {"min": 0.95},
        "pair": [1, 2],
        "nan": None,
        "3": "b'raw'",
    }


def test_a_value_that_is_no_number_is_left_out() -> None:
    result = CheckResult(name="x", status=Status.UNKNOWN, summary="…", value=math.inf)
    document = verdict_to(Verdict(command="x", generated_at=NOW, checks=(result,)))
    assert check_named(document, "x")["value"] is None


def test_a_reference_into_a_file_is_not_part_of_the_document() -> None:
    bare = Evidence.at_ref(Ref(None, 0, 3, 40, 10, "secret"))
    result = CheckResult(
        name="x", status=Status.OK, summary="…", violations=(Violation(key=Key(), evidence=(bare,)),)
    )
    assert "secret" not in to_text(verdict_to(Verdict(command="x", generated_at=NOW, checks=(result,))))


def without(name: str) -> JsonObject:
    return {key: value for key, value in DOCUMENTS["verdict"].items() if key != name}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "the schema is None"),
        ({}, "the schema is None"),
        (DOCUMENTS["listing"], "must be 'kumon-observe/verdict/1'"),
        (without("checks"), "KeyError: 'checks'"),
        ({**DOCUMENTS["verdict"], "generated_at": None}, "a time is needed"),
        ({**DOCUMENTS["verdict"], "generated_at": "yesterday"}, "Invalid isoformat"),
        ({**DOCUMENTS["verdict"], "checks": [1]}, "not as its schema demands"),
        ({**DOCUMENTS["verdict"], "input": None}, "not as its schema demands"),
    ],
)
def test_what_is_no_verdict_is_refused_with_the_reason(document: Any, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        verdict_from(document)


@pytest.mark.parametrize("text", ["", "{", b"\xff\xfe", "[" * 100_000])
def test_what_is_no_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(SchemaError, match="cannot read a verdict"):
        verdict_from_text(text)


def test_members_of_a_later_release_do_not_stop_the_reading() -> None:
    document = copy.deepcopy(DOCUMENTS["verdict"])
    document["later"] = True
    document["input"]["sources"][0]["later"] = True
    assert verdict_from(document).status is Status.CRITICAL


def test_a_time_without_zone_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="names no zone"):
        time_from("2025-01-15T10:00:00")
    assert time_from("2025-01-15T10:00:00+01:00") == datetime(2025, 1, 15, 9, 0, tzinfo=UTC)


def test_a_configuration_with_problems_is_not_valid() -> None:
    document = config_to(ConfigReport(problems=("kumon-observe.toml:3: …",)))
    validator("config").validate(document)
    assert (document["valid"], document["values"]) == (False, [])


def test_a_set_up_is_healthy_until_something_is_a_problem() -> None:
    warning = evolve(FINDINGS[1], health=Health.WARNING)
    assert doctor_to((FINDINGS[0], warning))["healthy"] is True
    assert doctor_to(FINDINGS)["healthy"] is False
