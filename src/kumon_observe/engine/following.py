"""Several logs as they grow: the rows of a run that does not end, in order, and what it knows so far."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, BinaryIO, Final

from attrs import define, field

from kumon_observe.clock import Clock, utc_now
from kumon_observe.config.settings import Settings
from kumon_observe.engine.followed import FollowedLog, Saved
from kumon_observe.engine.followed_run import FollowedRun
from kumon_observe.engine.run import SourceSpec
from kumon_observe.engine.settling import Item, released
from kumon_observe.model.errors import StateError, UsageError
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.model.rows import PlainRow
from kumon_observe.model.verdict import SourceReport
from kumon_observe.plugins.registry import Registry
from kumon_observe.reading.following import Follower, Streamed, Waiter
from kumon_observe.reading.following.named import Named, line_near_the_end, named

MOST: Final = 8 << 20
"""Bytes that one call reads."""

_STEP: Final = 512 << 10
_AGAIN: Final = timedelta(seconds=1)
"""How often folders and globs are looked at for new logs."""

_SHORTEST: Final = 0.02
FORM: Final = 1
"""The form of what is saved."""


@define(eq=False, repr=False, slots=False)
class Following:
    """Follows *specs*: files, folders, globs (looked at again for new files), ``-`` for standard input.

    Attributes:
        specs: one or several.
        settings: configuration; the defaults without any.
        registry: plugins; those that are installed, without any.
        layout: the one log layout to accept; the settings' without any.
        show_personal_data: mask neither phones nor texts.
        stdin: what ``-`` reads.
        clock: tells when bytes came.
        settle: how long rows of one of several logs wait for earlier ones of another; ``watch.settle`` by
            default.
        last: only about so many of the last bytes of the logs that are there now are read; all without it.
        errors: find error records too, for :meth:`entries`.
        waiter: what waits between two looks, ``watch.poll`` by default.
        behind: whether more waits than the last call could read.
        run: what a verdict is made of: ``verdict_of(following.run, results, …)``.

    Raises:
        UsageError: no log was named, or the layout is not known.
    """

    specs: SourceSpec | Iterable[SourceSpec]
    settings: Settings | None = field(default=None, kw_only=True)
    registry: Registry | None = field(default=None, kw_only=True)
    layout: str | None = field(default=None, kw_only=True)
    show_personal_data: bool = field(default=False, kw_only=True)
    stdin: BinaryIO | None = field(default=None, kw_only=True)
    clock: Clock = field(default=utc_now, kw_only=True)
    settle: timedelta = field(kw_only=True)
    last: int | None = field(default=None, kw_only=True)
    errors: bool = field(default=False, kw_only=True)
    waiter: Waiter = field(kw_only=True)
    behind: bool = field(default=False, init=False)
    run: FollowedRun = field(init=False)
    _logs: dict[str, FollowedLog] = field(factory=dict, init=False)
    _unfound: dict[str, Sentence] = field(factory=dict, init=False)
    _looked: datetime | None = field(default=None, init=False)
    _before: dict[str, Any] = field(factory=dict, init=False)
    _ended: dict[str, Any] | None = field(default=None, init=False)

    @settle.default
    def _settle(self) -> timedelta:
        return timedelta(seconds=(self.settings or Settings()).watch.settle)

    @waiter.default
    def _waiter(self) -> Waiter:
        return Waiter((self.settings or Settings()).watch.poll)

    def __attrs_post_init__(self) -> None:
        self.run = FollowedRun(
            specs=self.specs,
            settings=self.settings,
            registry=self.registry,
            layout=self.layout,
            show_personal_data=self.show_personal_data,
            stdin=self.stdin,
            clock=self.clock,
        )
        if not self.run.specs or not all(map(str.strip, self.run.specs)):
            raise UsageError("no log was named: give a file, a directory, a glob, or - for standard input")
        self.run.following = self
        self._options = self.run.scan_options

    # what comes

    def poll(self) -> list[PlainRow]:
        """The rows of what was appended since, at most 8 MiB of it; ``behind`` tells whether more waits."""
        return [item for item in self.entries() if isinstance(item, tuple)]

    def entries(self) -> list[Item]:
        """The same, and the error records among them if they were asked for."""
        now = self.clock()
        self._look(now)
        self._read(now)
        for log in self._logs.values():
            log.still(now)
        return self._released(now)

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; less if something was written, or has settled: then it is true."""
        if self.behind:
            return True
        logs = list(self._logs.values())
        if any(log.waits for log in logs):
            seconds = min(seconds, max(_SHORTEST, self.settle.total_seconds()))
        return self.waiter.wait([log.comes for log in logs], seconds)

    def finish(self) -> list[PlainRow]:
        """All that is still held back, and the unfinished tail: at a stop, or at the end of standard input.

        What :meth:`saved` gives stays as it was before.
        """
        return [item for item in self.last_entries() if isinstance(item, tuple)]

    def last_entries(self) -> list[Item]:
        """The same as :meth:`finish`, and the error records among them."""
        now = self.clock()
        found = self._released(now, at_once=True)
        self._ended = self.saved()
        for log in self._logs.values():
            log.finish(now)
        return found + self._released(now, at_once=True)

    @property
    def over(self) -> bool:
        """Whether nothing can come any more: standard input, and nothing else, has ended."""
        streams = [log.comes for log in self._logs.values()]
        return bool(streams) and all(isinstance(one, Streamed) and one.over for one in streams)

    def close(self) -> None:
        """Let all files go."""
        for log in self._logs.values():
            log.comes.close()

    # what is known

    @property
    def now(self) -> datetime | None:
        """The logs' own latest time."""
        return self.run.now()

    @property
    def sources(self) -> tuple[SourceReport, ...]:
        """What was read of each log."""
        return self.run.reports()

    def losses(self) -> list[Sentence]:
        """Why an answer of this moment cannot be ``ok``: what is missing, unreadable or lost."""
        now = self.clock()
        found = {**self._unfound, **{log.name: log.loss(now) for log in self._logs.values()}}
        return [phrase("{source}: {what}", source=name, what=why) for name, why in found.items() if why]

    @property
    def ages(self) -> dict[str, datetime | None]:
        """When bytes of each log came last; ``None`` if none did."""
        return {log.name: log.came for log in self._logs.values()}

    @property
    def logs(self) -> list[FollowedLog]:
        """The logs that are followed."""
        return list(self._logs.values())

    # over a restart

    def saved(self) -> dict[str, Any]:
        """Where to go on from, as JSON values, without the text of any record.

        What was not handed out by :meth:`poll` is read again; what was is not handed out again.
        """
        if self._ended is not None:
            return self._ended
        now = self.clock()
        logs = {key: log.saved(now) for key, log in self._logs.items() if isinstance(log.comes, Follower)}
        return {"form": FORM, "sources": len(self.run.sources.files), "logs": {**self._before, **logs}}

    def restore(self, saved: Any) -> None:
        """Go on from what was *saved*; before the first :meth:`poll`.

        Raises:
            StateError: it is no such thing.
        """
        try:
            if saved["form"] != FORM:
                raise ValueError("it is of another release")
            for log in saved["logs"].values():
                Saved.of(log)
            self._before = dict(saved["logs"])
            self.run.leave_room(int(saved["sources"]))
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise StateError(f"where the logs were read up to is not known: {error}") from error

    # how

    def _look(self, now: datetime) -> None:
        """See which logs there are."""
        if self._looked is not None and timedelta() <= now - self._looked < _AGAIN:
            return
        first = self._looked is None
        self._looked = now
        found = named(self.run.specs)
        self._unfound = {one.name: one.error for one in found if one.error is not None}
        for one in found:
            if one.error is None and one.key not in self._logs:
                self._logs[one.key] = self._followed(one, first)

    def _followed(self, one: Named, first: bool) -> FollowedLog:
        files = self.run.sources.files
        if one.path is None:
            return FollowedLog(
                Streamed(self.stdin), self._options, files, self._process(), errors=self.errors
            )
        before = self._before.pop(one.key, None)
        known = Saved.of(before) if before is not None else Saved(0, self._process())
        fresh = self.last is not None and first and before is None
        follower = Follower(
            one.path,
            places=known.places,
            ended=[place for _, place in known.ended],
            number=known.number,
            start=self._near_the_end if fresh else None,
            locate=one.locate,
            anchor=known.anchor,
            clock=self.clock,
        )
        follower.may_go = one.may_go
        log = FollowedLog(follower, self._options, files, known.process, errors=self.errors)
        log.restore(known)
        return log

    def _process(self) -> str:
        """A number that no log has yet."""
        taken = [log.process for log in self._logs.values()] + [
            one["process"] for one in self._before.values()
        ]
        return str(1 + max(map(int, taken), default=-1))

    def _near_the_end(self, descriptor: int) -> int:
        return line_near_the_end(descriptor, self.last or 0)

    def _read(self, now: datetime) -> None:
        """Read what was appended, of that log first whose own time is the earliest."""
        left = MOST
        fresh = list(self._logs.values())
        while fresh and left > 0:
            log = min(fresh, key=lambda one: one.queue.latest)
            left -= log.read(min(left, _STEP), now)
            if not log.comes.behind:
                fresh.remove(log)
        self.behind = any(log.comes.behind for log in self._logs.values())

    def _released(self, now: datetime, *, at_once: bool = False) -> list[Item]:
        logs = {log.queue: log for log in self._logs.values()}
        behind = [log.queue.latest for log in self._logs.values() if log.comes.behind]
        settle = self.settle if len(logs) > 1 and not at_once else timedelta()
        bound = min(behind, default=None) if len(logs) > 1 and not at_once else None
        found = []
        for queue, held in released(list(logs), now, settle, bound):
            if isinstance(held.item, tuple):
                logs[queue].given(held.generation)
            found.append(held.item)
        self.run.sources.seen.note([item for item in found if isinstance(item, tuple)])
        return found
