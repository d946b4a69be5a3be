"""Several may listen to one process's logging, and somebody else may stand in between."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from kumon_observe.testing.plugin.tap import Listener, _Tap

LOG = logging.getLogger("app.core.tapped")


def listening(tap: _Tap, heard: list[str], *, trusts: bool = True) -> Listener:
    listener = Listener(lambda _name: trusts, lambda record: heard.append(record.getMessage()))
    tap.add(listener)
    return listener


def methods() -> tuple[Any, ...]:
    kind = logging.Logger
    return kind.isEnabledFor, kind.makeRecord, kind.handle


def test_each_hears_while_it_listens() -> None:
    tap, before = _Tap(), methods()
    one, other = list[str](), list[str]()
    first = listening(tap, one)
    LOG.info("1")
    second = listening(tap, other)
    LOG.info("2")
    tap.remove(first)
    LOG.info("3")
    tap.remove(second)
    LOG.info("4")
    assert (one, other, methods()) == (["1", "2"], ["2", "3"], before)


def test_below_info_and_of_others_only_what_is_logged_anyway_is_heard() -> None:
    tap, heard = _Tap(), list[str]()
    listener = listening(tap, heard, trusts=False)
    LOG.info("dropped by its level")
    LOG.warning("logged anyway")
    tap.remove(listener)
    listener = listening(tap, heard)
    LOG.debug("no trace is one")
    tap.remove(listener)
    assert heard == ["logged anyway"]


def test_a_wrapper_around_it_is_left_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    tap, before, heard = _Tap(), methods(), list[str]()
    listener = listening(tap, heard)
    ours = logging.Logger.handle
    with monkeypatch.context() as theirs:

        def wrapped(logger: logging.Logger, record: logging.LogRecord) -> None:
            ours(logger, record)

        theirs.setattr(logging.Logger, "handle", wrapped)
        tap.remove(listener)
        assert logging.Logger.handle is wrapped
        LOG.warning("nobody listens")
    listener = listening(tap, heard)
    LOG.info("heard again")
    tap.remove(listener)
    assert (heard, methods()) == (["heard again"], before)
