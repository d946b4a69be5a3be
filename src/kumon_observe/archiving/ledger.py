"""What is known of a log's archives between runs: those that were made, and what a run is doing.

It is one small JSON file beside them, ``.app.log.archives.json``, replaced whole and on the disk before the
run goes on. So a run that was killed left either the old state or the new one.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

from attrs import asdict, evolve, frozen

from kumon_observe.archiving.refused import Refused
from kumon_observe.model.phrase import phrase

FORM: Final = 1


@frozen(kw_only=True)
class Kept:
    """An archive: its file's ``name``, how many ``bytes`` of the log it holds and how many it has itself.

    ``digest`` is the SHA-256 of the log's bytes; ``at`` is when it was made, in seconds since the epoch.
    """

    name: str
    bytes: int
    packed: int
    digest: str
    compression: str
    at: float


@frozen(kw_only=True)
class Doing:
    """What a run has begun: the archive ``name`` is written as ``part``.

    ``made`` is set once the part is whole and verified, and with it where the log is to be cut: the first
    ``cut`` bytes go away, and from there to the end of what is archived the line with ``token`` stands.
    """

    name: str
    part: str
    compression: str
    made: Kept | None = None
    cut: int = 0
    token: int = 0


@frozen(kw_only=True)
class Ledger:
    """The archives of ``log`` (its path), oldest first, and what is being done."""

    log: str
    archives: tuple[Kept, ...] = ()
    doing: Doing | None = None

    @property
    def newest(self) -> str:
        """The newest archive's name, empty if there is none."""
        return self.archives[-1].name if self.archives else ""

    def begun(self, doing: Doing | None) -> Ledger:
        """The same, *doing* this."""
        return evolve(self, doing=doing)

    def done(self) -> Ledger:
        """The same with what was being done among the archives."""
        made = self.doing.made if self.doing is not None else None
        return Ledger(log=self.log, archives=self.archives if made is None else (*self.archives, made))


def path_of(folder: Path, log: Path) -> Path:
    """Where the ledger of *log* lies."""
    return folder / f".{log.name}.archives.json"


def load(folder: Path, log: Path) -> Ledger:
    """What is known.

    Raises:
        Refused: the file is damaged, of a newer release, or of another log of the same name.
        OSError: it cannot be read.
    """
    path = path_of(folder, log)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Ledger(log=str(log))
    try:
        saved = json.loads(text)
        if saved["form"] != FORM:
            raise ValueError("another form")
        found = _restored(saved)
    except (LookupError, TypeError, ValueError):
        raise Refused(
            phrase(
                "{path}, which tells what was archived, is damaged or of a newer release: "
                "look at the archives there, then remove it",
                path=path,
            )
        ) from None
    if found.log != str(log):
        raise Refused(
            phrase(
                "{folder} has the archives of {other}: choose another archive.directory",
                folder=folder,
                other=found.log,
            )
        )
    return found


def save(folder: Path, log: Path, ledger: Ledger) -> None:
    """Put *ledger* on the disk.

    Raises:
        OSError: it cannot be written.
    """
    path = path_of(folder, log)
    draft = path.with_name(f"{path.name}.new")
    with draft.open("w", encoding="utf-8") as file:
        json.dump({"form": FORM, **asdict(ledger)}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    on_disk(folder)


def on_disk(folder: Path) -> None:
    """See that the names in *folder* are on the disk.

    Raises:
        OSError: they cannot be written.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _restored(saved: Any) -> Ledger:
    doing = saved["doing"]
    if doing is not None:
        made = doing.pop("made")
        doing = Doing(**doing, made=None if made is None else Kept(**made))
    return Ledger(log=saved["log"], archives=tuple(Kept(**each) for each in saved["archives"]), doing=doing)
