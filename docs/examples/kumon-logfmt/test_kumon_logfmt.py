from __future__ import annotations

import json

import kumon_logfmt
import pytest
from kumon_logfmt import Logfmt

from kumon_observe import Status
from kumon_observe.testing import LayoutContract, Said, Story, judged


def written(said: Said) -> str:
    message = json.dumps(said.message, ensure_ascii=False)
    return f"time={said.at.isoformat()} level={said.level.lower()} logger={said.logger} msg={message}"


class TestLogfmt(LayoutContract):
    def layout(self) -> Logfmt:
        return Logfmt()

    def write(self, said: Said) -> str:
        return written(said)


def test_a_log_in_logfmt_is_judged() -> None:
    lines = [written(said) for said in Story().turn("ana", 1, 0).records]
    verdict = judged("\n".join([*lines, ""]), kumon_logfmt)
    assert verdict.check("handoff").status is Status.CRITICAL
    assert verdict.sources[0].layouts == {"logfmt": len(lines)}


@pytest.mark.parametrize(
    "line",
    [
        'level=info msg="OUTBOX_TRACE|phase=planner"',
        'time=today level=info msg="OUTBOX_TRACE|phase=planner"',
        'time=2025-01-15T10:00:00Z level=info msg="\\q"',
        'time=2025-01-15T10:00:00Z level=info msg="OUTBOX_TRACE|',
        "time=2025-01-15T10:00:00Z level=info",
    ],
)
def test_what_is_cut_or_lacks_its_time_is_no_record(line: str) -> None:
    assert Logfmt().explain(line) is None
