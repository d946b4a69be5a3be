"""The metrics of one process: the guide's three names, and those of the observer itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, Literal

from attrs import frozen

from kumon_observe.model.errors import MissingExtraError
from kumon_observe.model.status import Status

if TYPE_CHECKING:
    from kumon_observe.observer.desk import Desk, Published

_VIOLATIONS: Final = {
    "handoff": ("kumon_outbox_violations", "Lost hand-offs"),
    "instances": ("kumon_instance_violations", "Wrong instances"),
}

Samples = dict[tuple[str, ...], float]


def _one(number: float) -> Samples:
    return {(): number}


@frozen
class Metric:
    """One family: its samples are values by those of its labels; a counter's name gets ``_total``."""

    kind: Literal["counter", "gauge"]
    name: str
    text: str
    samples: Samples
    labels: tuple[str, ...] = ()


def metrics_of(desk: Desk, published: Published) -> Iterator[Metric]:
    """All that is known of a process; violations never become fewer, as a counter must not."""
    verdict = published.verdict
    for result in verdict.checks:
        if result.name == "delivery" and result.value is not None:
            share = _one(float(result.value))
            yield Metric("gauge", "kumon_delivery_success_rate", "Share of messages delivered, 0 to 1", share)
    for check, (name, text) in _VIOLATIONS.items():
        yield Metric("counter", name, text, _one(desk.most_violations.get(check, 0)))
    statuses: Samples = {
        (result.name, str(status)): float(result.status is status)
        for result in verdict.checks
        for status in Status
    }
    yield Metric(
        "gauge", "kumon_observe_status", "1 for the present status", statuses, labels=("check", "status")
    )
    seen = verdict.coverage
    traces: Samples = {
        ("outbox",): seen.outbox,
        ("instance",): seen.instance,
        ("delivery",): seen.delivery,
        ("guards",): seen.guards,
    }
    yield Metric("counter", "kumon_observe_traces", "Traces seen", traces, labels=("kind",))
    yield Metric("counter", "kumon_observe_records", "Log records judged", _one(desk.taken))
    yield Metric("counter", "kumon_observe_records_lost", "Log records not judged", _one(desk.lost))
    age = _one(time.monotonic() - published.at)
    yield Metric("gauge", "kumon_observe_verdict_age_seconds", "Since the checks were looked at", age)
    alerts: Samples = {}
    for channel in desk.channels:
        alerts[channel.name, "delivered"] = channel.delivered
        alerts[channel.name, "failed"] = channel.failed
    yield Metric("counter", "kumon_observe_alerts", "Alerts", alerts, labels=("channel", "outcome"))


def exposed(desk: Desk, published: Published) -> tuple[bytes, str]:
    """The metrics in the text format of Prometheus, and its media type.

    Every sample has the label ``process``: a scrape meets any one of an app's workers, whose counts are not
    each other's.

    Raises:
        MissingExtraError: prometheus-client is not installed.
    """
    try:
        from prometheus_client import CollectorRegistry
        from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
    except ImportError:
        raise MissingExtraError("/metrics", "prometheus") from None
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(desk, published))
    return generate_latest(registry), CONTENT_TYPE_LATEST


class _Collector:
    """The metrics, as prometheus-client asks for them."""

    def __init__(self, desk: Desk, published: Published) -> None:
        self._desk = desk
        self._published = published

    def describe(self) -> list[Any]:
        return []

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        families = {"counter": CounterMetricFamily, "gauge": GaugeMetricFamily}
        for metric in metrics_of(self._desk, self._published):
            family = families[metric.kind](metric.name, metric.text, labels=("process", *metric.labels))
            for values, number in metric.samples.items():
                family.add_metric((self._desk.process, *values), number)
            yield family
