"""The key of the pseudonyms: made on first use and kept with the state, so that they stay the same."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from kumon_observe.state.folder import state_directory, state_folder

if TYPE_CHECKING:
    from pathlib import Path

    from kumon_observe.config.settings import Settings

__all__ = ["Key", "load_key", "state_directory", "state_folder"]

_FILE = "pseudonym.key"
_BYTES = 32


class Key(NamedTuple):
    """What pseudonyms are made with: 32 bytes, and whether the next run will find the same (``is_kept``)."""

    value: bytes
    is_kept: bool = True


def load_key(settings: Settings) -> Key:
    """The key of this machine's pseudonyms; made if there is none yet.

    Where it cannot be kept (a read-only home, a full disk), a key for this process alone is given:
    pseudonyms then differ from run to run, and nothing is shown unmasked.
    """
    path = state_directory(settings) / _FILE
    try:
        return Key(_kept(path) or _made(path))
    except OSError:
        return Key(os.urandom(_BYTES), is_kept=False)


def _kept(path: Path) -> bytes | None:
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        return None
    return key if len(key) == _BYTES else None


def _made(path: Path) -> bytes:
    """A new key, written whole before it takes its name, so that two runs at once agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = os.urandom(_BYTES)
    draft = path.with_name(f"{_FILE}.{os.urandom(8).hex()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
        if path.exists() and _kept(path) is None:
            draft.replace(path)
        else:
            os.link(draft, path)
    except FileExistsError:
        return _kept(path) or key
    finally:
        draft.unlink(missing_ok=True)
    return key
