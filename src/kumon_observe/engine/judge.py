"""The one place that calls checks: what a check raises becomes a visible ``unknown``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from kumon_observe.model.apart import Apart
from kumon_observe.model.events import event_of
from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.phrase import Phrase, phrase
from kumon_observe.model.protocols import BatchCheck, Check
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

    def observe(self, batch: Batch) -> None:
        """Give *batch* to the check, as rows if it takes them, else event by event."""
        if self.error is not None:
            return
        try:
            if isinstance(self.check, BatchCheck):
                self.check.observe_many(batch)
            else:
                for row in batch:
                    self.check.observe(event_of(row))
        except Exception as error:  # noqa: BLE001 - this is the one place that catches everything
            self._failed(error)

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


def judge(checks: Iterable[Check], batches: Iterable[Batch]) -> list[JudgedCheck]:
    """Give all *batches* to all *checks*."""
    judged = [JudgedCheck(check) for check in checks]
    give(judged, batches)
    return judged


def give(judged: Iterable[JudgedCheck], batches: Iterable[Batch]) -> None:
    """Give all *batches* to all checks."""
    every = tuple(judged)
    for batch in batches:
        for check in every:
            check.observe(batch)


def apart_of(judged: Iterable[JudgedCheck]) -> Callable[[], Apart] | None:
    """What tells what any of the checks must see trace by trace; ``None`` if one must see every trace."""
    every = tuple(judged)
    if not all(check.takes_folds for check in every):
        return None
    return lambda: Apart.of_all(check.apart for check in every)
