from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.monitor.watched import BEGUN


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    """What a test's sessions hold open is let go."""
    yield
    while BEGUN:
        session = BEGUN.pop()
        session.end(0)
