"""The eleven layouts in which the app's records come (TRACES section 2), one module each."""

from __future__ import annotations

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

BUILT_IN: tuple[type, ...] = (
    JsonLayout,
    BasicLayout,
    LevelLayout,
    DashLayout,
    BracketLayout,
    IsoLayout,
    DockerLayout,
    ComposeLayout,
    RailwayLayout,
    SyslogLayout,
    PlainLayout,
)


def built_in_layouts() -> list[Parser]:
    """A fresh parser of each layout; their order does not matter, since no text is a record of two."""
    return [layout() for layout in BUILT_IN]
