"""One log is followed through everything that happens to it."""

from __future__ import annotations

import gzip
import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kumon_observe.reading.following import Follower, Place
from tests.following.life import Life, Reader, Ticking


def lines(first: int, count: int = 3, *, timed: bool = True) -> bytes:
    prefix = "2025-01-15 10:{:02d}:{:02d},123 - " if timed else ""
    return "".join(
        f"{prefix.format(n // 60, n % 60)}line {n:06d}\n" for n in range(first, first + count)
    ).encode()


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def log(tmp_path: Path) -> Life:
    return Life(tmp_path / "app.log")


@pytest.fixture
def reader(log: Life, clock: Ticking) -> Iterator[Reader]:
    follower = Follower(str(log.path), clock=clock)
    yield Reader(follower)
    follower.close()


def restarted(reader: Reader, clock: Ticking) -> Reader:
    """Another follower that goes on where this one is, through JSON."""
    follower = reader.follower
    places = [life.place(life.offset) for life in follower.generations]
    saved = json.loads(json.dumps([place.saved() for place in places]))
    follower.close()
    again = Follower(
        follower.path,
        places=[Place.restored(place) for place in saved],
        number=follower.number,
        clock=clock,
    )
    return Reader(again, got=reader.got, ended=reader.ended, lost=reader.lost, pieces=reader.pieces)


def test_what_is_appended_comes_in_order_with_its_offset(log: Life, reader: Reader) -> None:
    log.append(lines(0))
    assert reader.poll()[0][:4] == (1, str(log.path), 0, lines(0))
    assert reader.poll() == []
    log.append(lines(3))
    assert reader.poll()[0][:4] == (1, str(log.path), len(lines(0)), lines(3))


def test_a_call_reads_no_more_than_it_may(log: Life, reader: Reader) -> None:
    log.append(lines(0, 100))
    behind = []
    reader.poll(1000)
    behind.append(reader.follower.behind)
    assert reader.all() == lines(0, 100)[:1000]
    reader.poll()
    behind.append(reader.follower.behind)
    assert behind == [True, False]
    assert reader.all() == lines(0, 100)


def test_a_file_that_does_not_exist_yet_is_said_to_be_missing_and_read_when_it_comes(
    log: Life, reader: Reader, clock: Ticking
) -> None:
    assert reader.poll() == []
    assert reader.follower.missing is None
    clock.passes(3)
    assert str(reader.follower.missing) == "it does not exist: check the path"
    log.append(lines(0))
    reader.poll()
    assert reader.follower.missing is None
    assert reader.all() == lines(0)


def test_a_renamed_file_is_read_to_its_end_before_the_new_one(log: Life, reader: Reader) -> None:
    log.append(lines(0))
    reader.poll()
    log.append(lines(3))
    log.rename()
    log.append(lines(6))
    reader.poll()
    assert reader.got == {1: lines(0, 6), 2: lines(6)}
    assert [piece.name for piece in reader.pieces] == [str(log.path)] * 3


def test_a_renamed_file_is_followed_while_the_new_one_is_empty_or_missing(log: Life, reader: Reader) -> None:
    log.append(lines(0))
    reader.poll()
    log.rename(create=False)
    with log.sibling(1).open("ab") as late:
        late.write(lines(3))
        late.flush()
        reader.poll()
        assert reader.got == {1: lines(0, 6)}
        log.path.touch()
        late.write(lines(6))
        late.flush()
        reader.poll()
        assert reader.got == {1: lines(0, 9)}


def test_late_lines_in_a_renamed_file_are_read_until_none_came_for_a_minute(
    log: Life, reader: Reader, clock: Ticking
) -> None:
    log.append(lines(0))
    reader.poll()
    log.rename()
    log.append(lines(3))
    reader.poll()
    with log.sibling(1).open("ab") as late:
        late.write(lines(6))
    clock.passes(59)
    reader.poll()
    assert reader.got == {1: lines(0) + lines(6), 2: lines(3)}
    clock.passes(59)
    reader.poll()
    assert reader.ended == []
    clock.passes(1)
    reader.poll()
    assert reader.ended == [1]
    assert len(reader.follower.generations) == 1


def test_two_rotations_between_two_looks_lose_nothing(log: Life, reader: Reader) -> None:
    log.append(lines(0))
    reader.poll()
    log.append(lines(3))
    log.rename()
    log.append(lines(6))
    log.rename()
    log.append(lines(9))
    log.compress(1)
    reader.poll()
    assert reader.got == {1: lines(0, 6), 2: lines(6), 3: lines(9)}
    assert [piece.name for piece in reader.pieces][2] == f"{log.path}.1.gz"
    assert reader.lost == []


def test_what_was_cut_off_is_read_from_the_copy(log: Life, reader: Reader) -> None:
    log.append(lines(0))
    reader.poll()
    log.append(lines(3))
    log.copytruncate()
    log.append(lines(6))
    reader.poll()
    assert reader.got == {1: lines(0, 6), 2: lines(6)}
    assert reader.lost == reader.notes == []
    assert [(piece.name, piece.offset) for piece in reader.pieces if piece.data] == [
        (str(log.path), 0),
        (str(log.path), len(lines(0))),
        (str(log.path), 0),
    ]


@pytest.mark.parametrize("compressed", [1, 2])
def test_the_copy_may_be_compressed_already(log: Life, reader: Reader, compressed: int) -> None:
    log.append(lines(0, 500))
    reader.poll()
    log.append(lines(500))
    for number in range(compressed):
        log.copytruncate()
        log.append(lines(600 + number))
        log.compress()
    reader.poll()
    assert reader.all() == lines(0, 503) + lines(600) + (lines(601) if compressed > 1 else b"")
    assert reader.lost == []


def test_a_copy_in_the_nights_archive_is_found(log: Life, reader: Reader) -> None:
    log.append(lines(0))
    reader.poll()
    log.append(lines(3))
    with tarfile.open(log.path.with_name("app-20250115.tar.gz"), "w:gz") as archive:
        archive.add(log.path, "app.log")
    log.truncate()
    log.append(lines(6))
    reader.poll()
    assert reader.all() == lines(0, 9)
    assert reader.lost == reader.notes == []


def test_bytes_that_were_cut_without_a_copy_are_said_to_be_lost(log: Life, reader: Reader) -> None:
    log.append(lines(0, 100))
    reader.poll(1000)
    log.truncate()
    reader.poll()
    log.append(lines(200))
    reader.poll()
    unread = len(lines(0, 100)) - 1000
    assert reader.lost == [
        f"{unread} bytes of it are lost: it was cut before they were read, and no copy is there"
    ]
    assert reader.got[2] == lines(200)


def test_a_truncation_after_all_was_read_is_noted(log: Life, reader: Reader) -> None:
    log.append(lines(0))
    reader.poll()
    log.truncate()
    log.append(lines(3, 1))
    reader.poll()
    assert reader.got == {1: lines(0), 2: lines(3, 1)}
    assert reader.lost == []
    assert reader.notes == [
        f"it was cut after byte {len(lines(0))}: what was written just before that is lost, if anything was"
    ]


@pytest.mark.parametrize("count", [3, 4, 300])
def test_a_file_that_was_cut_and_has_grown_past_the_place_is_read_from_its_beginning(
    log: Life, reader: Reader, count: int
) -> None:
    log.append(lines(0))
    reader.poll()
    log.truncate()
    log.append(lines(3, count))
    reader.poll()
    assert reader.got == {1: lines(0), 2: lines(3, count)}


def test_who_does_not_append_leaves_a_hole_that_is_skipped(log: Life, reader: Reader) -> None:
    with log.path.open("wb") as writer:
        writer.write(lines(0, 1000))
        writer.flush()
        reader.poll()
        os.truncate(log.path, 0)
        writer.write(lines(1000))
        writer.flush()
        reader.poll()
    assert reader.got == {1: lines(0, 1000), 2: lines(1000)}
    assert reader.pieces[-1].offset == len(lines(0, 1000))


def test_deletion_and_reappearance(log: Life, reader: Reader, clock: Ticking) -> None:
    log.append(lines(0))
    reader.poll()
    log.delete()
    reader.poll()
    clock.passes(3)
    assert str(reader.follower.missing) == "it does not exist: check the path"
    log.append(lines(3))
    reader.poll()
    assert reader.got == {1: lines(0), 2: lines(3)}
    assert reader.follower.missing is None
    assert reader.lost == []


def test_a_link_that_leads_to_another_file(tmp_path: Path, clock: Ticking) -> None:
    first, second = Life(tmp_path / "app-20250115.log"), Life(tmp_path / "app-20250116.log")
    link = tmp_path / "app.log"
    first.append(lines(0))
    link.symlink_to(first.path.name)
    reader = Reader(Follower(str(link), clock=clock))
    reader.poll()
    first.append(lines(3))
    second.append(lines(6))
    link.unlink()
    link.symlink_to(second.path.name)
    reader.poll()
    assert reader.got == {1: lines(0, 6), 2: lines(6)}
    link.unlink()
    link.symlink_to(first.path.name)
    first.append(lines(9))
    reader.poll()
    assert reader.all() == lines(0, 12)
    reader.follower.close()


def test_another_file_of_the_same_name_that_holds_all_that_was_read_is_the_same_log(
    log: Life, reader: Reader
) -> None:
    log.append(lines(0))
    reader.poll()
    other = log.path.with_name("new")
    other.write_bytes(lines(0, 6))
    other.replace(log.path)
    reader.poll()
    assert reader.got == {1: lines(0, 6)}


def test_another_file_of_the_same_name_is_read_whole(log: Life, reader: Reader) -> None:
    log.append(lines(0))
    reader.poll()
    other = log.path.with_name("new")
    other.write_bytes(lines(6, 6))
    other.replace(log.path)
    reader.poll()
    assert reader.got == {1: lines(0), 2: lines(6, 6)}


def test_what_cannot_be_followed_is_said(tmp_path: Path, clock: Ticking) -> None:
    follower = Follower(str(tmp_path), clock=clock)
    follower.read(1)
    expected = "it is no file that can be followed: name a plain file, or pipe it into -"
    assert str(follower.missing) == expected
    packed = tmp_path / "app.log"
    packed.write_bytes(gzip.compress(lines(0)))
    follower = Follower(str(packed), clock=clock)
    assert follower.read(1) == []
    assert str(follower.missing) == expected


def test_a_file_that_may_not_be_read_is_said(
    log: Life, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kumon_observe.reading import files

    log.append(lines(0))

    def refuses(self: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files.RegularFile, "open", refuses)
    monkeypatch.setattr("builtins.open", lambda *_: refuses(None))
    reader.poll()
    assert str(reader.follower.missing) == "it may not be read by this user: permission denied"
    monkeypatch.undo()
    reader.poll()
    assert reader.all() == lines(0)


# after a restart


def test_a_new_follower_goes_on_in_the_same_file(log: Life, reader: Reader, clock: Ticking) -> None:
    log.append(lines(0))
    reader.poll()
    again = restarted(reader, clock)
    log.append(lines(3))
    again.poll()
    assert again.got == {1: lines(0, 6)}


def test_rotations_while_nobody_looked_are_caught_up(log: Life, reader: Reader, clock: Ticking) -> None:
    log.append(lines(0, 300))
    reader.poll()
    log.append(lines(300))
    again = restarted(reader, clock)
    for number in range(1, 5):
        log.rename()
        log.append(lines(1000 * number))
        log.compress(2)
    again.poll()
    assert [again.got[number] for number in sorted(again.got)] == log.written
    assert again.lost == []
    again.follower.close()


def test_copies_while_nobody_looked_are_caught_up(log: Life, reader: Reader, clock: Ticking) -> None:
    log.append(lines(0, 300))
    reader.poll()
    log.append(lines(300))
    again = restarted(reader, clock)
    for number in range(1, 5):
        log.copytruncate()
        log.append(lines(1000 * number))
        log.compress(1)
    again.poll()
    assert [again.got[number] for number in sorted(again.got)] == log.written
    assert again.lost == []


def test_dated_siblings_are_caught_up(log: Life, reader: Reader, clock: Ticking) -> None:
    log.append(lines(0))
    reader.poll()
    again = restarted(reader, clock)
    log.path.rename(log.path.with_name("app.log-20250115"))
    log.append(lines(3))
    log.path.rename(log.path.with_name("app.log-20250116"))
    log.append(lines(6))
    again.poll()
    assert again.all() == lines(0, 9)


def test_what_is_gone_after_a_restart_is_said(log: Life, reader: Reader, clock: Ticking) -> None:
    log.append(lines(0))
    reader.poll()
    again = restarted(reader, clock)
    log.delete()
    log.append(lines(6))
    again.poll()
    assert again.got[2] == lines(6)
    (lost,) = again.lost
    assert lost == (
        f"what was written to it after byte {len(lines(0))} is lost, if anything was: "
        "it is gone, and so is any copy"
    )


def test_an_inode_that_was_given_to_another_file_is_not_taken_for_the_old_one(
    log: Life, reader: Reader, clock: Ticking
) -> None:
    log.append(lines(0))
    reader.poll()
    (life,) = reader.follower.generations
    place = life.place(life.offset)
    reader.follower.close()
    log.delete()
    log.append(lines(5, 9))
    status = log.path.stat()
    reused = Place(1, place.name, place.offset, (status.st_dev, status.st_ino), place.mark, place.modified)
    again = Reader(Follower(str(log.path), places=[reused], number=1, clock=clock))
    again.poll()
    assert again.got[2] == lines(5, 9)
    assert len(again.lost) == 1


def test_a_damaged_place_is_refused() -> None:
    with pytest.raises(ValueError, match="do not belong together"):
        Place.restored([1, "app.log", 9, [1, 2], [3, "aa", "bb", True], 0.0])
    with pytest.raises((TypeError, ValueError)):
        Place.restored([1, 2])


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_descriptors_are_bounded_and_let_go(log: Life, reader: Reader, clock: Ticking) -> None:
    before = descriptors()
    for number in range(40):
        log.append(lines(10 * number))
        reader.poll()
        log.rename()
    log.append(lines(9000))
    reader.poll()
    assert descriptors() - before <= 17
    clock.passes(61)
    reader.poll()
    assert descriptors() - before == 1
    reader.follower.close()
    assert descriptors() == before
    assert list(reader.got.values()) == log.written


# archive takes the beginning out of the log


def taken_out(log: Life, count: int) -> None:
    """As ``archive`` does: the first *count* lines go into an archive, one blank line takes their place."""
    data = log.path.read_bytes()
    cut = len(b"".join(data.splitlines(keepends=True)[:count]))
    archive = log.path.with_name("app-20250115-020000.log.gz")
    archive.write_bytes(gzip.compress(data[:cut]))
    with log.path.open("r+b") as file:
        file.write(b" \t" * 40 + b"\n" + data[cut:])
        file.truncate()


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize(("before", "archived"), [(300, 200), (300, 300), (300, 303), (200, 300), (700, 300)])
def test_nothing_is_lost_or_doubled_by_archive(
    log: Life, reader: Reader, clock: Ticking, before: int, archived: int, *, down: bool
) -> None:
    log.append(lines(0, before))
    reader.poll()
    again = restarted(reader, clock) if down else reader
    log.append(lines(before, 800 - before))
    taken_out(log, archived)
    log.append(lines(800))
    again.poll()
    found = [line for line in again.all().splitlines(keepends=True) if line.strip()]
    assert b"".join(found) == lines(0, 803)
    assert again.lost == again.notes == []
    again.follower.close()


def test_a_line_that_was_unfinished_when_archive_came_is_whole_in_what_follows(
    log: Life, reader: Reader
) -> None:
    log.append(lines(0, 300)[:-5])
    reader.poll()
    log.append(lines(0, 300)[-5:])
    taken_out(log, 290)
    reader.poll()
    ended = next(piece for piece in reader.pieces if piece.ends)
    assert ended.cut
    assert reader.got[2] == lines(299, 1)
