"""Where the keys of a TOML text stand, which ``tomllib`` does not tell; used for messages alone."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from typing import Final, TypeAlias

Path: TypeAlias = tuple[str, ...]
"""The parts of a key: ``("checks", "handoff", "grace")``."""

_BLANK: Final = re.compile(r"[ \t]*")
_GAP: Final = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR: Final = re.compile(r"[^,\]}#\r\n]+")
_STRING: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)


def key_lines(text: str) -> Mapping[Path, int]:
    """The line (from 1) of every key and table of *text*, which is valid TOML.

    A table that is only implied has the line of the first key in it. What the scanner does not
    understand ends the list early; it never raises.
    """
    scanner = _Scanner(text)
    with suppress(_Lost, RecursionError, tomllib.TOMLDecodeError):
        scanner.scan()
    return scanner.lines


class _Lost(Exception):
    """The text is not as the scanner expects."""


class _Scanner:
    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._text = text
        self._at = 0

    def scan(self) -> None:
        table: Path = ()
        self._take(_GAP)
        while self._at < len(self._text):
            brackets = 2 if self._text.startswith("[[", self._at) else int(self._peek() == "[")
            if brackets:
                self._at += brackets
                table = self._key(())
                self._expect("]" * brackets)
            else:
                self._pair(table)
            self._take(_GAP)

    def _pair(self, table: Path) -> None:
        path = self._key(table)
        self._expect("=")
        self._take(_BLANK)
        self._value(path)

    def _key(self, table: Path) -> Path:
        line = self._text.count("\n", 0, self._at) + 1
        path = table
        while True:
            self._take(_BLANK)
            if self._peek() in ('"', "'"):
                path = (*path, tomllib.loads(f"key = {self._take(_STRING)}")["key"])
            else:
                path = (*path, self._take(_BARE_KEY))
            self.lines.setdefault(path, line)
            self._take(_BLANK)
            if self._peek() != ".":
                return path
            self._at += 1

    def _value(self, path: Path) -> None:
        first = self._peek()
        if first in ("[", "{"):
            self._at += 1
            self._items(path, "]" if first == "[" else "}")
        else:
            self._take(_STRING if first in ('"', "'") else _SCALAR)

    def _items(self, path: Path, end: str) -> None:
        self._take(_GAP)
        while self._peek() != end:
            if end == "]":
                self._value(path)
            else:
                self._pair(path)
            self._take(_GAP)
        self._at += 1

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _expect(self, sign: str) -> None:
        self._take(_BLANK)
        if not self._text.startswith(sign, self._at):
            raise _Lost
        self._at += len(sign)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise _Lost
        self._at = match.end()
        return match[0]
