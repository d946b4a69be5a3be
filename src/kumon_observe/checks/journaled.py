"""How a built-in check takes rows: at once where nothing stands before them, else kept for the merge.

A later part of a log cannot be judged without its past (a delivery whose planner may stand earlier). Such
a part keeps its rows and :meth:`JournaledCheck.merge` replays them behind the earlier part. So splitting a
log anywhere and merging gives the answer of one pass, by construction.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from kumon_observe.model.apart import Apart
from kumon_observe.model.errors import MergeError, StateError
from kumon_observe.model.moments import to_microseconds

if TYPE_CHECKING:
    from kumon_observe.model.events import TraceEvent
    from kumon_observe.model.evidence import CheckResult
    from kumon_observe.model.rows import Batch, Block, PlainRow

_LONGEST_JOURNAL: Final = 500_000
_STATE: Final = 2
"""The form of all saved states; to be raised with any change in what they hold or mean."""


class JournaledCheck(ABC):
    """Base of the built-in checks; a subclass says which ``kinds`` of rows it wants and judges them."""

    name: ClassVar[str]
    kinds: ClassVar[frozenset[int]]

    def __init__(self) -> None:
        self._journal: list[PlainRow] | None = []
        self._block: Block | None = None

    def _begun(self, convs: Iterable[str], block: Block) -> list[str]:
        """Those of *convs* of which a new turn is folded in *block*, told at its first row alone."""
        known, self._block = self._block is block, block
        return [] if known else [conv for conv in convs if block.begins(conv)]

    @property
    def takes_folds(self) -> bool:
        """Whether traces of settled turns may come added up: not while it keeps them for a merge."""
        return self._journal is None

    @property
    def apart(self) -> Apart:
        """What must not be folded now. Nothing, unless a check says otherwise."""
        return Apart()

    def observe(self, event: TraceEvent) -> None:
        """Take in one event: a batch of one."""
        self.observe_many((event.row(),))

    def observe_many(self, batch: Batch) -> None:
        """Take in the rows of *batch*, in log order."""
        if self._journal is None:
            self._judge(batch)
            return
        kinds = self.kinds
        self._journal.extend(row for row in batch if row[0] in kinds)
        if len(self._journal) > _LONGEST_JOURNAL:
            self.at_log_start()

    def at_log_start(self) -> None:
        """Judge from here on at once: no earlier part will ever be merged in front."""
        journal, self._journal = self._journal, None
        if journal:
            self._judge(journal)

    def merge(self, later: Self) -> None:
        """Take in the part of the log that follows directly.

        Raises:
            MergeError: *later* is another check, or was judged already as the beginning of a log.
        """
        if type(later) is not type(self):
            raise MergeError(f"cannot merge {type(later).__name__} into {type(self).__name__}")
        if later._journal is None:
            raise MergeError(
                f"this part of {self.name} was judged as the beginning of a log: merge shorter parts, "
                "and call at_log_start() on the first only"
            )
        self.observe_many(later._journal)

    def result(self, now: datetime | None) -> CheckResult:
        """Judge what was seen up to *now*, the log's own time."""
        if self._journal is None:
            return self._result(None if now is None else to_microseconds(now))
        judged = self._fresh()
        judged.at_log_start()
        judged.observe_many(self._journal)
        return judged.result(now)

    def saved(self) -> Mapping[str, Any]:
        """What it knows, as JSON values without the text of any record.

        Raises:
            StateError: it does not judge from the beginning of a log.
        """
        if self._journal is not None:
            raise StateError(f"{self.name} keeps traces for a merge: call at_log_start() before it is saved")
        return {"check": self.name, "form": _STATE, "options": self._options(), "state": self._state()}

    def resumed(self, saved: Mapping[str, Any]) -> Self:
        """A new check that goes on where the *saved* one stood, with the options of this one.

        Raises:
            StateError: *saved* is of another check, release or option, or is damaged.
        """
        if saved.get("check") != self.name:
            raise StateError(f"what was saved is no state of {self.name}: read the log from its beginning")
        if saved.get("form") != _STATE:
            raise StateError(
                f"the saved state of {self.name} has form {saved.get('form')!r}, and this release reads "
                f"{_STATE}: read the log from its beginning"
            )
        if saved.get("options") != self._options():
            raise StateError(
                f"the saved state of {self.name} was made with other options: read the log from its beginning"
            )
        check: Self = self._fresh()
        check.at_log_start()
        try:
            check._resume(saved["state"])
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise StateError(
                f"the saved state of {self.name} is damaged ({type(error).__name__}): read the log from its "
                "beginning"
            ) from error
        return check

    @abstractmethod
    def _options(self) -> Mapping[str, Any]:
        """The options on which the state depends, as JSON values; not those of its result alone."""

    @abstractmethod
    def _state(self) -> Mapping[str, Any]:
        """What it knows, as JSON values."""

    @abstractmethod
    def _resume(self, state: Any) -> None:
        """Know what :meth:`_state` told; of a check that has seen nothing."""

    @abstractmethod
    def _fresh(self) -> Self:
        """A check with the same options that has seen nothing."""

    @abstractmethod
    def _judge(self, batch: Batch) -> None:
        """Take in rows that nothing undecided stands before."""

    @abstractmethod
    def _result(self, now: int | None) -> CheckResult:
        """The result at *now* in microseconds."""
