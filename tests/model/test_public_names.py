from __future__ import annotations

import ast
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import kumon_observe
from kumon_observe.model import errors, events

SOURCE = Path(kumon_observe.__file__ or "")
INTERFACE = {
    "TraceEvent",
    "CheckResult",
    "Violation",
    "Evidence",
    "Threshold",
    "Status",
    "Severity",
    "Alert",
    "Check",
    "Sink",
    "Parser",
    "Observer",
    "hookimpl",
    "analyze",
    "parse",
    "emit",
    "__version__",
}
HEAVY = {
    "asyncio",
    "sqlite3",
    "ssl",
    "http",
    "attr",
    "attrs",
    "pluggy",
    "json",
    "importlib.metadata",
    "zoneinfo",
}


@pytest.mark.parametrize("name", sorted(kumon_observe.__all__))
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(kumon_observe, name) is not None
    assert name in dir(kumon_observe)


def test_the_names_of_the_interface_are_public() -> None:
    assert set(kumon_observe.__all__) >= INTERFACE


def test_every_kind_of_event_and_every_error_is_public() -> None:
    kinds = {kind.__name__ for kind in events.KINDS}
    roots = {name for name, value in vars(errors).items() if isinstance(value, type)}
    assert kinds | roots <= set(kumon_observe.__all__)


def test_what_a_type_checker_sees_is_what_is_public() -> None:
    block = next(node for node in ast.parse(SOURCE.read_text()).body if isinstance(node, ast.If))
    imported = {
        alias.asname for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert imported == set(kumon_observe.__all__) - {"__version__"}


def test_every_error_has_one_root() -> None:
    raised = [value for value in vars(errors).values() if isinstance(value, type)]
    assert all(issubclass(error, kumon_observe.KumonObserveError) for error in raised)


def test_a_missing_extra_says_what_to_install() -> None:
    error = kumon_observe.MissingExtraError("the Slack sink", "slack")
    assert str(error) == "the Slack sink needs an extra: install kumon-observe[slack]"


def test_a_sink_error_says_how_long_to_wait() -> None:
    assert kumon_observe.TemporarySinkError("busy", retry_after=30).retry_after == 30
    assert kumon_observe.TemporarySinkError("busy", retry_after=-1).retry_after == 0
    assert kumon_observe.TemporarySinkError("busy").retry_after is None
    kept = pickle.loads(pickle.dumps(kumon_observe.TemporarySinkError("busy", retry_after=2.5)))
    assert (str(kept), kept.retry_after) == ("busy", 2.5)


def test_a_name_that_is_not_there_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Observe'"):
        _ = kumon_observe.Observe


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import sys; before = set(sys.modules); import kumon_observe; print(*set(sys.modules) - before)"
    finished = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(SOURCE.parents[1])},
    )
    loaded = set(finished.stdout.split())
    assert "kumon_observe" in loaded
    assert not loaded & HEAVY
