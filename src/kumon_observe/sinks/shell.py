"""The sink ``shell``: runs a program, once for each incident, as the guide's ``emergency_recovery.sh``."""

from __future__ import annotations

import os
import shlex
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from kumon_observe.clock import utc_now
from kumon_observe.model.alert import Alert, News
from kumon_observe.model.document import alert_to, to_text
from kumon_observe.model.document.values import time_to
from kumon_observe.model.errors import (
    ConfigError,
    DeclinedError,
    PermanentSinkError,
    TemporarySinkError,
)
from kumon_observe.model.status import Action
from kumon_observe.sinks.corroboration import lacking
from kumon_observe.sinks.message import cut, one_line
from kumon_observe.sinks.once import InUse, Mark, Marks
from kumon_observe.sinks.output import OutputFile
from kumon_observe.sinks.process import run
from kumon_observe.sinks.texts import incident_of, sound
from kumon_observe.sinks.variables import variables, without_secrets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kumon_observe.clock import Clock
    from kumon_observe.config.channels import ShellSettings
    from kumon_observe.sinks.message import Compose
    from kumon_observe.sinks.process import Ended

RUNS: Final = frozenset((News.FIRED, News.GREW, News.ESCALATED))
"""The news for which the program is run, if it was not yet: a program may be told of an incident only when
nobody acknowledged it, or may be run only when more evidence has come."""

_OPTION: Final = "sinks.shell.command"
_OUTPUT: Final = "shell-output.log"
_MARKS: Final = "shell-runs"
_LAST_LINES: Final = 5
_LONGEST_TOLD: Final = 500


class ShellSink:
    """Runs the ``command`` of *settings*; its marks, and its output where no file is named, are in *folder*.

    Args:
        settings: what to run, and when.
        folder: of the state.
        compose: makes the texts of the environment.
        environ: the program's environment, before the alert is added and our secrets are taken out.
        clock: the times of runs.
    """

    name = "shell"
    acts = True

    def __init__(
        self,
        settings: ShellSettings,
        folder: Path,
        compose: Compose,
        *,
        environ: Mapping[str, str] | None = None,
        clock: Clock = utc_now,
    ) -> None:
        if not settings.command or not settings.command[0] or any("\0" in word for word in settings.command):
            raise ConfigError(f'{_OPTION}: write the program and its arguments, as in ["/opt/recover.sh"]')
        self._settings, self._compose, self._clock = settings, compose, clock
        self._environ = environ
        self._name = str(Path(settings.command[0]).expanduser())
        self._shown = cut(one_line(settings.command[0]), _LONGEST_TOLD)  # an argument may be a secret
        self._marks = Marks(folder / _MARKS)
        self._output = OutputFile(Path(settings.output).expanduser() if settings.output else folder / _OUTPUT)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._shown})"

    @classmethod
    def of(cls, settings: ShellSettings, folder: Path, compose: Compose) -> Self | None:
        """The sink that *settings* describe; ``None`` where they only say how long to wait.

        Raises:
            ConfigError: there is no command.
        """
        says = settings.command or settings.output or settings.dry_run or settings.rollback
        return cls(settings, folder, compose) if says else None

    @property
    def fault(self) -> str:
        """Why the program cannot be run; empty: it can."""
        if self._found():
            return ""
        name = one_line(self._name)
        if os.sep in name and Path(self._name).exists():
            return f"{name} cannot be run: make it executable (chmod +x {name})"
        return f"{name} was not found: correct {_OPTION}"

    def send(self, alert: Alert) -> None:
        """Run the program for the incident of *alert*, unless that was done before.

        News that begins nothing (:data:`RUNS`) and tests run nothing.

        Raises:
            DeclinedError: it is not to be run for this alert, or a dry run was asked for.
            PermanentSinkError: it failed, did not end in time, cannot be run at all, or was begun before and
                nobody knows how it ended.
            TemporarySinkError: nothing was begun, since that could not be kept, or another run goes on.
        """
        if self.fault:
            raise PermanentSinkError(self.fault)
        if alert.news is News.TEST:
            self._output.note(self._head(alert, "a test: it is there, and was not run"))
        if alert.news not in RUNS:
            return
        try:
            with self._marks.alone():
                self._once(alert)
        except InUse:
            raise TemporarySinkError(f"{self._shown} is being run by another process") from None
        except OSError as error:
            reason = error.strerror or str(error)
            raise TemporarySinkError(
                f"{self._shown} was not run: that it is run cannot be kept in the state folder ({reason})"
            ) from error

    def _once(self, alert: Alert) -> None:
        incident = incident_of(alert)
        mark = self._marks.of(incident)
        if mark is not None:
            self._told_again(mark, alert)
            return
        reason = self._refusal(alert)
        if reason:
            self._output.note(self._head(alert, f"not run: {reason}"))
            raise DeclinedError(f"{self._shown} was not run: {reason}")
        begun = self._now()
        self._marks.begin(incident, alert.key, begun)
        self._output.note(self._head(alert, "begun"))
        try:
            fault = self._run(alert)
        except OSError as error:
            with suppress(OSError):
                self._marks.forget(incident)
            raise self._not_started(error) from error
        with suppress(OSError):  # it was run: should this alert come again, its end is not known
            self._marks.end(incident, fault)
        if fault:
            raise PermanentSinkError(fault)

    def _told_again(self, mark: Mark, alert: Alert) -> None:
        """Say of a run what was said of it, if *alert* is the one that began it."""
        if mark.key != alert.key or (mark.ended and not mark.fault):
            return
        if mark.ended:
            raise PermanentSinkError(mark.fault)
        raise PermanentSinkError(
            f"{self._shown} was to be run at {mark.begun}, and it is not known whether it was: the watch was "
            "stopped then. It is not run again: look what it did, and run it by hand if need be"
        )

    def _refusal(self, alert: Alert) -> str:
        """Why it must not be run for *alert*; empty: it may."""
        settings = self._settings
        if alert.by:
            return f"{one_line(alert.by)} has acknowledged the incident"
        if alert.action is Action.ROLLBACK:
            if not settings.rollback:
                return "the alert demands a rollback, which sinks.shell.rollback does not allow"
            if reason := lacking(alert.result, settings.evidence):
                return f"the alert demands a rollback, and {reason}"
        if settings.dry_run:
            return f"this is a dry run (sinks.shell.dry_run) of {one_line(shlex.join(settings.command))}"
        return ""

    def _run(self, alert: Alert) -> str:
        """Run it; what went wrong, empty: nothing."""
        own = os.environ if self._environ is None else self._environ
        environ = {**without_secrets(own), **variables(alert, self._compose(alert))}
        given = f"{to_text(sound(alert_to(alert)))}\n".encode()
        ended = run([self._found(), *self._settings.command[1:]], given, environ, self._settings.timeout)
        fault = self._fault(ended)
        self._output.keep(ended, self._head(alert, fault.partition(":")[0] or "ended well"))
        return fault

    def _fault(self, ended: Ended) -> str:
        if ended.status == 0:
            return ""
        if ended.status is None:
            how = f"did not end within {self._settings.timeout:g} s and was killed"
        elif ended.status < 0:
            how = f"was ended by signal {-ended.status}"
        else:
            how = f"ended with exit status {ended.status}"
        return f"{self._shown} {how}: {_last_lines(ended.output)}"

    def _found(self) -> str:
        """The path of the program; empty: there is none that may be run."""
        return shutil.which(self._name) or ""

    def _not_started(self, error: OSError) -> PermanentSinkError | TemporarySinkError:
        import errno

        reason = error.strerror or str(error)
        if error.errno in (errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE):
            return TemporarySinkError(f"{self._shown} could not be started: {reason}")
        return PermanentSinkError(
            f"{self._shown} cannot be started ({reason}): correct {_OPTION}; a script needs a first line "
            "such as #!/bin/sh"
        )

    def _head(self, alert: Alert, what: str) -> str:
        incident = one_line(incident_of(alert))
        return f"{self._now()} incident {incident}: {self._shown}: {what}"

    def _now(self) -> str:
        return time_to(self._clock().replace(microsecond=0)) or ""


def _last_lines(output: bytes) -> str:
    lines = [line for line in output.decode("utf-8", "replace").splitlines() if line.strip()]
    shown = one_line(" / ".join(lines[-_LAST_LINES:]))
    return shown[-_LONGEST_TOLD:] if shown else "it wrote nothing"
