"""The sink ``log``: alerts as lines of a file, the guide's performance-alerts log."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from kumon_observe.model.errors import PermanentSinkError, TemporarySinkError
from kumon_observe.sinks.lines import line

if TYPE_CHECKING:
    from kumon_observe.config.channels import FileSettings
    from kumon_observe.model.alert import Alert
    from kumon_observe.sinks.lines import Form
    from kumon_observe.sinks.message import Compose

_OPEN: Final = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK
_FOR_GOOD: Final = (
    errno.EACCES,
    errno.EEXIST,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
)
"""What a person has to change; all else, a full disk first, may pass."""


class LogSink:
    """Appends one line for each alert to *path*, in which ``%Y%m%d`` stands for the alert's day.

    The file is opened for each line, so that one that was rotated away is made anew. The line is written
    whole in one call, so that several programs may write to one file.
    """

    name = "log"

    def __init__(self, path: str, form: Form, compose: Compose) -> None:
        self._path = path
        self._form = form
        self._compose = compose

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._path!r})"

    @classmethod
    def of(cls, settings: FileSettings, compose: Compose) -> Self | None:
        """The sink that *settings* describe; ``None`` without a path."""
        return cls(settings.path, settings.form, compose) if settings.path else None

    def send(self, alert: Alert) -> None:
        """Append *alert*; it is on the disk when this returns.

        Raises:
            PermanentSinkError: the file cannot be made or opened, and that will not change by itself.
            TemporarySinkError: it cannot be written now, as on a full disk.
        """
        path = Path(self._compose(alert).at.strftime(self._path)).expanduser()
        text = line(alert, self._form, self._compose)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _append(path, text.encode(errors="backslashreplace"))
        except OSError as error:
            why = error.strerror or str(error)
            if error.errno in _FOR_GOOD:
                raise PermanentSinkError(
                    f"sinks.log.path: {path} cannot be written ({why}): correct it, or let this user write it"
                ) from error
            raise TemporarySinkError(f"{path} cannot be written now: {why}") from error


def _append(path: Path, text: bytes) -> None:
    descriptor = os.open(path, _OPEN, 0o640)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # or the end of a line that is being written is none yet
        whole = (b"" if _ends_a_line(descriptor) else b"\n") + text + b"\n"
        if os.write(descriptor, whole) < len(whole):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        if _is_file(descriptor):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _ends_a_line(descriptor: int) -> bool:
    """Whether the file is empty or ends with a whole line, which a disk that was full may have cut."""
    size = os.fstat(descriptor).st_size
    return not (_is_file(descriptor) and size) or os.pread(descriptor, 1, size - 1) == b"\n"


def _is_file(descriptor: int) -> bool:
    return stat.S_ISREG(os.fstat(descriptor).st_mode)
