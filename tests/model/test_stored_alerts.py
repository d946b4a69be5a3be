"""Alerts that wait: what comes out is what was put in, in every language, and what is none is said."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings, strategies as st

from kumon_observe.model.alert import Alert, News
from kumon_observe.model.document.stored import alert_from_stored, sentence_from, stored_alert
from kumon_observe.model.errors import SchemaError
from kumon_observe.model.evidence import CheckResult, Sentence
from kumon_observe.model.phrase import Phrase, phrase
from kumon_observe.model.status import Action, Severity, Status
from kumon_observe.model.threshold import Threshold
from kumon_observe.present.language import Language
from kumon_observe.testing import an_alert
from tests.model.answers import DELIVERY, HANDOFF, maybe_moments, moments, results

texts = st.text(max_size=12)
values = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts | st.fractions() | moments
)
phrases = st.recursive(
    st.builds(
        Phrase,
        st.sampled_from(("{n} turns", "{n} of {what}", "{what}: {what}")),
        st.fixed_dictionaries({"n": values, "what": values}),
    ),
    lambda inner: st.builds(
        Phrase,
        st.just("{n}: {what}"),
        st.fixed_dictionaries({"n": inner, "what": st.lists(inner | texts, max_size=3).map(tuple)}),
    ),
    max_leaves=4,
)
sentences = texts | phrases


@st.composite
def told_results(draw: st.DrawFn) -> CheckResult:
    """Any result, with phrases for its sentences and thresholds of both forms."""
    return evolve(
        draw(results),
        summary=draw(sentences),
        reasons=tuple(draw(st.lists(sentences, max_size=2))),
        threshold=draw(
            st.sampled_from((None, Threshold.parse(">= 95%"), Threshold(max=0), Threshold("0.1", "1")))
        ),
    )


alerts = st.builds(
    Alert,
    key=texts,
    check=texts,
    severity=st.sampled_from(Severity),
    status=st.sampled_from(Status),
    title=sentences,
    summary=sentences,
    action=st.sampled_from(Action),
    at=moments,
    result=st.none() | told_results(),
    incident=texts,
    rule=texts,
    news=st.sampled_from(News),
    since=maybe_moments,
    until=maybe_moments,
    found=st.integers(0, 10**9),
    level=st.integers(0, 2),
    by=texts,
    comment=sentences,
    place=texts,
    link=texts,
)


def shown(alert: Alert) -> list[str]:
    """Every sentence of *alert* in every language, and its threshold as it is shown."""
    told: list[Sentence] = [alert.title, alert.summary, alert.comment]
    if alert.result is not None:
        told += [alert.result.summary, *alert.result.reasons]
    shown = [Language(code)(sentence) for code in ("en", "pt") for sentence in told]
    return [*shown, "" if alert.result is None else str(alert.result.threshold)]


@settings(deadline=None)
@given(alerts)
def test_an_alert_comes_back_as_it_was_stored(alert: Alert) -> None:
    text = stored_alert(alert)
    again = alert_from_stored(text)
    assert again == alert
    assert shown(again) == shown(alert)
    assert stored_alert(again) == text
    assert text.isascii()


def test_the_language_is_chosen_when_it_is_sent() -> None:
    alert = an_alert(
        summary=phrase("{n} lost hand-offs in {turns}", n=2, turns=phrase("1 turn")), result=HANDOFF
    )
    again = alert_from_stored(stored_alert(alert))
    assert Language("pt")(again.summary) == "2 handoffs perdidos em 1 turno"
    assert Language("en")(again.summary) == "2 lost hand-offs in 1 turn"


def test_a_threshold_is_shown_as_before() -> None:
    again = alert_from_stored(stored_alert(an_alert(result=DELIVERY)))
    assert again.result is not None
    assert str(again.result.threshold) == ">= 95%"


def test_a_value_without_a_form_of_its_own_is_kept_as_it_is_shown() -> None:
    alert = an_alert(title=phrase("{limit} {status}", limit=Threshold.parse(">= 95%"), status=Status.OK))
    assert str(alert_from_stored(stored_alert(alert)).title) == ">= 95% ok"


def test_numbers_and_times_stay_what_they_are() -> None:
    at = datetime(2025, 1, 15, 10, tzinfo=UTC)
    title = phrase("{share} {at}", share=Fraction(1, 3), at=at)
    again = alert_from_stored(stored_alert(an_alert(title=title))).title
    assert isinstance(again, Phrase)
    assert dict(again.values) == {"share": Fraction(1, 3), "at": at}


def spoilt(**changes: Any) -> str:
    return json.dumps({**json.loads(stored_alert(an_alert(result=HANDOFF))), **changes})


def test_members_of_a_later_release_do_not_stop_the_reading() -> None:
    assert alert_from_stored(spoilt(later=1)) == an_alert(result=HANDOFF)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "cannot read a stored alert: JSONDecodeError"),
        ("[" * 100_000, "cannot read a stored alert: RecursionError"),
        ("[]", "cannot read a stored alert: TypeError"),
        ("{}", "KeyError: 'schema'"),
        (spoilt(schema="kumon-observe/stored-alert/2"), "its schema is 'kumon-observe/stored-alert/2'"),
        (spoilt(news="sung"), "'sung' is not a valid News"),
        (spoilt(at=None), "a time is needed"),
        (spoilt(title=3), "3 is no sentence"),
        (spoilt(title={"odd": 1}), "KeyError: 'time'"),
        (spoilt(result={}), "KeyError: 'name'"),
    ],
)
def test_what_is_no_stored_alert_is_refused_with_the_reason(text: str, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        alert_from_stored(text)


def test_a_sentence_alone_can_be_stored() -> None:
    with pytest.raises(ValueError, match="None is no sentence"):
        sentence_from(None)
