"""How this process writes its traces: to which logger, under which name, sealed or not."""

from __future__ import annotations

import logging
import os
from typing import Final, NamedTuple

from kumon_observe.parsing.sealing import Sealer

DEFAULT_LOGGER: Final = "kumon_observe.emit"
"""The logger of the traces: one of those that are trusted by default."""

_RANDOM_BYTES: Final = 4


class Setup(NamedTuple):
    """What :func:`configure` was given."""

    logger: logging.Logger | None = None
    process: str | None = None
    sealer: Sealer | None = None


class _Current:
    setup = Setup()
    own: tuple[int, str] = (0, "")


def configure(
    *,
    logger: logging.Logger | None = None,
    process: str | None = None,
    sealer: Sealer | None = None,
) -> None:
    """Say once, at start-up, how this process writes its traces; what is not given is as by default.

    Args:
        logger: where they go (default: ``kumon_observe.emit``). A logger of another name than ``app.*`` or
            ``kumon_observe.*`` has to be added to ``trusted_loggers`` where the log is judged.
        process: what this process is called, unlike any other that writes to the log (default: its number
            and a random part, made anew after a fork). It tells whose ``id()`` numbers can be compared.
        sealer: what seals the traces (default: nothing does).
    """
    _Current.setup = Setup(logger, process, sealer)


def current() -> Setup:
    """What is in force."""
    return _Current.setup


def logger() -> logging.Logger:
    """Where the traces go."""
    return _Current.setup.logger or logging.getLogger(DEFAULT_LOGGER)


def process() -> str:
    """What this process is called."""
    named = _Current.setup.process
    if named is not None:
        return named
    number = os.getpid()
    if _Current.own[0] != number:
        _Current.own = number, f"{number}-{os.urandom(_RANDOM_BYTES).hex()}"
    return _Current.own[1]
