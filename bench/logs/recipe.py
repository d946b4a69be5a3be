"""What kind of log to make."""

from __future__ import annotations

from typing import Final, Literal

from attrs import field, frozen, validators

_FEW: Final = validators.ge(1)


@frozen(kw_only=True)
class Recipe:
    """The same recipe makes the same log, byte for byte.

    Args:
        size: bytes; the log ends with the first turns that are complete after this many.
        share: how many of the lines are traces (0 to 1); about as many of the bytes are.
        layout: ``dash``, ``basic`` or ``json``, as in docs/traces.md.
        in_flight: turns that run at the same time, their records interleaved at random.
        parents: conversations that are alive at the same time.
        planted_every: one turn out of so many goes wrong in one of the ways of :mod:`bench.logs.turns`.
        seed: another seed is another log.
        day: days after the first on which it begins; what is appended to a log needs a later one.
    """

    size: int = field(validator=_FEW)
    share: float = field(validator=[validators.gt(0), validators.le(1)])
    layout: Literal["dash", "basic", "json"] = "dash"
    in_flight: int = field(default=8, validator=_FEW)
    parents: int = field(default=500, validator=_FEW)
    planted_every: int = field(default=97, validator=_FEW)
    seed: int = 1
    day: int = field(default=0, validator=validators.ge(0))

    @parents.validator
    def _enough(self, _attribute: object, parents: int) -> None:
        if parents < self.in_flight:
            raise ValueError(f"{self.in_flight} turns in flight need as many parents, not {parents}")


RECIPES: Final = {
    "sparse": Recipe(size=450_000_000, share=0.1),
    "dense": Recipe(size=350_000_000, share=1.0),
    "json": Recipe(size=300_000_000, share=0.3, layout="json"),
}
"""The logs of the bars: change ``size`` with :func:`attrs.evolve`."""
