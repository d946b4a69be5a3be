"""Every test here emits as the process ``worker-1``, and leaves no set-up behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.emitting import emitting


@pytest.fixture(autouse=True)
def _as_worker_1() -> Iterator[None]:
    with emitting():
        yield
