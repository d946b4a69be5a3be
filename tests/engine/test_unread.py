"""A forced layout that is not the source's own is named, with the one that is."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from kumon_observe.engine.run import Run
from kumon_observe.engine.unread import no_record
from tests.scenarios import Story


def reason(log: Path, layout: str) -> str:
    run = Run(specs=[log], layout=layout)
    (chain,) = run.sources.chains
    return str(no_record(chain.files[0], run.scan_options))


@pytest.mark.parametrize(
    ("own", "forced"), [("json", "basic"), ("dash", "json"), ("docker", "json"), ("plain", "json")]
)
def test_the_layout_that_explains_the_source_is_named(tmp_path: Path, own: str, forced: str) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(Story().others(3).render(own))
    assert reason(log, forced) == (
        f"layout {forced} explains no line of it, and layout {own} does: give that one, or none"
    )


def test_a_source_that_can_be_read_once_only_is_told_to_go_without(tmp_path: Path) -> None:
    log = tmp_path / "app.log.gz"
    log.write_bytes(gzip.compress(Story().others(3).render("json")))
    assert reason(log, "basic") == (
        "layout basic explains no line of it: give none, and every line is tried with all of them"
    )


def test_no_layout_at_all_explains_a_text(tmp_path: Path) -> None:
    log = tmp_path / "notes.txt"
    log.write_bytes(b"nothing\nbut words\n")
    assert reason(log, "json") == "no line of it is a log record of layout json, nor of any other"
    assert reason(log, "") == "no line of it is a log record of a known layout"
