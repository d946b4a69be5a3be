"""Values that come alone, without a file, are judged as the same values in tables are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kumon_observe.config.options import options
from kumon_observe.config.settings import Settings
from kumon_observe.config.structure import structured
from kumon_observe.config.values import Faults, settings_of

NUMBERS: tuple[Any, ...] = (0, -1, 7, 5000, 0.5, -0.5, float("inf"), True)
TEXTS: tuple[Any, ...] = ("", "x", "en", "UTC", "critical", ">= 99%")
VALUES = (*NUMBERS, *TEXTS, ["a"], [1], {})


@pytest.mark.parametrize("path", list(options()), ids=".".join)
def test_a_value_alone_is_taken_or_refused_as_in_a_table(path: tuple[str, ...]) -> None:
    for value in VALUES:
        table = value
        for name in reversed(path):
            table = {name: table}
        assert told(settings_of, {path: value}) == told(structured, table)


def test_all_faults_are_told_in_the_order_of_the_options() -> None:
    with pytest.raises(Faults) as found:
        settings_of({("limit",): "many", ("lang",): "de", ("state_dir",): "/here"})
    assert [path for path, _ in found.value.faults] == [("lang",), ("limit",)]


def told(settings: Callable[[Any], Settings], values: Any) -> object:
    try:
        return settings(values)
    except Faults as faults:
        return faults.faults
