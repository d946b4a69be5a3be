"""Decompression in a process of its own, which takes longer than reading and judging what comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from attrs import frozen

from kumon_observe.engine.workers import Died, Send, Worker, can_fork
from kumon_observe.model.phrase import phrase
from kumon_observe.reading.compressed import Gzip
from kumon_observe.reading.files import RegularFile
from kumon_observe.reading.findings import Blocks, Content, Findings

LEAST: Final = 1 << 20
"""Compressed bytes from which on a process pays: what has less is decompressed in the time of some blocks."""


@frozen
class Elsewhere:
    """The *content* of a compressed file: another process decompresses it while this one judges.

    If that process dies the log counts as read in part, never as read.
    """

    content: Gzip

    @property
    def repeatable(self) -> bool:
        """As its file is."""
        return self.content.repeatable

    def read(self, findings: Findings) -> Blocks:
        """The decompressed bytes, as many of them as can be had; closing it ends the process."""
        try:
            worker = Worker.begin(_decompress, self.content)
        except OSError:
            yield from self.content.read(findings)
            return
        try:
            while isinstance(received := worker.receive(), bytes):
                yield received
            _tell(received, findings)
        except Died as died:
            findings.fail(phrase("the process that decompressed it died ({how}): run again", how=died.how))
        finally:
            worker.end()


def elsewhere(content: Content | None) -> Content | None:
    """*content* such that another process decompresses it, if it is a compressed file that is worth one."""
    if isinstance(content, Gzip) and isinstance(content.packed, RegularFile) and can_fork():
        try:
            return Elsewhere(content) if Path(content.packed.path).stat().st_size >= LEAST else content
        except OSError:
            return content  # whoever reads it is told
    return content


def _decompress(content: Gzip, send: Send) -> None:
    found = Findings()
    for block in content.read(found):
        send(block)
    send(found)


def _tell(found: Findings, findings: Findings) -> None:
    if found.error is not None:
        (findings.cut if found.truncated else findings.fail)(found.error)
    for note in found.notes:
        findings.note(note)
