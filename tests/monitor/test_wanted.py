"""What signals ask for."""

from __future__ import annotations

import os
import pty
import signal

from kumon_observe.monitor.wanted import Wanted, listening


def test_signals_are_noted_and_the_old_handlers_come_back() -> None:
    wanted, before = Wanted(), signal.getsignal(signal.SIGHUP)
    with listening(wanted):
        os.kill(os.getpid(), signal.SIGHUP)
        assert (wanted.reload, wanted.end) == (True, False)
        os.kill(os.getpid(), signal.SIGINT)
        assert (wanted.end, wanted.interrupted) == (True, True)
    assert signal.getsignal(signal.SIGHUP) is before


def test_a_terminal_that_was_closed_ends_it() -> None:
    ours, theirs = pty.openpty()
    wanted = Wanted(terminal=theirs)
    wanted.asked(signal.SIGHUP)
    assert (wanted.reload, wanted.end) == (True, False)
    os.close(ours)
    wanted = Wanted(terminal=theirs)
    wanted.asked(signal.SIGHUP)
    assert (wanted.reload, wanted.end) == (False, True)
    os.close(theirs)
