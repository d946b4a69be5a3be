"""The laws that every sink keeps, as tests to inherit."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Sequence

import pytest

from kumon_observe.model.alert import Alert
from kumon_observe.model.errors import PermanentSinkError, TemporarySinkError
from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.phrase import phrase
from kumon_observe.model.protocols import Sink
from kumon_observe.model.status import Severity, Status
from kumon_observe.plugins.kinds import SINK, fault
from kumon_observe.testing.alerts import an_alert


class SinkContract:
    """The contract of a sink: subclass it under a name that begins with ``Test``.

    It needs sinks whose channels behave as told::

        class TestPager(SinkContract):
            secrets = ("s3cret",)

            @pytest.fixture(autouse=True)
            def _service(self):
                with Service() as self.service:
                    yield

            def sink(self):
                return Pager(self.service.url, token="s3cret")

            def received(self):
                return self.service.bodies
            ...

    ``secrets``: what may stand in no ``repr``, error, log or output. ``deadline``: the seconds within which
    ``send`` ends, whatever the channel does. ``retry_after``: the seconds that the channel of
    :meth:`failing` asks to wait, ``None`` if it names none.
    """

    secrets: Sequence[str] = ()
    deadline: float = 5.0
    retry_after: float | None = None

    def sink(self) -> Sink:
        """A sink whose channel takes every alert."""
        raise NotImplementedError("give a sink that delivers: def sink(self): return MySink(...)")

    def received(self) -> Sequence[str]:
        """What the channel of :meth:`sink` took, one text for each alert, oldest first."""
        raise NotImplementedError("tell what arrived: def received(self): return self.service.bodies")

    def refusing(self) -> Sink:
        """A sink whose channel refuses for good: a wrong token, an unknown address."""
        raise NotImplementedError("give a sink whose channel refuses for good: def refusing(self)")

    def failing(self) -> Sink:
        """A sink whose channel fails for now: it is down, overloaded, full."""
        raise NotImplementedError("give a sink whose channel fails for now: def failing(self)")

    def hanging(self) -> Sink | None:
        """A sink whose channel never answers; ``None`` where there is nobody to wait for."""
        raise NotImplementedError("give a sink whose channel never answers, or None: def hanging(self)")

    def test_it_can_be_registered(self) -> None:
        """It has a name of letters a-z, digits, ``-`` and ``_``, and ``send``."""
        assert fault(self.sink(), SINK) is None

    def test_an_alert_arrives_with_its_title(self) -> None:
        """Success."""
        assert self._sent(self.sink(), an_alert(title="replies are lost")) is None
        received = self.received()
        assert len(received) == 1, "one alert must arrive once"
        assert "replies are lost" in received[0], "what arrives must hold the alert's title"

    def test_alerts_arrive_in_the_order_of_sending(self) -> None:
        """One sink delivers many alerts."""
        sink = self.sink()
        for title in ("first", "second", "third"):
            assert self._sent(sink, an_alert(title=title, key=title)) is None
        received = self.received()
        assert [
            title in text for title, text in zip(("first", "second", "third"), received, strict=True)
        ] == ([True] * 3)

    def test_alerts_of_every_form_arrive(self) -> None:
        """Sentences that are still to be translated, a result within, texts from a hostile log."""
        hostile = '"</a>\\\x00\x1b[2J\r\n\u2028' + "ação é £ \U0001f600" * 500
        lost = phrase("{n} turns", n=2)
        result = CheckResult(name="handoff", status=Status.CRITICAL, summary=lost)
        sink = self.sink()
        forms = (
            an_alert(title=lost, summary=lost, result=result),
            an_alert(title=hostile, summary=hostile),
            an_alert(title="", summary="", severity=Severity.INFO),
        )
        for alert in forms:
            assert self._sent(sink, alert) is None, "an alert must arrive whatever stands in its texts"
        assert len(self.received()) == len(forms)

    def test_a_channel_that_refuses_for_good_is_a_permanent_failure(self) -> None:
        """Nobody should try again: somebody has to change something."""
        error = self._sent(self.refusing(), an_alert())
        assert isinstance(error, PermanentSinkError), f"it must raise PermanentSinkError, not {error!r}"
        assert str(error).strip(), "the error must say what to change"

    def test_a_channel_that_fails_for_now_is_a_temporary_failure(self) -> None:
        """Trying again is worth it, after the time that the channel names."""
        error = self._sent(self.failing(), an_alert())
        assert isinstance(error, TemporarySinkError), f"it must raise TemporarySinkError, not {error!r}"
        assert str(error).strip(), "the error must say what happened"
        assert error.retry_after == self.retry_after, "retry_after is what the channel asks for, in seconds"

    def test_a_channel_that_never_answers_is_a_temporary_failure_in_time(self) -> None:
        """A sink bounds its waiting, or one dead channel would hold up all the others."""
        sink = self.hanging()
        if sink is not None:
            error = self._sent(sink, an_alert())
            assert isinstance(error, TemporarySinkError), f"a time-out is a TemporarySinkError, not {error!r}"

    def test_no_secret_is_shown(
        self, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Not by ``repr``, not in an error or its causes, not in what is logged or printed."""
        with caplog.at_level(logging.DEBUG):
            sinks = [self.sink(), self.refusing(), self.failing(), self.hanging()]
            told = []
            for sink in filter(None, sinks):
                error = self._sent(sink, an_alert())
                told += [repr(sink), str(sink), *(() if error is None else _everything(error))]
        captured = capsys.readouterr()
        for text in (*told, caplog.text, captured.out, captured.err):
            assert not any(secret in text for secret in self.secrets), "a secret is shown"

    def _sent(self, sink: Sink, alert: Alert) -> BaseException | None:
        """What ``send`` raised, ``None`` if it delivered; fails when it does not end within ``deadline``."""
        raised: list[BaseException | None] = []

        def send() -> None:
            try:
                sink.send(alert)
            except BaseException as error:  # noqa: BLE001 - whatever it is, the test says it
                raised.append(error)
            else:
                raised.append(None)

        thread = threading.Thread(target=send, daemon=True)
        thread.start()
        thread.join(self.deadline)
        assert raised, f"send did not end within {self.deadline:g} s: give the channel a time-out"
        return raised[0]


def _everything(error: BaseException) -> list[str]:
    """All texts of *error* and of what led to it."""
    return [repr(error), "".join(traceback.format_exception(error))]
