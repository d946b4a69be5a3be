"""One run over one log with a cursor: what is known of it is fetched before it is read, and kept after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from attrs import define, field

from kumon_observe.engine.cursor import Cursor
from kumon_observe.engine.judge import JudgedCheck
from kumon_observe.engine.seen import Seen
from kumon_observe.model.errors import StateError
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.parsing.bookmark import Bookmark
from kumon_observe.parsing.options import ScanOptions
from kumon_observe.parsing.scan import Scanner
from kumon_observe.reading import LogFile
from kumon_observe.reading.files import read_at
from kumon_observe.reading.fingerprint import Fingerprint, reopened
from kumon_observe.state.cursors import Cursors
from kumon_observe.state.packing import packed, unpacked

FORM: Final = 1
"""The form of what is saved; to be raised with any change in what it holds or means."""

_MICROSECONDS: Final = 1_000_000
_FAULTS: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@define(eq=False)
class Keeping:
    """One run over one plain file with a *cursor*: what *checks* and *scanner* know is fetched and kept.

    *options* are those of the scan, *key* stands for all that a saved state depends on besides the file.
    """

    cursor: Cursor
    key: str
    file: LogFile
    scanner: Scanner
    options: ScanOptions
    checks: Sequence[JudgedCheck]
    seen: Seen
    _known: Fingerprint | None = None
    _store: Cursors = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._store = Cursors(Path(self.cursor.directory), self.cursor.clock)

    def start(self) -> None:
        """Before anything is read: go on from the saved state if it fits the file; else it is thrown away."""
        value, note = self._store.load(self.key)
        self.cursor.note(note)
        if value is None:
            return
        why = self._with_file(lambda descriptor: self._go_on(value, descriptor))
        if why is not None:
            self._known = None
            self.cursor.note(phrase("{source}: {why}; all of it was read", source=self.file.name, why=why))
            self.cursor.note(self._store.drop(self.key))

    def keep(self) -> None:
        """Before the unfinished last line is judged: save the state, if it is worth it."""
        if self.scanner.offset - self.cursor.begun_at < self.cursor.least:
            return
        if self.file.error is not None or self.file.truncated:
            return
        states = {judged.check.name: judged.saved() for judged in self.checks}
        if None not in states.values():
            self.cursor.note(self._with_file(lambda descriptor: self._save(states, descriptor)))

    def _go_on(self, value: bytes, descriptor: int) -> Sentence | None:
        """Let scanner and checks go on; why they cannot, if so: then nothing was done to them."""
        try:
            saved = unpacked(value, FORM)
            known = Fingerprint.restored(saved["file"])
            misfit = known.misfit(descriptor)
            if misfit is not None:
                return misfit
            resumed = [judged.resumed(saved["checks"][judged.check.name]) for judged in self.checks]
            seen = Seen()
            seen.restore(saved["seen"])
            bookmark = Bookmark.restored(saved["scan"])
            if bookmark.offset != known.offset:
                return phrase("what was saved of it is damaged")
            bookmark.go_on(self.scanner, self.options, _reader(descriptor), self._reference)
        except StateError:
            return phrase("what was saved of it does not fit any more")
        except _FAULTS:
            return phrase("what was saved of it is damaged")
        for judged, check in zip(self.checks, resumed, strict=True):
            judged.check = check
        self.seen.kinds, self.seen.first, self.seen.last = seen.kinds, seen.first, seen.last
        self._known, self.cursor.begun_at = known, known.offset
        return None

    def _save(self, states: Any, descriptor: int) -> Sentence | None:
        bookmark = Bookmark.of(self.scanner, self.options, _reader(descriptor), self._reference)
        if bookmark is None:
            return None
        value = {
            "form": FORM,
            "file": Fingerprint.of(descriptor, bookmark.offset, self._known).saved(),
            "scan": bookmark.saved(),
            "seen": self.seen.saved(),
            "checks": states,
        }
        try:
            content = packed(value)
        except (RecursionError, TypeError, ValueError):
            return phrase("what a check saves is no JSON, so that all is read each time")
        note = self._store.save(self.key, content)
        return note and phrase("the state of {source} is not saved: {why}", source=self.file.name, why=note)

    @property
    def _reference(self) -> int:
        """The time up to which times without a year lie: that of the file's last change, in microseconds."""
        return int((self.file.modified or 0) * _MICROSECONDS)

    def _with_file(self, use: Callable[[int], Sentence | None]) -> Sentence | None:
        """What *use* says of the open file."""
        try:
            with reopened(self.file) as descriptor:
                return None if descriptor is None else use(descriptor)
        except OSError as error:
            return phrase("it cannot be read: {reason}", reason=error.strerror or str(error))


def _reader(descriptor: int) -> Callable[[int, int], bytes]:
    return lambda offset, length: read_at(descriptor, offset, length)
