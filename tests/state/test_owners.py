"""Whose claims hold: those of who lives, seen by a lock that ends with a process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kumon_observe.state import owners
from kumon_observe.state.database import writing
from kumon_observe.state.owners import Owner
from kumon_observe.testing import CapturingSink
from tests.alerting.outboxes import Post, message


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path / "state")


def claimed_by(post: Post, owner: str, seconds: float) -> None:
    with writing(post.folder, 1) as connection:
        until = int((post.clock().timestamp() + seconds) * 1_000_000)
        connection.execute("UPDATE outbox SET owner = ?, until = ?", (owner, until))


def test_an_owner_lives_until_it_lets_go(tmp_path: Path) -> None:
    one, other = Owner(tmp_path), Owner(tmp_path)
    assert other.lives(one.name)
    assert one.lives(one.name)
    name = one.name
    one.release()
    assert not other.lives(name)
    assert one.name != name


def test_a_forked_process_is_another_owner(tmp_path: Path) -> None:
    owner = Owner(tmp_path)
    name = owner.name
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, owner.name.encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 100).decode() not in {"", name}
    assert owner.name == name
    os.close(reader)
    os.close(writer)


def test_the_files_of_the_dead_are_swept_away_and_those_of_the_living_stay(tmp_path: Path) -> None:
    owner = Owner(tmp_path)
    mine = tmp_path / f"owner-{owner.name}.lock"
    (tmp_path / "owner-gone.lock").touch()
    Owner(tmp_path).sweep()
    assert list(tmp_path.iterdir()) == [mine]


def test_what_the_dead_left_is_removed_by_the_next_one(tmp_path: Path) -> None:
    (tmp_path / "owner-0123.lock").touch()
    name = Owner(tmp_path).name
    assert list(tmp_path.iterdir()) == [tmp_path / f"owner-{name}.lock"]


def test_who_finds_its_file_taken_away_makes_another(tmp_path: Path) -> None:
    owner = Owner(tmp_path)
    before = owner.name
    (tmp_path / f"owner-{before}.lock").unlink()
    assert owner.name != before
    assert Owner(tmp_path).lives(owner.name)


def test_only_its_user_may_read_it(tmp_path: Path) -> None:
    owner = Owner(tmp_path / "state")
    assert (tmp_path / "state" / f"owner-{owner.name}.lock").stat().st_mode & 0o777 == 0o600


def test_a_claim_of_one_who_died_is_free_at_once(post: Post) -> None:
    post.put(message())
    claimed_by(post, "gone", 3600)
    assert post.delivery(CapturingSink("pager")).run_due() == 1


def test_a_claim_of_one_who_lives_holds_until_its_lease_runs_out(post: Post) -> None:
    post.put(message())
    owner = Owner(post.folder)
    claimed_by(post, owner.name, 60)
    delivery = post.delivery(CapturingSink("pager"))
    post.clock.advance(59)
    assert delivery.run_due() == 0
    post.clock.advance(1)
    assert delivery.run_due() == 1
    owner.release()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError):
        _ = Owner(tmp_path / "file" / "state").name


@pytest.mark.parametrize("refusals", [1, 2, 3])
def test_a_lock_that_was_swept_away_in_the_making_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusals: int
) -> None:
    left = [BlockingIOError(11, "Resource temporarily unavailable")] * refusals

    def refuse(path: Path, create: int = 0) -> int:
        if left:
            raise left.pop()
        return locked(path, create)

    locked = owners._locked
    monkeypatch.setattr(owners, "_locked", refuse)
    owner = Owner(tmp_path)
    if refusals == 3:
        with pytest.raises(BlockingIOError):
            _ = owner.name
    assert Owner(tmp_path).lives(owner.name)
