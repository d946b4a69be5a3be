"""A sentence with named values, translated only when it is shown (as gettext does it: English is the key)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from attrs import field, frozen

from kumon_observe.model.value import Value

Translate = Callable[[str], str]
"""Gives the template of another language for an English one."""

_NO_VALUES: Mapping[str, object] = MappingProxyType({})


def _copied(values: Mapping[str, object]) -> Mapping[str, object]:
    return MappingProxyType(dict(values)) if values else _NO_VALUES


@frozen(eq=False, repr=False)
class Phrase(Value):
    """An English ``template`` with ``{name}`` places, and the ``values`` for them.

    >>> str(Phrase("{n} turns", {"n": 3}))
    '3 turns'

    ``str(phrase)`` is the English sentence; :meth:`render` gives another language. A value may be a
    phrase or a tuple of phrases in turn (a tuple is joined with commas).
    """

    template: str
    values: Mapping[str, object] = field(factory=dict, converter=_copied)

    def __str__(self) -> str:
        return self.render(lambda template: template)

    def render(self, translate: Translate) -> str:
        """The sentence, each template first passed through *translate*."""
        shown = {name: _shown(value, translate) for name, value in self.values.items()}
        return translate(self.template).format_map(shown)

    def __reduce__(self) -> tuple[type[Phrase], tuple[str, dict[str, object]]]:
        """How it is pickled: the values as a plain dictionary."""
        return Phrase, (self.template, dict(self.values))


def _shown(value: object, translate: Translate) -> object:
    if isinstance(value, Phrase):
        return value.render(translate)
    if isinstance(value, tuple):
        return ", ".join(str(_shown(part, translate)) for part in value)
    return value


def phrase(template: str, /, **values: object) -> Phrase:
    """``phrase("{n} turns", n=3)``: the short way to write a :class:`Phrase`."""
    return Phrase(template, values)


def counted(n: int, one: str, many: str, /, **values: object) -> Phrase:
    """The *one* or the *many* template by *n*, with ``{n}`` given."""
    return Phrase(one if n == 1 else many, {"n": n, **values})
