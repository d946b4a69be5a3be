"""Writes a file, or a folder of files, whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from kumon_observe.cli import exits
from kumon_observe.cli.errors import CommandLineError
from kumon_observe.model.phrase import phrase


def write_whole(path: Path, text: str) -> None:
    """Put *text* where *path* is, replacing what stands there; whoever reads it sees the old or the new.

    A link is followed; a device or a pipe is written to directly.

    Raises:
        CommandLineError: it cannot be written.
    """
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8")
            return
        _replace(target, text)
    except OSError as error:
        raise CommandLineError(
            phrase("cannot write {path}: {why}", path=path, why=error.strerror or error), exits.CANNOT_CREATE
        ) from error


def create(path: Path, text: str) -> None:
    """Write a new file.

    Raises:
        CommandLineError: there is one already, or it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise CommandLineError(
            phrase("{path} exists already: --force replaces it", path=path), exits.CANNOT_CREATE
        ) from None
    except OSError as error:
        raise CommandLineError(
            phrase("cannot write {path}: {why}", path=path, why=error.strerror or error), exits.CANNOT_CREATE
        ) from error


def create_folder(path: Path, files: Mapping[str, str]) -> None:
    """Make the folder *path* with *files*, texts by their names.

    Raises:
        CommandLineError: there is something of that name already, or it cannot be written.
    """
    if path.exists() or path.is_symlink():
        raise CommandLineError(
            phrase("{path} exists already: move it away or choose another name", path=path),
            exits.CANNOT_CREATE,
        )
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        part.mkdir()
        try:
            for name, text in files.items():
                (part / name).write_text(text, encoding="utf-8")
            part.rename(path)
        except BaseException:
            shutil.rmtree(part)
            raise
    except OSError as error:
        raise CommandLineError(
            phrase("cannot write {path}: {why}", path=path, why=error.strerror or error), exits.CANNOT_CREATE
        ) from error


def _replace(target: Path, text: str) -> None:
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            part.chmod(target.stat().st_mode & 0o7777)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
