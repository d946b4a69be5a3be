"""Regular expressions that are compiled when they are first asked: most runs ask few of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import AnyStr, Generic


class LatePattern(Generic[AnyStr]):
    """What ``re.compile`` gives for *pattern*, as far as this library asks it; *span* is where to look."""

    def __init__(self, pattern: AnyStr, flags: int = 0) -> None:
        self._pattern: AnyStr = pattern
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[AnyStr]:
        return re.compile(self._pattern, self._flags)

    def match(self, text: AnyStr, *span: int) -> re.Match[AnyStr] | None:
        """The match at the beginning of *text*."""
        return self._compiled.match(text, *span)

    def fullmatch(self, text: AnyStr, *span: int) -> re.Match[AnyStr] | None:
        """The match of all of *text*."""
        return self._compiled.fullmatch(text, *span)

    def search(self, text: AnyStr, *span: int) -> re.Match[AnyStr] | None:
        """The first match in *text*."""
        return self._compiled.search(text, *span)

    def finditer(self, text: AnyStr, *span: int) -> Iterator[re.Match[AnyStr]]:
        """All matches in *text*."""
        return self._compiled.finditer(text, *span)

    def sub(self, replacement: AnyStr | Callable[[re.Match[AnyStr]], AnyStr], text: AnyStr) -> AnyStr:
        """*text* with *replacement* for every match, or with what that makes of it."""
        return self._compiled.sub(replacement, text)
