"""``kumon-observe archive``."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from kumon_observe.model.schema import load_schema
from tests.archiving.logs import lines
from tests.commands import kumon_observe


def test_the_log_goes_into_an_archive_beside_it(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(lines(0, 3000))
    ran = kumon_observe("archive", cwd=tmp_path)
    [made] = tmp_path.glob("app-*.log.gz")
    size = len(lines(0, 3000))
    assert ran.returncode == 0
    assert ran.stdout == (
        f"OK        app.log: {size} bytes went into {made.name}\n"
        f"    {made.stat().st_size} bytes packed; 0 bytes are left in the log\n"
    )


def test_what_cannot_be_archived_is_a_warning_and_the_others_are_done(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(lines(0, 3000))
    (tmp_path / "app.log.1").write_bytes(lines(0, 3000))
    ran = kumon_observe("archive", "app.log.1", "app.log", cwd=tmp_path)
    assert ran.returncode == 1
    assert ran.stdout.startswith(
        "WARNING   app.log.1: its name is that of a rotated log: name the one that is\n"
        "    being written\nOK        app.log: "
    )


def test_json_says_all_of_it(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(lines(0, 3000))
    ran = kumon_observe("archive", "--json", str(tmp_path / "app.log"), cwd=tmp_path)
    told = json.loads(ran.stdout)
    jsonschema.validate(told, load_schema("archive"))
    assert told["status"] == "ok"
    assert told["dry_run"] is False
    assert told["logs"][0]["archive"].startswith(str(tmp_path / "app-"))
    assert told["logs"][0]["cut"] == len(lines(0, 3000))
    assert told["logs"][0]["left"] == 0


def test_a_dry_run_says_so_in_portuguese_too(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(lines(0, 3000))
    ran = kumon_observe("archive", "--dry-run", "--lang", "pt", cwd=tmp_path)
    assert ran.returncode == 0
    assert f"app.log: {len(lines(0, 3000))} bytes iriam para app-" in ran.stdout
    assert (tmp_path / "app.log").read_bytes() == lines(0, 3000)


def test_quiet_says_only_what_was_not_done(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(lines(0, 3000))
    assert kumon_observe("archive", "--quiet", cwd=tmp_path).stdout == ""
    ran = kumon_observe("archive", "--quiet", "gone.log", cwd=tmp_path)
    assert ran.returncode == 3
    assert ran.stdout == "UNKNOWN   gone.log: it does not exist: check the path\n"


def test_standard_input_cannot_be_archived(tmp_path: Path) -> None:
    ran = kumon_observe("archive", "-", cwd=tmp_path)
    assert ran.returncode == 3
    assert "it does not exist" in ran.stdout
