"""Follows one log through everything that happens to it: no byte is lost unsaid, and none comes twice."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from os import stat_result
from typing import Final

from kumon_observe.clock import Clock, utc_now
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.reading import paths
from kumon_observe.reading.files import identity
from kumon_observe.reading.findings import BLOCK, opening_failed, reading_failed
from kumon_observe.reading.following.beside import bytes_of, files_of
from kumon_observe.reading.following.changes import Changes
from kumon_observe.reading.following.generation import Generation
from kumon_observe.reading.following.lives import MOST_OPEN, Lives
from kumon_observe.reading.following.piece import Piece, Place
from kumon_observe.reading.following.succession import holder_of
from kumon_observe.reading.names import shown

LATE: Final = timedelta(seconds=60)
"""How long a renamed file is read on after its last line: some writer may not have opened the new one yet."""

ABSENT: Final = timedelta(seconds=2)
"""How long a log may be missing, as it is for a moment in a rotation, before that is said."""

GONE: Final = timedelta(hours=1)
"""How long a log that may go is said to be missing."""

_NO_FILE: Final = phrase("it is no file that can be followed: name a plain file, or pipe it into -")


class Follower:
    """The log at *path*, which need not exist yet.

    *places* are those of generations that an earlier follower did not finish: their rest is read, from
    whatever file holds it now, then every newer file whole, then what is appended. *ended* are the places of
    those that were over, *number* is that of the generation before the next new one. *start* gives the offset
    at which the very first file is begun, by its descriptor (usually 0). *locate* gives the path where it may
    change, as that of logs named by their day. *anchor* is that of an earlier follower that found no file.
    One of many that come and go (``may_go``) is not missing for ever.
    """

    def __init__(
        self,
        path: str,
        *,
        places: Sequence[Place] = (),
        ended: Sequence[Place] = (),
        number: int = 0,
        start: Callable[[int], int] | None = None,
        locate: Callable[[], str] | None = None,
        anchor: Place | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self.path = path
        self.name = shown(path)
        self.behind = self.final = self.may_go = False
        self.fault: Sentence | None = None
        self._clock = clock
        self._locate = locate
        self._lives = Lives(clock, ended, number)
        self._changes = Changes(self._lives, path, places, anchor, start)
        self._absent: datetime | None = None

    @property
    def generations(self) -> list[Generation]:
        """Those that are not over, oldest first; the last one is what the log's name leads to."""
        return self._lives.all

    @property
    def number(self) -> int:
        """That of the newest generation."""
        return self._lives.number

    @property
    def anchor(self) -> Place | None:
        """Where the newest rotated file ended when the log was not there yet."""
        return self._changes.anchor

    @property
    def missing(self) -> Sentence | None:
        """That there is no such file, once that is no mere moment of a rotation, or it cannot be read."""
        if self.fault is not None:
            return self.fault
        if self._absent is None or (not self.final and self._clock() - self._absent < ABSENT):
            return None
        if self.may_go and self._clock() - self._absent >= GONE:
            return None
        return opening_failed(FileNotFoundError())

    def changed(self) -> bool:
        """Whether there may be something to read; told for less than reading costs."""
        if self.behind or any(life.grown for life in self._lives.all):
            return True
        there = self._there()
        if there is None:
            return False
        return not self._lives.all or (identity(there) != self._lives.all[-1].identity and there.st_size > 0)

    def read(self, most: int) -> list[Piece]:
        """What was written since, at most *most* bytes of it; ``behind`` tells whether there is more."""
        self._look()
        pieces, self._changes.said = self._changes.said, []
        for life in list(self._lives.all):
            for data in self._appended(life, most):
                pieces.append(Piece(life.number, life.name, life.offset - len(data), data))
                most -= len(data)
            if most <= 0:
                break
            if self._is_over(life):
                pieces.append(self._end(life))
        self.behind = most <= 0
        return pieces

    def place(self, generation: int, offset: int) -> Place | None:
        """Where to go on from *offset* of a *generation*; ``None`` if it was over too long ago."""
        return self._lives.place(generation, offset)

    def again(self, generation: int, offset: int, length: int) -> bytes:
        """Bytes of a *generation* once more; fewer where they cannot be had."""
        for life in self._lives.all:
            if life.number == generation:
                return life.read_at(offset, length)
        for place in self._lives.ended:
            if place.generation == generation:
                found = holder_of(place, files_of(self.path) or ())
                return b"" if found is None else bytes_of(found.content, offset, length)
        return b""

    def close(self) -> None:
        """Let all files go."""
        for life in self._lives.all:
            life.close()

    def _appended(self, life: Generation, most: int) -> Iterator[bytes]:
        while most > 0 and (data := self._next(life, min(most, BLOCK))):
            most -= len(data)
            if life.superseded is not None:
                life.superseded = self._clock()
            yield data

    def _next(self, life: Generation, most: int) -> bytes:
        try:
            return life.read(most)
        except OSError as error:
            why = reading_failed(life.offset, error)
            if life is self._lives.all[-1]:
                self.fault = why  # it is tried again
            else:
                life.lost, life.gone = why, True
            return b""

    def _is_over(self, life: Generation) -> bool:
        """Whether nothing can come any more of a file that was read to its end."""
        if life is self._lives.all[-1]:
            return False
        if life.over or life.gone:
            return True
        if life.superseded is None or not life.is_plain:
            return False
        waited = self._clock() - life.superseded
        return len(self._lives.all) > MOST_OPEN or not timedelta() <= waited < LATE or life.was_cut()

    def _end(self, life: Generation) -> Piece:
        self._lives.end(life)
        ended = Piece(life.number, life.name, life.offset, ends=True)
        return ended._replace(lost=life.lost, note=life.note, cut=life.cut)

    # what stands there

    def _look(self) -> None:
        """See what stands at the log's name now, and what happened."""
        if self._locate is not None and (path := self._locate()) != self.path:
            self.path, self.name = path, shown(path)
        there = self._there()
        if there is not None:
            self._absent = None
        elif self._absent is None:
            self._absent = self._clock()
        self._changes.path = self.path
        self._changes.look(there)
        if there is not None and not self._lives.all:
            self._see_why()

    def _there(self) -> stat_result | None:
        """What the log's name leads to; a fault that is no mere absence is kept."""
        self.fault = None
        try:
            there = paths.status(self.path)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            self.fault = opening_failed(error)
            return None
        if not stat.S_ISREG(there.st_mode):
            self.fault = _NO_FILE
            return None
        return there

    def _see_why(self) -> None:
        """Keep why the file that is there cannot be opened."""
        try:
            with open(self.path, "rb"):  # noqa: PTH123
                self.fault = _NO_FILE
        except FileNotFoundError:
            pass
        except OSError as error:
            self.fault = opening_failed(error)
