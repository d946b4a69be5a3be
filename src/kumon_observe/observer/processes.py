"""Forks and the end of the interpreter: the installed observers are told of both."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable
from typing import Final

from attrs import frozen


@frozen(eq=False)
class Hooks:
    """What is called of one installed observer.

    ``before_fork`` comes to a place where a copy of this process can begin anew. ``after_fork`` goes on in
    the process that was there before, ``forked`` begins in the new one, in which nothing was seen yet.
    ``end`` judges and delivers what waits.
    """

    before_fork: Callable[[], None]
    after_fork: Callable[[], None]
    forked: Callable[[], None]
    end: Callable[[], object]


_INSTALLED: Final[list[Hooks]] = []
_asked: Final[list[bool]] = []


def keep(observer: Hooks) -> None:
    """Tell *observer* of forks and of the interpreter's end from now on."""
    if not _asked:
        _asked.append(True)
        os.register_at_fork(before=_before, after_in_parent=_after, after_in_child=_forked)
        atexit.register(_end)
    if observer not in _INSTALLED:
        _INSTALLED.append(observer)


def drop(observer: Hooks) -> None:
    """Tell *observer* no more."""
    if observer in _INSTALLED:
        _INSTALLED.remove(observer)


def _before() -> None:
    for observer in tuple(_INSTALLED):
        observer.before_fork()


def _after() -> None:
    for observer in tuple(_INSTALLED):
        observer.after_fork()


def _forked() -> None:
    for observer in tuple(_INSTALLED):
        observer.forked()


def _end() -> None:
    for observer in tuple(_INSTALLED):
        observer.end()
