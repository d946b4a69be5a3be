"""The JSON documents of INTERFACE.md: what every ``--json`` prints, and verdicts read back.

Sentences are in English whatever the language of the screen, times are in UTC with ``Z``, and the text is
pure ASCII, so that a document is the same on every machine. The schemas are in
:mod:`kumon_observe.model.schema`.
"""

from __future__ import annotations

from kumon_observe.model.document.alerts import alerts_to, tried_to
from kumon_observe.model.document.archived import archived_to
from kumon_observe.model.document.backtest import backtest_to, rules_test_to
from kumon_observe.model.document.reading import verdict_from, verdict_from_text
from kumon_observe.model.document.rhythm import acknowledgement_to, checklist_to, schedule_to
from kumon_observe.model.document.setup import config_to, doctor_to, package_to, plugins_to
from kumon_observe.model.document.values import JsonObject, to_text
from kumon_observe.model.document.writing import (
    alert_to,
    explanation_to,
    listing_to,
    performance_to,
    tailed_to,
    verdict_to,
)

__all__ = [
    "JsonObject",
    "acknowledgement_to",
    "alert_to",
    "alerts_to",
    "archived_to",
    "backtest_to",
    "checklist_to",
    "config_to",
    "doctor_to",
    "explanation_to",
    "listing_to",
    "package_to",
    "performance_to",
    "plugins_to",
    "rules_test_to",
    "schedule_to",
    "tailed_to",
    "to_text",
    "tried_to",
    "verdict_from",
    "verdict_from_text",
    "verdict_to",
]
