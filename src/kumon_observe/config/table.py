"""What marks a class as a table of options, and options that several tables share."""

from __future__ import annotations

from typing import Any, Final

from attrs import validators

from kumon_observe.model.value import Value

SECONDS: Any = validators.ge(0)
"""A time that may be nothing, in seconds."""

SOME_SECONDS = validators.gt(0.0)
"""A time that is more than nothing, in seconds."""

COUNT = validators.gt(0)
"""A number from 1 up."""

ANY_COUNT = validators.ge(0)
"""A number from 0 up."""

DAY: Final = 86_400.0
"""Seconds."""


class Table(Value):
    """Base of a class whose fields are options of one table of the configuration."""

    __slots__ = ()
