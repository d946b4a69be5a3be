"""The labelled scenarios of ``examples/scenarios``: what happened, and which rules are right to fire.

A label says what docs/traces.md and docs/alerts.md demand. ``python -m tests.labelled`` writes the files.
"""

from __future__ import annotations

from importlib import import_module

from tests.labelled.scenario import Labelled, told

_PARTS = ("healthy", "hand_offs", "replicas", "instances", "deliveries", "consistency", "forged", "silence")

SCENARIOS: tuple[Labelled, ...] = tuple(
    scenario for part in _PARTS for scenario in told(import_module(f"tests.labelled.{part}"))
)
