"""``tail`` as a person and as a script see it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kumon_observe.model.schema import load_schema
from tests.cli.processes import COMMAND, environment, log, on_terminal, run, terminal
from tests.scenarios import PHONE, Story

CONV = f"conv_{PHONE}_20250115_100000"
SOON = 20.0


class Running:
    """A ``tail`` that runs, and what it has written up to now."""

    def __init__(self, process: subprocess.Popen[bytes], descriptor: int) -> None:
        self.process = process
        self.descriptor = descriptor
        self.seen = ""

    def until(self, text: str) -> str:
        """All that was written, once *text* is in it."""
        end = time.monotonic() + SOON
        while text not in self.seen:
            ready, _, _ = select.select([self.descriptor], [], [], max(0, end - time.monotonic()))
            data = os.read(self.descriptor, 1 << 16) if ready else b""
            assert data, f"{text!r} did not come: {self.seen}"
            self.seen += data.decode()
        return self.seen


@contextmanager
def tailing(
    *arguments: str, cwd: Path, stdin: int = subprocess.DEVNULL, stdout: int = subprocess.PIPE
) -> Iterator[Running]:
    with subprocess.Popen(
        [*COMMAND, "tail", *arguments],
        cwd=cwd,
        env=environment(cwd / "home"),
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
    ) as process:
        descriptor = -1 if process.stdout is None else process.stdout.fileno()
        try:
            yield Running(process, descriptor)
        finally:
            process.kill()


def appended(path: Path, story: Story) -> None:
    with path.open("ab") as file:
        file.write(story.render("json"))


def test_the_last_lines_come_first_then_what_is_written(tmp_path: Path) -> None:
    path = log(tmp_path, Story().others(5))
    with tailing("app.log", cwd=tmp_path) as running:
        first = running.until("app.log:30")
        assert first.count("\n") == 10
        assert "app.log:20" not in first
        appended(path, Story().at(60).planner("ana", 2))
        assert "conv=ana" in running.until("app.log:31")
        path.rename(tmp_path / "app.log.1")
        log(tmp_path, Story().at(90).delivery("ana", 0))
        seen = running.until("handoff")
        assert seen.splitlines()[-1] == (
            "2025-01-15 10:01:30  CRITICAL  handoff: ana, planned 2, delivered 0  app.log:1"
        )
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(SOON) == 130
        assert running.process.stderr is not None
        assert running.process.stderr.read() == b""


def test_personal_data_is_masked(tmp_path: Path) -> None:
    log(tmp_path, Story().turn(CONV, 1, 0).says(f"no reply to {PHONE}", level="ERROR", logger="app.x"))
    with tailing("app.log", "--json", cwd=tmp_path) as running:
        seen = running.until("no reply to") + running.until('"check": "handoff"')
        assert PHONE not in seen
        assert "conv_***14~" in seen


def test_json_lines_are_as_their_schema_says(tmp_path: Path) -> None:
    story = Story().turn("ana", 2, 0).says("it broke", level="ERROR", logger="app.x").noise()
    log(tmp_path, story)
    validator = Draft202012Validator(load_schema("tailed"))
    with tailing("app.log", "missing.log", "--json", cwd=tmp_path) as running:
        lines = running.until("does not exist").splitlines()
    told = [json.loads(line) for line in lines]
    for one in told:
        validator.validate(one)
    kinds = [(one["status"], bool(one["record"]), one["check"], one["said"]) for one in told]
    assert kinds == [
        ("ok", True, None, None),
        ("ok", True, None, None),
        ("ok", True, None, None),
        ("critical", False, "handoff", None),
        ("warning", True, None, None),
        ("unknown", False, None, "missing.log: it does not exist: check the path"),
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--only", "critical"), ["OUTBOX_GUARD", "handoff", "wrong"]),
        (("--only", "warning"), ["OUTBOX_GUARD", "handoff", "status=failed", "broke", "wrong"]),
        (("--kind", "DELIVERY_TRACE"), ["action=send", "status=failed"]),
        (("--conv", "bia"), ["conv=bia"] * 6),
        (("--conv", "ana", "--only", "critical"), ["OUTBOX_GUARD", "handoff"]),
    ],
)
def test_filters(tmp_path: Path, arguments: tuple[str, ...], expected: list[str]) -> None:
    story = Story().planning("ana", 2).guard("ana", 2).turn("bia", ok=False)
    story.says("it broke", level="ERROR", logger="app.x").says("all wrong", level="CRITICAL", logger="app.x")
    log(tmp_path, story)
    with (tmp_path / "app.log").open("rb") as stdin:
        ran = run("tail", "-", *arguments, cwd=tmp_path, stdin=stdin)
    assert (ran.returncode, ran.stderr) == (0, "")
    kept = ran.stdout.splitlines()
    assert len(kept) == len(expected), ran.stdout
    assert [word for line, word in zip(kept, expected, strict=True) if word not in line] == []


def test_standard_input_is_followed_to_its_end(tmp_path: Path) -> None:
    ours, theirs = os.pipe()
    (tmp_path / "home").mkdir()
    with tailing("-", cwd=tmp_path, stdin=ours) as running:
        os.close(ours)
        os.write(theirs, Story().planner("ana").render("json"))
        running.until("-:1")
        os.write(theirs, Story().at(1).says("it broke", level="ERROR", logger="app.x").render("json")[:-1])
        os.close(theirs)
        assert "it broke" in running.until("-:2")
        assert running.process.wait(SOON) == 0


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    log(tmp_path, Story().others(1))
    ours, theirs = os.pipe()
    with tailing("app.log", cwd=tmp_path, stdout=theirs) as running:
        os.close(theirs)
        os.read(ours, 10)
        os.close(ours)
        assert running.process.wait(SOON) == 0
        assert running.process.stderr is not None
        assert running.process.stderr.read() == b""


def test_on_a_narrow_terminal_lines_are_wrapped_and_coloured(tmp_path: Path) -> None:
    log(tmp_path, Story().turn("ana", 2, 0))
    ours, theirs = terminal(40)
    with tailing("app.log", cwd=tmp_path, stdout=theirs) as running:
        os.close(theirs)
        running.descriptor = ours
        seen = running.until("delivered\x1b[0m \x1b[1;31m0")
    os.close(ours)
    assert "\x1b[1;31mCRITICAL\x1b[0m" in seen
    plain = [line for line in seen.replace("\r", "").split("\n") if "\x1b" not in line]
    assert max(map(len, plain)) <= 40


def test_in_portuguese(tmp_path: Path) -> None:
    with tailing("app.log", "--lang", "pt", cwd=tmp_path) as running:
        assert "app.log: não existe: confira o caminho" in running.until("caminho")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--only", "grave"), "--only 'grave' is no severity: write critical or warning"),
        (("--since", "2h"), "tail shows what comes: leave --since and --until to traces"),
        (("--kind", "X"), "there is no kind of trace 'X': use one of OUTBOX_TRACE, "),
        (("--conv", " "), "--conv ' ' is empty: write --conv CONV"),
        (("--layout", "x"), "there is no layout 'x': use one of "),
    ],
)
def test_wrong_usage_is_told(tmp_path: Path, arguments: tuple[str, ...], error: str) -> None:
    ran = run("tail", "app.log", *arguments, cwd=tmp_path)
    assert ran.returncode == 64
    assert ran.stderr.startswith(f"kumon-observe: {error}")


def test_help_names_the_filters(tmp_path: Path) -> None:
    seen = on_terminal("tail", "--help", cwd=tmp_path)
    for name in ("--only", "--kind", "--conv"):
        assert name in seen
