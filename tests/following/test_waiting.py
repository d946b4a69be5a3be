"""Waiting for several logs, and standard input as it comes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from kumon_observe.reading.following import Follower, Streamed, Waiter
from tests.following.life import Life


class Sleeping:
    """Keeps how long was slept, and does something meanwhile."""

    def __init__(self, meanwhile: object = None) -> None:
        self.slept: list[float] = []
        self.meanwhile = meanwhile

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        if callable(self.meanwhile) and len(self.slept) == 2:
            self.meanwhile()


def test_waiting_ends_when_one_of_several_logs_was_written(tmp_path: Path) -> None:
    first, second = Life(tmp_path / "a.log"), Life(tmp_path / "b.log")
    first.append(b"x\n")
    followers = [Follower(str(life.path)) for life in (first, second)]
    for follower in followers:
        follower.read(10)
    sleeping = Sleeping(lambda: second.append(b"y\n"))
    assert Waiter(sleep=sleeping).wait(followers, 60)
    assert sleeping.slept == [0.25, 0.25]


def test_waiting_ends_in_time_without_anything(tmp_path: Path) -> None:
    follower = Follower(str(tmp_path / "app.log"))
    sleeping = Sleeping()
    assert not Waiter(sleep=sleeping).wait([follower], 0.6)
    assert sleeping.slept == pytest.approx([0.25, 0.25, 0.1])


def test_a_rotation_is_a_change(tmp_path: Path) -> None:
    life = Life(tmp_path / "app.log")
    life.append(b"x\n")
    follower = Follower(str(life.path))
    follower.read(10)
    assert not follower.changed()
    life.rename()
    assert not follower.changed()
    life.append(b"y\n")
    assert follower.changed()
    follower.close()


@pytest.fixture
def pipe() -> Iterator[tuple[BinaryIO, int]]:
    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb") as stream:
        yield stream, theirs


def test_standard_input_is_read_as_it_comes_and_its_end_is_told(pipe: tuple[BinaryIO, int]) -> None:
    stream, writer = pipe
    streamed = Streamed(stream)
    assert streamed.read(100) == []
    assert not streamed.changed()
    os.write(writer, b"one\ntwo")
    assert [piece[:5] for piece in streamed.read(5)] == [(1, "-", 0, b"one\nt", False)]
    assert [streamed.behind, streamed.over] == [True, False]
    assert [piece[2:5] for piece in streamed.read(5)] == [(5, b"wo", False)]
    os.close(writer)
    assert [piece[2:5] for piece in streamed.read(5)] == [(7, b"", True)]
    assert streamed.over
    assert streamed.again(1, 0, 3) == b""
    streamed.close()


def test_closed_standard_input_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    streamed = Streamed()
    assert str(streamed.missing) == "it is closed: pipe a log into it or name a file"
    assert streamed.read(1) == []


def test_standard_input_that_fails_is_said(
    pipe: tuple[BinaryIO, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream, writer = pipe
    os.write(writer, b"one\n")
    streamed = Streamed(stream)

    def fails(_descriptor: int, _most: int) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "read", fails)
    (piece,) = streamed.read(5)
    assert piece.ends
    assert str(streamed.missing) == "it could be read only up to byte 0: Input/output error"
    monkeypatch.undo()
    os.close(writer)
