"""The built-in layouts keep the contract that other people's layouts keep, in their usual form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from kumon_observe.model.protocols import Parser
from kumon_observe.parsing.layouts.basic import BasicLayout
from kumon_observe.parsing.layouts.bracket import BracketLayout
from kumon_observe.parsing.layouts.compose import ComposeLayout
from kumon_observe.parsing.layouts.dash import DashLayout
from kumon_observe.parsing.layouts.docker import DockerLayout
from kumon_observe.parsing.layouts.iso import IsoLayout
from kumon_observe.parsing.layouts.json import JsonLayout
from kumon_observe.parsing.layouts.level import LevelLayout
from kumon_observe.parsing.layouts.plain import PlainLayout
from kumon_observe.parsing.layouts.railway import RailwayLayout
from kumon_observe.parsing.layouts.syslog import SyslogLayout
from kumon_observe.testing import LayoutContract, Said
from tests.rendering import render, wrap


def written(layout: str, said: Said, variant: int = 0) -> str:
    line = render(layout, said.message, at=said.at, level=said.level, logger=said.logger, variant=variant)
    return line.decode()


class OfRecords(LayoutContract):
    """A layout that holds the app's own record."""

    kind: type
    variant = 0
    examples = 60

    def layout(self) -> Parser:
        layout: Parser = self.kind()
        return layout

    def write(self, said: Said) -> str:
        return written(self.layout().name, said, self.variant)


class Wrapping(OfRecords):
    """A layout around any line."""

    levelled = named = False

    def write(self, said: Said) -> str:
        return wrap(self.layout().name, said.message, at=said.at).decode()


class TestBasic(OfRecords):
    kind = BasicLayout
    timed = False


class TestDash(OfRecords):
    kind = DashLayout


class TestBracket(OfRecords):
    kind = BracketLayout
    variant = 1


class TestFlask(OfRecords):
    kind = BracketLayout
    named = False


class TestLevel(OfRecords):
    kind = LevelLayout
    timed = named = False


class TestPytest(OfRecords):
    kind = LevelLayout
    variant = 2
    timed = False


class TestIso(OfRecords):
    kind = IsoLayout
    resolution = timedelta(microseconds=1)


class TestBars(OfRecords):
    kind = IsoLayout
    variant = 1


class TestJson(OfRecords):
    kind = JsonLayout
    resolution = timedelta(microseconds=1)


class TestPlain(OfRecords):
    kind = PlainLayout
    timed = levelled = named = False


class TestDocker(Wrapping):
    kind = DockerLayout
    resolution = timedelta(microseconds=1)


class TestCompose(Wrapping):
    kind = ComposeLayout
    timed = False


class TestRailway(Wrapping):
    kind = RailwayLayout
    resolution = timedelta(microseconds=1)


class TestSyslog(Wrapping):
    """RFC 3164 tells no year: the latest that is not after the file's own time."""

    resolution = timedelta(seconds=1)
    earliest = datetime(2025, 1, 3, tzinfo=UTC)  # what lies a day ahead is of this year still
    latest = datetime(2025, 12, 31, tzinfo=UTC)

    def layout(self) -> Parser:
        return SyslogLayout().with_reference(self.latest)
