"""From a verified part to a log that was cut: the way of a run, and of the next one after it was killed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from attrs import define

from kumon_observe.archiving import cutting, ledger, writers
from kumon_observe.archiving.copying import blocks
from kumon_observe.archiving.ledger import Doing, Kept, Ledger
from kumon_observe.archiving.packing import in_step, unpacked
from kumon_observe.archiving.refused import Refused
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.reading.findings import Findings

Step = Callable[[str], None]
"""Is told each step that is on the disk; a test ends the process there."""

IN_USE: Final = phrase(
    "somebody has it open, and its filesystem cannot cut a log in use: "
    "archive it while nobody has, or keep it on ext4 or XFS"
)


@define(eq=False)
class Finish:
    """What is left to do for the archive of the open *log* in *folder*, once its part is whole."""

    log: Path
    descriptor: int
    folder: Path
    known: Ledger
    step: Step

    def run(self, doing: Doing, made: Kept) -> Ledger:
        """Name the archive, cut the log; what is known after that.

        Raises:
            Refused: the log cannot be cut, and was left or made as it was; the archive is gone again.
            OSError: the disk failed; the next run goes on from here.
        """
        part, archive = self.folder / doing.part, self.folder / doing.name
        if part.exists():
            part.rename(archive)
        ledger.on_disk(self.folder)
        self.step("named")
        alone = writers.only_opener(self.descriptor)
        try:
            self._cut(doing, made, alone=alone)
            self.known = self.known.done()
            ledger.save(self.folder, self.log, self.known)
            self.step("kept")
            if alone:
                self._tidy(doing, made)
        finally:
            if alone:
                writers.open_to_others(self.descriptor)
        return self.known

    def again(self, doing: Doing) -> Sentence:
        """Finish or undo what a run before began; what was done, as a sentence.

        Raises:
            Refused: it cannot be told what is right.
            OSError: the disk failed.
        """
        made = doing.made
        part, archive = self.folder / doing.part, self.folder / doing.name
        if made is None or not (part.exists() or archive.exists()):
            part.unlink(missing_ok=True)
            self._forget()
            return phrase("a run before broke off and was undone: nothing had been cut")
        whole = part if part.exists() else archive
        if not is_whole(whole, made):
            raise Refused(
                phrase(
                    "{archive}, which a run made that broke off, is damaged: move it away once you know "
                    "whether its lines are still in the log",
                    archive=whole,
                )
            )
        if not cutting.is_marked(self.descriptor, doing.cut, doing.token) and not self._begins_with(
            whole, doing, made
        ):
            if part.exists():
                part.rename(archive)
            self.known = self.known.done()
            ledger.save(self.folder, self.log, self.known)
        else:
            self.run(doing, made)
        return phrase("a run before broke off and was finished: {archive}", archive=doing.name)

    def _cut(self, doing: Doing, made: Kept, *, alone: bool) -> None:
        move = alone and cutting.may_move(self.descriptor, doing.cut)
        block = os.fstatvfs(self.descriptor).f_bsize
        if not move and not (doing.cut % block == 0 and cutting.can_collapse(self.descriptor)):
            self._undo(doing, made)
            raise Refused(IN_USE)
        try:
            cutting.mark(self.descriptor, doing.cut, made.bytes, doing.token)
            self.step("marked")
            if move:
                cutting.move_to_front(self.descriptor, doing.cut)
                self.step("moved")
                cutting.drop_moved(self.descriptor, doing.cut)
            else:
                cutting.collapse(self.descriptor, doing.cut)
        except OSError as error:
            self._undo(doing, made)
            raise Refused(
                phrase("it cannot be cut, and is as it was: {reason}", reason=error.strerror or str(error))
            ) from error
        self.step("cut")

    def _undo(self, doing: Doing, made: Kept) -> None:
        """Put back what was overwritten, and forget the archive."""
        archive = self.folder / doing.name
        if cutting.is_marked(self.descriptor, doing.cut, doing.token):
            cutting.restore(self.descriptor, content(archive, made))
        archive.unlink()
        ledger.on_disk(self.folder)
        self._forget()

    def _forget(self) -> None:
        self.known = self.known.begun(None)
        ledger.save(self.folder, self.log, self.known)

    def _tidy(self, doing: Doing, made: Kept) -> None:
        """Nobody else has the log open, so that it can be empty if only the mark is left."""
        left = made.bytes - doing.cut
        if os.fstat(self.descriptor).st_size == left and cutting.is_marked(self.descriptor, 0, doing.token):
            os.ftruncate(self.descriptor, 0)

    def _begins_with(self, archive: Path, doing: Doing, made: Kept) -> bool:
        """Whether what is to be cut still stands at the front of the log."""
        if os.fstat(self.descriptor).st_size < made.bytes:
            return False
        return in_step(blocks(self.descriptor, 0, doing.cut), _first(content(archive, made), doing.cut))


def content(archive: Path, made: Kept, findings: Findings | None = None) -> Iterator[bytes]:
    """The bytes of the log that *archive* holds.

    Raises:
        OSError: it cannot be read.
    """
    with archive.open("rb") as file:
        yield from unpacked(file, made.compression, findings or Findings())


def is_whole(archive: Path, made: Kept) -> bool:
    """Whether the file holds the bytes that it was made of.

    Raises:
        OSError: it cannot be read.
    """
    import hashlib

    digest, findings = hashlib.sha256(), Findings()
    for block in content(archive, made, findings):
        digest.update(block)
    return digest.hexdigest() == made.digest and findings.error is None


def _first(pieces: Iterator[bytes], length: int) -> Iterator[bytes]:
    for piece in pieces:
        yield piece[:length]
        length -= len(piece)
        if length <= 0:
            return
