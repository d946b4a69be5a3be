"""Which verdicts are worth an alert: the turn for the worse, and every further critical finding."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from attrs import define, field

from kumon_observe.model.alert import Alert
from kumon_observe.model.phrase import Phrase, phrase
from kumon_observe.model.status import Action, Severity, Status

if TYPE_CHECKING:
    from datetime import datetime

    from kumon_observe.model.evidence import CheckResult, Key
    from kumon_observe.model.verdict import Verdict

_AGAIN: Final = timedelta(minutes=5)


@define
class _Said:
    """What was said of one check: its status, its violations, and when it last became a warning."""

    status: Status = Status.OK
    violations: int = 0
    keys: frozenset[Key] = frozenset()
    warned: datetime | None = None


@define(eq=False)
class News:
    """Compares each verdict with what was said before. *origin* makes the keys of two processes differ.

    A warning that comes and goes is told once in five minutes.
    """

    origin: str
    _said: dict[str, _Said] = field(factory=dict)

    def of(self, verdict: Verdict) -> list[Alert]:
        """The alerts that *verdict* is worth, after all those before."""
        return [
            self._alert(result, verdict.generated_at)
            for result in verdict.checks
            if self._is_new(result, verdict.generated_at)
        ]

    def _is_new(self, result: CheckResult, at: datetime) -> bool:
        said = self._said.setdefault(result.name, _Said())
        worse = result.status > said.status
        said.status = result.status
        if result.status is Status.CRITICAL:
            keys = frozenset(violation.key for violation in result.violations)
            more = _violations(result) > said.violations or not keys <= said.keys
            said.violations, said.keys = _violations(result), keys
            return worse or more
        if result.status is not Status.WARNING or not worse:
            return False
        if said.warned is not None and at - said.warned < _AGAIN:
            return False
        said.warned = at
        return True

    def _alert(self, result: CheckResult, at: datetime) -> Alert:
        critical = result.status is Status.CRITICAL
        return Alert(
            key=f"{result.name}/{result.status}/{self.origin}/{_violations(result)}",
            check=result.name,
            severity=Severity.CRITICAL if critical else Severity.MODERATE,
            status=result.status,
            title=_title(result),
            summary=result.summary,
            action=result.action,
            at=at,
            result=result,
        )


def _violations(result: CheckResult) -> int:
    return len(result.violations) + result.omitted


def _title(result: CheckResult) -> Phrase:
    if result.action is Action.ROLLBACK:
        return phrase("{check}: roll back now", check=result.name)
    return phrase("{check}: investigate", check=result.name)
