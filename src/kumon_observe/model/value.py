"""What all values have in common, written once: attrs would write and compile it anew for every class."""

from __future__ import annotations

from typing import Any

from attrs import fields


class Value:
    """Base of a class that is ``@frozen(eq=False, repr=False)``: equal, hashed and shown as attrs does it."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self._compared())

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in self._compared())))

    def __repr__(self) -> str:
        kind: Any = type(self)
        shown = [f"{field.name}={getattr(self, field.name)!r}" for field in fields(kind) if field.repr]
        return f"{kind.__qualname__.rsplit('>.', 1)[-1]}({', '.join(shown)})"

    def _compared(self) -> list[str]:
        kind: Any = type(self)
        return [field.name for field in fields(kind) if field.eq]
