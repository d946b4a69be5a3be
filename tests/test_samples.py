"""Logs that the real app wrote give the truth that was booked while they were played."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kumon_observe.config.settings import Settings
from kumon_observe.engine.analyze import analyze
from kumon_observe.model.document.writing import verdict_to
from tests.commands import kumon_observe
from tests.scenarios import Story

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples"
BUILT_IN = "built-in"
PRESENT = sorted(truth.parent.name for truth in SAMPLES.glob("*/truth.json"))

BUILT_IN_TRUTH: dict[str, Any] = {
    "inputs": ["app.log.gz"],
    "args": [],
    "expect": {
        "status_in": ["critical"],
        "exit_in": [2],
        "handoff": {
            "violations": 2,
            "keys": [["ana", None], ["bia", "k1"]],
            "debatable_keys": [],
            "partial": 1,
        },
        "instances": {"violations": 1, "values": ["thread_1"], "keys": [["carla", None]], "unguarded": 1},
        "delivery": {"success": 24, "failed": 1, "unresolved": None, "verdict": "ok"},
        "consistency": {"status_in": ["ok"], "pairs": None, "inconsistent": 0},
        "problems_min": {"embedded": 1},
        "checks_status": {
            "handoff": ["critical"],
            "instances": ["critical"],
            "delivery": ["ok"],
            "consistency": ["ok"],
        },
    },
}


def built_in_log() -> bytes:
    """A small log with one of everything, for clones that have no samples beside them."""
    story = (
        Story()
        .others(20)
        .turn("ana", 1, 0)
        .turn("bia", 2, 0, idem="k1")
        .turn("dora", 4, 3)
        .turn("eva", ok=False)
    )
    story.send("carla", instance="thread_1").result("carla", instance="thread_1")
    story.echo("OUTBOX_GUARD|level=CRITICAL|type=x|conv=y")
    return gzip.compress(story.render("json"))


@pytest.fixture(params=[BUILT_IN, *PRESENT])
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[dict[str, Any], list[Path]]:
    """A sample's truth and its logs."""
    if request.param == BUILT_IN:
        (tmp_path / "app.log.gz").write_bytes(built_in_log())
        return BUILT_IN_TRUTH, [tmp_path / "app.log.gz"]
    folder = SAMPLES / request.param
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return truth, [folder / name for name in truth["inputs"]]


def hold(expect: dict[str, Any], document: dict[str, Any]) -> None:
    """Hold a verdict's JSON against what was played; ``None`` was not judged."""
    checks = {check["name"]: check for check in document["checks"]}
    assert document["status"] in expect["status_in"]
    for name, statuses in expect["checks_status"].items():
        assert checks[name]["status"] in statuses, checks[name]
    for name, figures in (
        ("handoff", ("violations", "partial", "undelivered")),
        ("instances", ("violations", "unguarded")),
        ("delivery", ("success", "failed", "unresolved")),
        ("consistency", ("pairs", "inconsistent")),
    ):
        for figure in figures:
            wanted = expect[name].get(figure)
            assert wanted is None or checks[name]["counts"][figure] == wanted, (
                name,
                figure,
                checks[name]["counts"],
            )
    for name in ("handoff", "instances"):
        debatable = {tuple(key) for key in expect[name].get("debatable_keys", [])}
        found = Counter((v["key"]["conv"], v["key"]["idem"]) for v in checks[name]["violations"])
        assert +Counter({k: n for k, n in found.items() if k not in debatable}) == Counter(
            map(tuple, expect[name]["keys"])
        )
    assert sorted({v["value"] for v in checks["instances"]["violations"]}) == sorted(
        set(expect["instances"]["values"])
    )
    assert checks["delivery"]["status"] == expect["delivery"]["verdict"]
    assert checks["consistency"]["status"] in expect["consistency"]["status_in"]
    for problem, least in expect["problems_min"].items():
        assert sum(source["problems"][problem] for source in document["input"]["sources"]) >= least


def test_a_sample_gives_its_truth(sample: tuple[dict[str, Any], list[Path]], tmp_path: Path) -> None:
    truth, logs = sample
    settings = Settings(state_dir=str(tmp_path / "state"))
    verdict = analyze([str(log) for log in logs], settings=settings, show_personal_data=True)
    hold(truth["expect"], json.loads(json.dumps(verdict_to(verdict))))
    assert verdict.status.exit_code in truth["expect"]["exit_in"]


def test_a_sample_gives_its_truth_on_the_command_line(
    sample: tuple[dict[str, Any], list[Path]], tmp_path: Path
) -> None:
    truth, logs = sample
    ran = kumon_observe("health", "--json", "--show-personal-data", *truth["args"], *logs, cwd=tmp_path)
    hold(truth["expect"], json.loads(ran.stdout))
    assert ran.returncode in truth["expect"]["exit_in"]


def test_a_sample_is_judged_the_same_unpacked_and_from_standard_input(
    sample: tuple[dict[str, Any], list[Path]], tmp_path: Path
) -> None:
    truth, (log,) = sample
    ran = kumon_observe(
        "health", "--json", "--show-personal-data", "-", cwd=tmp_path, stdin=gzip.decompress(log.read_bytes())
    )
    hold(truth["expect"], json.loads(ran.stdout))
