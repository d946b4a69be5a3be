"""What goes wrong while bytes are read, as sentences; and the protocol of what can be read."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Protocol, TypeAlias

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase

Blocks: TypeAlias = Generator[bytes, None, None]
"""Bytes in pieces; closing it closes what they come from."""

BLOCK = 1 << 18
"""Bytes that are read at once: 256 KiB is no slower than 1 or 4 MiB, and many files are open at a time."""


class Findings:
    """What became known about one log file before or while it was read.

    ``error`` is one sentence, about "it", that says what was lost; ``truncated``: the file was cut off;
    ``notes`` are worth telling, and lose nothing.
    """

    def __init__(self, error: Sentence | None = None) -> None:
        self.error = error
        self.truncated = False
        self.notes: tuple[Sentence, ...] = ()

    def fail(self, sentence: Sentence) -> None:
        """Something was lost. The first loss is the error, later ones are notes."""
        if self.error is None:
            self.error = sentence
        elif self.error != sentence:
            self.note(sentence)

    def cut(self, sentence: Sentence) -> None:
        """The end is missing; an error that explains why already stands for it."""
        self.truncated = True
        if self.error is None:
            self.error = sentence

    def note(self, sentence: Sentence) -> None:
        """Something is worth telling; told once."""
        if sentence not in self.notes:
            self.notes = (*self.notes, sentence)


class Content(Protocol):
    """The bytes of one log, decompressed."""

    @property
    def repeatable(self) -> bool:
        """Whether the bytes can be read more than once (a pipe's cannot)."""

    def read(self, findings: Findings) -> Blocks:
        """The bytes from the start, in blocks. Never raises ``OSError``: *findings* are told."""


def opening_failed(error: OSError | ValueError) -> Sentence:
    """Why a file could not be opened, and what to do."""
    if isinstance(error, FileNotFoundError):
        return phrase("it does not exist: check the path")
    if isinstance(error, PermissionError):
        return phrase("it may not be read by this user: permission denied")
    return phrase("it cannot be opened: {reason}", reason=reason(error))


def reading_failed(read: int, error: OSError | ValueError) -> Sentence:
    """Why reading stopped after *read* bytes."""
    return phrase("it could be read only up to byte {n}: {reason}", n=read, reason=reason(error))


def cut_off(read: int) -> Sentence:
    """A compressed file or archive ends too early, after *read* bytes of its content."""
    return phrase("it is cut off: it was read only up to byte {n} of its content", n=read)


def reason(error: OSError | ValueError) -> str:
    """The system's own words, without numbers and paths."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def gathered(pieces: Iterable[bytes], least: int = BLOCK) -> Blocks:
    """The same bytes in blocks of *least* bytes or more, the last one excepted."""
    waiting: list[bytes] = []
    length = 0
    for piece in pieces:
        if not waiting and len(piece) >= least:
            yield piece
            continue
        waiting.append(piece)
        length += len(piece)
        if length >= least:
            yield b"".join(waiting)
            waiting, length = [], 0
    if length:
        yield b"".join(waiting)
