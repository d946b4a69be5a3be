"""Follows logs for the live screen: reads what there is, then what comes."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import NamedTuple

from attrs import define

from kumon_observe.engine.following import Following
from kumon_observe.model.board import Board
from kumon_observe.monitor.board import Boards
from kumon_observe.reading.following import Follower


class Progress(NamedTuple):
    """How far the logs were read: the ``name`` of one of them, ``done`` of ``total`` bytes."""

    name: str
    done: int
    total: int


@define(eq=False)
class LookingOn:
    """Boards of logs as they grow; nothing of what they say is kept."""

    following: Following
    boards: Boards
    _caught_up: bool = False

    def step(self) -> bool:
        """Read and judge what there is, a few megabytes at most; whether there is more."""
        rows = self.following.poll()
        # When traces without times were written can be told of those alone that came meanwhile.
        self.boards.take(rows, self.following.clock() if self._caught_up else None)
        self._caught_up = self._caught_up or not self.following.behind
        return self.following.behind

    @property
    def over(self) -> bool:
        """Whether nothing can come any more: standard input, and nothing else, has ended."""
        return self.following.over

    def finish(self) -> None:
        """Judge the unfinished tail of what is over."""
        self.boards.take(self.following.finish(), self.following.clock())

    def board(self) -> Board:
        """How it stands now."""
        return self.boards.board(sum(log.bytes_read() for log in self.following.logs))

    def progress(self) -> Progress:
        """How far it has come with what was there when it was asked."""
        return progress_of(self.following)


def progress_of(following: Following) -> Progress:
    """How far *following* has come with what is there now."""
    done = total = 0
    name = ""
    for log in following.logs:
        read = log.bytes_read()
        done += read
        size = read
        if isinstance(log.comes, Follower):
            with suppress(OSError):
                size = max(read, os.stat(log.comes.path).st_size)  # noqa: PTH116 - asked often
        if log.comes.behind or not name:
            name = log.name
        total += size
    return Progress(name, done, total)
