"""What the prefixes of plain-text layouts are made of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final

from kumon_observe.model.protocols import Explained
from kumon_observe.parsing.ansi import explain_coloured

LEVELS: Final = ("DEBUG", "INFO", "WARNING", "WARN", "ERROR", "CRITICAL", "FATAL", "NOTSET", "TRACE")
LEVEL: Final = f"(?:{'|'.join(LEVELS)})"
LEVEL_STARTS: Final = frozenset(level[0] for level in LEVELS)
DIGITS: Final = frozenset("0123456789")
LETTERS: Final = frozenset(sign for sign in map(chr, range(128)) if sign.isalpha())

_WORD: Final = r"[A-Za-z_][A-Za-z0-9_-]*+"
_DOTTED: Final = rf"{_WORD}(?:\.[A-Za-z0-9_-]++)++"
LOGGER: Final = rf"{_WORD}(?:\.[A-Za-z0-9_-]++)*+"
"""Pattern of a logger's name where the layout always has one."""

_PADDED_WIDTH: Final = 8
_SPACES_AFTER_COLON: Final = 5


def optional_logger(separator: str) -> str:
    """Pattern of a logger's name and *separator*, both optional; the name is its one group.

    A dotted name is a logger. A single word may as well be the message's first: it is a logger only
    where a trace would follow, which then has to answer for that logger.
    """
    trace_follows = r"[A-Z][A-Z0-9_]*+\|"
    return rf"(?:({_DOTTED}(?={separator})|{_WORD}(?={separator}{trace_follows})){separator})?"


def is_padding(level: str, spaces: int, *, colon: bool = False) -> bool:
    """Whether formatters put this many *spaces* between *level*, and its *colon*, and the message.

    They write one, or pad the level to 8 characters, or write five after a colon whatever the level is
    (uvicorn's ``INFO:     `` copied). Any other number belongs to a message that begins with spaces.
    """
    if spaces == 1 or len(level) + spaces == _PADDED_WIDTH + 1:
        return True
    return colon and spaces == _SPACES_AFTER_COLON


class PrefixLayout(ABC):
    """A layout whose records begin with one of ``starts``; colour codes in them do not count."""

    name: str
    starts: frozenset[str]

    def explain(self, record: str) -> Explained | None:
        """What *record* is, ``None`` if it is not of this layout."""
        first = record[:1]
        if first not in self.starts and first != "\x1b":
            return None
        if "\x1b" in record:
            return explain_coloured(self.read, record)
        return self.read(record)

    @abstractmethod
    def read(self, record: str) -> Explained | None:
        """The same for a record without colour codes; what it gives as text is the record's end."""
