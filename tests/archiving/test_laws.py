"""Whatever a log holds: the archive and what is left are the log, but for the blank line at the cut."""

from __future__ import annotations

import gzip
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings, strategies as st

from kumon_observe.archiving import cutting
from tests.archiving.logs import Log, place

PIECES = st.lists(
    st.one_of(st.binary(max_size=40), st.just(b"\n"), st.just(b" \t \n"), st.just(b"\0" * 50)), max_size=30
)


@pytest.mark.parametrize("in_use", [False, True], ids=["alone", "in-use"])
@settings(max_examples=60, deadline=None)
@given(head=PIECES, tail=PIECES, times=st.integers(1, 400))
def test_nothing_is_lost_or_doubled(in_use: bool, head: list[bytes], tail: list[bytes], times: int) -> None:
    content = b"".join(head) * times + b"".join(tail)
    with TemporaryDirectory() as parent, place(Path(parent), collapses=in_use) as folder:
        log = Log(folder)
        log.path.write_bytes(content)
        with log.path.open("ab") if in_use else nullcontext():
            done = log.archived()
        left = log.path.read_bytes()
        if done.archive is None:
            assert content.rfind(b"\n") + 1 < cutting.LEAST
            assert left == content
            return
        kept = gzip.decompress(Path(done.archive).read_bytes())
        assert kept == content[: content.rfind(b"\n") + 1]
        mark, _, rest = left.partition(b"\n")
        assert mark.strip(b" \t") == b""
        assert kept + rest == content
