"""What waits is delivered: in order, again after a failure, not for ever, and past what fails."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kumon_observe.model.alert import Alert, News
from kumon_observe.model.errors import DeclinedError, PermanentSinkError, TemporarySinkError
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.model.status import Severity
from kumon_observe.present.language import Language
from kumon_observe.state.database import reading, writing
from kumon_observe.state.outbox import declined, redeliver
from kumon_observe.testing import CapturingSink, an_alert
from tests.alerting.outboxes import GIVE_UP, Post, ScriptedSink, message, settings


def keys(sink: CapturingSink) -> list[str]:
    return [alert.key for alert in sink.alerts]


def test_an_alert_arrives_once_at_each_of_its_sinks_as_it_was_put_in(post: Post) -> None:
    pager, mail = CapturingSink("pager"), CapturingSink("mail")
    alert = an_alert(summary=phrase("{n} turns", n=3))
    post.put(alert, sinks=["pager", "mail"])
    delivery = post.delivery(pager, mail)
    assert delivery.run_due() == 2
    assert delivery.run_due() == 0
    assert (pager.alerts, mail.alerts) == ([alert], [alert])
    outcome = delivery.outcome()
    assert (outcome.waiting, outcome.dead, outcome.is_undeliverable, outcome.trouble) == (0, 0, False, None)
    assert [(sink.name, sink.succeeded) for sink in outcome.sinks] == [
        ("mail", post.clock.now),
        ("pager", post.clock.now),
    ]


def test_nothing_to_deliver_makes_no_file(post: Post) -> None:
    assert post.delivery(CapturingSink("pager")).run_due() == 0
    assert not post.folder.exists()


def test_a_failed_alert_is_tried_again_after_waits_that_double(post: Post) -> None:
    pager = CapturingSink("pager", failure=TemporarySinkError("busy"))
    post.put(message())
    delivery = post.delivery(pager)
    waits = []
    for _ in range(4):
        assert delivery.run_due() == 0
        (letter,) = post.waiting()
        waits.append((letter.due - post.clock.now).total_seconds())
        post.clock.advance(waits[-1] - 0.001)
        assert delivery.run_due() == 0
        assert post.waiting() == [letter]
        post.clock.advance(0.001)
    assert waits == [1, 2, 4, 8]
    pager.failure = None
    assert delivery.run_due() == 1
    assert post.waiting() == []


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (TemporarySinkError("answered 503"), "answered 503"),
        (OSError("https://hooks.example/secret"), "it failed: OSError"),
        (SystemExit(3), "it failed: SystemExit"),
    ],
)
def test_why_it_failed_is_said_but_no_text_that_may_hold_a_secret(
    post: Post, failure: Exception, told: str
) -> None:
    pager = CapturingSink("pager", failure=failure)
    post.put(message())
    delivery = post.delivery(pager)
    delivery.run_due()
    (sink,) = delivery.outcome().sinks
    assert (str(sink.error), sink.failed, sink.succeeded, sink.waiting) == (told, post.clock.now, None, 1)
    pager.failure = None
    post.clock.advance(1)
    delivery.run_due()
    assert delivery.outcome().sinks[0].error is None


def test_a_failing_incident_keeps_its_order_and_others_pass_it(post: Post) -> None:
    down = True

    def answer(alert: Alert) -> None:
        if down and alert.incident == "i1":
            raise TemporarySinkError("busy")

    pager = ScriptedSink("pager", answer)
    post.put(message(number=1, news=News.FIRED), message(number=2), message("i2", 1))
    delivery = post.delivery(pager)
    assert delivery.run_due() == 1
    assert pager.asked == ["i1/1", "i2/1"]
    down = False
    post.clock.advance(1)
    assert delivery.run_due() == 2
    assert pager.asked == ["i1/1", "i2/1", "i1/1", "i1/2"]


def test_the_most_urgent_goes_first(post: Post) -> None:
    pager = CapturingSink("pager")
    for number, severity in enumerate(
        (Severity.INFO, Severity.CRITICAL, Severity.MODERATE, Severity.CRITICAL)
    ):
        post.put(message(f"i{number}", severity=severity))
    post.delivery(pager).run_due()
    assert keys(pager) == ["i1/0", "i3/0", "i2/0", "i0/0"]


def test_what_fails_for_good_is_dead_at_once_and_the_next_one_is_tried(post: Post) -> None:
    def answer(alert: Alert) -> None:
        if alert.key == "i1/0":
            raise PermanentSinkError("the token is revoked")

    pager = ScriptedSink("pager", answer)
    post.put(message(number=0, severity=Severity.HIGH), message("i2", severity=Severity.HIGH))
    delivery = post.delivery(pager)
    assert delivery.run_due() == 1
    (letter,) = post.dead()
    assert (letter.key, letter.error, letter.attempts) == ("i1/0", "the token is revoked", 1)
    assert (delivery.outcome().dead, delivery.outcome().is_undeliverable) == (1, False)


def test_an_alert_that_fails_for_too_long_is_dead_and_can_be_tried_again(post: Post) -> None:
    pager = CapturingSink("pager", failure=TemporarySinkError("busy"))
    post.put(message())
    began = post.clock.now
    delivery = post.delivery(pager)
    while post.waiting():
        delivery.run_due()
        post.clock.advance(60)
    assert timedelta(seconds=GIVE_UP) <= post.clock.now - began <= timedelta(seconds=1.2 * GIVE_UP)
    (letter,) = post.dead()
    pager.failure = None
    with writing(post.folder, 1) as connection:
        assert redeliver(connection, letter.id, post.clock())
    assert delivery.run_due() == 1
    assert (post.dead(), keys(pager)) == ([], ["i1/0"])


@pytest.mark.parametrize("jump", [GIVE_UP * 10, -GIVE_UP * 10])
def test_a_clock_that_jumps_makes_nothing_dead_and_stops_nothing(post: Post, jump: float) -> None:
    pager = CapturingSink("pager", failure=TemporarySinkError("busy"))
    post.put(message())
    delivery = post.delivery(pager)
    delivery.run_due()
    post.clock.advance(jump)
    delivery.run_due()
    assert [letter.attempts for letter in post.waiting()] == [2]
    pager.failure = None
    post.clock.advance(10)
    assert delivery.run_due() == 1


def test_a_channel_that_asks_for_a_rest_is_left_alone_by_every_incident(post: Post) -> None:
    pager = CapturingSink("pager", failure=TemporarySinkError("too many", retry_after=90))
    post.put(message("i1"))
    delivery = post.delivery(pager)
    delivery.run_due()
    pager.failure = None
    post.put(message("i2"))
    post.clock.advance(89.9)
    assert post.delivery(pager).run_due() == 0
    post.clock.advance(0.1)
    assert post.delivery(pager).run_due() == 2


def test_a_rest_ends_with_the_time_after_which_alerts_are_given_up(post: Post) -> None:
    pager = CapturingSink("pager", failure=TemporarySinkError("too many", retry_after=1e9))
    post.put(message())
    delivery = post.delivery(pager)
    delivery.run_due()
    pager.failure = None
    post.clock.advance(GIVE_UP)
    assert delivery.run_due() == 1


def test_a_clock_that_is_set_back_ends_a_rest(post: Post) -> None:
    pager = CapturingSink("pager", failure=TemporarySinkError("too many", retry_after=90))
    post.put(message())
    delivery = post.delivery(pager)
    delivery.run_due()
    pager.failure = None
    post.clock.advance(-7200)
    assert delivery.run_due() == 1


def test_no_more_than_so_many_alerts_a_minute_are_tried_even_after_a_restart(post: Post) -> None:
    pager = CapturingSink("pager")
    post.put(*(message(f"i{number}") for number in range(10)))
    few = settings(per_minute=4)
    assert post.delivery(pager, settings=few).run_due() == 4
    assert post.delivery(pager, settings=few).run_due() == 0
    post.clock.advance(59)
    assert post.delivery(pager, settings=few).run_due() == 0
    post.clock.advance(1)
    assert post.delivery(pager, settings=few).run_due() == 4


def test_a_critical_alert_that_is_dead_goes_to_the_other_sinks_and_says_which_one_failed(post: Post) -> None:
    pager = CapturingSink("pager", failure=PermanentSinkError("the token is revoked"))
    mail, log = CapturingSink("mail"), CapturingSink("log")
    alert = an_alert(summary=phrase("{n} lost hand-offs in {turns}", n=2, turns=phrase("1 turn")))
    post.put(alert, sinks=["pager", "log"])
    delivery = post.delivery(pager, mail, log)
    assert delivery.run_due() == 2
    assert log.alerts == [alert]
    (handed,) = mail.alerts
    assert (handed.key, handed.news) == (alert.key, alert.news)
    assert str(handed.summary) == (
        "2 lost hand-offs in 1 turn (not delivered by pager: the token is revoked)"
    )
    assert Language("pt")(handed.summary) == (
        "2 handoffs perdidos em 1 turno (não entregue por pager: the token is revoked)"
    )
    assert delivery.run_due() == 0
    assert delivery.outcome().is_undeliverable
    assert [(sink.name, sink.undeliverable) for sink in delivery.outcome().sinks] == [
        ("log", 0),
        ("mail", 0),
        ("pager", 1),
    ]


def test_a_dead_alert_of_no_incident_is_done_with_once_its_sink_takes_alerts_again(post: Post) -> None:
    pager = CapturingSink("pager", failure=PermanentSinkError("the token is revoked"))
    delivery = post.delivery(pager)
    post.put(message("", key="job"))
    delivery.run_due()
    pager.failure = None
    assert delivery.outcome().is_undeliverable
    post.clock.advance(60)
    post.put(message("i2"))
    delivery.run_due()
    assert (delivery.outcome().dead, delivery.outcome().is_undeliverable) == (1, False)


def test_a_dead_alert_is_done_with_once_its_incident_is_over(post: Post) -> None:
    delivery = post.delivery(CapturingSink("pager", failure=PermanentSinkError("the token is revoked")))
    post.put(message())
    delivery.run_due()
    told = []
    for is_open in (1, 0):
        with writing(post.folder, 5) as connection:
            connection.execute(
                "INSERT OR REPLACE INTO incidents (id, rule, open, broken, value) "
                "VALUES ('i1', 'r', ?, 0, '')",
                (is_open,),
            )
        told.append(delivery.outcome().is_undeliverable)
    assert told == [True, False]


def test_a_critical_alert_that_waits_too_long_goes_to_the_other_sinks_once(post: Post) -> None:
    pager, mail = CapturingSink("pager", failure=TemporarySinkError("busy")), CapturingSink("mail")
    post.put(message(), message("i2", severity=Severity.HIGH))
    delivery = post.delivery(pager, mail, settings=settings(escalate_1=120))
    for _ in range(4):
        delivery.run_due()
        post.clock.advance(39)
    assert (mail.alerts, delivery.outcome().is_undeliverable) == ([], True)
    for _ in range(10):
        delivery.run_due()
        post.clock.advance(60)
    assert keys(mail) == ["i1/0"]
    pager.failure = None
    post.clock.advance(300)
    delivery.run_due()
    assert keys(pager) == ["i1/0", "i2/0"]
    assert not delivery.outcome().is_undeliverable


def test_alerts_for_a_sink_that_is_gone_are_said_handed_over_and_dead_in_the_end(post: Post) -> None:
    mail = CapturingSink("mail")
    post.put(message(), sinks=["fax"])
    delivery = post.delivery(mail)
    assert delivery.run_due() == 0
    post.clock.advance(121)
    assert delivery.run_due() == 1
    assert str(mail.alerts[0].summary).endswith("(not delivered by fax)")
    post.clock.advance(GIVE_UP)
    delivery.run_due()
    (letter,) = post.dead()
    assert str(letter.error) == "there is no sink fax any more"


def test_a_row_that_cannot_be_read_is_dead_with_its_reason_and_stops_nothing(post: Post) -> None:
    pager = CapturingSink("pager")
    post.put(message(), message("i2"))
    with writing(post.folder, 1) as connection:
        connection.execute("UPDATE outbox SET alert = '{}' WHERE key = 'i1/0'")
    delivery = post.delivery(pager, CapturingSink("mail"))
    assert delivery.run_due() == 1
    assert keys(pager) == ["i2/0"]
    (letter,) = post.dead()
    assert str(letter.error) == (
        "this release cannot read it: cannot read a stored alert: KeyError: 'schema'"
    )
    assert delivery.outcome().is_undeliverable


def test_what_was_delivered_is_forgotten_after_its_time(post: Post) -> None:
    post.put(message())
    delivery = post.delivery(CapturingSink("pager"), settings=settings(keep=1000))
    delivery.run_due()
    post.clock.advance(5000)
    delivery.run_due()
    with writing(post.folder, 1) as connection:
        assert connection.execute("SELECT count(*) FROM outbox").fetchone() == (0,)


def test_an_alert_that_cannot_be_stored_is_sent_to_every_sink_at_once(post: Post) -> None:
    pager, mail = CapturingSink("pager", failure=TemporarySinkError("busy")), CapturingSink("mail")
    delivery = post.delivery(pager, mail)
    told: dict[str, Sentence | None] = {"pager": "busy", "mail": None}
    assert delivery.send_now(message()) == told
    assert keys(mail) == ["i1/0"]
    assert not delivery.outcome().is_undeliverable
    pager.failure = None
    post.put(message(), sinks=["pager", "mail"])
    assert delivery.run_due() == 1
    assert (keys(mail), keys(pager)) == (["i1/0"], ["i1/0"])
    assert post.waiting() == []


def test_an_alert_that_is_neither_stored_nor_taken_by_anybody_is_undeliverable(post: Post) -> None:
    pager = CapturingSink("pager", failure=PermanentSinkError("the token is revoked"))
    delivery = post.delivery(pager)
    assert delivery.send_now(message()) == {"pager": "the token is revoked"}
    assert (delivery.outcome().unstored, delivery.outcome().is_undeliverable) == (1, True)
    pager.failure = None
    delivery.send_now(message())
    assert not delivery.outcome().is_undeliverable


class Acting(CapturingSink):
    """A sink that does more than tell."""

    acts = True


def test_what_a_sink_leaves_alone_on_purpose_is_no_failure(post: Post) -> None:
    shell = CapturingSink("shell", failure=DeclinedError("a rollback is not allowed"))
    mail = CapturingSink("mail")
    delivery = post.delivery(shell, mail)
    post.put(message(), sinks=["shell"])
    assert delivery.run_due() == 0
    assert delivery.run_due() == 0
    assert (mail.alerts, delivery.outcome().dead, delivery.outcome().is_undeliverable) == ([], 0, False)
    with reading(post.folder, 5) as connection:
        (letter,) = declined(connection)
    assert (letter.sink, letter.error) == ("shell", "a rollback is not allowed")


def test_a_sink_that_acts_gets_only_what_was_meant_for_it(post: Post) -> None:
    pager = CapturingSink("pager", failure=PermanentSinkError("the token is revoked"))
    shell = Acting("shell")
    delivery = post.delivery(pager, shell)
    post.put(message())
    assert delivery.run_due() == 0
    assert list(delivery.send_now(message("i2"))) == ["pager"]
    assert shell.alerts == []
    assert delivery.send_now(message("i3"), ["shell"]) == {"shell": None}
    post.put(message("i4"), sinks=["shell"])
    assert delivery.run_due() == 1
    assert keys(shell) == ["i3/0", "i4/0"]
