"""A log that is archived, and what of it is where afterwards."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from attrs import frozen

from kumon_observe.archiving import cutting
from kumon_observe.archiving.archive import archive
from kumon_observe.archiving.ledger import load
from kumon_observe.config.archiving import ArchiveSettings
from kumon_observe.model.archived import Archived

NIGHT = datetime(2025, 1, 15, 2, tzinfo=UTC)
SRC = str(Path(__file__).resolve().parents[2] / "src")
IN_MEMORY = Path("/dev/shm")
STEPS = ("locked", "begun", "copied", "verified", "ready", "named", "marked", "moved", "cut", "kept")

_APPEND = """\
import os, sys
log = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
number = int(sys.argv[2])
sys.stdout.write("ready"); sys.stdout.flush()
while not os.path.exists(sys.argv[3]):
    for _ in range(200):
        os.write(log, b"%010d a line of the log that is written at full speed\\n" % number)
        number += 1
print(number)
"""


def lines(first: int, end: int) -> bytes:
    """The lines *first* to *end*, as the writer writes them."""
    return b"".join(
        b"%010d a line of the log that is written at full speed\n" % number for number in range(first, end)
    )


@frozen
class Log:
    """``app.log`` in *folder*."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "app.log"

    def archived(self, *, days: int = 0, **options: Any) -> Archived:
        """What comes of it at 02:00, some *days* later."""
        settings = ArchiveSettings(
            **{name: options.pop(name) for name in list(options) if name not in ("dry_run", "step")}
        )
        return archive(self.path, settings, clock=lambda: NIGHT + timedelta(days=days), **options)

    def archives(self) -> list[Path]:
        """The archives, oldest first."""
        return sorted(self.folder.glob("app-*.log.gz"))

    def whole(self) -> bytes:
        """What is in the archives and then in the log, without the blank lines that cuts leave."""
        parts = [gzip.decompress(path.read_bytes()) for path in self.archives()]
        return without_marks(b"".join([*parts, self.path.read_bytes()]))

    def left_behind(self) -> list[str]:
        """Files that are neither log, archive nor ledger."""
        known = {"app.log", ".app.log.archives.json", *(path.name for path in self.archives())}
        return sorted(path.name for path in self.folder.iterdir() if path.name not in known)

    def is_settled(self) -> bool:
        """Whether nothing is left to be finished."""
        known = load(self.folder, self.path.resolve())
        return known.doing is None and not self.left_behind()


def without_marks(content: bytes) -> bytes:
    return b"".join(line for line in content.splitlines(keepends=True) if line.strip())


@contextmanager
def place(parent: Path, *, collapses: bool) -> Iterator[Path]:
    """A new folder on a filesystem that takes blocks out of files, or on one that does not."""
    for each in [IN_MEMORY] if not collapses else [parent, Path.cwd(), Path("/var/tmp")]:
        folder = each / f"archiving-{uuid4().hex}"
        folder.mkdir()
        try:
            if filesystem_collapses(folder) is collapses:
                yield folder
                return
        finally:
            shutil.rmtree(folder)
    raise AssertionError("the tests need ext4 or XFS, and tmpfs at /dev/shm")


def filesystem_collapses(folder: Path) -> bool:
    path = folder / "asked"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        return cutting.can_collapse(descriptor)
    finally:
        os.close(descriptor)
        path.unlink()


@contextmanager
def writing(log: Path, first: int) -> Iterator[list[int]]:
    """A process that appends lines from number *first* on, as fast as it can; the list gets the end."""
    stop = log.with_name("stop")
    end: list[int] = []
    with subprocess.Popen(
        [sys.executable, "-c", _APPEND, str(log), str(first), str(stop)], stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.read(5) == b"ready"
        try:
            yield end
        finally:
            stop.touch()
            end.append(int(writer.stdout.read()))
    stop.unlink()


def killed_at(log: Log, step: str, **settings: Any) -> int:
    """Archive in a process that dies at *step* as by ``kill -9``; its exit code."""
    given = ", ".join(f"{name}={value!r}" for name, value in settings.items())
    program = f"""\
import os, signal
from datetime import datetime, UTC
from kumon_observe.archiving.archive import archive
from kumon_observe.config.archiving import ArchiveSettings

def die(step):
    if step == {step!r}:
        os.kill(os.getpid(), signal.SIGKILL)

clock = lambda: datetime(2025, 1, 15, 1, tzinfo=UTC)
archive({str(log.path)!r}, ArchiveSettings({given}), clock=clock, step=die)
"""
    return subprocess.run(
        [sys.executable, "-c", program], check=False, env={**os.environ, "PYTHONPATH": SRC}
    ).returncode
