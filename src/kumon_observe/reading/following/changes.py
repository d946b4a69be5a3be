"""What happened to a log since it was looked at last, and which files are to be read because of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from os import stat_result

from kumon_observe.model.phrase import phrase
from kumon_observe.reading.files import Identity, identity
from kumon_observe.reading.following.beside import Beside, files_of, listing
from kumon_observe.reading.following.front import front_of
from kumon_observe.reading.following.generation import Generation
from kumon_observe.reading.following.lives import Lives
from kumon_observe.reading.following.mark import Mark
from kumon_observe.reading.following.piece import Piece, Place
from kumon_observe.reading.following.succession import holder_of, newer_than


class Changes:
    """Keeps *lives* those of the log at ``path``.

    *places*, *anchor* and *start* are those of :class:`~kumon_observe.reading.following.follower.Follower`.
    ``said`` are pieces that tell of ends.
    """

    def __init__(
        self,
        lives: Lives,
        path: str,
        places: Sequence[Place],
        anchor: Place | None,
        start: Callable[[int], int] | None,
    ) -> None:
        self.path = path
        self.anchor = anchor
        self.said: list[Piece] = []
        self._lives = lives
        self._places = tuple(places)
        self._start = start
        self._files: dict[str, Identity] | None = None

    def look(self, there: stat_result | None) -> None:
        """See what stands at the log's name now: *there*, or nothing."""
        last = self._lives.all[-1] if self._lives.all else None
        if self._places:
            self._go_on()
        elif last is None:
            self._begin(there)
        elif last.was_cut():
            self._was_cut(last)
        elif last.was_touched():
            self._was_touched(last)
        else:
            self._follow(last, there)

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
            return
        if self.anchor is not None:
            self._lives.succeed(newer_than(holder_of(self.anchor, files), self.anchor, files))
        elif there is not None:
            self._lives.succeed(files[-1:])
            if self._lives.all and self._start is not None:
                self._lives.all[-1].start(self._start)

    def _was_cut(self, last: Generation) -> None:
        """The file was truncated: its rest stands in a copy, if one was made."""
        files = files_of(self.path)
        if not files:
            return
        place = last.place(last.offset)
        others = [one for one in files if one.identity != last.identity and not self._lives.is_followed(one)]
        copy = holder_of(place, others)
        front = None if copy is not None else front_of(place, files)
        if front is not None:
            last.gone = last.cut = True
            self._lives.succeed(files[files.index(front.log) :], front.offset)
            return
        newer = self._since(last, copy, place, files)
        if copy is not None:
            last.go_on_in(copy)
        else:
            last.cut_without_copy()
        self._lives.succeed(newer)

    def _was_touched(self, last: Generation) -> None:
        """A file that was empty changed: what it held before it was cut once more may stand in copies."""
        files = files_of(self.path)
        if files:
            self._lives.succeed(self._since(last, None, last.place(0), files))

    def _since(
        self, last: Generation, copy: Beside | None, place: Place, files: list[Beside]
    ) -> list[Beside]:
        """What came after *copy*; without one the file itself, as it is now, and what time tells."""
        newer = self._lives.newer(copy, place, files)
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
        newer = self._lives.newer(own or holder_of(place, files), place, files)
        if current is not None and there is not None and there.st_size:
            newer.append(current)
        if newer:
            self._lives.succeed(newer)

    def _go_on(self) -> None:
        """After a restart: find the files that were read, and what came after them."""
        files = files_of(self.path)
        if files is None:
            return
        places, self._places = self._places, ()
        newest = -1
        for place in places:
            found = holder_of(place, files)
            front = None if found is not None else front_of(place, files)
            if front is not None:
                self._lives.all.append(Generation.beside(place.generation, front.whole, place.offset))
                self._lives.all[-1].cut = True
                self._lives.succeed(files[files.index(front.log) :], front.offset)
                return
            if found is None or not place.mark.length:  # an inode alone may be another file's by now
                self.said += _gone(place, is_last=place is places[-1])
                continue
            life = Generation.beside(place.generation, found, place.offset)
            life.name = place.name
            self._lives.all.append(life)
            with suppress(OSError):  # it is tried again when it is read
                life.read(0)
            newest = max(newest, files.index(found))
        newer = self._lives.newer(files[newest] if newest >= 0 else None, places[-1], files)
        if newest < 0 and self._stands_last(files) and files[-1] not in newer:
            newer.append(files[-1])
        self._lives.succeed(newer)

    def _stands_last(self, files: Sequence[Beside]) -> bool:
        """Whether the last of *files* is what the log's name leads to."""
        plain = files[-1].plain if files else None
        return plain is not None and plain.path == self.path


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
