"""The JSON objects of ``backtest``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kumon_observe.model.document.values import JsonObject, plain, time_to
from kumon_observe.model.document.writing import alert_to, verdict_to

if TYPE_CHECKING:
    from kumon_observe.model.backtest import Backtest, RulesTest, Scenario, Sent
    from kumon_observe.model.incident import Incident


def backtest_to(backtest: Backtest) -> JsonObject:
    """What the rules would have done over a log."""
    return {
        "schema": "kumon-observe/backtest/1",
        "from": time_to(backtest.begins),
        "to": time_to(backtest.ends),
        "incidents": [_incident(one) for one in backtest.incidents],
        "sent": [_sent(one) for one in backtest.sent],
        "reasons": [str(reason) for reason in backtest.reasons],
        "verdict": verdict_to(backtest.verdict),
    }


def rules_test_to(tested: RulesTest) -> JsonObject:
    """What became of a file of scenarios."""
    accuracy = tested.accuracy
    return {
        "schema": "kumon-observe/rules-test/1",
        "file": tested.file,
        "passed": tested.passed,
        "scenarios": [_tried(tried) for tried in tested.scenarios],
        "right_alarms": accuracy.right_alarms,
        "false_alarms": accuracy.false_alarms,
        "missed": accuracy.missed,
        "right_silences": accuracy.right_silences,
        "accuracy": list(accuracy.accuracy),
        "false_positives": list(accuracy.false_positives),
    }


def _incident(incident: Incident) -> JsonObject:
    return {
        "id": incident.id,
        "rule": incident.rule,
        "check": incident.check,
        "severity": str(incident.severity),
        "state": str(incident.state),
        "since": time_to(incident.since),
        "fired": time_to(incident.fired),
        "ended": time_to(incident.ended),
        "found": incident.found,
        "level": incident.level,
    }


def _sent(sent: Sent) -> JsonObject:
    return {"at": time_to(sent.at), "sink": sent.sink, "alert": alert_to(sent.alert)}


def _tried(tried: Scenario) -> JsonObject:
    return {
        "name": tried.name,
        "passed": not tried.faults,
        "alarms": sorted(tried.alarms),
        "fired": sorted(tried.fired),
        "faults": [str(plain(fault)) for fault in tried.faults],
        "sent": [
            {
                "at": time_to(one.at),
                "sink": one.sink,
                "rule": one.alert.rule,
                "news": str(one.alert.news),
                "level": one.alert.level,
            }
            for one in tried.backtest.sent
        ],
    }
