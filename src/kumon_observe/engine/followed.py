"""One followed log: its generations, each with its scan, and what is known of all of them together."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, Protocol

from attrs import evolve

from kumon_observe.engine.part import FollowedFile, Part, no_bytes
from kumon_observe.engine.settling import Item, Queue
from kumon_observe.engine.sources import ReadFile
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.parsing.options import ScanOptions
from kumon_observe.parsing.scan import Scanner
from kumon_observe.parsing.tally import Tally
from kumon_observe.reading import LogFile
from kumon_observe.reading.following import Piece, Place
from kumon_observe.reading.following.generation import Generation
from kumon_observe.reading.following.lives import REMEMBERED

LOSS_STANDS: Final = timedelta(hours=1)
"""How long lost bytes keep an answer from being ``ok``; after that they are told among the notes."""

_MOST_NOTES: Final = 20
_NUMBERS: Final = ("offset", "base", "made", "given")
_UNREAD: Final[dict[str, Any]] = {"source": None, "mark": None, "made": 0, "given": 0}


class Bytes(Protocol):
    """Where the bytes of a log come from: a follower, or standard input."""

    name: str
    behind: bool
    final: bool
    """Whether nothing is waited for any more: what is missing now is missing."""

    @property
    def number(self) -> int:
        """That of the newest generation."""

    @property
    def anchor(self) -> Place | None:
        """Where the rotated files ended when the log was not there yet."""

    @property
    def generations(self) -> Sequence[Generation]:
        """Those that are not over."""

    @property
    def missing(self) -> Sentence | None:
        """Why there is nothing to be had now, if so."""

    def changed(self) -> bool:
        """Whether there may be something to read."""

    def read(self, most: int) -> list[Piece]:
        """What was written since."""

    def place(self, generation: int, offset: int) -> Place | None:
        """Where to go on from, after a restart."""

    def again(self, generation: int, offset: int, length: int) -> bytes:
        """Bytes of a generation once more."""

    def close(self) -> None:
        """Let all files go."""


class Saved(NamedTuple):
    """What was saved of a log: its *parts* by generation, and the places of those that were over."""

    number: int
    process: str
    parts: dict[int, dict[str, Any]] = {}  # noqa: RUF012 - never changed
    places: Sequence[Place] = ()
    ended: Sequence[tuple[int, Place]] = ()
    anchor: Place | None = None

    @classmethod
    def of(cls, saved: Any) -> Saved:
        """What was *saved*.

        Raises:
            LookupError, TypeError, ValueError: it is no such thing.
        """
        places = [Place.restored(part["place"]) for part in saved["parts"]]
        parts = dict(zip((place.generation for place in places), saved["parts"], strict=True))
        for part in saved["parts"]:
            _ = part["mark"], part["source"], [int(part[name]) for name in _NUMBERS]
        ended = [(int(source), Place.restored(place)) for source, place in saved["ended"]]
        anchor = None if saved["anchor"] is None else Place.restored(saved["anchor"])
        return cls(int(saved["number"]), str(int(saved["process"])), parts, places, ended, anchor)


class FollowedLog:
    """The log whose bytes *comes* gives; *process* tells it from the others, *files* is the run's list.

    ``came`` is when bytes came last.
    """

    def __init__(
        self,
        comes: Bytes,
        options: ScanOptions,
        files: list[ReadFile],
        process: str,
        *,
        errors: bool = False,
    ) -> None:
        self.comes = comes
        self.queue = Queue()
        self.came: datetime | None = None
        self._waiting: dict[int, dict[str, Any]] = {}
        self._options = options
        self._files = files
        self.process = process
        self._errors = errors
        self._parts: dict[int, Part] = {}
        self._ended: OrderedDict[int, int] = OrderedDict()
        self._over = Scanner(options)
        self._past = Tally()
        self._past_bytes = 0
        self._prefixed = False
        self._lost: list[tuple[datetime, Sentence]] = []
        self._notes: list[Sentence] = []

    @property
    def name(self) -> str:
        """As shown."""
        return self.comes.name

    @property
    def waits(self) -> bool:
        """Whether something is held back for a while."""
        return bool(self.queue.held) or any(part.waits for part in self._parts.values() if not part.over)

    def read(self, most: int, now: datetime) -> int:
        """Read at most *most* bytes, and hold what they complete; how many there were."""
        pieces = self.comes.read(most)
        self._take_up(now)
        for piece in pieces:
            self._take(piece, now)
        return sum(len(piece.data) for piece in pieces)

    def still(self, now: datetime) -> None:
        """Hold what is taken to be complete since nothing more came."""
        for part in self._parts.values():
            if not part.over:
                self._hold(part, part.still(now), now)

    def given(self, generation: int) -> None:
        """A row of a *generation* was handed out."""
        part = self._parts.get(generation)
        if part is not None:
            part.given += 1
            if part.over:
                self._forget()

    def finish(self, now: datetime) -> None:
        """Hold the unfinished tail."""
        self.comes.final = True
        for part in self._parts.values():
            if not part.over:
                self._hold(part, part.finish(complete_tail=False), now)

    # what is known of it

    def tally(self) -> Tally:
        """What was counted in all generations."""
        whole = Tally()
        for tally in (self._past, *(part.scanner.tally for part in self._parts.values())):
            _add(whole, tally)
        return whole

    def bytes_read(self) -> int:
        """Of all generations."""
        return self._past_bytes + sum(part.scanner.bytes_read - part.base for part in self._parts.values())

    def loss(self, now: datetime) -> Sentence | None:
        """Why an answer cannot be ``ok`` now, as far as this log is concerned."""
        if self.comes.missing is not None:
            return self.comes.missing
        for at, sentence in self._lost:
            if timedelta() <= now - at < LOSS_STANDS:
                return sentence
        for part in self._parts.values():
            if part.scanner.unreadable is not None:
                return part.scanner.unreadable
            for failed in part.scanner.failed_layouts:
                return failed
        whole = self.tally()
        if whole.lines and not whole.recognised and not any(part.waits for part in self._parts.values()):
            return phrase("no line of it is a log record of a known layout")
        return None

    def notes(self) -> tuple[Sentence, ...]:
        """What was lost, or is worth knowing."""
        told = [*(sentence for _, sentence in self._lost), *self._notes]
        return tuple(sentence for number, sentence in enumerate(told) if sentence not in told[:number])

    def named_notes(self) -> list[Sentence]:
        """The notes, each with the log's name."""
        return [phrase("{source}: {what}", source=self.name, what=note) for note in self.notes()]

    # over a restart

    def saved(self, now: datetime) -> dict[str, Any]:
        """Where each generation can be gone on from that was not handed out whole."""
        parts = list(self._waiting.values())
        followed = {life.number: life for life in self.comes.generations}
        over = [generation for generation in sorted(self._parts) if generation not in followed]
        for generation in (*over, *followed):
            if generation in self._waiting:
                continue
            part = self._parts.get(generation)
            if part is None:
                life = followed[generation]
                saved = {**_UNREAD, "base": life.base, "offset": life.base}
            elif part.settled:
                continue
            else:
                saved = part.saved(now)
            place = self.comes.place(generation, saved["offset"])
            if place is not None:
                parts.append({"place": place.saved(), **saved})
        anchor = self.comes.anchor
        ended = [self.comes.place(generation, 0) for generation in self._ended]
        return {
            "number": self.comes.number,
            "process": self.process,
            "anchor": None if anchor is None else anchor.saved(),
            "parts": parts,
            "ended": [
                [self._ended[place.generation], evolve(place, offset=place.mark.length).saved()]
                for place in ended
                if place is not None
            ],
        }

    def restore(self, saved: Saved) -> None:
        """Know again what was *saved*; the scans go on as soon as their files are found."""
        self._waiting = dict(saved.parts)
        for source, place in saved.ended:
            self._ended[place.generation] = source
            self._show(source, FollowedFile(place.name, self._again(place.generation)))

    # what comes

    def _take_up(self, now: datetime) -> None:
        """Begin the scans of generations that an earlier run began, as soon as their files are found."""
        for life in self.comes.generations:
            if life.number in self._waiting:
                self._begun(life.number, life.name, now)

    def _take(self, piece: Piece, now: datetime) -> None:
        if piece.lost is not None:
            self._lost = [*self._lost, (now, piece.lost)][-_MOST_NOTES:]
        if piece.note is not None:
            self._notes = [*self._notes, piece.note][-_MOST_NOTES:]
        part = self._parts.get(piece.generation)
        if part is None:
            part = self._begun(piece.generation, piece.name, now)
            if part.is_new and piece.offset:
                part.start(piece.offset, piece.data)
        if piece.data:
            self.came = now
            self._hold(part, part.feed(piece.data, now), now)
        if piece.ends:
            self._hold(part, part.finish(cut=piece.cut), now)
            self._forget()

    def _hold(self, part: Part, items: list[Item], now: datetime) -> None:
        self.queue.add(items, part.generation, now)
        self._prefixed = self._prefixed or part.scanner.prefixed

    def _begun(self, generation: int, name: str, now: datetime) -> Part:
        """The scan of a *generation*, which goes on if an earlier run began it."""
        saved = self._waiting.pop(generation, None)
        source = len(self._files) if saved is None or saved["source"] is None else saved["source"]
        file = FollowedFile(name, self._again(generation))
        part = Part(generation, source, self.process, file, self._options, self._errors)
        part.scanner.may_be_plain = not self._prefixed
        if saved is not None:
            part.go_on(saved, saved["offset"], now)
        self._files[source : source + 1] = [part.read]
        self._parts[generation] = part
        return part

    def _again(self, generation: int) -> Callable[[int, int], bytes]:
        return lambda offset, length: self.comes.again(generation, offset, length)

    def _forget(self) -> None:
        """Keep little of what is over: its counts, and for the last ones where evidence stands."""
        for generation, part in list(self._parts.items()):
            if not part.settled:
                continue
            _add(self._past, part.scanner.tally)
            self._past_bytes += part.scanner.bytes_read - part.base
            del self._parts[generation]
            self._ended[generation] = part.read.source
            self._show(part.read.source, part.read.file)
            while len(self._ended) > REMEMBERED:
                _, source = self._ended.popitem(last=False)
                self._show(source, FollowedFile(self.name, no_bytes))

    def _show(self, source: int, file: LogFile) -> None:
        """Evidence of *source* is in *file*, of which no scan is needed any more."""
        self._files[source] = ReadFile(file, 0, source, self._over)


def _add(whole: Tally, tally: Tally) -> None:
    whole.add(tally, 0)
    whole.lines += tally.lines
    whole.extra_fields += tally.extra_fields
    whole.duplicates += tally.duplicates
