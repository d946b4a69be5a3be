"""Where the keys of the seals come from, and what is said when they cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from kumon_observe.config.sealing import sealing_keys
from kumon_observe.config.settings import SealingSettings
from kumon_observe.config.show import report
from kumon_observe.model.errors import ConfigError
from kumon_observe.parsing.sealing import Sealer
from tests.config.files import load
from tests.emitting import KEY, OLD_KEY

TOML = '[sealing]\nkey = "${SEAL_KEY}"\nold_key = ["${OLD_SEAL_KEY}"]\n'


def test_keys_come_from_the_environment(tmp_path: Path) -> None:
    loaded = load(tmp_path, TOML, SEAL_KEY=KEY, OLD_SEAL_KEY=OLD_KEY)
    sealer = Sealer.of(loaded.settings.sealing)
    assert sealer is not None
    assert sealer.ids == Sealer(KEY, OLD_KEY).ids
    shown = {value.key: value.value for value in report(loaded).values if value.key.startswith("sealing")}
    assert shown == {"sealing.key": "***", "sealing.old_key": ["***"], "sealing.key_file": ""}


def test_keys_come_from_a_file_the_newest_first(tmp_path: Path) -> None:
    (tmp_path / "seals").write_text(f"{KEY}\n\n  {OLD_KEY}  \r\n")
    settings = SealingSettings(key_file=str(tmp_path / "seals"))
    assert sealing_keys(settings) == (KEY, OLD_KEY)


def test_the_key_stands_before_those_of_the_file_and_the_old_ones_behind(tmp_path: Path) -> None:
    (tmp_path / "seals").write_text(KEY)
    settings = SealingSettings(key="a" * 32, key_file=str(tmp_path / "seals"), old_key=(OLD_KEY,))
    assert sealing_keys(settings) == ("a" * 32, KEY, OLD_KEY)


def refused(settings: SealingSettings) -> str:
    with pytest.raises(ConfigError) as caught:
        Sealer.of(settings)
    return str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none"
    assert refused(SealingSettings(key_file=str(path))) == (
        f"sealing.key_file: {path} cannot be read (No such file or directory): "
        "correct the path, or let this user read it"
    )
    assert "embedded null" in refused(SealingSettings(key_file="a\0b"))


def test_a_file_without_a_key_turns_nothing_off(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.write_text(" \n")
    assert refused(SealingSettings(key_file=str(path))) == (
        f"sealing.key_file: {path} holds no key: make one with openssl rand -hex 32"
    )


def test_a_file_of_bytes_is_told_to_be_no_text(tmp_path: Path) -> None:
    path = tmp_path / "bytes"
    path.write_bytes(b"\xff" * 32)
    assert refused(SealingSettings(key_file=str(path))) == (
        f"sealing.key_file: {path} is not UTF-8: write one key a line into it"
    )


def test_a_short_key_is_refused_and_not_told() -> None:
    assert refused(SealingSettings(key="hunter2")) == (
        "[sealing]: sealing key 1 has 7 bytes, and 32 are needed: make one with openssl rand -hex 32"
    )
    assert "key 1 has 0 bytes" in refused(SealingSettings(old_key=("",)))


def test_an_empty_variable_turns_nothing_off(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, TOML, SEAL_KEY="", OLD_SEAL_KEY=OLD_KEY)
    assert caught.value.problems == (
        "kumon-observe.toml:2: sealing.key needs the environment variable SEAL_KEY, which is empty",
    )
