from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sinks.http_service import Service, serving


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as running:
        yield running
