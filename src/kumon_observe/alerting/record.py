"""What is kept of a rule from one evaluation to the next, whether it has an incident or not."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Self

from attrs import define, field

from kumon_observe.alerting.findings import Mark
from kumon_observe.model.moments import to_datetime, to_microseconds


@define
class Record:
    """How a rule stood when it was last judged.

    Attributes:
        evaluated: when that was, for a rule that is evaluated every so often.
        breaches: how many evaluations in a row broke it.
        clears: how many in a row kept it well enough to end an incident.
        broken: since when it has been broken without a break.
        kept: since when it has been kept.
        dealt: a person ended what its answer still says without naming any finding.
        begins: when its latest incidents began, for those that come and go.
        mark: how far its findings are known.
    """

    evaluated: datetime | None = None
    breaches: int = 0
    clears: int = 0
    broken: datetime | None = None
    kept: datetime | None = None
    dealt: bool = False
    begins: list[datetime] = field(factory=list)
    mark: Mark = field(factory=Mark)

    def not_after(self, now: datetime) -> None:
        """Let nothing lie after *now*: the clock was set back."""
        self.broken, self.kept = (moment and min(moment, now) for moment in (self.broken, self.kept))
        self.begins = [min(moment, now) for moment in self.begins]

    def text(self) -> str:
        """The record as JSON."""
        return json.dumps(
            {
                "evaluated": _number(self.evaluated),
                "breaches": self.breaches,
                "clears": self.clears,
                "broken": _number(self.broken),
                "kept": _number(self.kept),
                "dealt": self.dealt,
                "begins": [to_microseconds(moment) for moment in self.begins],
                "first": self.mark.first,
                "most": self.mark.most,
            }
        )

    @classmethod
    def of(cls, text: str | None) -> Self:
        """The record in *text*; a new one without any."""
        if text is None:
            return cls()
        value = json.loads(text)
        return cls(
            evaluated=_moment(value["evaluated"]),
            breaches=value["breaches"],
            clears=value["clears"],
            broken=_moment(value["broken"]),
            kept=_moment(value["kept"]),
            dealt=value["dealt"],
            begins=[to_datetime(moment) for moment in value["begins"]],
            mark=Mark(value["first"], value["most"]),
        )


def _number(moment: datetime | None) -> int | None:
    return None if moment is None else to_microseconds(moment)


def _moment(number: int | None) -> datetime | None:
    return None if number is None else to_datetime(number)
