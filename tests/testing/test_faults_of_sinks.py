"""The contract of a sink finds what is wrong with one, and says it."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from kumon_observe.model.alert import Alert
from kumon_observe.model.errors import PermanentSinkError, TemporarySinkError
from kumon_observe.testing import SinkContract, an_alert

TOKEN = "t0ken-of-a-test"
LOG = logging.getLogger("kumon_pager")


class Channel:
    """Takes alerts in this process, or does what *behaves* says."""

    def __init__(self, behaves: str = "well") -> None:
        self.behaves = behaves
        self.taken: list[str] = []

    def take(self, text: str) -> None:
        match self.behaves:
            case "refuses":
                raise PermanentSinkError("the service answers 401: write a valid token")
            case "fails":
                raise TemporarySinkError("the service answers 503: it is overloaded", retry_after=7)
            case "hangs":
                raise TemporarySinkError("the service does not answer")
        self.taken.append(text)


class Pager:
    """A sink without fault."""

    name = "pager"

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.token = TOKEN

    def send(self, alert: Alert) -> None:
        self.channel.take(f"{alert.title}: {alert.summary}")


class Contract(SinkContract):
    secrets = (TOKEN,)
    retry_after = 7
    kind: type = Pager

    def make(self, behaves: str) -> Any:
        return self.kind(Channel(behaves))

    def sink(self) -> Any:
        made = self.make("well")
        self.channel = made.channel
        return made

    def received(self) -> Sequence[str]:
        taken: Sequence[str] = self.channel.taken
        return taken

    def refusing(self) -> Any:
        return self.make("refuses")

    def failing(self) -> Any:
        return self.make("fails")

    def hanging(self) -> Any:
        return self.make("hangs")


class TestPager(Contract):
    """A sink without fault passes."""


class Nameless(Pager):
    name = "The Pager"


class Doubling(Pager):
    def send(self, alert: Alert) -> None:
        super().send(alert)
        super().send(alert)


class Silent(Pager):
    def send(self, alert: Alert) -> None:
        self.channel.take(str(alert.summary))


class OnlyText(Pager):
    def send(self, alert: Alert) -> None:
        self.channel.take("alert: " + alert.title)  # type: ignore[operator]


class Guessing(Pager):
    """Knows one kind of failure."""

    def send(self, alert: Alert) -> None:
        try:
            super().send(alert)
        except Exception as error:
            raise OSError("not sent") from error


class Impatient(Pager):
    def send(self, alert: Alert) -> None:
        try:
            super().send(alert)
        except TemporarySinkError as error:
            raise TemporarySinkError(str(error)) from error


class Waiting(Pager):
    def send(self, alert: Alert) -> None:
        if self.channel.behaves == "hangs":
            threading.Event().wait()
        super().send(alert)


class ShowingInRepr(Pager):
    def __repr__(self) -> str:
        return f"Pager({self.token})"


class ShowingInErrors(Pager):
    def send(self, alert: Alert) -> None:
        try:
            super().send(alert)
        except TemporarySinkError as error:
            raise error from OSError(f"POST /{self.token}")


class ShowingInLogs(Pager):
    def send(self, alert: Alert) -> None:
        LOG.debug("sending with %s", self.token)
        super().send(alert)


class ShowingInOutput(Pager):
    def send(self, alert: Alert) -> None:
        sys.stdout.write(self.token)
        super().send(alert)


def contract(kind: type) -> Contract:
    made = Contract()
    made.kind = kind
    made.deadline = 0.2
    return made


FAULTY = [
    (Nameless, "test_it_can_be_registered", "has the name 'The Pager'"),
    (Doubling, "test_an_alert_arrives_with_its_title", "one alert must arrive once"),
    (Silent, "test_an_alert_arrives_with_its_title", "must hold the alert's title"),
    (OnlyText, "test_alerts_of_every_form_arrive", "whatever stands in its texts"),
    (
        Guessing,
        "test_a_channel_that_refuses_for_good_is_a_permanent_failure",
        "it must raise PermanentSinkError, not OSError",
    ),
    (
        Guessing,
        "test_a_channel_that_fails_for_now_is_a_temporary_failure",
        "it must raise TemporarySinkError, not OSError",
    ),
    (
        Impatient,
        "test_a_channel_that_fails_for_now_is_a_temporary_failure",
        "retry_after is what the channel asks for",
    ),
    (
        Waiting,
        "test_a_channel_that_never_answers_is_a_temporary_failure_in_time",
        "send did not end within 0.2 s: give the channel a time-out",
    ),
    (
        Guessing,
        "test_a_channel_that_never_answers_is_a_temporary_failure_in_time",
        "a time-out is a TemporarySinkError, not OSError",
    ),
]


@pytest.mark.parametrize(("sink", "law", "said"), FAULTY)
def test_a_fault_is_found_and_said(sink: type, law: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        getattr(contract(sink), law)()


@pytest.mark.parametrize("sink", [ShowingInRepr, ShowingInErrors, ShowingInLogs, ShowingInOutput])
def test_a_secret_that_is_shown_is_found(
    sink: type, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(AssertionError, match="a secret is shown"):
        contract(sink).test_no_secret_is_shown(caplog, capsys)


@pytest.mark.parametrize("method", ["sink", "received", "refusing", "failing", "hanging"])
def test_a_contract_without_its_sinks_says_what_to_write(method: str) -> None:
    with pytest.raises(NotImplementedError, match=rf"def {method}\(self\)"):
        getattr(SinkContract(), method)()


def test_an_alert_can_be_changed_in_any_member() -> None:
    assert an_alert(title="x").title == "x"
    assert an_alert().title == "lost hand-offs"
