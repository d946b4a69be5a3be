"""The built-in checks keep the contract that other people's checks keep."""

from __future__ import annotations

import pytest

from kumon_observe.checks import delivery
from kumon_observe.checks.consistency import ConsistencyCheck
from kumon_observe.checks.delivery import DeliveryCheck
from kumon_observe.checks.handoff import HandoffCheck
from kumon_observe.checks.instances import InstancesCheck
from kumon_observe.config.settings import (
    ConsistencySettings,
    DeliverySettings,
    HandoffSettings,
    InstanceSettings,
)
from kumon_observe.model.protocols import Check
from kumon_observe.testing import CheckContract

FEW = 50


class OfOurs(CheckContract):
    examples = 40


class TestHandoff(OfOurs):
    conversations = 9_000  # it remembers a guard's 4,096 turns

    def check(self) -> Check:
        return HandoffCheck(HandoffSettings(max_open=FEW))


class TestInstances(OfOurs):
    def check(self) -> Check:
        return InstancesCheck(InstanceSettings(max_tracked=FEW))


class TestDelivery(OfOurs):
    @pytest.fixture(autouse=True)
    def _fewer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(delivery, "_MESSAGES_KEPT", FEW)

    def check(self) -> Check:
        return DeliveryCheck(DeliverySettings(max_open=FEW))


class TestConsistency(OfOurs):
    conversations = 9_000  # as for the hand-offs, whose pairing it shares

    def check(self) -> Check:
        return ConsistencyCheck(ConsistencySettings(max_open=FEW))
