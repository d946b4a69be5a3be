"""Asks the built-in layouts what a text is."""

from __future__ import annotations

from datetime import UTC, datetime

from kumon_observe.model.protocols import Explained, Parser
from kumon_observe.parsing.explainer import Explainer, Record
from kumon_observe.parsing.layouts import built_in_layouts
from kumon_observe.parsing.layouts.syslog import SyslogLayout

AT = datetime(2025, 1, 15, 10, 0, 0, 123_456, tzinfo=UTC)


def layouts() -> list[Parser]:
    parsers = [parser for parser in built_in_layouts() if parser.name != "syslog"]
    return [*parsers, SyslogLayout().with_reference(AT)]


LAYOUT = {parser.name: parser for parser in layouts()}


def explainers(text: str) -> list[str]:
    """The names of the layouts that explain *text*."""
    return [parser.name for parser in layouts() if parser.explain(text) is not None]


def only(name: str, text: str) -> Explained:
    """What the layout *name* says, which must be the only one that explains *text*."""
    assert explainers(text) == [name]
    explained = LAYOUT[name].explain(text)
    assert explained is not None
    return explained


def innermost(text: str) -> Record | None:
    return Explainer(layouts()).explain(text)
