"""Follows one log through everything that happens to it: no byte is lost unsaid, and none comes twice."""

from __future__ import annotations

import stat
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from os import stat_result
from typing import Final

from attrs import evolve

from kumon_observe.clock import Clock, utc_now
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.reading import paths
from kumon_observe.reading.files import Identity, identity
from kumon_observe.reading.findings import BLOCK, opening_failed, reading_failed
from kumon_observe.reading.following.beside import Beside, files_of, listing
from kumon_observe.reading.following.generation import Generation, bytes_of
from kumon_observe.reading.following.mark import Mark
from kumon_observe.reading.following.piece import Piece, Place
from kumon_observe.reading.following.succession import holder_of, newer_than
from kumon_observe.reading.names import shown

LATE: Final = timedelta(seconds=60)
"""How long a renamed file is read on after its last line: some writer may not have opened the new one yet."""

ABSENT: Final = timedelta(seconds=2)
"""How long a log may be missing, as it is for a moment in a rotation, before that is said."""

_NO_FILE: Final = phrase("it is no file that can be followed: name a plain file, or pipe it into -")
_MOST_OPEN: Final = 16
REMEMBERED: Final = 32
"""How many files that are over are known by what was read of them, should they come back."""


class Follower:
    """The log at *path*, which need not exist yet.

    *places* are those of generations that an earlier follower did not finish: their rest is read, from
    whatever file holds it now, then every newer file whole, then what is appended. *ended* are the places of
    those that were over, *number* is that of the generation before the next new one. *start* gives the offset
    at which the very first file is begun, by its descriptor (usually 0). *locate* gives the path where it may
    change, as that of logs named by their day. *anchor* is that of an earlier follower that found no file.
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
        self.number = number
        self.behind = False
        self.anchor = anchor
        self.fault: Sentence | None = None
        self._clock = clock
        self._start = start
        self._locate = locate
        self._places = tuple(places)
        self._lives: list[Generation] = []
        self._ended: deque[Place] = deque(ended, REMEMBERED)
        self._said: list[Piece] = []
        self._absent: datetime | None = None
        self._files: dict[str, Identity] | None = None

    @property
    def generations(self) -> list[Generation]:
        """Those that are not over, oldest first; the last one is what the log's name leads to."""
        return self._lives

    @property
    def unfound(self) -> tuple[Place, ...]:
        """The places that could not be looked for yet."""
        return self._places

    @property
    def missing(self) -> Sentence | None:
        """That there is no such file, once that is no mere moment of a rotation, or it cannot be read."""
        if self.fault is not None:
            return self.fault
        if self._absent is None or self._clock() - self._absent < ABSENT:
            return None
        return opening_failed(FileNotFoundError())

    def changed(self) -> bool:
        """Whether there may be something to read; told for less than reading costs."""
        if self.behind or any(life.grown for life in self._lives):
            return True
        there = self._there()
        if there is None:
            return False
        return not self._lives or (identity(there) != self._lives[-1].identity and there.st_size > 0)

    def read(self, most: int) -> list[Piece]:
        """What was written since, at most *most* bytes of it; ``behind`` tells whether there is more."""
        self._look()
        pieces, self._said = self._said, []
        for life in list(self._lives):
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
        for life in self._lives:
            if life.number == generation:
                return life.place(offset)
        for place in self._ended:
            if place.generation == generation:
                return evolve(place, offset=offset)
        return None

    def again(self, generation: int, offset: int, length: int) -> bytes:
        """Bytes of a *generation* once more; fewer where they cannot be had."""
        for life in self._lives:
            if life.number == generation:
                return life.read_at(offset, length)
        for place in self._ended:
            if place.generation == generation:
                found = holder_of(place, files_of(self.path) or ())
                return b"" if found is None else bytes_of(found.content, offset, length)
        return b""

    def close(self) -> None:
        """Let all files go."""
        for life in self._lives:
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
            if life is self._lives[-1]:
                self.fault = why  # it is tried again
            else:
                life.lost, life.gone = why, True
            return b""

    def _is_over(self, life: Generation) -> bool:
        """Whether nothing can come any more of a file that was read to its end."""
        if life is self._lives[-1]:
            return False
        if life.over or life.gone:
            return True
        if life.superseded is None or not life.is_plain:
            return False
        waited = self._clock() - life.superseded
        return len(self._lives) > _MOST_OPEN or not timedelta() <= waited < LATE or life.was_cut()

    def _end(self, life: Generation) -> Piece:
        self._lives.remove(life)
        self._ended.append(life.place(life.offset))
        life.close()
        return Piece(life.number, life.name, life.offset, ends=True, lost=life.lost, note=life.note)

    # what happened to the file

    def _look(self) -> None:
        """See what stands at the log's name now."""
        if self._locate is not None and (path := self._locate()) != self.path:
            self.path, self.name = path, shown(path)
        there = self._there()
        if there is not None:
            self._absent = None
        elif self._absent is None:
            self._absent = self._clock()
        if self._places:
            self._go_on()
        elif not self._lives:
            self._begin(there)
        elif self._lives[-1].was_cut():
            self._was_cut(self._lives[-1])
        elif self._lives[-1].was_touched():
            self._was_touched(self._lives[-1])
        else:
            self._follow(self._lives[-1], there)

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

    def _begin(self, there: stat_result | None) -> None:
        """The first file, from where it is to be begun; what was not there at the first look is new too."""
        if there is None and not self._is_news():
            return
        files = files_of(self.path)
        if files is None:
            self._files = None
            return
        if there is None:
            self.anchor = self.anchor or _end_of(files)
        elif not self._stands_last(files):
            self._see_why()
            return
        if self.anchor is not None:
            self._succeed(newer_than(holder_of(self.anchor, files), self.anchor, files))
        elif there is not None:
            self._succeed(files[-1:])
            if self._lives and self._start is not None:
                self._lives[-1].start(self._start)

    def _was_cut(self, last: Generation) -> None:
        """The file was truncated: its rest stands in a copy, if one was made."""
        files = files_of(self.path)
        if not files:
            return
        place = last.place(last.offset)
        others = [one for one in files if one.identity != last.identity and not self._is_followed(one)]
        copy = holder_of(place, others)
        newer = self._since(last, copy, place, files)
        if copy is not None:
            last.go_on_in(copy)
        else:
            last.cut_without_copy()
        self._succeed(newer)

    def _was_touched(self, last: Generation) -> None:
        """A file that was empty changed: what it held before it was cut once more may stand in copies."""
        files = files_of(self.path)
        if files:
            self._succeed(self._since(last, None, last.place(0), files))

    def _since(
        self, last: Generation, copy: Beside | None, place: Place, files: list[Beside]
    ) -> list[Beside]:
        """What came after *copy*; without one the file itself, as it is now, and what time tells."""
        newer = self._newer(copy, place, files)
        if copy is not None:
            return newer
        own = [one for one in files if one.plain is not None and one.identity == last.identity]
        at_least = [*own, *(files[-1:] if self._stands_last(files) else ())]
        return [one for one in files if one in newer or one in at_least]

    def _follow(self, last: Generation, there: stat_result | None) -> None:
        """See whether another file has the log's name, or none has: the old one may still be written to.

        One without anything in it may be the beginning of a rotation, which only other files would tell.
        """
        if there is not None and identity(there) == last.identity:
            return
        if (there is not None and there.st_size) or self._is_news():
            self._was_replaced(last, there)

    def _is_news(self) -> bool:
        """Whether other files of the log are there than at the look before."""
        before, self._files = self._files, listing(self.path)
        return self._files != before

    def _was_replaced(self, last: Generation, there: stat_result | None) -> None:
        """The old file is read to its end, then whatever lies between it and the one that is there now."""
        files = files_of(self.path)
        if files is None or self._stands_last(files) != (there is not None):
            self._files = None
            return  # it was renamed once more meanwhile: the next look will see it all
        current = files.pop() if there is not None else None
        place = last.place(last.offset)
        if current is not None and last.is_deleted and place.mark.telling and current.holds(place.mark):
            last.go_on_in(current)  # the same log, written anew with more at its end
            return
        own = next((one for one in files if one.plain is not None and one.identity == last.identity), None)
        newer = self._newer(own or holder_of(place, files), place, files)
        if current is not None and there is not None and there.st_size:
            newer.append(current)
        if newer:
            self._succeed(newer)

    def _go_on(self) -> None:
        """After a restart: find the files that were read, and what came after them."""
        files = files_of(self.path)
        if files is None:
            return
        places, self._places = self._places, ()
        newest = -1
        for place in places:
            found = holder_of(place, files)
            if found is None or not place.mark.length:  # an inode alone may be another file's by now
                self._said += _gone(place, is_last=place is places[-1])
                continue
            life = Generation.beside(place.generation, found, place.offset)
            life.name = place.name
            self._lives.append(life)
            self._next(life, 0)
            newest = max(newest, files.index(found))
        newer = self._newer(files[newest] if newest >= 0 else None, places[-1], files)
        if newest < 0 and self._stands_last(files) and files[-1] not in newer:
            newer.append(files[-1])
        self._succeed(newer)

    def _stands_last(self, files: Sequence[Beside]) -> bool:
        """Whether the last of *files* is what the log's name leads to."""
        plain = files[-1].plain if files else None
        return plain is not None and plain.path == self.path

    def _succeed(self, newer: Sequence[Beside]) -> None:
        """Go on with *newer* files, oldest first; what was followed up to now may still get late lines."""
        last = self._lives[-1] if self._lives else None
        for one in newer:
            again = one is newer[-1] or (last is not None and one.identity == last.identity)
            if again or not self._is_followed(one):
                self._lives.append(self._known(one) or self._new(one))
        for life in self._lives[:-1]:
            life.superseded = life.superseded or self._clock()
        if self._lives:
            self._lives[-1].superseded = None

    def _newer(self, own: Beside | None, place: Place, files: Sequence[Beside]) -> list[Beside]:
        """What came after *own*; where only times tell that, no file that holds what was read already."""
        newer = newer_than(own, place, files)
        return newer if own is not None else [one for one in newer if not self._was_read(one)]

    def _was_read(self, one: Beside) -> bool:
        marks = [life.known for life in self._lives] + [place.mark for place in self._ended]
        return any(mark.telling and one.holds(mark) for mark in marks)

    def _is_followed(self, one: Beside) -> bool:
        """Whether *one* is read already, as one of the generations."""
        return one.plain is not None and any(
            life.identity == one.identity and not life.gone for life in self._lives
        )

    def _known(self, one: Beside) -> Generation | None:
        """The generation that *one* is, if it was followed before: renamed back, or the link leads back."""
        for life in self._lives:
            if life.identity == one.identity and not life.gone and one.plain is not None:
                self._lives.remove(life)
                return life
        for place in self._ended:
            if place.identity == one.identity and place.mark.length and one.holds(place.mark):
                self.number += 1
                return Generation.beside(self.number, one, place.mark.length)
        return None

    def _new(self, one: Beside) -> Generation:
        self.number += 1
        life = Generation.beside(self.number, one)
        if one.plain is not None and len(self._lives) < _MOST_OPEN:
            self._next(life, 0)
        return life

    def _see_why(self) -> None:
        """Keep why the file that is there cannot be opened."""
        try:
            with open(self.path, "rb"):  # noqa: PTH123
                self.fault = _NO_FILE
        except FileNotFoundError:
            pass
        except OSError as error:
            self.fault = opening_failed(error)


def _end_of(files: Sequence[Beside]) -> Place:
    """The newest of the rotated *files* of a log that is not there: what comes after it is new."""
    if not files:
        return Place(0, "", 0, (0, 0), Mark.of(0, b"", b""), 0.0)
    newest = files[-1]
    mark = newest.first_bytes()
    return Place(0, newest.name, mark.length, newest.identity, mark, newest.modified)


def _gone(place: Place, *, is_last: bool) -> list[Piece]:
    """The end of a generation that was not found after a restart; nothing if nothing was read of it."""
    if not place.mark.length:
        return []
    lost = None
    if is_last or place.offset < place.mark.length:
        lost = phrase(
            "what was written to it after byte {n} is lost, if anything was: it is gone, and so is any copy",
            n=place.offset,
        )
    return [Piece(place.generation, place.name, place.offset, ends=True, lost=lost)]
