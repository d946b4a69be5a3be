"""Bounds the whole of a talk with a server: a socket's own time-out starts anew with every byte."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")


def within(seconds: float, call: Callable[[], _T]) -> _T:
    """What *call* gives, or raises.

    After a time-out it may go on in its thread for a while, and still succeed.

    Raises:
        TimeoutError: it took longer than *seconds*.
    """
    outcome: list[_T] = []
    raised: list[BaseException] = []

    def work() -> None:
        try:
            outcome.append(call())
        except BaseException as error:  # noqa: BLE001 - it is raised where the caller waits
            raised.append(error)

    thread = threading.Thread(target=work, name="kumon-observe sink", daemon=True)
    thread.start()
    thread.join(seconds)
    if raised:
        raise raised[0]
    if not outcome:
        raise TimeoutError(f"no answer within {seconds:g} s")
    return outcome[0]
