"""``Jan 15 10:00:00 host app[123]: …`` (RFC 3164), RFC 5424, and rsyslog's files; wraps any layout.

``<PRI>`` may be missing, as it is in files. rsyslog's newer default puts an ISO time in the place of
RFC 3164's, which has no year.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import Self

from kumon_observe.clock import Clock, utc_now
from kumon_observe.model.protocols import Explained
from kumon_observe.parsing.layouts.prefix import DIGITS, LEVEL, PrefixLayout
from kumon_observe.parsing.times import CLOCK_AND_ZONE, DATE, MONTH, Moment, read_iso, read_yearless

_PRIORITY = r"(?:<[0-9]{1,3}>)?+"
_TIME = rf"{DATE}T{CLOCK_AND_ZONE}"
_YEARLESS = rf"({MONTH}) ( ?[0-9]{{1,2}}) ([0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}})"
_HOST = rf"(?!(?i:{LEVEL}) )([A-Za-z0-9_][A-Za-z0-9_.:-]*+)"
_TAG = r"([^\s:\[\]|]++)(?:\[([0-9]++)\])?: ?"

_QUOTED = r'"(?:[^"\\]|\\.)*+"'
_DATA = rf'(?:-|(?:\[(?:[^\]"]|{_QUOTED})*+\])++)'


@cache
def _old() -> re.Pattern[str]:
    return re.compile(rf"{_PRIORITY}(?:{_YEARLESS}|({_TIME})) {_HOST} {_TAG}")


@cache
def _new() -> re.Pattern[str]:
    head = rf"{_PRIORITY}1 (-|{_TIME}) (\S++) (\S++) (\S++) \S++ {_DATA}"
    return re.compile(rf"{head}(?: \ufeff?|\Z)", re.DOTALL)


class SyslogLayout(PrefixLayout):
    """The ``syslog`` layout; host, program and its number are the process.

    *reference* gives the moment up to which a time without a year lies: the present one, unless
    :meth:`with_reference` fixes another.
    """

    name = "syslog"
    wraps = True
    starts = DIGITS | frozenset("<JFMASOND")

    def __init__(self, reference: Clock = utc_now) -> None:
        self._reference = reference

    def with_reference(self, moment: datetime) -> Self:
        """A layout of this kind for a file that was last written at *moment*."""
        return type(self)(lambda: moment)

    def read(self, record: str) -> Explained | None:
        """The new form or the old one."""
        return self._new(record) or self._old(record)

    def _new(self, record: str) -> Explained | None:
        prefix = _new().match(record)
        if prefix is None:
            return None
        time, host, program, number = prefix.groups()
        moment = None if time == "-" else read_iso(time)
        if moment is None and time != "-":
            return None
        return _explained(record[prefix.end() :], moment, host, program, None if number == "-" else number)

    def _old(self, record: str) -> Explained | None:
        prefix = _old().match(record)
        if prefix is None:
            return None
        month, day, clock, time, host, program, number = prefix.groups()
        if month is None:
            moment = read_iso(time)
        else:
            at = read_yearless(month, int(day), clock, self._reference())
            moment = None if at is None else Moment(at, False)
        return None if moment is None else _explained(record[prefix.end() :], moment, host, program, number)


def _explained(inner: str, moment: Moment | None, host: str, program: str, number: str | None) -> Explained:
    return Explained(
        inner=inner,
        at=moment.at if moment else None,
        precise=moment.precise if moment else False,
        process=f"{host}/{program}[{number}]" if number else f"{host}/{program}",
    )
