"""What an engine function tells of its reading."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

from kumon_observe.engine.analyze import analyze
from kumon_observe.engine.progress import Progress
from tests.scenarios import Story

Told = list[tuple[str, int, int | None]]


def watched(*paths: Path | str, **options: object) -> Told:
    told: Told = []

    def progress(name: str, done: int, total: int | None) -> None:
        told.append((Path(name).name, done, total))

    analyze([str(path) for path in paths], progress=progress, **options)  # type: ignore[arg-type]
    return told


def log(path: Path, turns: int) -> Path:
    path.write_bytes(Story().others(turns, path.name).render("json"))
    return path


def test_the_bytes_of_all_files_add_up_to_all_there_are(tmp_path: Path) -> None:
    big, small = log(tmp_path / "big.log", 8000), log(tmp_path / "small.log", 2)
    whole = big.stat().st_size + small.stat().st_size
    told = watched(big, small)
    done = [count for _, count, _ in told]
    assert {name for name, _, _ in told} == {"big.log", "small.log"}
    assert {total for _, _, total in told} == {whole}
    assert done == sorted(done)
    assert len(done) >= 3
    assert done[-1] == whole


def test_rotated_siblings_are_read_as_one(tmp_path: Path) -> None:
    log(tmp_path / "app.log.1", 3)
    app = log(tmp_path / "app.log", 5)
    told = watched(app, rotated=True)
    assert [name for name, _, _ in told] == ["app.log.1", "app.log"]
    assert told[-1][1] == told[-1][2]


def test_where_the_end_is_not_known_none_is_told(tmp_path: Path) -> None:
    packed = tmp_path / "app.log.gz"
    content = Story().others(3).render("json")
    packed.write_bytes(gzip.compress(content))
    assert watched(packed) == [("app.log.gz", len(content), None)]
    assert watched("-", stdin=io.BytesIO(content)) == [("-", len(content), None)]


def test_files_that_are_read_at_once_add_up_whatever_their_names() -> None:
    told: Told = []
    progress = Progress.of([10, 20], lambda *given: told.append(given))
    for source, place in [(1, 5), (0, 10), (1, 5), (1, 20)]:
        progress.reached(source, "app.log", place)
    assert told == [("app.log", done, 30) for done in (5, 15, 15, 30)]
