"""Whatever the sinks do and whenever they are tried: order, once, the limit a minute, nothing forgotten."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from hypothesis import HealthCheck, given, settings as how, strategies as st

from kumon_observe.model.alert import Alert, News
from kumon_observe.model.errors import PermanentSinkError, TemporarySinkError
from kumon_observe.model.status import Severity
from kumon_observe.testing import CapturingSink
from tests.alerting.outboxes import MEMORY, Post, ScriptedSink, message, settings

INCIDENTS: Final = ("i1", "i2", "i3")
PER_MINUTE: Final = 4

puts = st.tuples(
    st.just("put"),
    st.sampled_from(INCIDENTS),
    st.sampled_from((News.FIRED, News.GREW, News.ESCALATED, News.ACKNOWLEDGED, News.RESOLVED)),
)
waits = st.tuples(
    st.just("wait"), st.sampled_from((0.0, 0.5, 3.0, 20.0, 61.0, 400.0, -90.0, 5000.0)), st.none()
)
answers = st.lists(st.sampled_from(("take", "take", "busy", "rest", "refuse")), max_size=30)


@how(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(puts | waits, max_size=25), answers)
def test_messages_keep_their_order_come_once_and_none_is_forgotten(
    steps: list[tuple[str, object, object]], script: list[str]
) -> None:
    left = list(script)

    def answer(_: Alert) -> None:
        match left.pop(0) if left else "take":
            case "busy":
                raise TemporarySinkError("busy")
            case "rest":
                raise TemporarySinkError("too many", retry_after=30)
            case "refuse":
                raise PermanentSinkError("refused")

    with tempfile.TemporaryDirectory(dir=MEMORY) as folder, closing(Post(Path(folder))) as post:
        pager, other = ScriptedSink("pager", answer), CapturingSink("other")
        put: dict[str, list[Alert]] = defaultdict(list)
        for number, (kind, what, news) in enumerate(steps):
            if kind == "put":
                assert isinstance(news, News)
                alert = message(str(what), number, news=news, severity=Severity.CRITICAL)
                put[alert.incident].append(alert)
                post.put(alert)
            else:
                assert isinstance(what, float)
                post.clock.advance(what)
            post.delivery(pager, other).run_due()
        for _ in range(40):
            post.clock.advance(400)
            post.delivery(pager, other).run_due()
        dead = {letter.key for letter in post.dead()}
        assert post.waiting() == []
        took = [alert.key for alert in pager.took]
        assert len(took) == len(set(took))
        for incident, alerts in put.items():
            mine = [key for key in took if key.startswith(f"{incident}/")]
            assert mine == [alert.key for alert in alerts if alert.key in mine]
            for alert in alerts:
                if alert.news in {News.FIRED, News.RESOLVED}:
                    assert (alert.key in took) != (alert.key in dead)
        assert dead <= {alert.key for alert in other.alerts}


@how(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from((0.0, 1.0, 14.9, 30.0, 59.9, 60.0))), max_size=20)
)
def test_no_minute_has_more_than_its_limit_and_the_limit_is_used(steps: list[tuple[int, float]]) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder, closing(Post(Path(folder))) as post:
        times: list[datetime] = []
        pager = ScriptedSink("pager", lambda _: times.append(post.clock.now))
        number = 0
        for count, wait in steps:
            post.put(*(message(f"i{number + one}") for one in range(count)))
            number += count
            post.delivery(pager, settings=settings(per_minute=PER_MINUTE)).run_due()
            in_the_last_minute = [at for at in times if (post.clock.now - at).total_seconds() < 60]
            assert len(in_the_last_minute) <= PER_MINUTE
            assert len(in_the_last_minute) == PER_MINUTE or not post.waiting()
            post.clock.advance(wait)
