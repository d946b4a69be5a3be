"""The delivery check: at least 95% of the messages must be taken by the provider (TRACES section 6)."""

from __future__ import annotations

import math
from collections import Counter, OrderedDict
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Self

from kumon_observe.checks.journaled import JournaledCheck
from kumon_observe.checks.sends import OpenSends
from kumon_observe.config.settings import DeliverySettings
from kumon_observe.model import rows
from kumon_observe.model.apart import Apart
from kumon_observe.model.evidence import CheckResult, Sentence
from kumon_observe.model.phrase import counted, phrase
from kumon_observe.model.rows import Batch, Block, Fold, PlainRow
from kumon_observe.model.status import Action, Status
from kumon_observe.model.threshold import percentage

_MESSAGES_KEPT: Final = 20_000
_CODES_KEPT: Final = 100
_OTHER_CODES: Final = "other"
_Z95: Final = 1.959963984540054
_COUNTS: Final = (
    "_success",
    "_failed",
    "_number",
    "_send_lines",
    "_messages",
    "_delivered",
    "_forgotten",
    "_unsent",
)


class DeliveryCheck(JournaledCheck):
    """The share of results that are a success; below the threshold somebody must investigate."""

    name: ClassVar[str] = "delivery"
    kinds: ClassVar[frozenset[int]] = frozenset(range(10))

    def __init__(self, settings: DeliverySettings | None = None) -> None:
        super().__init__()
        self._settings = settings or DeliverySettings()
        self._sends = OpenSends(self._settings.grace, self._settings.max_open)
        self._success = 0
        self._failed = 0
        self._number = 0
        self._send_lines = 0
        self._by_http: Counter[str] = Counter()
        self._messages = 0
        self._delivered = 0
        self._forgotten = 0
        self._recent: OrderedDict[tuple[str | None, str], bool] = OrderedDict()
        self._unsent = 0
        self._to_send: OrderedDict[str, None] = OrderedDict()

    def _fresh(self) -> Self:
        return type(self)(self._settings)

    def _judge(self, batch: Batch) -> None:
        sends, to_send = self._sends, self._to_send
        for row in batch:
            kind = row[0]
            if kind == rows.FOLDED:
                self._folded(row[10], row[11])
                continue
            self._number += 1
            if kind == rows.PLANNER:
                conv = row[8]
                if conv is not None:
                    if conv in to_send:
                        del to_send[conv]
                        self._unsent += 1
                    if sends:
                        sends.next_turn(conv)
            elif kind == rows.DELIVERY:
                if row[10] and row[8] is not None:
                    self._wait_for_send(row[8])
            elif kind == rows.SEND:
                self._send_lines += 1
                to_send.pop(row[8] or "", None)
                sends.add(row, self._number)
            elif kind == rows.RESULT:
                to_send.pop(row[8] or "", None)
                sends.answer(row[8], row[9])
                self._answered(row, row[10], row[11])
            elif kind == rows.TURN_RESULT and row[10] != "dedup_hit":
                sends.answer_anywhere(row[9])
                self._answered(row, row[10] == "sent", None)

    @property
    def apart(self) -> Apart:
        """The conversations that wait for a send or for a result."""
        room = self._settings.max_open - max(len(self._to_send), len(self._sends))
        return Apart(names=self._sends.names, sending=(self._to_send.keys(),), room=room)

    def _folded(self, fold: Fold, block: Block) -> None:
        for conv in self._begun(self._to_send, block):
            del self._to_send[conv]
            self._unsent += 1
        self._number += fold.traces
        self._send_lines += fold.sends
        self._success += fold.success
        for http in fold.refused:
            self._refused(http)
        for conv, idem, success in fold.messages:
            self._message((conv, idem), success)

    def _wait_for_send(self, conv: str) -> None:
        self._to_send[conv] = None
        if len(self._to_send) > self._settings.max_open:
            self._to_send.popitem(last=False)

    def _answered(self, row: PlainRow, success: bool, http: str | None) -> None:
        if success:
            self._success += 1
        else:
            self._refused(http)
        if row[9] is not None:
            self._message((row[8], row[9]), success)

    def _refused(self, http: str | None) -> None:
        self._failed += 1
        code = http or "unknown"
        full = len(self._by_http) >= _CODES_KEPT and code not in self._by_http
        self._by_http[_OTHER_CODES if full else code] += 1

    def _message(self, key: tuple[str | None, str], success: bool) -> None:
        """Count messages, not attempts: one that failed and then succeeded was delivered."""
        before = self._recent.pop(key, None)
        self._messages += before is None
        self._delivered += success and not before
        self._recent[key] = success or bool(before)
        if len(self._recent) > _MESSAGES_KEPT:
            self._recent.popitem(last=False)
            self._forgotten += 1

    def _options(self) -> Mapping[str, Any]:
        return {"grace": self._settings.grace, "max_open": self._settings.max_open}

    def _state(self) -> Mapping[str, Any]:
        return {
            "counts": [getattr(self, name) for name in _COUNTS],
            "sends": self._sends.saved(),
            "by_http": list(self._by_http.items()),
            "recent": [*map(list, zip(*self._recent, strict=True)), list(map(int, self._recent.values()))],
            "to_send": list(self._to_send),
        }

    def _resume(self, state: Any) -> None:
        for name, n in zip(_COUNTS, state["counts"], strict=True):
            setattr(self, name, int(n))
        self._sends.restore(state["sends"])
        self._by_http.update(dict(state["by_http"]))
        *keys, delivered = state["recent"]
        self._recent.update(zip(zip(*keys, strict=True), map(bool, delivered), strict=True))
        self._to_send.update(dict.fromkeys(state["to_send"]))

    def _result(self, now: int | None) -> CheckResult:
        total = self._success + self._failed
        late = self._sends.late(now, self._number)
        status = self._status(total, late)
        rate, worst = (self._success, total), (self._success, total + late)
        details: dict[str, object] = {"rate": list(rate), "worst_case": list(worst)}
        if total:
            details["interval"] = list(wilson_interval(*rate))
        return CheckResult(
            name=self.name,
            status=status,
            summary=self._summary(total),
            value=self._success / total if total else None,
            threshold=self._settings.threshold,
            action=Action.INVESTIGATE if status is Status.WARNING else Action.NONE,
            counts={
                "success": self._success,
                "failed": self._failed,
                "unresolved": late,
                "unsent": self._unsent,
                "messages": self._messages,
                "messages_delivered": self._delivered,
                "by_http": dict(self._by_http.most_common()),
                "waiting": len(self._sends) + self._sends.expired - late,
                "evicted": self._sends.evicted,
            },
            reasons=tuple(self._reasons(total, late)),
            details=details,
        )

    def _status(self, total: int, late: int) -> Status:
        if not total:
            return Status.WARNING if late else Status.UNKNOWN
        threshold = self._settings.threshold
        met = threshold.allows(self._success, total) and threshold.allows(self._success, total + late)
        return Status.OK if met else Status.WARNING

    def _summary(self, total: int) -> Sentence:
        if not total:
            return phrase("no delivery results")
        share = percentage(self._success, total, self._settings.threshold)
        return phrase(
            "{share} delivered ({success} of {total})", share=share, success=self._success, total=total
        )

    def _reasons(self, total: int, late: int) -> list[Sentence]:
        settings, reasons = self._settings, list[Sentence]()
        if not total:
            seen = phrase("sends were seen, but no result") if self._send_lines else None
            reasons.append(seen or phrase("no delivery trace was seen"))
        elif not settings.threshold.allows(self._success, total):
            share = percentage(self._success, total, settings.threshold)
            reasons.append(phrase("{share} is not {threshold}", share=share, threshold=settings.threshold))
        if late:
            worst = percentage(self._success, total + late, settings.threshold)
            reasons.append(
                counted(
                    late,
                    "1 send got no result in time; with it as failed: {worst}",
                    "{n} sends got no result in time; with them as failed: {worst}",
                    worst=worst,
                )
            )
        if total and total < settings.min_samples:
            reasons.append(counted(total, "this rests on 1 result only", "this rests on {n} results only"))
        if self._unsent:
            reasons.append(
                counted(
                    self._unsent,
                    "1 turn reached delivery and nothing was sent",
                    "{n} turns reached delivery and nothing was sent",
                )
            )
        if self._sends.evicted:
            reasons.append(
                counted(
                    self._sends.evicted,
                    "1 send was given up to bound memory before its result was due",
                    "{n} sends were given up to bound memory before their results were due",
                )
            )
        if self._forgotten:
            reasons.append(phrase("the count of messages is approximate: too many keys to remember"))
        return reasons


def wilson_interval(success: int, total: int) -> tuple[float, float]:
    """The 95% interval for the true share behind *success* of *total* results (E. B. Wilson, 1927).

    Rounded outwards to four decimals.
    """
    share, z2 = success / total, _Z95 * _Z95
    centre = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = _Z95 / (1 + z2 / total) * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    return math.floor(low * 10_000) / 10_000, math.ceil(high * 10_000) / 10_000
