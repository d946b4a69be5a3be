"""Standard input as it comes: ``docker logs -f app | kumon-observe watch -``."""

from __future__ import annotations

import os
import select
import sys
from typing import BinaryIO

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.reading.expansion import STANDARD_INPUT
from kumon_observe.reading.findings import BLOCK, reading_failed
from kumon_observe.reading.following.generation import Generation
from kumon_observe.reading.following.piece import Piece, Place


class Streamed:
    """What is piped in, as one generation, ``over`` at its end; *stream* stays open, nothing waits for it."""

    def __init__(self, stream: BinaryIO | None = None) -> None:
        self.name = STANDARD_INPUT
        self.number = 1
        self.anchor: Place | None = None
        self.generations: tuple[Generation, ...] = ()
        self.behind = self.final = False
        self.over = False
        self.fault: Sentence | None = None
        self.offset = 0
        source = stream or getattr(sys.stdin, "buffer", None)
        self.descriptor: int | None = None if source is None else source.fileno()

    @property
    def missing(self) -> Sentence | None:
        """That nothing is piped in."""
        if self.descriptor is None:
            return phrase("it is closed: pipe a log into it or name a file")
        return self.fault

    def changed(self) -> bool:
        """Whether there is something to read, or its end."""
        return not self.over and self.descriptor is not None and _ready(self.descriptor)

    def read(self, most: int) -> list[Piece]:
        """What was written since, at most *most* bytes of it; ``behind`` tells whether there is more."""
        pieces = []
        while most > 0 and self.changed():
            data = self._next(min(most, BLOCK))
            pieces.append(Piece(1, self.name, self.offset, data, ends=not data))
            self.offset += len(data)
            most -= len(data)
        self.behind = most <= 0 and self.changed()
        return pieces

    def place(self, generation: int, offset: int) -> Place | None:
        """Nowhere: it comes once."""
        del generation, offset
        return None

    def again(self, generation: int, offset: int, length: int) -> bytes:
        """Nothing: it comes once."""
        del generation, offset, length
        return b""

    def close(self) -> None:
        """Leave it as it is."""

    def _next(self, most: int) -> bytes:
        data = b""
        try:
            data = os.read(self.descriptor, most) if self.descriptor is not None else b""
        except OSError as error:
            self.fault = reading_failed(self.offset, error)
        self.over = not data
        return data


def _ready(descriptor: int) -> bool:
    poller = select.poll()
    poller.register(descriptor, select.POLLIN)
    return bool(poller.poll(0))
