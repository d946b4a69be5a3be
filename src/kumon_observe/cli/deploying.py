"""``init --systemd``, ``--cron`` and ``--compose``: the watch as a service, with what is in force now."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kumon_observe.cli import exits
from kumon_observe.cli.errors import CommandLineError
from kumon_observe.model.phrase import phrase

if TYPE_CHECKING:
    from kumon_observe.cli.call import Call
    from kumon_observe.model.deployment import Deployment

KINDS: Final = ("systemd", "cron", "compose")
_PATTERN: Final = "*?["


def text_of(kind: str, call: Call) -> tuple[str, str]:
    """The usual name of the file for *kind*, and its text.

    Raises:
        CommandLineError: a path has a line break in it, which none of the forms can hold.
    """
    watch = deployment(call)
    for path in (*watch.program, *watch.arguments, *watch.read, *watch.written, watch.folder, watch.state):
        if not path.isprintable():
            raise CommandLineError(
                phrase("{path!r} has a sign that no service can be given: rename it", path=path), exits.CONFIG
            )
    if kind == "systemd":
        from kumon_observe.present.deploying import systemd

        return systemd.FILE, systemd.unit(watch)
    if kind == "cron":
        from kumon_observe.present.deploying import cron

        return cron.FILE, cron.lines(watch)
    from kumon_observe.present.deploying import compose

    return compose.FILE, compose.service(watch)


def deployment(call: Call) -> Deployment:
    """The watch with the configuration in force, run by whom the logs belong to."""
    from kumon_observe import __version__
    from kumon_observe.engine.pseudonym_key import state_folder
    from kumon_observe.model.deployment import Deployment

    settings, here = call.loaded.settings, Path.cwd()
    logs = [here / Path(log).expanduser() for log in call.sources if log != "-"]
    read = list(dict.fromkeys(str(_folder(log)) for log in logs))
    state = str(here / state_folder(settings))
    owner = _owner(logs)
    written = []
    if any(job.enabled and job.run == "archive" for job in settings.jobs.values()):
        written = (
            [str(here / Path(settings.archive.directory).expanduser())] if settings.archive.directory else []
        )
        written += read
    if settings.schedule.reports:
        written.append(str(here / Path(settings.schedule.reports).expanduser()))
    kept = (settings.sinks.log.path, settings.sinks.shell.output, settings.watch.heartbeat)
    written += [str(_dateless(here / Path(file).expanduser()).parent) for file in kept if file]
    named = settings.sources and all(Path(log).is_absolute() for log in settings.sources)
    file = call.loaded.file
    return Deployment(
        program=_program(),
        folder=str(here),
        config=str(here / file) if file else "",
        logs=() if named else tuple(map(str, logs)),
        read=tuple(read),
        written=tuple(dict.fromkeys(folder for folder in written if folder != state)),
        state=state,
        state_is_chosen=bool(settings.state_dir),
        heartbeat=str(here / Path(settings.watch.heartbeat or f"{state}/heartbeat").expanduser()),
        user=_name(owner.st_uid),
        uid=owner.st_uid,
        gid=owner.st_gid,
        release=__version__,
        variables=tuple(
            sorted(
                {o.variable for o in call.loaded.origins.values() if o.kind == "environment" and o.variable}
            )
        ),
    )


def _program() -> tuple[str, ...]:
    """How this release is started: by its own script beside the interpreter, else as a module."""
    script = Path(sys.executable).with_name("kumon-observe")
    found = str(script) if script.exists() else shutil.which("kumon-observe")
    return (str(Path(found).absolute()),) if found else (sys.executable, "-m", "kumon_observe")


def _folder(log: Path) -> Path:
    """The folder that a log, or those of a pattern, lie in."""
    if log.is_dir():
        return log
    parents = [log, *log.parents]
    fixed = next(each for each in parents[1:] if not any(sign in str(each) for sign in _PATTERN))
    return fixed if any(sign in str(log) for sign in _PATTERN) else log.resolve().parent


def _dateless(file: Path) -> Path:
    """*file* as far as it is the same every day (``%Y``)."""
    dated = [path for path in (file, *file.parents) if "%" in path.name]
    return dated[-1] if dated else file


def _owner(logs: Iterable[Path]) -> os.stat_result:
    """Whose account can read the logs and cut them: that of the first that is there, else ours."""
    for log in logs:
        if log.exists():
            return log.stat()
    return Path.home().stat()


def _name(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
