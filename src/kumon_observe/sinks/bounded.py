"""Work that may never come back, waited for no longer than told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")


def within(seconds: float, work: Callable[[], _T]) -> _T:
    """What *work* gives, or raises, in a thread of its own.

    The time-outs of network libraries are those of single steps: neither a name that does not resolve nor a
    server that answers a byte at a time ends within them. Who does not come back in time is left to himself.

    Raises:
        TimeoutError: it took longer.
        BaseException: what *work* raised.
    """
    import threading

    given: list[_T] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            given.append(work())
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is waited for
            raised.append(error)

    thread = threading.Thread(target=run, name="kumon-observe-sending", daemon=True)
    thread.start()
    thread.join(seconds)
    if raised:
        raise raised[0]
    if not given:
        raise TimeoutError
    return given[0]
