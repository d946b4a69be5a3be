"""The keys that traces are sealed with, from where the configuration says."""

from __future__ import annotations

from pathlib import Path

from kumon_observe.config.settings import SealingSettings
from kumon_observe.model.errors import ConfigError


def sealing_keys(settings: SealingSettings) -> tuple[str, ...]:
    """The configured keys, the newest first: ``key``, then the lines of the file, then ``old_key``.

    Raises:
        ConfigError: the file cannot be read, is not UTF-8 or holds no key. It names the file and no key.
    """
    named = (settings.key,) if settings.key else ()
    return (*named, *(_in_file(settings.key_file) if settings.key_file else ()), *settings.old_key)


def _in_file(name: str) -> tuple[str, ...]:
    try:
        text = Path(name).expanduser().read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"sealing.key_file: {name} is not UTF-8: write one key a line into it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        remedy = "correct the path, or let this user read it"
        raise ConfigError(f"sealing.key_file: {name} cannot be read ({reason}): {remedy}") from None
    keys = tuple(line.strip() for line in text.split("\n") if line.strip())
    if not keys:
        raise ConfigError(f"sealing.key_file: {name} holds no key: make one with openssl rand -hex 32")
    return keys
