from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kumon_observe.reading import open_sources
from tests.reading.making import only_file, put, records, tar_bytes, whole

LINES = records(0, 5000)


def _reader(prelude: str = "") -> list[str]:
    script = """
        import sys
        from kumon_observe.reading import open_sources
        for chain in open_sources(sys.argv[1:]):
            for file in chain.files:
                print(sum(map(len, file.blocks())), file.error)
    """
    return [sys.executable, "-c", prelude + textwrap.dedent(script)]


def test_standard_input_is_read_to_its_end() -> None:
    done = subprocess.run([*_reader(), "-"], input=LINES, capture_output=True, check=True)
    assert done.stdout.decode() == f"{len(LINES)} None\n"


def test_a_given_stream_is_read_and_left_open() -> None:
    stream = io.BytesIO(LINES)
    file = only_file("-", stdin=stream)
    assert (file.name, file.size, file.seekable, file.read_at(0, 5)) == ("-", None, False, b"")
    assert whole(file) == LINES
    assert (file.error, file.complete_tail, stream.closed) == (None, True, False)


def test_standard_input_named_twice_is_read_once() -> None:
    file = only_file("-", "-", stdin=io.BytesIO(LINES), rotated=True)
    assert whole(file) == LINES


def test_compressed_input_is_recognised() -> None:
    assert whole(only_file("-", stdin=io.BytesIO(gzip.compress(LINES)))) == LINES
    cut = only_file("-", stdin=io.BytesIO(gzip.compress(LINES)[:-30]))
    assert LINES.startswith(whole(cut))
    assert cut.truncated


def test_a_piped_archive_says_what_to_do() -> None:
    for data in (tar_bytes({"app.log": LINES}), gzip.compress(tar_bytes({"app.log": LINES}))):
        file = only_file("-", stdin=io.BytesIO(data))
        assert whole(file) == b""
        assert str(file.error) == "it is an archive: give the archive's own path instead of piping it"


def test_empty_input_is_empty() -> None:
    file = only_file("-", stdin=io.BytesIO())
    assert (whole(file), str(file.error)) == (b"", "it is empty")


def test_closed_input_says_so() -> None:
    stream = io.BytesIO(LINES)
    stream.close()
    file = only_file("-", stdin=stream)
    assert whole(file) == b""
    assert str(file.error) == "it could be read only up to byte 0: I/O operation on closed file."
    done = subprocess.run([*_reader("import sys; sys.stdin = None\n"), "-"], capture_output=True, check=True)
    assert done.stdout == b"0 it is closed: pipe a log into it or name a file\n"


def test_input_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as stream:
        file = only_file("-", stdin=stream)
        assert whole(file) == b""
    assert str(file.error) == "it could be read only up to byte 0: read"


def test_a_stream_that_breaks_keeps_what_came_before() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if data := super().read(size):
                return data
            raise OSError(5, "Input/output error")

    file = only_file("-", stdin=Broken(LINES + b"half"))
    assert whole(file) == LINES + b"half"
    assert str(file.error) == f"it could be read only up to byte {len(LINES) + 4}: Input/output error"
    assert not file.complete_tail


@pytest.mark.parametrize("data", [LINES, gzip.compress(LINES)])
def test_process_substitution_is_read(tmp_path: Path, data: bytes) -> None:
    put(tmp_path / "data", data)
    command = 'exec "$@" <(cat data) <(tac data | head -1)'
    done = subprocess.run(
        ["bash", "-c", command, "bash", *_reader()],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.splitlines()[0] == f"{len(LINES)} None".encode()
    assert len(done.stdout.splitlines()) == 2


def test_an_empty_process_substitution_is_empty() -> None:
    command = 'exec "$@" <(true) /dev/stdin'
    arguments = ["bash", "-c", command, "bash", *_reader()]
    done = subprocess.run(arguments, input=LINES, capture_output=True, check=True, timeout=60)
    assert done.stdout == b"0 it is empty\n%d None\n" % len(LINES)


def test_the_wrong_end_of_a_pipe_says_so() -> None:
    reading, writing = os.pipe()
    file = only_file(f"/dev/fd/{writing}")
    assert whole(file) == b""
    assert str(file.error) == "it could be read only up to byte 0: Bad file descriptor"
    os.close(reading)
    os.close(writing)


def test_a_pipe_that_does_not_block_is_waited_for() -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    file = only_file(f"/dev/fd/{reading}")

    def write() -> None:
        os.write(writing, LINES[:1000])
        os.close(writing)

    timer = threading.Timer(0.05, write)
    timer.start()
    assert whole(file) == LINES[:1000]
    timer.join()
    os.close(reading)


@contextmanager
def _writer(write: Callable[[], object]) -> Iterator[None]:
    thread = threading.Thread(target=write)
    thread.start()
    yield
    thread.join()


def test_a_fifo_is_read_to_the_end_of_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    file = only_file(tmp_path / "pipe", fifo_wait=60, rotated=True)
    with _writer(lambda: (tmp_path / "pipe").write_bytes(LINES)):
        assert whole(file) == LINES
    assert (file.error, file.size, file.seekable) == (None, None, False)


def test_a_fifo_without_a_writer_is_given_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    file = only_file(tmp_path / "pipe", fifo_wait=0.01)
    assert whole(file) == b""
    assert str(file.error) == "it is a pipe that nobody wrote to within 0.01 seconds: start its writer first"


def test_a_writer_that_thinks_long_is_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    file = only_file(tmp_path / "pipe", fifo_wait=0.01)
    # Opened for both directions, a FIFO has a writer at once, without waiting for a reader.
    silent = os.open(tmp_path / "pipe", os.O_RDWR)

    def write() -> None:
        os.write(silent, LINES[:1000])
        os.close(silent)

    timer = threading.Timer(0.05, write)
    timer.start()
    assert whole(file) == LINES[:1000]
    timer.join()
    assert file.error is None


def test_a_fifo_whose_writer_says_nothing_is_empty(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    file = only_file(tmp_path / "pipe", fifo_wait=60)
    with _writer(lambda: (tmp_path / "pipe").write_bytes(b"")):
        assert whole(file) == b""
    assert str(file.error) == "it is empty"


def test_a_fifo_that_vanishes_says_so(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    file = only_file(tmp_path / "pipe")
    (tmp_path / "pipe").unlink()
    assert whole(file) == b""
    assert str(file.error) == "it does not exist: check the path"


def test_two_pipes_are_two_sources(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a")
    os.mkfifo(tmp_path / "b")
    chains = open_sources([str(tmp_path / name) for name in "ab"], fifo_wait=60)
    assert [chain.name for chain in chains] == [str(tmp_path / name) for name in "ab"]
