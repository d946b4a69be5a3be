"""The instance check: no message may go through a wrong WhatsApp instance (TRACES section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Self

from attrs import asdict

from kumon_observe.checks.journaled import JournaledCheck
from kumon_observe.checks.saving import place_of, saved_place
from kumon_observe.config.settings import InstanceSettings
from kumon_observe.model import rows
from kumon_observe.model.apart import Apart
from kumon_observe.model.evidence import CheckResult, Evidence, Key, Sentence, Violation
from kumon_observe.model.moments import to_datetime
from kumon_observe.model.phrase import counted, phrase
from kumon_observe.model.rows import Batch, PlainRow, Ref
from kumon_observe.model.status import Action, Status
from kumon_observe.model.threshold import Threshold
from kumon_observe.model.wildcards import matches

_KEPT: Final = 1000
_MOST_EVIDENCE: Final = 4
_ERROR: Final = "error"
_COUNTS: Final = ("_seen", "_errors", "_guard_lines", "_other_guards", "_untracked")


class _Wrong:
    """One wrong value of one message, and how often it was seen: in use, and by the app's guard."""

    def __init__(
        self, at: int | None, refs: list[Ref], repeats: int = 0, used: int = 0, guards: int = 0
    ) -> None:
        self.at = at
        self.refs = refs
        self.repeats = repeats
        self.used = used
        self.guards = guards

    def saved(self) -> list[Any]:
        places = [saved_place(ref) for ref in self.refs]
        return [self.at, places, self.repeats, self.used, self.guards]

    @classmethod
    def restored(cls, saved: Any) -> _Wrong:
        at, places, repeats, used, guards = saved
        return cls(at, [Ref._make(place_of(place)) for place in places], repeats, used, guards)


class InstancesCheck(JournaledCheck):
    """Zero wrong instances are tolerated; one demands an immediate rollback."""

    name: ClassVar[str] = "instances"
    kinds: ClassVar[frozenset[int]] = frozenset(
        {rows.INSTANCE, rows.BAD_INSTANCE, rows.OTHER_GUARD, rows.SEND, rows.RESULT}
    )

    def __init__(self, settings: InstanceSettings | None = None) -> None:
        super().__init__()
        self._settings = settings or InstanceSettings()
        self._valid: set[str] = set()
        self._wrong: dict[tuple[str | None, str | None, str], _Wrong] = {}
        self._guarded: dict[tuple[str | None, str], set[str | None]] = {}
        self._seen = 0
        self._errors = 0
        self._guard_lines = 0
        self._other_guards = 0
        self._untracked = 0

    def _fresh(self) -> Self:
        return type(self)(self._settings)

    def _judge(self, batch: Batch) -> None:
        valid = self._valid
        for row in batch:
            kind = row[0]
            if kind == rows.INSTANCE:
                if row[10] == _ERROR:
                    self._errors += 1
                    continue
                value = row[11]
            elif kind == rows.SEND:
                value = row[10]
            elif kind == rows.RESULT:
                value = row[12]
            elif kind == rows.BAD_INSTANCE:
                self._guard(row)
                continue
            elif kind == rows.FOLDED:
                fold = row[10]
                self._seen += fold.instances + fold.sends + fold.results
                continue
            else:
                self._other_guards += kind == rows.OTHER_GUARD
                continue
            if value is None:
                continue
            self._seen += 1
            if value not in valid and not self._is_valid(value):
                wrong = self._note(row, value)
                if wrong is not None:
                    wrong.used += 1

    @property
    def apart(self) -> Apart:
        """Traces with a wrong instance."""
        return Apart(vouches=self._is_valid)

    def _is_valid(self, value: str) -> bool:
        settings = self._settings
        name = value.strip()
        if settings.allowed:
            valid = name in settings.allowed
        else:
            valid = not (
                not name
                or (settings.digits_invalid and name.isdecimal())
                or any(matches(name, pattern) for pattern in settings.invalid)
            )
        if valid and len(self._valid) < _KEPT:
            self._valid.add(value)
        return valid

    def _guard(self, row: PlainRow) -> None:
        self._seen += 1
        self._guard_lines += 1
        wrong = self._note(row, row[11])
        if wrong is not None:
            wrong.guards += 1
            self._guarded.setdefault((row[8], row[11]), set()).add(row[9])

    def _note(self, row: PlainRow, value: str) -> _Wrong | None:
        key = (row[8], row[9], value)
        wrong = self._wrong.get(key)
        if wrong is None:
            if len(self._wrong) >= self._settings.max_tracked:
                self._untracked += 1
                return None
            wrong = self._wrong[key] = _Wrong(row[1], [])
        wrong.repeats += 1
        if len(wrong.refs) < _MOST_EVIDENCE:
            wrong.refs.append(Ref.of(row))
        return wrong

    def _options(self) -> Mapping[str, Any]:
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self._settings).items()
        }

    def _state(self) -> Mapping[str, Any]:
        return {
            "counts": [getattr(self, name) for name in _COUNTS],
            "wrong": [[*key, *wrong.saved()] for key, wrong in self._wrong.items()],
            "guarded": [[*key, list(idems)] for key, idems in self._guarded.items()],
        }

    def _resume(self, state: Any) -> None:
        for name, n in zip(_COUNTS, state["counts"], strict=True):
            setattr(self, name, int(n))
        for conv, idem, value, *wrong in state["wrong"]:
            self._wrong[conv, idem, value] = _Wrong.restored(wrong)
        self._guarded = {(conv, value): set(idems) for conv, value, idems in state["guarded"]}

    def _result(self, now: int | None) -> CheckResult:
        del now
        violations = len(self._wrong)
        unguarded = sum(self._is_unguarded(key, wrong) for key, wrong in self._wrong.items())
        status = self._status(violations)
        shown = [self._violation(key, wrong) for key, wrong in list(self._wrong.items())[:_KEPT]]
        return CheckResult(
            name=self.name,
            status=status,
            summary=_summary(violations, self._seen),
            value=violations if self._seen else None,
            threshold=Threshold(max=0),
            action=_ACTIONS.get(status, Action.NONE),
            counts={
                "seen": self._seen,
                "violations": violations,
                "guard_lines": self._guard_lines,
                "unguarded": unguarded,
                "resolution_errors": self._errors,
                "other_guards": self._other_guards,
                "untracked": self._untracked,
            },
            violations=tuple(shown),
            omitted=violations - len(shown),
            reasons=tuple(self._reasons(unguarded)),
        )

    def _is_unguarded(self, key: tuple[str | None, str | None, str], wrong: _Wrong) -> bool:
        """Whether it was in use and no guard spoke of it: two known idems are two messages."""
        conv, idem, value = key
        by = self._guarded.get((conv, value), ())
        return wrong.used > 0 and not (by and (idem is None or idem in by or None in by))

    def _violation(self, key: tuple[str | None, str | None, str], wrong: _Wrong) -> Violation:
        conv, idem, value = key
        return Violation(
            key=Key(conv=conv, idem=idem),
            at=None if wrong.at is None else to_datetime(wrong.at),
            evidence=tuple(Evidence.at_ref(ref) for ref in wrong.refs),
            details={
                "value": value,
                "repeats": wrong.repeats,
                "used": wrong.used,
                "guarded": not self._is_unguarded(key, wrong),
            },
        )

    def _status(self, violations: int) -> Status:
        if violations:
            return Status.CRITICAL
        if self._other_guards:
            return Status.WARNING
        return Status.OK if self._seen else Status.UNKNOWN

    def _reasons(self, unguarded: int) -> list[Sentence]:
        reasons: list[Sentence] = []
        if not self._seen:
            reasons.append(phrase("no trace named a WhatsApp instance"))
        if unguarded:
            reasons.append(
                counted(
                    unguarded,
                    "1 wrong instance was in use and the app's own guard let it pass",
                    "{n} wrong instances were in use and the app's own guard let them pass",
                )
            )
        if self._errors:
            reasons.append(
                counted(
                    self._errors,
                    "the app could not resolve an instance once",
                    "the app could not resolve an instance {n} times",
                )
            )
        if self._other_guards:
            reasons.append(
                counted(
                    self._other_guards,
                    "the app's guard warned once of something else",
                    "the app's guard warned {n} times of something else",
                )
            )
        if self._untracked:
            reasons.append(
                counted(
                    self._untracked,
                    "1 more trace shows a wrong instance beyond those that memory holds",
                    "{n} more traces show wrong instances beyond those that memory holds",
                )
            )
        return reasons


_ACTIONS: Final = {Status.CRITICAL: Action.ROLLBACK, Status.WARNING: Action.INVESTIGATE}


def _summary(violations: int, seen: int) -> Sentence:
    if not seen:
        return phrase("no instance traces")
    traces = counted(seen, "1 instance trace", "{n} instance traces")
    if not violations:
        return phrase("no wrong instance in {traces}", traces=traces)
    return counted(
        violations, "1 wrong instance in {traces}", "{n} wrong instances in {traces}", traces=traces
    )
