"""The functions that log a trace: the message of :mod:`kumon_observe.emit.text`, through one logger."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from kumon_observe.emit import text
from kumon_observe.emit.setup import logger

_P = ParamSpec("_P")


def _logs(level: int, message: Callable[_P, str]) -> Callable[_P, None]:
    """What logs *message* at *level*, as if its caller had called the logger."""

    @wraps(message)
    def log(*args: _P.args, **kwargs: _P.kwargs) -> None:
        into = logger()
        if into.isEnabledFor(level):
            into.log(level, message(*args, **kwargs), stacklevel=2)

    log.__module__ = "kumon_observe.emit"
    return log


planner = _logs(logging.INFO, text.planner)
"""Logs :func:`kumon_observe.emit.text.planner`."""
delivery = _logs(logging.INFO, text.delivery)
"""Logs :func:`kumon_observe.emit.text.delivery`."""
instance = _logs(logging.INFO, text.instance)
"""Logs :func:`kumon_observe.emit.text.instance`."""
send = _logs(logging.INFO, text.send)
"""Logs :func:`kumon_observe.emit.text.send`."""
result = _logs(logging.INFO, text.result)
"""Logs :func:`kumon_observe.emit.text.result`."""
handoff_violation = _logs(logging.ERROR, text.handoff_violation)
"""Logs :func:`kumon_observe.emit.text.handoff_violation`."""
outbox_guard = _logs(logging.ERROR, text.outbox_guard)
"""Logs :func:`kumon_observe.emit.text.outbox_guard`."""
invalid_instance = _logs(logging.ERROR, text.invalid_instance)
"""Logs :func:`kumon_observe.emit.text.invalid_instance`."""
instance_guard = _logs(logging.ERROR, text.instance_guard)
"""Logs :func:`kumon_observe.emit.text.instance_guard`."""
