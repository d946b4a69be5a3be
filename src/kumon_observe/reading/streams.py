"""Standard input, FIFOs and process substitution: bytes that come once."""

from __future__ import annotations

import os
import re
import select
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, ClassVar

from attrs import frozen

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.reading.compressed import gunzip
from kumon_observe.reading.findings import BLOCK, Blocks, Findings, gathered, opening_failed, reading_failed
from kumon_observe.reading.magic import GZIP, is_tar

_OWN_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/(\d{1,7})|/dev/stdin")


@frozen
class StandardInput:
    """What is piped in; *stream* is left open."""

    stream: BinaryIO
    repeatable: ClassVar[bool] = False

    def read(self, findings: Findings) -> Blocks:
        """The bytes to the end of the stream, decompressed if they are gzip."""
        return _decoded(self._raw(findings), findings)

    def _raw(self, findings: Findings) -> Blocks:
        read = 0
        try:
            while block := self.stream.read(BLOCK):
                read += len(block)
                yield block
        except (OSError, ValueError) as error:  # ValueError: the stream was closed
            findings.fail(reading_failed(read, error))


@frozen
class Fifo:
    """A named pipe, or a pipe of this process (``/dev/fd/63``); *wait* in seconds for the first writer."""

    path: str
    wait: float
    repeatable: ClassVar[bool] = False

    def read(self, findings: Findings) -> Blocks:
        """The bytes until no writer is left, decompressed if they are gzip."""
        return _decoded(self._raw(findings), findings)

    def _raw(self, findings: Findings) -> Blocks:
        own = _OWN_DESCRIPTOR.fullmatch(self.path)
        try:
            descriptor = os.dup(int(own[1] or 0)) if own else os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError as error:
            findings.fail(opening_failed(error))
            return
        read = 0
        waiting: float | None = self.wait * 1000
        try:
            poller = select.poll()
            poller.register(descriptor, select.POLLIN)
            while True:
                # A pipe of this process has or had its writer already; only a named one may wait in vain.
                ready = own or poller.poll(waiting)
                try:
                    block = os.read(descriptor, BLOCK)
                except BlockingIOError:  # there is a writer that has nothing to say yet
                    waiting = None
                    if own:
                        poller.poll()
                    continue
                if not block:
                    if not ready:
                        findings.fail(_nobody_writes(self.wait))
                    return
                waiting = None
                read += len(block)
                yield block
        except OSError as error:
            findings.fail(reading_failed(read, error))
        finally:
            os.close(descriptor)


def _nobody_writes(wait: float) -> Sentence:
    return phrase(
        "it is a pipe that nobody wrote to within {seconds} seconds: start its writer first",
        seconds=f"{wait:g}",
    )


def _decoded(raw: Blocks, findings: Findings) -> Blocks:
    blocks: Iterator[bytes] = gathered(raw)
    first = next(blocks, b"")
    blocks = chain((first,), blocks)
    if first.startswith(GZIP):
        blocks = gunzip(blocks, findings)
        first = next(blocks, b"")
        blocks = chain((first,), blocks)
    if is_tar(first):
        findings.fail(phrase("it is an archive: give the archive's own path instead of piping it"))
        return
    yield from filter(None, blocks)
