"""The benchmark of the observer measures what it says, on a small scale."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.inside import inside
from bench.observer import Observed
from bench.place import Place
from bench.processes import CommandFailed

_SMALL = "--rounds 2 --calls 96 --rates 2000 --seconds 1 --conversations 300"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Observed:
    return inside(Place(tmp_path_factory.mktemp("bench")), *_SMALL.split())


def test_every_figure_is_measured(found: Observed) -> None:
    assert [(one.threads, one.rate, one.lost) for one in found.calls] == [(1, 2000, 0), (8, 2000, 0)]
    assert all(0 < one.without.p50 <= one.without.p99 < 1 for one in found.calls)
    assert all(0 < one.middle <= one.worst for one in found.delays)
    assert found.kept.conversations == 300


def test_a_steady_load_is_judged_whole(found: Observed) -> None:
    assert found.steady.sent == found.steady.judged > 1_000
    assert found.steady.lost == 0


def test_what_cannot_be_measured_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="unrecognized arguments: --nothing"):
        inside(Place(tmp_path), "--nothing")
