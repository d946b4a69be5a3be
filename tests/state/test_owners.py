"""Whether the process that took on a work is alive, told by a lock that ends with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kumon_observe.state import owners
from kumon_observe.state.owners import Owner


def held(folder: Path) -> Owner:
    owner = Owner(folder)
    owner.hold()
    return owner


def locks(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("owner-*.lock")}


def test_an_owner_is_alive_until_it_is_closed(tmp_path: Path) -> None:
    one, other = held(tmp_path), held(tmp_path)
    assert one.is_alive(one.token)
    assert other.is_alive(one.token)
    one.close()
    one.close()
    assert not other.is_alive(one.token)
    assert locks(tmp_path) == {f"owner-{other.token}.lock"}
    other.close()


def test_what_a_dead_owner_left_is_removed_by_the_next_one(tmp_path: Path) -> None:
    (tmp_path / "owner-0123.lock").touch()
    living = held(tmp_path)
    later = held(tmp_path)
    assert locks(tmp_path) == {f"owner-{living.token}.lock", f"owner-{later.token}.lock"}
    living.close()
    later.close()


def test_a_file_that_was_taken_for_one_that_was_left_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, taken = owners._lock, list[int]()

    def swept_first(descriptor: int) -> bool:
        if not taken:
            taken.append(descriptor)
            for path in tmp_path.glob("owner-*.lock"):
                path.unlink()
        return real(descriptor)

    monkeypatch.setattr(owners, "_lock", swept_first)
    owner = held(tmp_path)
    assert locks(tmp_path) == {f"owner-{owner.token}.lock"}
    assert Owner(tmp_path).is_alive(owner.token)
    owner.close()


def test_only_its_user_may_read_it(tmp_path: Path) -> None:
    owner = held(tmp_path / "state")
    (path,) = (tmp_path / "state").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    owner.close()
