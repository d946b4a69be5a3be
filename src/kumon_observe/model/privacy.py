"""Pseudonyms for personal data (TRACES section 9): phones are masked wherever text is shown."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

_PHONE: Final = re.compile(r"(?<![0-9])[0-9]{10,13}(?![0-9])")
_NOT_DIGITS: Final = re.compile(r"[^0-9]")
_OBJECT_IDS: Final = ("state_id", "outbox_id")
_TAG: Final = 4
_V = TypeVar("_V")
_KEPT: Final = 2


class Pseudonyms:
    """Masks phones so that two stay distinct and the same one is recognisable under one *key*.

    A phone becomes ``***21~3fa9``: its last two digits and four characters of a keyed hash (HMAC-SHA256).
    """

    def __init__(self, key: bytes) -> None:
        if not key:
            raise ValueError("pseudonyms need a key: an empty one would let anybody undo them")
        self._key = key

    def phone(self, number: str) -> str:
        """The pseudonym of a phone *number*, however it is punctuated."""
        digits = _NOT_DIGITS.sub("", number)
        tag = hmac.new(self._key, digits.encode(), hashlib.sha256).hexdigest()[:_TAG]
        return f"***{digits[-_KEPT:]}~{tag}"

    def value(self, value: str) -> str:
        """*value* with every run of 10 to 13 digits masked."""
        return _PHONE.sub(lambda match: self.phone(match[0]), value)

    def keys(self, values: Mapping[str, _V], join: Callable[[_V, _V], _V]) -> dict[str, _V]:
        """*values* under masked keys; those whose keys become the same are joined by *join*."""
        masked: dict[str, _V] = {}
        for key, value in values.items():
            name = self.value(key)
            masked[name] = join(masked[name], value) if name in masked else value
        return masked

    def text(self, text: str) -> str:
        """A trace or any message with phones masked; ``id()`` numbers in their own fields stay."""
        return "|".join(self._segment(segment) for segment in text.split("|"))

    def _segment(self, segment: str) -> str:
        key, sign, value = segment.partition("=")
        if sign and key in _OBJECT_IDS and value.isdecimal():
            return segment
        if sign and key == "phone" and _NOT_DIGITS.sub("", value):
            return f"phone={self.phone(value)}"
        return self.value(segment)


class NoPseudonyms(Pseudonyms):
    """Shows everything as it is: for a terminal whose user asked to see personal data."""

    def __init__(self) -> None:
        super().__init__(b"unused")

    def phone(self, number: str) -> str:
        """*number* itself."""
        return number

    def value(self, value: str) -> str:
        """*value* itself."""
        return value

    def text(self, text: str) -> str:
        """*text* itself."""
        return text
