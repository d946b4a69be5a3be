"""The one place that calls checks: what a check raises becomes a visible ``unknown``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from kumon_observe.model.apart import Apart
from kumon_observe.model.errors import StateError
from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.phrase import Phrase, phrase
from kumon_observe.model.protocols import BatchCheck, Check, ResumableCheck
from kumon_observe.model.rows import Batch


class JudgedCheck:
    """A check with what went wrong in it; after its first error it is not called again."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self.error: Phrase | None = None
        try:
            if isinstance(check, BatchCheck):
                check.at_log_start()
        except Exception as error:  # noqa: BLE001 - this is the one place that catches everything
            self._failed(error)

    @property
    def check(self) -> Check:
        """The check that judges, or goes on where another one stood."""
        return self._check

    @check.setter
    def check(self, check: Check) -> None:
        self._check = check
        self._takes_rows = isinstance(check, BatchCheck)  # asked once: for a protocol it is slow

    def observe(self, batch: Batch) -> None:
        """Give *batch* to the check, as rows if it takes them, else event by event."""
        if self.error is not None:
            return
        try:
            if self._takes_rows:
                self.check.observe_many(batch)  # type: ignore[attr-defined]
            else:
                self._one_by_one(batch)
        except Exception as error:  # noqa: BLE001 - this is the one place that catches everything
            self._failed(error)

    def _one_by_one(self, batch: Batch) -> None:
        from kumon_observe.model.events import event_of

        for row in batch:
            self.check.observe(event_of(row))

    @property
    def takes_folds(self) -> bool:
        """Whether settled turns may come folded."""
        return self.error is not None or bool(getattr(self.check, "takes_folds", False))

    @property
    def apart(self) -> Apart:
        """What must not be folded."""
        try:
            return getattr(self.check, "apart", Apart()) if self.error is None else Apart()
        except Exception as error:  # noqa: BLE001 - as above
            self._failed(error)
            return Apart()

    def saved(self) -> Mapping[str, Any] | None:
        """Its state, ``None`` if it has none that could be gone on from."""
        if self.error is not None or not isinstance(self.check, ResumableCheck):
            return None
        try:
            return self.check.saved()
        except Exception:  # noqa: BLE001 - the check's answer stands; only the next run must read all again
            return None

    def resumed(self, saved: Mapping[str, Any]) -> Check:
        """The check that goes on where the *saved* one stood.

        Raises:
            StateError: it cannot.
        """
        if self.error is not None or not isinstance(self.check, ResumableCheck):
            raise StateError(f"{self.check.name} keeps no state")
        try:
            return self.check.resumed(saved)
        except StateError:
            raise
        except Exception as error:
            raise StateError(f"{self.check.name} cannot go on: {type(error).__name__}: {error}") from error

    def result(self, now: datetime | None) -> CheckResult:
        """The check's answer, or why there is none."""
        if self.error is None:
            try:
                result: object = self.check.result(now)
                if isinstance(result, CheckResult):
                    return result
                self.error = phrase("its result is no CheckResult but {kind}", kind=type(result).__name__)
            except Exception as error:  # noqa: BLE001 - as above
                self._failed(error)
        return CheckResult.failed(self.check.name, self.error or phrase("it gave no result"))

    def _failed(self, error: Exception) -> None:
        self.error = phrase("the check failed: {error}", error=f"{type(error).__name__}: {error}")


class Judging:
    """Some checks that judge the same rows."""

    def __init__(self, checks: Iterable[Check]) -> None:
        self.checks = [JudgedCheck(check) for check in checks]

    @property
    def takes_folds(self) -> bool:
        """Whether settled turns may come folded: not if one of the checks must see every trace."""
        return all(check.takes_folds for check in self.checks)

    def apart(self) -> Apart:
        """What any of the checks must see trace by trace."""
        return Apart.of_all(check.apart for check in self.checks)

    def observe(self, batch: Batch) -> None:
        """Give *batch* to all checks."""
        for check in self.checks:
            check.observe(batch)

    def results(self, now: datetime | None) -> list[CheckResult]:
        """What each of them says at *now*, the log's own time."""
        return [check.result(now) for check in self.checks]


def judge(checks: Iterable[Check], batches: Iterable[Batch]) -> Judging:
    """Give all *batches* to all *checks*."""
    judging = Judging(checks)
    for batch in batches:
        judging.observe(batch)
    return judging
