"""What the tests of the rules share: layouts to try, and one way to judge a story."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kumon_observe.config.settings import Settings
from kumon_observe.engine.analyze import analyze
from kumon_observe.model.verdict import Verdict
from tests.scans import pure_scan
from tests.scenarios import LAYOUTS, TIMED, UNTIMED, Story
from tests.verdicts import Judge

LATER = datetime(2025, 1, 16, tzinfo=UTC)
"""When the commands run: a day after every story, which must not matter."""


@pytest.fixture(params=LAYOUTS)
def layout(request: pytest.FixtureRequest) -> str:
    """A layout with or without times."""
    return str(request.param)


@pytest.fixture(params=TIMED)
def timed(request: pytest.FixtureRequest) -> str:
    """A layout with times."""
    return str(request.param)


@pytest.fixture(params=UNTIMED)
def untimed(request: pytest.FixtureRequest) -> str:
    """A layout without times."""
    return str(request.param)


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Judge a story (or bytes) in a layout, raw values shown; several as ``{"name.log": story}``.

    Every verdict is that of both scans.
    """

    def judge(
        what: Story | bytes | dict[str, Story | bytes],
        layout: str = "json",
        *,
        settings: Settings | None = None,
        forced: str | None = None,
        **options: Any,
    ) -> Verdict:
        files = what if isinstance(what, dict) else {"app.log": what}
        for name, content in files.items():
            (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.render(layout))
        paths = [str(tmp_path / name) for name in files]
        options = {"show_personal_data": True, "clock": lambda: LATER, **options}
        options["settings"] = evolve(settings or Settings(), state_dir=str(tmp_path / "state"))
        verdict = analyze(paths, layout=forced, **options)
        with pure_scan():
            assert analyze(paths, layout=forced, **options) == verdict
        return verdict

    return judge
