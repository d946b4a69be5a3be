"""The race compares answers before times, and every peer that is installed gives the right one."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import evolve

from bench import ours
from bench.contenders import LIMITS, OURS, OURS_ALONE, OURS_PURE, RIVALS, Answer, Contender, Log, our_own
from bench.data import log
from bench.logs import RECIPES
from bench.logs.known import Known
from bench.phases import phases
from bench.place import Place
from bench.processes import CommandFailed, cost, peak_memory
from bench.race import excuse_of, race
from bench.scenes import again_after_append
from tests.shell import ROOT

SMALL = 1_500_000
RIGHT = tuple(one for one in (OURS, OURS_ALONE, OURS_PURE, *RIVALS) if "guide" not in one.name)
(GUIDE,) = (one for one in RIVALS if "guide" in one.name)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def python(name: str, program: str, *, needs: tuple[str, ...] = ()) -> Contender:
    return Contender(name, lambda log: [sys.executable, "-c", program, str(log.path)], needs=needs)


def answering(answer: Answer) -> str:
    return f"print({answer.lost}, {answer.success}, {answer.failed})"


def small(kind: str, folder: Path) -> Log:
    return log(kind, SMALL, folder, planted_every=7)


def by_name(contender: Contender) -> str:
    return contender.name


@pytest.mark.parametrize(
    ("contender", "kind"),
    [pytest.param(one, kind, id=f"{one.name}-{kind}") for one in RIGHT for kind in one.kinds],
)
def test_every_contender_gives_the_right_answer(
    contender: Contender, kind: str, data: Path, place: Place
) -> None:
    assert not contender.missing(), "bench/setup.sh .venv installs it, as make test does"
    assert excuse_of(contender, small(kind, data), place) == ""


@pytest.mark.parametrize("kind", RECIPES)
def test_the_guides_pipelines_miss_losses_that_the_apps_guard_missed(
    kind: str, data: Path, place: Place
) -> None:
    assert excuse_of(GUIDE, small(kind, data), place).startswith("wrong: it says ")


@pytest.mark.parametrize("limit", LIMITS, ids=by_name)
def test_the_bare_reads_run(limit: Contender, data: Path, place: Place) -> None:
    assert excuse_of(limit, small("dense", data), place) == ""


def test_the_wrong_and_the_missing_are_named_and_not_timed(data: Path, place: Place) -> None:
    made = small("dense", data)
    right = Answer.to(made)
    contenders = [
        python("right", answering(right)),
        python("wrong", "print(0, 1, 2)"),
        python("silent", "print('no figures')"),
        python("broken", "import sys; sys.exit('cannot read it')"),
        python("dead", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"),
        evolve(python("seeing a part", "print(0, 1, 2)"), in_part=True),
        evolve(python("seeing nothing", "print()"), in_part=True),
        python("absent", answering(right), needs=("no_such_program",)),
    ]
    told: list[str] = []
    result = race(made, contenders, place, rounds=3, tell=told.append)
    assert {row.name: row.note for row in result.rows} == {
        "right": "",
        "wrong": f"wrong: it says 0 lost, 1 sent, 2 refused; right is {right}",
        "silent": "wrong: 'no figures' is no answer",
        "broken": "wrong: '' is no answer",
        "dead": "not measured: it ended with -9",
        "seeing a part": f"wrong: it says 0 lost, 1 sent, 2 refused; right is {right}",
        "seeing nothing": "wrong: '' is no answer",
        "absent": "not measured: no_such_program not installed",
    }
    assert [row.name for row in result.rows if row.wall] == ["right", "seeing a part"]
    assert "dense: round 3 of 3" in told


def test_a_log_is_made_once_and_again_when_its_recipe_has_changed(tmp_path: Path) -> None:
    first = small("dense", tmp_path)
    written = first.path.stat().st_mtime_ns
    assert small("dense", tmp_path) == first
    assert first.path.stat().st_mtime_ns == written
    first.path.write_bytes(b"cut off")
    again = small("dense", tmp_path)
    assert again.known == first.known
    assert again.path.stat().st_size == first.known.size


def test_the_cost_is_that_of_all_processes(place: Place) -> None:
    busy = "import time\nwhile time.process_time() < 0.2: pass\n"
    child = f"import subprocess, sys; print(subprocess.call([sys.executable, '-c', {busy!r}]))"
    found = cost([sys.executable, "-c", child], place.env, place.cwd)
    assert found.output == "0\n"
    assert found.cpu >= 0.2
    assert found.wall >= 0.2


def test_the_memory_is_that_of_all_processes_together(place: Place) -> None:
    holds = "held = b'x' * 40_000_000; import time\nwhile time.process_time() < 0.2: pass\n"
    both = (
        "import subprocess, sys\n"
        f"two = [subprocess.Popen([sys.executable, '-c', {holds!r}]) for _ in range(2)]\n"
        "[one.wait() for one in two]"
    )
    found = peak_memory([sys.executable, "-c", both], place.env, place.cwd)
    assert 80_000_000 < found.proportional < 160_000_000
    assert found.resident >= found.proportional


def test_a_command_that_fails_tells_its_last_words(place: Place) -> None:
    with pytest.raises(CommandFailed, match="no such log"):
        cost(["bash", "-c", "echo first >&2; echo no such log >&2; exit 66"], place.env, place.cwd)


def test_a_peer_that_gives_the_wrong_answer_in_a_pipeline_is_told_as_wrong(data: Path, place: Place) -> None:
    made = small("dense", data)
    blind = Contender("blind", lambda log: ["bash", "-c", f"grep -c success {log.path}; echo 0 0"])
    assert excuse_of(blind, made, place).startswith("wrong: it says ")


def test_options_are_used_only_where_the_help_lists_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "--json" in ours.offered()
    monkeypatch.setattr(ours, "offered", lambda: frozenset({"--json"}))
    assert ours.health("app.log") == [*ours.COMMAND, "health", "--json", "app.log"]
    assert our_own() == (OURS,)
    monkeypatch.setattr(ours, "offered", lambda: frozenset({"--json", "--full", "--jobs"}))
    assert ours.health("app.log")[-2:] == ["--full", "app.log"]
    assert "--full" not in ours.health("app.log", reread=False)
    assert our_own() == (OURS, OURS_ALONE, OURS_PURE)


def test_an_append_that_is_judged_wrongly_is_no_time(
    data: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = small("sparse", data)
    assert again_after_append(made, place, rounds=2).size == made.known.size
    stale = json.dumps(
        {
            "checks": [
                {"name": "handoff", "counts": {"violations": 0}},
                {"name": "delivery", "counts": {"success": 0, "failed": 0}},
            ]
        }
    )
    monkeypatch.setattr(ours, "health", lambda *_, **__: [sys.executable, "-c", f"print({stale!r})"])
    with pytest.raises(ValueError, match=r"after 1 appends to sparse-1500000\.log it says 0 lost, 0 sent"):
        again_after_append(made, place, rounds=2)


def test_one_command_measures_and_writes_the_page(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    few = [
        "--sparse=200kB",
        "--dense=0",
        "--json=0",
        "--only=by position",
        "--largest=200kB",
        "--repeat",
        "200kB",
    ]
    where = [
        "--data",
        str(tmp_path),
        "--output",
        str(page),
        "--rounds=1",
        "--no-parts",
        "--steady=0",
        "--kills=0",
    ]
    ran = subprocess.run(
        [sys.executable, "-m", "bench.run", *few, *where],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    titles = re.findall("^## (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert titles[:3] == ["The race", "What the same bytes allow", "Where our time goes"]
    assert titles[3:] == [
        "Time against size",
        "Again after an append",
        "Starting",
        "How to read it",
        "Where the limit is",
        "Do it yourself",
    ]
    assert "kumon-observe health" in ran.stdout
    assert "sparse: round 1 of 1" in ran.stderr


def test_an_answer_is_compared_by_its_figures() -> None:
    known = Known(lost=1, success=2, failed=3)
    answer = Answer.to(Log("dense", Path("x"), known))
    assert answer == Answer(1, 2, 3)
    assert answer.with_more(Answer(1, 0, 2)) == Answer(2, 2, 5)


def test_every_phase_of_a_run_has_its_time(data: Path, place: Place) -> None:
    found = phases(small("sparse", data), place, rounds=1)
    assert found.kind == "sparse"
    assert len(found.seconds) == 7
    assert min(found.seconds.values()) > 0
    assert found.together < 60
