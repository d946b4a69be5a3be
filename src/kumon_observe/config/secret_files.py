"""A secret that is given itself, or by the file that holds it."""

from __future__ import annotations

from pathlib import Path

from kumon_observe.model.errors import ConfigError


def secret(option: str, given: str, file: str) -> str:
    """The value *given*, else the text of *file* without the white space around it; ``""`` without both.

    *option* is the dotted key of the value; that of the file is the same with ``_file``.

    Raises:
        ConfigError: the file cannot be read, is not UTF-8 or is empty. It names the file and no secret.
    """
    if given or not file:
        return given
    key = f"{option}_file"
    try:
        text = Path(file).expanduser().read_text(encoding="utf-8-sig").strip()
    except UnicodeDecodeError:
        raise ConfigError(f"{key}: {file} is not UTF-8: write the secret alone into it") from None
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(
            f"{key}: {file} cannot be read ({reason}): correct the path, or let this user read it"
        ) from None
    if not text:
        raise ConfigError(f"{key}: {file} is empty: write the secret into it")
    return text
