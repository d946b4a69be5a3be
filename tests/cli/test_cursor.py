from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.processes import log, run
from tests.scenarios import Story


def grown(folder: Path, *, lost: bool = False) -> Path:
    """A log large enough for a cursor; behind it a healthy turn or a lost one."""
    path = log(folder, Story().others(300))
    run("health", cwd=folder)
    with path.open("ab") as file:
        file.write(Story().at(9000).turn("ana", 1, 0 if lost else 1).render("json"))
    return path


def answer(*arguments: str, cwd: Path) -> Any:
    ran = run(*arguments, "--json", cwd=cwd)
    assert ran.stderr == ""
    found = json.loads(ran.stdout)
    del found["generated_at"]
    return found


@pytest.mark.parametrize("command", ["health", "handoff", "report"])
def test_the_second_answer_is_that_of_reading_everything(tmp_path: Path, command: str) -> None:
    grown(tmp_path, lost=True)
    first = answer(command, cwd=tmp_path)
    assert first == answer(command, cwd=tmp_path) == answer(command, "--full", cwd=tmp_path)
    assert first["status"] == "critical"
    assert list((tmp_path / "home").rglob("state.db"))


def test_what_stood_before_the_cursor_is_not_read_again(tmp_path: Path) -> None:
    path = grown(tmp_path)
    data = path.read_bytes()
    place = data.index(b"phase=delivery", 2 * (64 << 10) + (4 << 10))  # behind a block that is looked at
    path.write_bytes(data[:place] + b"phase=delivary" + data[place + 14 :])
    assert answer("health", cwd=tmp_path)["status"] == "ok"  # as the docs say, such an edit goes unnoticed
    assert answer("health", "--full", cwd=tmp_path)["status"] == "warning"


def test_why_all_was_read_is_told_to_who_asks(tmp_path: Path) -> None:
    path = grown(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"other-299", b"other-2990"))
    ran = run("health", "--verbose", "--lang", "pt", cwd=tmp_path)
    assert ran.returncode == 0
    assert "o que foi analisado da última vez não é o que está nele agora; foi lido por inteiro" in ran.stderr
    path.write_bytes(path.read_bytes()[:300_000])
    assert run("health", cwd=tmp_path).stderr == ""


def test_a_state_folder_that_cannot_be_used_changes_no_answer(tmp_path: Path) -> None:
    path = log(tmp_path, Story().others(300))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "kumon-observe").write_text("no folder")
    ran = run("health", "--verbose", cwd=tmp_path)
    assert ran.returncode == 0
    assert f"the state of {path.name} is not saved" in ran.stderr
