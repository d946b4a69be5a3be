"""An app that writes traces loads nothing for it but the standard library's small change."""

from __future__ import annotations

import subprocess
import sys

from tests.shell import ROOT

HEAVY = {
    "asyncio",
    "attr",
    "attrs",
    "hashlib",
    "hmac",
    "http",
    "json",
    "pluggy",
    "sqlite3",
    "ssl",
    "zoneinfo",
}


def loaded(code: str) -> set[str]:
    look = f"import sys; before = set(sys.modules); {code}; print(*set(sys.modules) - before)"
    ran = subprocess.run(
        [sys.executable, "-S", "-c", look],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(ran.stdout.split())


def test_emitting_is_light() -> None:
    modules = loaded("from kumon_observe import emit; emit.planner(count=1, conv='c1', turn=emit.new_turn())")
    assert "kumon_observe.emit" in modules
    assert modules & HEAVY == set()


def test_only_sealing_loads_what_seals_need() -> None:
    modules = loaded("from kumon_observe import emit; emit.Sealer('k' * 32)")
    assert modules & HEAVY == {"hmac", "hashlib"}
