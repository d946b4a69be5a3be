"""Delivery in threads: a sink that hangs holds up nobody, and an end comes within its bound."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from kumon_observe.alerting.calling import Caller
from kumon_observe.model.errors import TemporarySinkError
from kumon_observe.state.claims import Failure
from kumon_observe.testing import CapturingSink
from tests.alerting.outboxes import Post, StuckSink, message


def until(done: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for what another thread does; the test fails when it takes too long."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not happen in time"
        threading.Event().wait(0.005)


def test_what_is_put_in_later_is_delivered_when_told(post: Post) -> None:
    pager, mail = CapturingSink("pager"), CapturingSink("mail")
    delivery = post.delivery(pager, mail)
    delivery.start()
    for number in range(3):
        post.put(message(number=number), sinks=["pager", "mail"])
        delivery.wake()
        until(lambda: len(pager.alerts) == len(mail.alerts) == number + 1)  # noqa: B023 - called at once
    until(lambda: not post.waiting())
    assert delivery.stop(10)
    assert not list(post.folder.glob("owner-*"))


def test_what_another_process_puts_in_is_found_without_being_told(post: Post) -> None:
    pager = CapturingSink("pager")
    delivery = post.delivery(pager)
    delivery.start()
    post.put(message())
    until(lambda: bool(pager.alerts))
    assert delivery.stop(10)


def test_an_undeliverable_critical_alert_is_handed_over_without_being_told(post: Post) -> None:
    mail = CapturingSink("mail")
    post.put(message(), sinks=["fax"])
    post.clock.advance(121)
    delivery = post.delivery(mail)
    delivery.start()
    until(lambda: bool(mail.alerts))
    assert delivery.stop(10)


def test_a_sink_that_hangs_holds_up_no_other_and_is_said(post: Post) -> None:
    stuck, mail = StuckSink(), CapturingSink("mail")
    post.put(message(), sinks=["pager", "mail"])
    delivery = post.delivery(stuck, mail, patience=0.05)
    delivery.start()
    assert stuck.called.acquire(timeout=10)
    until(lambda: bool(mail.alerts) and delivery.outcome().sinks[1].hanging)
    until(lambda: delivery.outcome().sinks[1].error is not None)
    assert str(delivery.outcome().sinks[1].error) == "it does not come back within 0.05 s"
    stuck.free.set()
    until(lambda: not post.waiting())
    assert (stuck.took, delivery.outcome().sinks[1].hanging) == (["i1/0"], False)
    assert delivery.stop(10)


def test_a_stop_waits_no_longer_than_it_may_and_leaves_the_row_to_the_next_one(post: Post) -> None:
    stuck = StuckSink()
    post.put(message())
    delivery = post.delivery(stuck, patience=20)
    delivery.start()
    delivery.wake()
    assert stuck.called.acquire(timeout=10)
    began = time.monotonic()
    assert not delivery.stop(0.1)
    assert time.monotonic() - began < 5
    assert [letter.attempts for letter in post.waiting()] == [1]
    other = CapturingSink("pager")
    assert post.delivery(other).run_due() == 0
    stuck.free.set()
    until(lambda: not post.waiting())
    assert delivery.stop(10)


def test_one_try_of_all_that_is_due_does_not_go_on_with_a_sink_that_hangs(post: Post) -> None:
    stuck, mail = StuckSink(), CapturingSink("mail")
    post.put(message(), message("i2"), sinks=["pager", "mail"])
    assert post.delivery(stuck, mail, patience=0.05).run_due() == 2
    stuck.free.set()
    assert [letter.attempts for letter in post.waiting()] == [1, 0]


def test_an_alert_that_cannot_be_stored_waits_for_no_sink_that_hangs(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kumon_observe.alerting.delivery._ANSWER", 0.5)
    stuck = StuckSink()
    delivery = post.delivery(stuck, patience=20)
    told = delivery.send_now(message())
    assert str(told["pager"]) == "it has not answered within 0.5 s"
    assert delivery.outcome().is_undeliverable
    stuck.free.set()
    until(lambda: not delivery.outcome().is_undeliverable)
    post.put(message())
    assert delivery.run_due() == 0
    assert post.waiting() == []


def test_a_thread_that_fails_goes_on_and_says_so(post: Post) -> None:
    faults = [RuntimeError("no such step")]

    def step(_: str) -> None:
        if faults:
            raise faults.pop()

    pager = CapturingSink("pager")
    delivery = post.delivery(pager, step=step)
    post.put(message("i1"))
    delivery.start()
    until(lambda: delivery.outcome().trouble is not None)
    assert str(delivery.outcome().trouble) == "delivering failed: RuntimeError: no such step"
    post.put(message("i2"))
    until(lambda: bool(pager.alerts))
    assert delivery.stop(10)


def test_the_thread_that_looks_goes_on_when_it_fails_and_says_so(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    pager = CapturingSink("pager")
    delivery = post.delivery(pager)
    tend = delivery._postbag.tend
    faults = [RuntimeError("no tending")]
    monkeypatch.setattr(delivery._postbag, "tend", lambda: tend() if not faults else raised(faults.pop()))
    delivery.start()
    until(lambda: delivery.outcome().trouble is not None)
    assert str(delivery.outcome().trouble) == "delivering failed: RuntimeError: no tending"
    post.put(message())
    until(lambda: bool(pager.alerts))
    assert delivery.stop(10)


def raised(error: Exception) -> bool:
    raise error


def test_a_call_that_comes_back_late_is_told_and_only_so_many_hang() -> None:
    stuck = StuckSink()
    caller = Caller(stuck, 0.02)
    late = threading.Semaphore(0)
    for _ in range(5):
        failure = caller.send(message(), late=late.release)
        assert failure == Failure(sentence=caller._does_not_return().sentence)
    assert caller.hanging
    assert [stuck.called.acquire(timeout=0.1) for _ in range(4)] == [True, True, True, False]
    stuck.free.set()
    assert all(late.acquire(timeout=10) for _ in range(3))
    until(lambda: not caller.hanging)
    assert caller.send(message()) is None


def test_a_call_that_fails_late_is_not_told() -> None:
    free = threading.Event()

    class Late:
        name = "late"

        def send(self, _: object) -> None:
            free.wait(30)
            raise TemporarySinkError("too late")

    caller = Caller(Late(), 0.01)
    told = threading.Event()
    caller.send(message(), late=told.set)
    free.set()
    until(lambda: not caller.hanging)
    assert not told.is_set()


def test_a_program_that_can_start_no_thread_fails_for_now(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    failure = Caller(CapturingSink("pager"), 1).send(message())
    assert failure is not None
    assert "no thread can be started" in str(failure.sentence)
