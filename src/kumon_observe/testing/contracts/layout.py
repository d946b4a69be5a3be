"""The laws that every layout keeps, as tests to inherit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Final, TypeVar

from hypothesis import HealthCheck, given, settings, strategies as st

from kumon_observe.config.settings import Settings
from kumon_observe.model.protocols import Explained, Parser
from kumon_observe.plugins.kinds import PARSER, fault
from kumon_observe.plugins.registry import Registry
from kumon_observe.testing.rendering import VARIANTS, render
from kumon_observe.testing.story import APP, START, Said, trace

_T = TypeVar("_T")
_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_LOGGERS: Final = (APP, "app.main", "app.core.router.delivery_io")
_TRACE: Final = trace("DELIVERY", "sent", turn="t1", idem="h1")
_NO_RECORDS: Final = (
    "",
    " ",
    "Traceback (most recent call last):",
    '  File "/app/main.py", line 3, in handle',
    "{",
    "|||=|=",
    "não é um registro",
)
_JUNK: Final = (
    "\x00",
    "\r",
    "\x1b[31m",
    "\ufeff",
    "\\xff",
    "\u2028",
    '"',
    "\\",
    "|",
    "=",
    "{",
    "9" * 30,
    " " * 50,
)
_ANY_LINE: Final = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=100)
_LONGEST_LINE: Final = 50_000


class LayoutContract:
    """The contract of a layout: subclass it under a name that begins with ``Test``.

    It needs the layout, and how a record of it is written::

        class TestLogfmt(LayoutContract):
            def layout(self):
                return Logfmt()

            def write(self, said):
                return f'time={said.at.isoformat()} level={said.level} msg="{said.message}"'

    ``timed``, ``levelled``, ``named``: whether a record holds its time, level and logger; what is not in it
    is not asked back. ``resolution``: the smallest step of its times. ``earliest``, ``latest``: the
    moments that it can tell. ``examples``: how many records each law is tried with. ``slowest``: the
    seconds that a line of 50,000 characters may take. A wrapping layout (``wraps``) writes the message as the
    line that it wraps.
    """

    timed: bool = True
    levelled: bool = True
    named: bool = True
    resolution: timedelta = timedelta(milliseconds=1)
    earliest: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    latest: datetime = datetime(2099, 12, 31, tzinfo=UTC)
    examples: int = 200
    slowest: float = 1.0

    def layout(self) -> Parser:
        """The layout."""
        raise NotImplementedError("give the layout: def layout(self): return MyLayout()")

    def write(self, said: Said) -> str:
        """The line, without its end, with which an app that logs in this layout says *said*."""
        raise NotImplementedError(
            "write a record: def write(self, said): return f'{said.level} {said.message}'"
        )

    def test_it_can_be_registered(self) -> None:
        """It has a name of letters a-z, digits, ``-`` and ``_``, and ``explain``."""
        assert fault(self.layout(), PARSER) is None

    def test_what_is_written_is_read(self) -> None:
        """The round trip: message, time, level and logger come back, whatever text a trace holds."""

        def law(said: Said) -> None:
            found = self.layout().explain(self.write(said))
            assert found is not None, f"it does not know its own record {self.write(said)!r}"
            text = found.inner if getattr(self.layout(), "wraps", False) else found.message
            assert text == said.message, "the message must come back as the app wrote it"
            assert _utc(found.at) == (said.at if self.timed else None), "the time must come back"
            if self.levelled:
                assert (found.level or "").upper() == said.level, "the level must come back"
            if self.named:
                assert found.logger == said.logger, "the logger must come back: without it nobody is trusted"

        self._holds(self._said(), law)

    def test_it_never_raises(self) -> None:
        """Whatever stands in a line: its own records cut and spoilt, or any text."""

        def law(line: str) -> None:
            layout = self.layout()
            found = layout.explain(line)
            assert found is None or isinstance(found, Explained), "explain gives an Explained or None"
            assert layout.explain(line) == found, "the same line must be explained alike"

        self._holds(st.one_of(_ANY_LINE, self._spoilt()), law)

    def test_what_is_no_record_is_not_explained(self) -> None:
        """The lines of a traceback, blank lines, other programs' output."""
        for line in _NO_RECORDS:
            assert self.layout().explain(line) is None, f"{line!r} is no record: explain must give None"

    def test_records_of_other_layouts_are_left_to_them(self) -> None:
        """No text may be a record of two layouts."""
        own = self.layout()
        for name, line in _records_of_built_in_layouts():
            if name != own.name:
                assert own.explain(line) is None, f"{line!r} is a record of the layout {name}"

    def test_its_records_are_left_to_it(self) -> None:
        """No built-in layout explains a record of this one, perhaps with another message."""
        own = self.layout()
        for level, logger in product(_LEVELS, _LOGGERS):
            line = self.write(Said(_TRACE, START, level, logger))
            for other in _built_in_layouts():
                if other.name != own.name:
                    assert other.explain(line) is None, f"the layout {other.name} explains {line!r} too"

    def test_a_long_line_is_explained_in_time(self) -> None:
        """In time that grows with its length, not with its square: no line may stop the reading."""
        record = self.write(Said(_TRACE, START))
        heads = (record, record[: len(record) // 2], record[:1], "")
        tails = ("a", " ", "\\", '"', "=", "|", "9", "[", "{", "a=", "a b=")
        for head in heads:
            for tail in tails:
                self._is_linear(head, tail)

    def _is_linear(self, head: str, tail: str) -> None:
        layout, length = self.layout(), 16.0
        while length < _LONGEST_LINE:
            line = head + tail * (int(length) // len(tail))
            begun = time.process_time()
            layout.explain(line)
            spent = time.process_time() - begun
            assert spent < self.slowest, (
                f"{spent:.1f} s for a line of {len(line)} characters ({head[:30]!r} and many {tail!r}): "
                "make its pattern's repeats possessive (x*+), or look for fixed text first"
            )
            length *= 1.25

    def _said(self) -> st.SearchStrategy[Said]:
        steps = (self.latest - self.earliest) // self.resolution
        ats = st.integers(0, steps).map(lambda step: self.earliest + step * self.resolution)
        return st.builds(Said, _messages(), ats, st.sampled_from(_LEVELS), st.sampled_from(_LOGGERS))

    def _spoilt(self) -> st.SearchStrategy[str]:
        return self._said().map(self.write).flatmap(_cut)

    def _holds(self, drawn: st.SearchStrategy[_T], law: Callable[[_T], None]) -> None:
        slow = (HealthCheck.too_slow, HealthCheck.data_too_large)
        settings(max_examples=self.examples, deadline=None, suppress_health_check=slow)(given(drawn)(law))()


@st.composite
def _cut(draw: st.DrawFn, line: str) -> str:
    """*line* with some of it taken out or something put in, anywhere."""
    place, skipped = draw(st.integers(0, len(line))), draw(st.integers(0, 5))
    return line[:place] + draw(st.sampled_from(("", *_JUNK))) + line[place + skipped :]


def _messages() -> st.SearchStrategy[str]:
    """Traces whose values hold any text that fits on a line."""
    words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=20)
    return st.builds(
        lambda conv, idem: trace("DELIVERY_TRACE", action="send", conv=conv, idem=idem, note="."),
        words,
        words,
    )


def _built_in_layouts() -> Iterator[Parser]:
    """Each layout but ``plain``, which is asked of a source without any other record."""
    parsers = Registry.load(Settings(), entry_points=False).parsers()
    return (parser for parser in parsers if not getattr(parser, "whole_source", False))


def _records_of_built_in_layouts() -> Iterator[tuple[str, str]]:
    """A record of each layout but ``plain``, in every variant."""
    for name, variants in VARIANTS.items():
        for number in range(len(variants) if name != "plain" else 0):
            yield name, render(name, _TRACE, at=START, variant=number).decode()


def _utc(moment: datetime | None) -> datetime | None:
    """*moment*, a naive one taken as in UTC."""
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
