from collections.abc import Callable, Container
from typing import Any

class Scan:
    def __init__(
        self, *, forms: tuple[Any, ...], fold: Callable[..., Any], source: int, keep_text: bool, limit: int
    ) -> None: ...
    previous: Any
    def learn(
        self,
        *,
        form: int,
        pieces: tuple[Any, ...],
        own: int,
        record: object,
        writer: object,
        layouts: tuple[str, ...],
        process: str,
        may_repeat: bool,
        proves_repeats: bool,
    ) -> None: ...
    def begin(self, block: bytes, offset: int, line: int, /) -> None: ...
    def run(self, start: int, /) -> int: ...
    def add(self, row: tuple[Any, ...], /) -> None: ...
    def line_of(self, start: int, /) -> int: ...
    def tally(self) -> tuple[int, int, list[tuple[tuple[str, ...], int]], int | None, int | None]: ...
    def rows(
        self,
        *,
        block: object = ...,
        fold: bool = ...,
        names: tuple[Container[str | None], ...] = ...,
        vouches: Callable[[str], bool] | None = ...,
        singly: int = ...,
        longest: int = ...,
        room: int = ...,
    ) -> tuple[list[Any], dict[str, int] | None]: ...

def holds(text: bytes, part: bytes, /) -> bool: ...
def is_utf8(data: bytes, /) -> bool: ...
