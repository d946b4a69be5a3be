"""How far a run's reading has come, told to whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Self

from attrs import define, field

Told = Callable[[str, int, int | None], None]
"""Is told the name of the file that is read, the bytes read so far, and how many there are, of all files.

The bytes read never fall; those of a file that grows meanwhile may exceed what there was. How many there are
is ``None`` where that cannot be known (a pipe, a compressed file). Called for every block: it must be quick.
"""


@define(eq=False)
class Progress:
    """Adds up how far the files of a run were read, in whatever order, and tells it on.

    ``total`` is the size of all files in bytes, ``done`` what was read of them.
    """

    told: Told
    total: int | None = None
    done: int = 0
    _places: dict[int, int] = field(factory=dict, init=False)

    @classmethod
    def of(cls, sizes: Iterable[int | None], told: Told) -> Self:
        """That of files of these *sizes* in bytes, ``None`` for one that is not known."""
        total = 0
        for size in sizes:
            if size is None:
                return cls(told)
            total += size
        return cls(told, total)

    def reached(self, source: int, name: str, place: int) -> None:
        """The file with the number *source*, called *name*, was read up to its byte *place*."""
        self.done += place - self._places.get(source, 0)
        self._places[source] = place
        self.told(name, self.done, self.total)
