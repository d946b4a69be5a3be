"""What a sink keeps outlives a restart, is its own, and hinders nobody when it cannot be kept."""

from __future__ import annotations

from pathlib import Path

from kumon_observe.state.keeps import StateKeep
from kumon_observe.testing.clock import FakeClock


def keep(folder: Path, sink: str = "slack", clock: FakeClock | None = None) -> StateKeep:
    return StateKeep(folder, sink, 3600, clock or FakeClock())


def test_a_text_is_found_again_by_its_sink_alone(tmp_path: Path) -> None:
    assert keep(tmp_path).get("k7m2") is None
    keep(tmp_path).put("k7m2", "C1 1736935200.000100")
    keep(tmp_path).put("k7m2", "C1 1736935200.000200")
    assert keep(tmp_path).get("k7m2") == "C1 1736935200.000200"
    assert keep(tmp_path, "other").get("k7m2") is None


def test_an_old_text_is_forgotten(tmp_path: Path) -> None:
    clock = FakeClock()
    keep(tmp_path, clock=clock).put("old", "x")
    clock.advance(3601)
    keep(tmp_path, clock=clock).put("new", "y")
    assert (keep(tmp_path).get("old"), keep(tmp_path).get("new")) == (None, "y")


def test_what_cannot_be_kept_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"no database" * 100)
    keep(tmp_path / "state.db" / "under a file").put("k7m2", "x")
    assert keep(tmp_path / "state.db" / "under a file").get("k7m2") is None
    keep(tmp_path).put("long", "x" * 5000)
    assert keep(tmp_path).get("long") is None
