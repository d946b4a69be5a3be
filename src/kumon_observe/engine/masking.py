"""Makes of a record what may be shown of it (TRACES section 9): the one place where evidence is masked.

A trace shows what its grammar knows, a context message its short tokens, any other record no words of a
person as far as they can be told (:mod:`kumon_observe.model.prose`). Phones become pseudonyms everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import takewhile, tee
from typing import Any, Final, TypeVar

from kumon_observe.model.fields import KNOWN_FIELDS, NEWER_FIELDS, SEAL, TRACE_FIELDS, holds_text
from kumon_observe.model.patterns import LatePattern
from kumon_observe.model.privacy import MASK, NoPseudonyms, Pseudonyms
from kumon_observe.parsing.escaping import escape, says_escaped, unescape
from kumon_observe.parsing.grammar import context_kind, is_trace, split_fields

_NAME: Final = LatePattern(r"[A-Za-z_][A-Za-z0-9_.-]{0,39}")
_TOKEN: Final = LatePattern(r"[A-Za-z0-9_.:/@+%#*~-]{0,64}")
_FLAG: Final = LatePattern(r"[A-Za-z0-9]+(?:_[A-Za-z0-9]+){1,8}")
_NO_WORDS: Final = LatePattern(r"None|True|False|true|false|[0-9]{0,3}")
_SHOWN: Final = NEWER_FIELDS - {SEAL}
_TRACEBACK: Final = "Traceback (most recent call last):"
_UNNAMED: Final = f"{MASK}={MASK}"
_V = TypeVar("_V")


class Masks:
    """Masks records and values; what is masked already stays as it is."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms

    @classmethod
    def none(cls) -> Masks:
        """What masks nothing: for a terminal whose user asked to see personal data."""
        return _NoMasks(NoPseudonyms())

    def record(self, message: str, continued: Iterable[str] = ()) -> str:
        """A record's *message*, with the bare lines that *continued* it."""
        rest = "\n".join(continued)
        if is_trace(message):
            shown = self._trace(message)
        elif context_kind(message) is not None:
            shown = self._context(message)
        else:
            return self.words(f"{message}\n{rest}" if rest else message)
        return f"{shown}\n{self._beyond(rest)}" if rest else shown

    def words(self, text: str) -> str:
        """Text without any grammar."""
        from kumon_observe.model import prose

        return self._pseudonyms.text(prose.masked(text))

    def value(self, value: str) -> str:
        """The value of a trace's field, of a logger's name, of a conversation."""
        return self._pseudonyms.value(value)

    def keys(self, values: Mapping[str, _V], join: Callable[[_V, _V], _V]) -> dict[str, _V]:
        """*values* under masked keys; those whose keys become the same are joined by *join*."""
        return self._pseudonyms.keys(values, join)

    def detail(self, value: Any, name: str = "") -> Any:
        """What a check says of a violation under *name*: a JSON value, masked all through."""
        if isinstance(value, str):
            if name in TRACE_FIELDS:
                return self._pseudonyms.field(name, value)
            if holds_text(name) and value:
                return MASK
            return self._pseudonyms.phones(value) if _TOKEN.fullmatch(value) else self.words(value)
        if isinstance(value, Mapping):
            return {key: self.detail(inner, key) for key, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.detail(inner, name) for inner in value]
        return value

    def _trace(self, message: str) -> str:
        head, before, fields = _parts(message)
        known, field = KNOWN_FIELDS[head], self._pseudonyms.field
        fields, look = tee(fields)
        if says_escaped(look):
            known, field = known | _SHOWN, self._escaped
        shown = [head]
        if head == "DELIVERY" and before:
            shown.append(self._pseudonyms.value(before.pop(0)))
        shown += (MASK if segment.strip() else segment for segment in before)
        for name, value in fields:
            if name in known:
                shown.append(f"{name}={field(name, value)}")
            elif _NAME.fullmatch(name):
                shown.append(f"{name}={MASK if value.strip() else value}")
            elif _UNNAMED not in shown:
                shown.append(_UNNAMED)
        return "|".join(shown)

    def _escaped(self, name: str, value: str) -> str:
        """An escaped value, masked as what it says and escaped again."""
        try:
            said = unescape(value)
        except ValueError:
            return MASK
        masked = self._pseudonyms.field(name, said)
        return masked if masked == value else escape(masked)

    def _context(self, message: str) -> str:
        head, before, fields = _parts(message)
        shown = [head, *map(self._token, before)]
        for name, value in fields:
            if not _NAME.fullmatch(name):
                if _UNNAMED not in shown:
                    shown.append(_UNNAMED)
                continue
            own, flags = _without_flags(value)
            shown.append(f"{name}={self._context_value(name, own)}")
            shown += map(self._pseudonyms.phones, flags)
        return "|".join(shown)

    def _context_value(self, name: str, value: str) -> str:
        if name in TRACE_FIELDS:
            return self._pseudonyms.field(name, value)
        if holds_text(name):
            return value if _NO_WORDS.fullmatch(value) else MASK
        return self._token(value)

    def _token(self, value: str) -> str:
        return self._pseudonyms.phones(value) if _TOKEN.fullmatch(value.strip()) else MASK

    def _beyond(self, rest: str) -> str:
        """The lines after a trace: a traceback is one, anything else is part of somebody's text."""
        before, heading, traceback = rest.partition(_TRACEBACK)
        if not heading:
            return MASK
        shown = self.words(f"{heading}{traceback}")
        return f"{MASK}\n{shown}" if before.strip() else shown


class _NoMasks(Masks):
    def record(self, message: str, continued: Iterable[str] = ()) -> str:
        return "\n".join((message, *continued))

    def words(self, text: str) -> str:
        return text

    def detail(self, value: Any, name: str = "") -> Any:
        return value


def _parts(message: str) -> tuple[str, list[str], Iterator[tuple[str, str]]]:
    """The head of *message*, its segments before the first field, and its fields as the grammar has them."""
    head, *segments = message.split("|")
    before = list(takewhile(lambda segment: "=" not in segment, segments))
    return head, before, iter(split_fields(message).items())


def _without_flags(value: str) -> tuple[str, list[str]]:
    """A context field's own value, and the flags (``persistence_skipped``) that may stand behind it."""
    own, *rest = value.split("|")
    return (own, rest) if all(map(_FLAG.fullmatch, rest)) else (value, [])
