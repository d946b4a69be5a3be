"""The pytest plugin: hooks, options, markers and the fixture.

pytest loads this module in every session of every project that has this package installed, so what does the
work is imported when the first test is watched.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from kumon_observe.testing.plugin.marks import DOCUMENTED, WATCH, BadMark
from kumon_observe.testing.plugin.totals import Totals

if TYPE_CHECKING:
    from kumon_observe.testing.plugin.traces import KumonTraces
    from kumon_observe.testing.plugin.watching import Suite, Watch

_OUTPUT = "kumon_observe"
_SUITE: pytest.StashKey[Suite] = pytest.StashKey()
_TOTALS: pytest.StashKey[Totals] = pytest.StashKey()
_RUNNING: pytest.StashKey[Watch] = pytest.StashKey()
_PASSED: pytest.StashKey[bool] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the command line and of the configuration file."""
    group = parser.getgroup("kumon-observe")
    group.addoption(
        "--kumon-strict",
        action="store_true",
        help="watch every test as if it used the fixture kumon_traces",
    )
    group.addoption(
        "--kumon-checks",
        metavar="NAMES",
        help="judge by these checks alone, separated by commas (default: all that are installed)",
    )
    parser.addini("kumon_strict", "watch every test, as --kumon-strict does", type="bool", default=False)
    parser.addini("kumon_checks", "judge by these checks alone, as --kumon-checks does", type="args")
    parser.addini("kumon_allow_empty", "a watched test may end without any trace", type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known."""
    config.stash[_TOTALS] = Totals()
    for line in DOCUMENTED:
        config.addinivalue_line("markers", line)


@pytest.fixture
def kumon_traces(request: pytest.FixtureRequest) -> KumonTraces:
    """The traces that this test causes; it fails at its end if any check finds what must not be."""
    item: pytest.Item = request.node
    if _RUNNING not in item.stash:
        _failing(_begin(item))
    return item.stash[_RUNNING].traces


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    """Begin to watch before the first fixture is made."""
    fault = _begin(item) if _is_watched(item) else ""
    result = yield
    _failing(fault)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether the test itself passed."""
    report = yield
    if report.when == "call":
        item.stash[_PASSED] = report.passed
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """Judge once the last fixture is gone."""
    try:
        result = yield
    except BaseException:
        item.add_report_section("teardown", "kumon-observe", _end(item))
        raise
    _failing(_end(item))
    return result


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of pytest-xdist hands over what it counted."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_OUTPUT] = session.config.stash[_TOTALS].counts()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add what a worker of pytest-xdist counted; one that crashed hands over nothing."""
    counts = getattr(node, "workeroutput", {}).get(_OUTPUT, {})
    node.config.stash[_TOTALS].add(counts)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """One line, if any test was watched."""
    totals = config.stash[_TOTALS]
    if totals.tests:
        colour = "red" if totals.violating else "green" if totals.traces else "yellow"
        terminalreporter.write_line(totals.line(), **{colour: True})


def _is_watched(item: pytest.Item) -> bool:
    if item.config.getoption("kumon_strict") or item.config.getini("kumon_strict"):
        return True
    names = getattr(item, "fixturenames", ())
    return WATCH in names or item.get_closest_marker(WATCH) is not None


def _begin(item: pytest.Item) -> str:
    """Watch *item* from now on; gives why that cannot be, if so."""
    item.stash[_PASSED] = False
    from kumon_observe.model.errors import KumonObserveError
    from kumon_observe.testing.plugin import watching

    try:
        item.stash[_RUNNING] = watching.Watch(item, _suite(item.config))
    except (BadMark, KumonObserveError) as error:
        return f"kumon-observe: {error}"
    return ""


def _end(item: pytest.Item) -> str:
    """Watch *item* no more; gives why it must fail, if so."""
    watch = item.stash.get(_RUNNING, None)
    if watch is None:
        return ""
    del item.stash[_RUNNING]
    return watch.end(item.config.stash[_TOTALS], passed=item.stash[_PASSED])


def _failing(message: str) -> None:
    if message:
        pytest.fail(message, pytrace=False)


def _suite(config: pytest.Config) -> Suite:
    suite = config.stash.get(_SUITE, None)
    if suite is None:
        from kumon_observe.testing.plugin import watching

        asked = config.getoption("kumon_checks")
        checks = [name.strip() for name in asked.split(",")] if asked else config.getini("kumon_checks")
        suite = watching.Suite.load(config.rootpath, checks, allow_empty=config.getini("kumon_allow_empty"))
        config.stash[_SUITE] = suite
    return suite
