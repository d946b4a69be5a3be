"""Looks up the records that a result points at, and masks personal data where evidence is made."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence

from attrs import evolve

from kumon_observe.engine.masking import Masks
from kumon_observe.engine.sources import ReadFile
from kumon_observe.model.evidence import CheckResult, Evidence, Key, Violation
from kumon_observe.model.moments import to_datetime
from kumon_observe.model.rows import Ref
from kumon_observe.parsing.again import goes_on, text_at
from kumon_observe.parsing.explainer import Explainer
from kumon_observe.parsing.head import decode
from kumon_observe.parsing.options import ScanOptions

_LONGEST_TEXT = 500


class EvidenceResolver:
    """Turns references into evidence that a person can read, by reading their lines once more."""

    def __init__(self, files: Sequence[ReadFile], options: ScanOptions, masks: Masks) -> None:
        self._files = files
        self._options = options
        self._explainer: Explainer = options.explainer()
        self._masks = masks

    def result(self, result: CheckResult, limit: int) -> CheckResult:
        """*result* with at most *limit* violations, resolved and masked; the rest is counted as omitted."""
        violations = result.violations[:limit]
        return evolve(
            result,
            counts={name: self._count(count) for name, count in result.counts.items()},
            violations=tuple(map(self.violation, violations)),
            omitted=result.omitted + len(result.violations) - len(violations),
            warnings=tuple(map(self.violation, result.warnings[:limit])),
        )

    def _count(self, count: int | Mapping[str, int]) -> int | Mapping[str, int]:
        return count if isinstance(count, int) else self._masks.keys(count, operator.add)

    def violation(self, violation: Violation) -> Violation:
        """*violation* with its evidence resolved, and masked."""
        return evolve(
            violation,
            key=self.key(violation.key),
            evidence=tuple(map(self.evidence, violation.evidence)),
            details=self._masks.detail(violation.details),
        )

    def key(self, key: Key) -> Key:
        """*key*, masked."""
        value = self._masks.value
        return Key(
            conv=None if key.conv is None else value(key.conv),
            idem=None if key.idem is None else value(key.idem),
        )

    def evidence(self, evidence: Evidence) -> Evidence:
        """*evidence* with its source's name and its text."""
        ref = evidence.ref
        if ref is None:
            return evolve(evidence, text=_shortened(self._masks.record(evidence.text)))
        return self.placed(ref, _shortened(self._masks.record(self.text(ref))))

    def placed(self, ref: Ref, text: str) -> Evidence:
        """Evidence at *ref* that shows *text*, which is masked already."""
        return Evidence(
            source=self._files[ref.source].file.name,
            line=ref.line,
            offset=ref.offset,
            at=None if ref.at is None else to_datetime(ref.at),
            text=text,
        )

    def text(self, ref: Ref) -> str:
        """The record at *ref*: the message where a layout explains it, else the line. Not masked."""
        if ref.text is not None:
            return ref.text
        read = self._files[ref.source]
        file = read.file
        if not file.seekable:
            return ""
        line = decode(file.read_at(ref.offset, ref.length))
        found = self._explainer.outermost(line)
        if found is None:
            return line
        record = self._explainer.record(*found)
        if goes_on(found[1], record):
            whole = text_at(ref, read.scanner.beginning, self._options, file.read_at)
            if whole is not None:
                return whole
        return record.message if record.message is not None else record.bare or line


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
