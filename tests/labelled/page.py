"""The part of docs/backtest.md that shows what the labelled scenarios add up to."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from kumon_observe.config.settings import Settings
from kumon_observe.model.backtest import RulesTest
from kumon_observe.monitor.scenarios import try_scenarios
from kumon_observe.plugins.registry import Registry
from kumon_observe.present import backtest
from tests.labelled.files import FOLDER
from tests.present.views import view
from tests.shell import ROOT

PAGE: Final = ROOT / "docs" / "backtest.md"
_FILE: Final = FOLDER / "scenarios.toml"
_BLOCK: Final = re.compile(r"(?<=^```console\n)(?:.*\n)*?(?=^```$)", re.MULTILINE)


def tested() -> RulesTest:
    """The shipped scenarios under the default rules."""
    settings = Settings()
    registry = Registry.load(settings, entry_points=False)
    return try_scenarios(_FILE, settings, registry, lambda: datetime(2025, 2, 1, tzinfo=UTC))


def block(tested: RulesTest) -> str:
    """What the command prints of them, with the command."""
    name = _FILE.relative_to(ROOT).as_posix()
    return f"$ kumon-observe backtest --scenarios {name}\n{backtest.render_test(tested, view())}"


def shown() -> str:
    """The block on the page."""
    (found,) = _BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    return str(found)


def write() -> None:
    """Put the block on the page."""
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_BLOCK.sub(lambda _: block(tested()), text), encoding="utf-8")
