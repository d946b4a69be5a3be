"""A log's life on disk: what writers and rotations do to it, and all bytes that were ever written."""

from __future__ import annotations

import gzip
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from attrs import define, field

from kumon_observe.reading.following import Follower, Piece

START = datetime(2025, 1, 16, tzinfo=UTC)


@define
class Ticking:
    """A clock that goes on only when it is told to."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@define
class Life:
    """The log at ``path``; ``written`` holds what each file's life was, oldest first."""

    path: Path
    written: list[bytes] = field(factory=lambda: [b""])
    moment: int = 1_736_900_000

    def append(self, data: bytes) -> None:
        with self.path.open("ab") as file:
            file.write(data)
        self.written[-1] += data
        self._touched()

    def rename(self, *, create: bool = True) -> None:
        """As logrotate with ``create``, or without."""
        self._shift()
        if self.path.exists():
            self.path.rename(self.sibling(1))
        self.written.append(b"")
        if create:
            self.path.touch()
            self._touched()

    def copytruncate(self) -> None:
        self._shift()
        if self.path.exists():
            shutil.copy2(self.path, self.sibling(1))
            os.truncate(self.path, 0)
            self._touched()
        self.written.append(b"")

    def truncate(self) -> None:
        """As ``> app.log``."""
        if self.path.exists():
            os.truncate(self.path, 0)
            self._touched()
        self.written.append(b"")

    def delete(self) -> None:
        self.path.unlink(missing_ok=True)
        self.written.append(b"")

    def compress(self, number: int = 1) -> None:
        plain = self.sibling(number)
        if plain.exists():
            packed = plain.with_name(f"{plain.name}.gz")
            packed.write_bytes(gzip.compress(plain.read_bytes()))
            shutil.copystat(plain, packed)
            plain.unlink()

    def sibling(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")

    def _touched(self) -> None:
        """A second passes between two writes, or the file system's clock would be too coarse."""
        self.moment += 1
        os.utime(self.path, (self.moment, self.moment))

    def _shift(self) -> None:
        for number in range(30, 0, -1):
            for end in ("", ".gz"):
                one = self.path.with_name(f"{self.path.name}.{number}{end}")
                if one.exists():
                    one.rename(self.path.with_name(f"{self.path.name}.{number + 1}{end}"))


@define
class Reader:
    """Collects what a follower gives: the bytes of each generation, and what was said."""

    follower: Follower
    got: dict[int, bytes] = field(factory=dict)
    ended: list[int] = field(factory=list)
    lost: list[str] = field(factory=list)
    notes: list[str] = field(factory=list)
    pieces: list[Piece] = field(factory=list)

    def poll(self, most: int = 1 << 20) -> list[Piece]:
        pieces = self.follower.read(most)
        self.take(pieces)
        return pieces

    def take(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            self.pieces.append(piece)
            self.got[piece.generation] = self.got.get(piece.generation, b"") + piece.data
            if piece.ends:
                self.ended.append(piece.generation)
            if piece.lost is not None:
                self.lost.append(str(piece.lost))
            if piece.note is not None:
                self.notes.append(str(piece.note))

    def all(self) -> bytes:
        return b"".join(piece.data for piece in self.pieces)
