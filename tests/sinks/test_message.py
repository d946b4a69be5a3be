from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from kumon_observe import Severity, Status
from kumon_observe.config.alerting import AlertingSettings
from kumon_observe.config.templates import NAMES
from kumon_observe.model.alert import News
from kumon_observe.model.status import Action
from kumon_observe.sinks.message import Tone, one_line, web_link
from tests.scenarios import START
from tests.sinks.alerts import incident, loss, lost, worded

ENGLISH = """\
2 lost hand-offs in 812 turns.

To do: roll back to the release before, now.
Say that you are on it: kumon-observe alerts ack h-1

Severity: critical
Check: handoff
Violations: 5
Counts: turns 812, violations 5
Since: 2025-01-15 07:00:00-03:00
Rule: handoff
Incident: h-1

app.log:16 2025-01-15 07:00:17-03:00 OUTBOX_TRACE|phase=planner|conv=conv_***21~3fa9|idem=k|count=1
app.log:17 2025-01-15 07:00:17-03:00 OUTBOX_TRACE|phase=delivery|conv=conv_***21~3fa9|idem=k|count=0
app.log:43 2025-01-15 07:00:44-03:00 OUTBOX_TRACE|phase=planner|conv=conv_***07~91bc|idem=k|count=1
app.log:44 2025-01-15 07:00:44-03:00 OUTBOX_TRACE|phase=delivery|conv=conv_***07~91bc|idem=k|count=0
and 3 more

https://grafana.example/d/kumon?orgId=1&from=now-1h
kumon-assistant production"""

PORTUGUESE = """\
2 handoffs perdidos em 812 turns. Ana resolveu o incidente: rollback feito.

Severidade: crítico
Verificação: handoff
Violações: 5
Contagens: turns 812, violations 5
Desde: 2025-01-15 07:00:00-03:00
Até: 2025-01-15 07:12:00-03:00
Regra: handoff
Incidente: h-1

kumon-assistant production"""


def test_an_alert_says_what_since_when_what_proves_it_and_what_to_do() -> None:
    message = worded()(incident())
    assert (message.label, message.title) == ("CRITICAL", "handoff: replies are lost")
    assert message.text() == ENGLISH


def test_the_end_of_an_incident_is_told_in_portuguese() -> None:
    ended = incident(
        news=News.RESOLVED,
        until=START + timedelta(minutes=12),
        by="Ana",
        comment="rollback feito",
        result=evolve(lost(omitted=5), violations=()),
        link="",
    )
    message = worded("pt")(ended)
    assert (message.label, message.tone) == ("RESOLVIDO", Tone.GOOD)
    assert message.text() == PORTUGUESE


@pytest.mark.parametrize(
    ("news", "said"),
    [
        ({"news": News.FIRED}, ""),
        ({"news": News.GREW}, ""),
        ({"news": News.REPEATED}, ""),  # the title says it
        ({"news": News.ESCALATED, "level": 2}, ""),  # the title says it
        ({"news": News.ACKNOWLEDGED, "by": "Ana"}, "Ana has acknowledged it."),
        ({"news": News.ACKNOWLEDGED, "by": "Ana", "comment": "on it"}, "Ana has acknowledged it: on it."),
        (
            {"news": News.FLAPPING},
            "It comes and goes, and is told again only when it is over for good or stays on.",
        ),
        ({"news": News.RESOLVED}, "It has ended."),
        ({"news": News.RESOLVED, "by": "Ana"}, "Ana has resolved it."),
        ({"news": News.RESOLVED, "by": "Ana", "comment": "done"}, "Ana has resolved it: done."),
        ({"news": News.TEST}, ""),
    ],
)
def test_each_news_has_its_sentence(news: dict[str, Any], said: str) -> None:
    message = worded()(incident(summary="2 lost", **news))
    assert message.lead == f"2 lost. {said}".strip()


@pytest.mark.parametrize(
    ("changes", "tone", "label"),
    [
        ({"severity": Severity.CRITICAL}, Tone.CRITICAL, "CRITICAL"),
        ({"severity": Severity.HIGH}, Tone.WARNING, "URGENT"),
        ({"severity": Severity.MODERATE}, Tone.WARNING, "NOTICE"),
        ({"severity": Severity.INFO, "status": Status.WARNING}, Tone.WARNING, "INFO"),
        ({"severity": Severity.INFO, "status": Status.OK}, Tone.GOOD, "INFO"),
        ({"severity": Severity.CRITICAL, "news": News.RESOLVED}, Tone.GOOD, "RESOLVED"),
        ({"severity": Severity.CRITICAL, "news": News.TEST}, Tone.CRITICAL, "TEST"),
    ],
)
def test_severity_and_news_decide_how_it_looks(changes: dict[str, Any], tone: Tone, label: str) -> None:
    message = worded()(incident(**changes))
    assert (message.tone, message.label) == (tone, label)


def test_who_has_acknowledged_is_not_asked_to_but_told_how_to_end_it() -> None:
    advice = worded()(incident(news=News.ACKNOWLEDGED, by="Ana")).advice
    assert advice == (
        "To do: roll back to the release before, now.",
        "Once it is over: kumon-observe alerts resolve h-1",
    )
    rate = worded()(incident(news=News.ACKNOWLEDGED, by="Ana", action=Action.INVESTIGATE)).advice
    assert rate == ("To do: find out why; no rollback.",)


def test_what_demands_no_action_of_its_own_has_to_be_looked_at_as_long_as_it_goes_on() -> None:
    blind = incident(action=Action.NONE, result=None)
    assert worded()(blind).advice[0] == "To do: find out why."
    asked = worded(body="$action")
    assert [asked(evolve(blind, news=news)).lead for news in (News.FIRED, News.RESOLVED, News.TEST)] == [
        "find out why",
        "nothing to do",
        "nothing to do",
    ]


def test_an_alert_without_an_incident_needs_no_acknowledgement() -> None:
    message = worded()(incident(incident="", result=None, found=0, action=Action.INVESTIGATE))
    assert message.advice == ("To do: find out why; no rollback.",)
    assert message.evidence == ()
    assert "Violations" not in dict(message.facts)


def test_a_title_is_never_empty() -> None:
    assert worded()(incident(title="\r\n\x00")).title == "handoff"


def test_texts_of_others_stay_on_their_line() -> None:
    hostile = "a\r\nBcc: b\u2028c\x1b[2Jd\u202ee\x85f\ud800g"
    message = worded()(
        incident(title=hostile, summary=hostile, by=hostile, comment=hostile, news=News.RESOLVED)
    )
    for text in (message.title, message.lead, *message.advice):
        assert text.isprintable(), text
    assert message.title == "a Bcc: b c [2Jd e f g"


def test_one_violation_with_many_records_shows_the_first_of_them() -> None:
    first = loss("c", 5)
    many = evolve(first, evidence=first.evidence * 4)
    message = worded()(incident(result=lost(many, loss("d", 9)), found=2))
    assert len(message.evidence) == 4
    assert message.more == "and 1 more"


def test_the_team_may_write_title_and_text_itself() -> None:
    compose = worded("pt", title="[$severity] $title", body="$summary\n$evidence\nver $link, $found vezes")
    message = compose(incident(result=lost(loss("c", 5)), found=1))
    assert message.title == "[crítico] handoff: replies are lost"
    assert message.lead.splitlines() == [
        "2 handoffs perdidos em 812 turns",
        "app.log:4 2025-01-15 07:00:05-03:00 OUTBOX_TRACE|phase=planner|conv=c|idem=k|count=1",
        "app.log:5 2025-01-15 07:00:05-03:00 OUTBOX_TRACE|phase=delivery|conv=c|idem=k|count=0",
        "ver https://grafana.example/d/kumon?orgId=1&from=now-1h, 1 vezes",
    ]
    assert (message.facts, message.evidence, message.advice) == ((), (), ())


def test_every_name_of_a_template_has_a_value() -> None:
    body = "\n".join(f"{name}=${name}" for name in NAMES)
    assert "$" not in worded(body=body)(incident()).lead


def test_what_an_alert_holds_is_no_template() -> None:
    assert worded(body="$summary")(incident(summary="$title ${link} $")).lead == "$title ${link} $"


@pytest.mark.parametrize("option", ["title", "body"])
def test_a_template_with_a_wrong_name_is_refused_with_the_right_ones(option: str) -> None:
    wrong: dict[str, Any] = {option: "$tilte"}
    with pytest.raises(ValueError, match=r"names \$tilte, and there are only \$action, .*\$title, \$until"):
        AlertingSettings(**wrong)
    wrong = {option: "100 $"}
    with pytest.raises(ValueError, match=r"has a \$ that begins no name: write \$\$ for a plain one"):
        AlertingSettings(**wrong)


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://a.example/x?y=1&z", "https://a.example/x?y=1&z"),
        ("http://10.0.0.1:3000", "http://10.0.0.1:3000"),
        ("javascript:alert(1)", ""),
        ("https://a|b", ""),
        ('https://a"onclick="x', ""),
        ("https://a b", ""),
        ("https://a\nb", ""),
        ("", ""),
    ],
)
def test_only_addresses_of_the_web_become_links(text: str, link: str) -> None:
    assert web_link(text) == link


def test_a_line_has_no_space_at_its_ends() -> None:
    assert one_line(" \t a  b\n") == "a b"
