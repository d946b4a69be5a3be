"""Pseudonyms for personal data (TRACES section 9): phones, and what a short value holds beyond one word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from kumon_observe.model.patterns import LatePattern
from kumon_observe.model.phrase import Phrase, phrase

MASK: Final = "***"
"""Stands for what is not shown at all."""

_PHONE: Final = LatePattern(r"(?<![0-9])[0-9]{10,13}(?![0-9])")
_NOT_DIGITS: Final = LatePattern(r"[^0-9]")
_MASKED_PHONE: Final = LatePattern(r"\*{3}[0-9]{1,2}~[0-9a-f]{4}")
_HIDDEN: Final = LatePattern(r"\*{3}~[0-9a-f]{4}")
_OBJECT_IDS: Final = ("state_id", "outbox_id")
_ENDS_WORD: Final = frozenset("|'\"`«»“”\u2018\u2019")
_LONGEST_WORD: Final = 128
_PLAIN_WORD: Final = LatePattern(rf"[!#-&(-_a-{{}}~]{{0,{_LONGEST_WORD}}}")
_TAG: Final = 4
_KEPT: Final = 2
_VALUES_KNOWN: Final = 4096
_V = TypeVar("_V")


def unkept(path: str) -> Phrase:
    """Says that no later run will know the pseudonyms of this one, as the state folder *path* is closed."""
    return phrase(
        "pseudonyms hold for this run alone: {path} cannot be written; make it so, or set state_dir",
        path=path,
    )


def is_unkept(sentence: str | Phrase) -> bool:
    """Whether a *sentence* is that of :func:`unkept`."""
    return isinstance(sentence, Phrase) and sentence.template == unkept("").template


def phone_in(value: str) -> str | None:
    """The phone in *value*, as in a conversation's id: its pseudonym, or itself where nothing is masked."""
    found = _MASKED_PHONE.search(value) or _PHONE.search(value)
    return found[0] if found else None


class Pseudonyms:
    """Masks phones so that two stay distinct and the same one is recognisable under one *key*.

    A phone becomes ``***21~3fa9``: its last two digits and four characters of a keyed hash (HMAC-SHA256).
    What is masked already stays as it is.
    """

    def __init__(self, key: bytes) -> None:
        if not key:
            raise ValueError("pseudonyms need a key: an empty one would let anybody undo them")
        self._key = key
        self._shown: dict[str, str] = {}

    def phone(self, number: str) -> str:
        """The pseudonym of a phone *number*, however it is punctuated."""
        if _MASKED_PHONE.fullmatch(number):
            return number
        digits = _NOT_DIGITS.sub("", number)
        return f"***{digits[-_KEPT:]}~{self._tag(digits)}"

    def phones(self, text: str) -> str:
        """*text* with every run of 10 to 13 digits masked."""
        return _PHONE.sub(lambda match: self.phone(match[0]), text)

    def value(self, value: str) -> str:
        """A field's *value*: phones masked, and of what is more than one word nothing but the first.

        The app writes values unescaped, so that one may hold a parent's whole message: ``ana ***~3fa9``.
        The tag keeps two of them distinct.
        """
        shown = self._shown.get(value)
        if shown is None:
            shown = self._masked(value)
            if len(self._shown) < _VALUES_KNOWN:  # the same few stand in most of what is shown
                self._shown[value] = shown
        return shown

    def _masked(self, value: str) -> str:
        shown = self.phones(value)
        words = shown.strip()
        first = _first_word(words)
        rest = words[len(first) :].strip()
        if not rest:
            return shown
        hidden = rest if _HIDDEN.fullmatch(rest) else f"***~{self._tag(rest)}"
        return f"{first} {hidden}" if first else hidden

    def field(self, name: str, value: str) -> str:
        """The *value* of the field *name* of a trace; ``id()`` numbers in their own fields stay."""
        if name in _OBJECT_IDS and value.isdecimal():
            return value
        if name == "phone" and _NOT_DIGITS.sub("", value):
            return self.phone(value)
        return self.value(value)

    def keys(self, values: Mapping[str, _V], join: Callable[[_V, _V], _V]) -> dict[str, _V]:
        """*values* under masked keys; those whose keys become the same are joined by *join*."""
        masked: dict[str, _V] = {}
        for key, value in values.items():
            name = self.value(key)
            masked[name] = join(masked[name], value) if name in masked else value
        return masked

    def text(self, text: str) -> str:
        """Any message with phones masked, and nothing else; ``id()`` numbers in their own fields stay."""
        return "|".join(self._segment(segment) for segment in text.split("|"))

    def _segment(self, segment: str) -> str:
        name, sign, value = segment.partition("=")
        if sign and (name == "phone" or (name in _OBJECT_IDS and value.isdecimal())):
            return f"{name}={self.field(name, value)}"
        return self.phones(segment)

    def _tag(self, text: str) -> str:
        import hmac

        data = text.encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, data, "sha256").hex()[:_TAG]


def _first_word(words: str) -> str:
    """The word that *words* begins with; none if it is too long to be one."""
    if _PLAIN_WORD.fullmatch(words):
        return words
    for end, character in enumerate(words[: _LONGEST_WORD + 1]):
        if character in _ENDS_WORD or character.isspace() or not character.isprintable():
            return words[:end]
    return words if len(words) <= _LONGEST_WORD else ""


class NoPseudonyms(Pseudonyms):
    """Shows everything as it is: for a terminal whose user asked to see personal data."""

    def __init__(self) -> None:
        super().__init__(b"unused")

    def phone(self, number: str) -> str:
        """*number* itself."""
        return number

    def phones(self, text: str) -> str:
        """*text* itself."""
        return text

    def value(self, value: str) -> str:
        """*value* itself."""
        return value

    def field(self, name: str, value: str) -> str:
        """*value* itself."""
        return value

    def text(self, text: str) -> str:
        """*text* itself."""
        return text
