"""ANSI colour codes around the parts of a record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from attrs import evolve

from kumon_observe.model.patterns import LatePattern
from kumon_observe.model.protocols import Explained

_CODE: Final = LatePattern(r"\x1b\[[0-9;:]*m")
_CODES: Final = LatePattern(r"(?:\x1b\[[0-9;:]*m)*+")
_ESCAPE = "\x1b"


def without_codes(text: str) -> str:
    """*text* without any colour code."""
    return _CODE.sub("", text) if _ESCAPE in text else text


def trimmed(text: str) -> str:
    """*text* without the colour codes at its two ends; those within it stay."""
    if _ESCAPE not in text:
        return text
    start, end = _first_visible(text, 0), len(text)
    while end > start and text[end - 1] == "m":
        code = text.rfind(_ESCAPE, start, end)
        if code < 0 or _CODE.fullmatch(text, code, end) is None:
            break
        end = code
    return text[start:end]


def explain_coloured(explain: Callable[[str], Explained | None], text: str) -> Explained | None:
    """What *explain* makes of *text* when colour codes do not count.

    What it gives as message or inner record must be the end of the text it is given.
    """
    explained = explain(without_codes(text))
    if explained is None:
        return None
    rest = explained.message if explained.inner is None else explained.inner
    coloured = _end(text, len(rest))
    if explained.inner is None:
        return evolve(explained, message=trimmed(coloured))
    return evolve(explained, inner=coloured[_first_visible(coloured, 0) :])


def _first_visible(text: str, start: int) -> int:
    match = _CODES.match(text, start)
    return match.end() if match else start


def _end(text: str, visible: int) -> str:
    """The part of *text* from before its last *visible* characters that are not in a code."""
    skip = len(without_codes(text)) - visible
    position = 0
    for code in _CODE.finditer(text):
        if skip <= code.start() - position:
            break
        skip -= code.start() - position
        position = code.end()
    return text[position + skip :]
