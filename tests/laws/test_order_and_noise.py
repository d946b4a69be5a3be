"""The order of unrelated conversations does not matter, and noise changes no verdict."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from kumon_observe.config.settings import Settings
from kumon_observe.engine.analyze import analyze
from kumon_observe.model.verdict import Verdict
from tests.laws.logs import CONVS, NOISE, a_conversation
from tests.scenarios import LAYOUTS, UNTIMED, Said, Story, rendered
from tests.verdicts import judged


def verdict_of(log: bytes) -> Verdict:
    """The verdict on a log."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "app.log"
        file.write_bytes(log)
        return analyze([str(file)], settings=Settings(state_dir=folder), show_personal_data=True)


def interleaved(draw: st.DataObject, stories: list[Story]) -> list[Said]:
    """The records of all stories, each in its own order, otherwise in any."""
    rest = [list(story.records) for story in stories]
    mixed = []
    while any(rest):
        chosen = draw.draw(st.sampled_from([number for number, records in enumerate(rest) if records]))
        mixed.append(rest[chosen].pop(0))
    return mixed


@pytest.mark.parametrize("layout", UNTIMED)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_the_order_of_unrelated_conversations_does_not_matter(layout: str, data: st.DataObject) -> None:
    stories = [data.draw(a_conversation(conv)) for conv in CONVS]
    one, other = interleaved(data, stories), interleaved(data, stories)
    assert judged(verdict_of(rendered(one, layout))) == judged(verdict_of(rendered(other, layout)))


@pytest.mark.parametrize("layout", LAYOUTS)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_noise_changes_no_verdict(layout: str, data: st.DataObject) -> None:
    story = data.draw(a_conversation("ana"))
    quiet = rendered(story.records, layout)
    noise = st.sampled_from(NOISE)
    lines = []
    for record in story.records:
        lines += [line.encode() + b"\n" for line in data.draw(st.lists(noise, max_size=2))]
        lines.append(record.render(layout))
    lines += [line.encode() + b"\n" for line in data.draw(st.lists(noise, max_size=2))]
    assert judged(verdict_of(b"".join(lines))) == judged(verdict_of(quiet))
