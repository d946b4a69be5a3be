"""The door of this room: one log's whole lines go into an archive, and out of the log."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from attrs import Factory, define, evolve

from kumon_observe.archiving import copying, cutting, ledger, names, retention, writers
from kumon_observe.archiving.finishing import IN_USE, Finish, Step
from kumon_observe.archiving.ledger import Doing, Kept, Ledger
from kumon_observe.archiving.packing import packer
from kumon_observe.archiving.refused import Refused
from kumon_observe.clock import Clock, utc_now
from kumon_observe.config.archiving import ArchiveSettings
from kumon_observe.model.archived import Archived
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.model.status import Status
from kumon_observe.reading.expansion import expanded
from kumon_observe.reading.findings import opening_failed, reason
from kumon_observe.reading.names import shown

_TOKEN_BITS: Final = 64


def _no_step(_name: str) -> None:
    return


def archive(
    log: str | os.PathLike[str],
    settings: ArchiveSettings | None = None,
    *,
    clock: Clock = utc_now,
    dry_run: bool = False,
    step: Step = _no_step,
) -> Archived:
    """Archive one *log*: a regular file, or a link to one.

    Its whole lines are compressed into a new file, which is on the disk and was compared with the log before
    the log is cut; what is written meanwhile stays in the log, and so does everything where it cannot be cut
    safely. What a run that was killed left is finished or undone first. With *dry_run* nothing is changed.

    Raises:
        MissingExtraError: zstd is configured, and nothing here has it.
    """
    settings = settings or ArchiveSettings()
    run = _Run(Path(log), settings, clock, dry_run, step)
    packer(settings.compression)
    try:
        return run.archived()
    except Refused as refused:
        return run.told(refused.sentence, refused.status)
    except OSError as error:
        sentence = phrase("it is not archived, and nothing was cut: {reason}", reason=reason(error))
        return run.told(sentence, Status.WARNING)


def archive_all(
    logs: Iterable[str], settings: ArchiveSettings, *, clock: Clock = utc_now, dry_run: bool = False
) -> list[Archived]:
    """Archive each of *logs*: files, patterns, and folders, of which those are taken that are being written.

    Raises:
        MissingExtraError: zstd is configured, and nothing here has it.
    """
    found: dict[str, Sentence | None] = {}
    for log in logs:
        for asked in expanded(log):
            if not (asked.listed or asked.path != log) or names.is_written(asked.path):
                found.setdefault(asked.path, asked.error)
    return [
        archive(path, settings, clock=clock, dry_run=dry_run)
        if error is None
        else Archived(log=shown(path), status=Status.UNKNOWN, sentence=error, dry_run=dry_run)
        for path, error in found.items()
    ]


@define(eq=False)
class _Run:
    """One run over one log; ``notes`` are told with whatever comes of it."""

    given: Path
    settings: ArchiveSettings
    clock: Clock
    dry_run: bool
    step: Step
    notes: list[Sentence] = Factory(list)
    removed: list[str] = Factory(list)
    known: Ledger = Ledger(log="")
    log: Path = Path()
    folder: Path = Path()

    def told(self, sentence: Sentence, status: Status = Status.OK) -> Archived:
        """The answer, as far as it is no new archive."""
        return Archived(
            log=shown(str(self.given)),
            status=status,
            sentence=sentence,
            notes=tuple(self.notes),
            removed=tuple(self.removed),
            dry_run=self.dry_run,
        )

    def archived(self) -> Archived:
        """What becomes of the log.

        Raises:
            Refused: nothing is cut.
            OSError: the disk failed.
        """
        self.log = self.given.resolve()
        if self.given.is_symlink():
            self.notes.append(phrase("it is a link, and what it leads to is archived: {log}", log=self.log))
        with _opened(self.log) as descriptor, writers.locked(descriptor):
            names.check(self.log)
            self.folder = self._folder()
            self.known = ledger.load(self.folder, self.log)
            self.step("locked")
            self._finish_before(descriptor)
            length = copying.whole_lines(descriptor)
            if length < cutting.LEAST:
                self._remove()
                return self.told(
                    phrase("nothing to do: it has {n} bytes of whole lines, and {least} are worth it",
                           n=length, least=cutting.LEAST)
                )  # fmt: skip
            self._check_cut(descriptor, length)
            copying.check_room(self.folder, length, self.settings.least_free)
            if self.dry_run:
                return self._would(length)
            made = self._made(descriptor, length)
            self._remove()
            return evolve(
                self.told(phrase("{n} bytes went into {archive}", n=length, archive=made.name)),
                archive=str(self.folder / made.name),
                cut=length,
                packed=made.packed,
                left=os.fstat(descriptor).st_size,
            )

    def _folder(self) -> Path:
        """Where the archives lie: made, if it is configured and not there yet."""
        folder = self.log.parent
        if self.settings.directory:
            folder = Path(self.settings.directory).expanduser().absolute()
            if not self.dry_run:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            raise Refused(
                phrase("{folder} may not be written by this user: set archive.directory", folder=folder)
            )
        return folder

    def _finish_before(self, descriptor: int) -> None:
        if self.known.doing is None:
            return
        if self.dry_run:
            raise Refused(phrase("a run before broke off: archive without --dry-run finishes it first"))
        finish = Finish(self.log, descriptor, self.folder, self.known, self.step)
        self.notes.append(finish.again(self.known.doing))
        self.known = finish.known

    def _check_cut(self, descriptor: int, length: int) -> None:
        """See beforehand that the log can be cut."""
        status = os.fstat(descriptor)
        for writer in writers.writers_of(status):
            if not writer.appends:
                raise Refused(
                    phrase(
                        "process {pid} ({name}) writes to it without appending, and would leave a hole: "
                        "let it open the log with >> or in mode 'a'",
                        pid=writer.pid,
                        name=shown(writer.name),
                    )
                )
        if hasattr(os, "SEEK_HOLE") and os.lseek(descriptor, 0, os.SEEK_HOLE) < status.st_size:
            raise Refused(
                phrase(
                    "it has a hole, as somebody leaves who writes without appending: move it away, and let "
                    "its writer open the log with >> or in mode 'a'"
                )
            )
        if cutting.can_collapse(descriptor):
            return
        if not writers.only_opener(descriptor):
            raise Refused(IN_USE)
        writers.open_to_others(descriptor)

    def _would(self, length: int) -> Archived:
        now, compression = self.clock(), self.settings.compression
        name = names.free_name(self.log, self.folder, compression, now, self.known.newest)
        new = Kept(name=name, bytes=length, packed=0, digest="", compression=compression, at=now.timestamp())
        self.known = evolve(self.known, archives=(*self.known.archives, new))
        self._remove()
        told = self.told(phrase("{n} bytes would go into {archive}", n=length, archive=name))
        return evolve(told, archive=str(self.folder / name), cut=length)

    def _made(self, descriptor: int, length: int) -> Kept:
        """A new archive of the first *length* bytes, which are cut from the log."""
        now, compression = self.clock(), self.settings.compression
        name = names.free_name(self.log, self.folder, compression, now, self.known.newest)
        doing = Doing(name=name, part=f".{name}.part", compression=compression)
        part = self.folder / doing.part
        self._know(self.known.begun(doing))
        self.step("begun")
        try:
            copied = copying.copy(descriptor, length, part, compression, self.settings.least_free)
            self.step("copied")
            copying.verify(descriptor, length, part, compression, copied)
            copying.as_the_log(part, os.fstat(descriptor))
            self.step("verified")
            made = Kept(
                name=name,
                bytes=length,
                packed=copied.packed,
                digest=copied.digest,
                compression=compression,
                at=now.timestamp(),
            )
            cut, token = cutting.place(descriptor, length), secrets.randbits(_TOKEN_BITS)
            doing = evolve(doing, made=made, cut=cut, token=token)
            self._know(self.known.begun(doing))
        except (Refused, OSError):
            with suppress(OSError):  # a full disk: then the next run does it
                part.unlink(missing_ok=True)
                self._know(self.known.begun(None))
            raise
        self.step("ready")
        self.known = Finish(self.log, descriptor, self.folder, self.known, self.step).run(doing, made)
        return made

    def _know(self, known: Ledger) -> None:
        ledger.save(self.folder, self.log, known)
        self.known = known

    def _remove(self) -> None:
        """Delete the archives that are not kept any longer; what is no more as it was made is left alone."""
        gone = []
        for archive in retention.superfluous(self.known.archives, self.settings, self.clock()):
            path = self.folder / archive.name
            with suppress(FileNotFoundError):
                if not retention.is_as_made(path, archive):
                    self.notes.append(
                        phrase("{archive} is not as it was made, and is kept", archive=archive.name)
                    )
                    continue
                if not self.dry_run:
                    path.unlink()
                self.removed.append(str(path))
            gone.append(archive)
        if gone and not self.dry_run:
            kept = tuple(archive for archive in self.known.archives if archive not in gone)
            self._know(evolve(self.known, archives=kept))


@contextmanager
def _opened(log: Path) -> Iterator[int]:
    """A descriptor of the regular file *log* for reading and writing.

    Raises:
        Refused: there is none, or it cannot be opened.
    """
    try:
        if not stat.S_ISREG(log.stat().st_mode):
            raise Refused(phrase("it is no regular file: name the log itself"), Status.UNKNOWN)
        descriptor = os.open(log, os.O_RDWR | os.O_CLOEXEC)
    except PermissionError:
        raise Refused(phrase("it may not be read and written by this user: permission denied")) from None
    except (OSError, ValueError) as error:
        raise Refused(opening_failed(error), Status.UNKNOWN) from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)
