"""What a test is given to look at the traces that it caused, and to add those of other programs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from subprocess import CompletedProcess
from typing import Any, Final, TypedDict

from attrs import evolve

from kumon_observe.config.settings import Settings
from kumon_observe.engine.analyze import analyze, wanted_checks
from kumon_observe.engine.explain import explain
from kumon_observe.engine.listing import recent_failures
from kumon_observe.engine.live import Live
from kumon_observe.engine.recent import Keep
from kumon_observe.model.listing import Explanation
from kumon_observe.model.verdict import Verdict
from kumon_observe.parsing.trust import TrustedLoggers
from kumon_observe.plugins.registry import Registry
from kumon_observe.testing.plugin.captured import Captured
from kumon_observe.testing.plugin.delivered import undelivered
from kumon_observe.testing.plugin.faults import Faults

_COMMAND: Final = "test"
_KEEP: Final = Keep(records=10_000, conversations=100_000)


class _Options(TypedDict):
    settings: Settings
    registry: Registry
    show_personal_data: bool


class KumonTraces:
    """The traces of one test: those that its own process logs, and those of files and outputs that it adds.

    ``captured`` is what was collected so far; ``may_be_empty`` says that there may be no trace in it. Nothing
    is masked. Records of this process and of added logs are judged together, in the order of their times, as
    one run over several logs is.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        registry: Registry,
        checks: Sequence[str] | None = None,
        allow_empty: bool = False,
    ) -> None:
        self._options = _Options(settings=settings, registry=registry, show_personal_data=True)
        self._checks: tuple[str, ...] | None = None
        self.may_be_empty = allow_empty
        if checks is not None:
            self.select(*checks)
        self.captured = Captured(TrustedLoggers(settings.trusted_loggers))

    def verdict(self) -> Verdict:
        """What the checks say of all traces until now, as of the latest of them."""
        if self.captured.in_memory:
            return self._live(self._checks).verdict(command=_COMMAND, reasons=self._unread())
        sources = self.captured.sources()
        return analyze(sources, checks=self._checks, command=_COMMAND, **self._options)

    def explain(self, conv: str) -> Explanation:
        """The timeline of the conversation *conv*, turn by turn, with what any check says of it."""
        if self.captured.in_memory:
            return self._live(None).explain(conv)
        return explain(conv, self.captured.sources(), **self._options)

    def add_file(self, path: str | os.PathLike[str], *, new_only: bool = False) -> None:
        """Judge the log file *path* too, as it is when the verdict is made.

        With *new_only*, only what is written to it from now on: for the log of a server that outlives tests.
        """
        self.captured.add_file(path, new_only=new_only)

    def add_output(self, output: str | bytes | CompletedProcess[Any], name: str = "output") -> None:
        """Judge what another program wrote: its text, or what ``subprocess.run`` captured of it."""
        if isinstance(output, CompletedProcess):
            for stream, text in (("stdout", output.stdout), ("stderr", output.stderr)):
                if text is not None:
                    self.add_output(text, f"{name}-{stream}")
            return
        raw = output.encode("utf-8", "backslashreplace") if isinstance(output, str) else output
        self.captured.add_output(raw, name)

    def select(self, *checks: str) -> None:
        """Judge by these checks alone.

        Raises:
            UsageError: there is no check of such a name.
        """
        wanted_checks(self._options["registry"], checks)
        self._checks = checks

    def allow_empty(self) -> None:
        """This test may end without any trace."""
        self.may_be_empty = True

    def assert_no_violations(self) -> None:
        """Fail if anything that was logged until now must not be.

        Raises:
            AssertionError: with what was found, the traces around it, and why.
        """
        __tracebackhide__ = True
        lines = self.lines(self.faults())
        if lines:
            raise AssertionError("\n".join(lines))

    def assert_delivered(self, conv: str) -> None:
        """Fail unless all that was planned in the conversation *conv* was delivered and sent.

        Raises:
            AssertionError: it was not seen, a turn is open or lost, or nothing was sent that arrived.
        """
        __tracebackhide__ = True
        reason = undelivered(self.explain(conv))
        if reason:
            raise AssertionError(reason)

    def faults(self, verdict: Verdict | None = None) -> Faults:
        """What is wrong with *verdict* (that of now, without one)."""
        faults = Faults.of(verdict or self.verdict())
        return evolve(faults, lost=(*self._unread(), *faults.lost))

    def ignored(self) -> list[str]:
        """What looks like a trace and was not used, in words."""
        if self.captured.is_empty:
            return []
        verdict = self.verdict()
        return [str(reason) for reason in verdict.reasons]

    def lines(self, faults: Faults) -> list[str]:
        """What is wrong, with the traces around it."""
        refused = self._refused() if faults.found else ()
        return list(faults.lines(self.explain, refused))

    def _live(self, checks: tuple[str, ...] | None) -> Live:
        live = Live(checks=checks, **self._options, keep=_KEEP)
        live.take(self.captured.records)
        return live

    def _unread(self) -> tuple[str, ...]:
        n = self.captured.unreadable
        return (f"{n} log calls whose arguments do not fit their trace",) if n else ()

    def _refused(self) -> list[str]:
        """The traces of failed sends."""
        listing = recent_failures(self.captured.sources(), **self._options)
        return [record.text for record in listing.records]
