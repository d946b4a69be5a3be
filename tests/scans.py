"""The two scans: the compiled one, and the one in Python that is used where it is not installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kumon_observe.parsing import choice
from kumon_observe.parsing.scan import Scanner


@contextmanager
def pure_scan() -> Iterator[None]:
    """Do without the compiled scan."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choice, "_kind", lambda: Scanner)
        yield
