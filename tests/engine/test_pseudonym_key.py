"""The key of the pseudonyms is made once, kept privately, and never leaves anything unmasked."""

from __future__ import annotations

import resource
import signal
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kumon_observe.config.settings import Settings
from kumon_observe.engine.pseudonym_key import load_key, state_directory


def test_the_key_is_made_on_first_use_and_kept(tmp_path: Path) -> None:
    settings = Settings(state_dir=str(tmp_path / "state"))
    key = load_key(settings)
    assert len(key.value) == 32
    assert key.is_kept
    assert load_key(settings) == key
    kept = tmp_path / "state" / "pseudonym.key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [file.name for file in kept.parent.iterdir()] == ["pseudonym.key"]


def test_another_machine_has_another_key(tmp_path: Path) -> None:
    here, there = (Settings(state_dir=str(tmp_path / name)) for name in "ab")
    assert load_key(here) != load_key(there)


def test_a_damaged_key_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "pseudonym.key").write_bytes(b"short")
    settings = Settings(state_dir=str(tmp_path))
    assert load_key(settings) == load_key(settings)
    assert len(load_key(settings).value) == 32


def test_runs_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    settings = Settings(state_dir=str(tmp_path))
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: load_key(settings), range(40)))
    assert len(keys) == 1


def test_without_a_place_to_keep_it_a_key_serves_this_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings = Settings(state_dir=str(tmp_path / "file"))
    assert load_key(settings) != load_key(settings)
    assert not load_key(settings).is_kept


def test_a_full_disk_is_no_place_either(tmp_path: Path) -> None:
    settings = Settings(state_dir=str(tmp_path))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        assert not load_key(settings).is_kept
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert list(tmp_path.iterdir()) == []


def test_the_state_is_kept_where_the_user_keeps_state(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state_directory(Settings()) == tmp_path / "kumon-observe"
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert state_directory(Settings()) == tmp_path / ".local" / "state" / "kumon-observe"
    assert state_directory(Settings(state_dir="~/here")) == tmp_path / "here"
