"""What can be named: folders, globs, URLs; and special files."""

from __future__ import annotations

import gzip
import os
import socket
from pathlib import Path

import pytest

from kumon_observe.reading import open_sources
from tests.reading.making import backup, only_file, put, records, text, whole


def test_nothing_named_is_nothing_opened() -> None:
    assert open_sources([]) == []


def test_a_folder_gives_its_logs_and_nothing_else(tmp_path: Path) -> None:
    put(tmp_path / "app.log", records(5, 5))
    put(tmp_path / "app.log.1", records(0, 5))
    put(tmp_path / "worker.log.gz", gzip.compress(records(100, 5)))
    put(tmp_path / "trace.jsonl", b'{"a": 1}\n')
    put(tmp_path / "ab12-json.log", b'{"log": 1}\n')
    backup(tmp_path / "old-20250115.tar.gz", {"old.log": b"old\n"})
    put(tmp_path / "truth.json", b"{}")
    put(tmp_path / ".hidden.log", b"x")
    (tmp_path / "deep.log").mkdir()
    put(tmp_path / "deep.log" / "x.log", b"x")
    chains = open_sources([str(tmp_path)])
    assert {chain.name.removeprefix(f"{tmp_path}/"): text(chain) for chain in chains} == {
        "ab12-json.log": b'{"log": 1}\n',
        "app.log": records(0, 10),
        "old-20250115.tar.gz/old.log": b"old\n",
        "trace.jsonl": b'{"a": 1}\n',
        "worker.log.gz": records(100, 5),
    }


def test_a_folder_without_logs_says_so(tmp_path: Path) -> None:
    put(tmp_path / "truth.json", b"{}")
    file = only_file(tmp_path)
    assert (file.name, str(file.error)) == (str(tmp_path), "it is a folder without logs: name the log itself")


def test_pipes_and_sockets_in_a_folder_are_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.log")
    put(tmp_path / "app.log", records(0, 5))
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s.log"))
        assert whole(only_file(tmp_path)) == records(0, 5)


def test_a_glob_gives_what_it_matches(tmp_path: Path) -> None:
    for replica in "ab":
        put(tmp_path / f"app-{replica}.log", records(0, 5) + replica.encode())
        put(tmp_path / replica / "deep.log", replica.encode() * 30)
    (tmp_path / "c").mkdir()
    assert len(open_sources([f"{tmp_path}/app-?.log"])) == 2
    assert len(open_sources([f"{tmp_path}/**/*.log"])) == 4
    assert len(open_sources([f"{tmp_path}/[abc]"])) == 2


@pytest.mark.parametrize("pattern", ["*.log", "c*", "[a]\0", "\0/*.log"])
def test_a_glob_without_a_match_says_so(tmp_path: Path, pattern: str) -> None:
    (tmp_path / "c").mkdir()
    file = only_file(f"{tmp_path}/{pattern}")
    assert str(file.error) == "no log matches it: check the pattern"


def test_a_file_whose_name_looks_like_a_glob_is_that_file(tmp_path: Path) -> None:
    put(tmp_path / "a.log", records(9, 9))
    assert whole(only_file(put(tmp_path / "[a].log", records(0, 5)))) == records(0, 5)


def test_siblings_of_what_a_glob_matches_are_found(tmp_path: Path) -> None:
    put(tmp_path / "app.log", records(5, 5))
    put(tmp_path / "app.log.1", records(0, 5))
    [chain] = open_sources([f"{tmp_path}/*.log"], rotated=True)
    assert text(chain) == records(0, 10)


@pytest.mark.parametrize("url", ["https://example.org/app.log", "s3://bucket/app.log", "S3://b/*.log"])
def test_a_url_needs_an_extra(url: str) -> None:
    file = only_file(url, rotated=True)
    assert (file.name, whole(file)) == (url, b"")
    assert str(file.error) == "it is not on this machine: install kumon-observe[remote]"


def test_sources_come_in_the_order_of_their_naming(tmp_path: Path) -> None:
    specs = [str(put(tmp_path / f"{name}.log", records(ord(name), 3))) for name in "cab"]
    assert [chain.name for chain in open_sources(specs)] == specs


def test_a_socket_is_no_log(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "app.log"))
        file = only_file(tmp_path / "app.log", rotated=True)
    assert (whole(file), str(file.error)) == (b"", "it is a socket, not a log: name a file")


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/full", "/dev/random"])
def test_a_device_is_no_log(device: str) -> None:
    file = only_file(device)
    assert (whole(file), str(file.error)) == (b"", "it is a device, not a log: name a file")


def test_paths_may_be_path_objects(tmp_path: Path) -> None:
    [chain] = open_sources([put(tmp_path / "app.log", records(0, 5))])
    assert text(chain) == records(0, 5)


def test_the_samples_are_found_in_their_folders(tmp_path: Path) -> None:
    put(tmp_path / "lost" / "app.log.gz", gzip.compress(records(0, 5)))
    put(tmp_path / "lost" / "truth.json", b"{}")
    assert whole(only_file(tmp_path / "lost")) == records(0, 5)
