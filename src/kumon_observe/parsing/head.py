"""A look at both ends of a source: is it text, has any record a prefix, how far does the log go?"""

from __future__ import annotations

from typing import Final, NamedTuple

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.parsing.explainer import Explainer

HEAD_BYTES: Final = 64 << 10
"""How much of a source decides whether its bare lines may be traces (TRACES section 2)."""

_MANY_NULS: Final = 4
_OTHER_ENCODINGS: Final = (b"\xff\xfe", b"\xfe\xff")


class Head(NamedTuple):
    """What the beginning of a source shows; ``first`` is the first time in it, in microseconds."""

    recognised: bool = False
    first: int | None = None
    unreadable: Sentence | None = None


def decode(raw: bytes) -> str:
    """The text of a line; bytes that are not UTF-8 stay visible as ``\\xff``."""
    return raw.decode("utf-8", "backslashreplace")


def inspect(block: bytes, explainer: Explainer) -> Head:
    """Look at the first :data:`HEAD_BYTES` of *block*."""
    head = block[:HEAD_BYTES]
    unreadable = None
    if head.startswith(_OTHER_ENCODINGS) or head.count(0) * _MANY_NULS > len(head) > 0:
        unreadable = phrase("it is no UTF-8 text: convert it before it is judged")
    recognised = False
    for line in head.split(b"\n"):
        record = explainer.explain(decode(line.removesuffix(b"\r")))
        if record is not None:
            recognised = True
            if record.at is not None:
                return Head(True, record.at, unreadable)
    return Head(recognised, None, unreadable)


def last_time(tail: bytes, explainer: Explainer) -> int | None:
    """The time of the last record in *tail* that has one, which tells how far the log goes."""
    for line in reversed(tail.split(b"\n")):
        record = explainer.explain(decode(line.removesuffix(b"\r"))) if line else None
        if record is not None and record.at is not None:
            return record.at
    return None
