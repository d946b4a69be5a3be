"""The contract of a layout finds what is wrong with one, and says it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from kumon_observe.model.protocols import Explained
from kumon_observe.testing import LayoutContract, Said

RECORD = re.compile(r"<(\S+) (\w+) (\S+)> (.*)")


class Angled:
    """A layout without fault: ``<time level logger> message``."""

    name = "angled"
    record = RECORD

    def explain(self, record: str) -> Explained | None:
        match = self.record.fullmatch(record)
        try:
            at = datetime.fromisoformat(match[1]) if match else None
        except ValueError:
            return None
        return match and self.told(at, match)

    def told(self, at: datetime | None, match: re.Match[str]) -> Explained | None:
        return Explained(message=match[4], at=at, level=match[2], logger=match[3])


class Contract(LayoutContract):
    kind: type = Angled

    def layout(self) -> Any:
        return self.kind()

    def write(self, said: Said) -> str:
        return f"<{said.at.isoformat()} {said.level.lower()} {said.logger}> {said.message}"


class TestAngled(Contract):
    """A layout without fault passes."""


class Nameless(Angled):
    name = ""


class Deaf(Angled):
    def explain(self, record: str) -> Explained | None:
        return None


class Trimming(Angled):
    def told(self, at: datetime | None, match: re.Match[str]) -> Explained | None:
        return Explained(message=match[4].replace(" ", ""), at=at, level=match[2], logger=match[3])


class Timeless(Angled):
    def told(self, at: datetime | None, match: re.Match[str]) -> Explained | None:
        return Explained(message=match[4], level=match[2], logger=match[3])


class Loggerless(Angled):
    def told(self, at: datetime | None, match: re.Match[str]) -> Explained | None:
        return Explained(message=match[4], at=at, level=match[2])


class Raising(Angled):
    def explain(self, record: str) -> Explained | None:
        return super().explain(record) if record[0] else None


class Moody(Angled):
    asked = 0

    def explain(self, record: str) -> Explained | None:
        type(self).asked += 1
        return Explained(message=str(self.asked))


class Greedy(Angled):
    def explain(self, record: str) -> Explained | None:
        return Explained(message=record)


class Claiming(Angled):
    """Takes the records of the layout ``basic`` too."""

    def explain(self, record: str) -> Explained | None:
        return Explained(message=record) if record.startswith("INFO:") else super().explain(record)


def test_a_record_that_a_built_in_layout_explains_too_is_found() -> None:
    class Twice(Contract):
        def write(self, said: Said) -> str:
            return f"{said.level} {said.message}"

    with pytest.raises(AssertionError, match="the layout level explains 'DEBUG DELIVERY"):
        Twice().test_its_records_are_left_to_it()


class Slow(Angled):
    record = re.compile(r"<(\S+) (\w+) (\S+)> (.*?)(?:\s+end)?")


LAWS = [name for name in vars(LayoutContract) if name.startswith("test_")]
FAULTY = [
    (Nameless, "test_it_can_be_registered", "has the name ''"),
    (Deaf, "test_what_is_written_is_read", "it does not know its own record '<2"),
    (Trimming, "test_what_is_written_is_read", "the message must come back as the app wrote it"),
    (Timeless, "test_what_is_written_is_read", "the time must come back"),
    (Loggerless, "test_what_is_written_is_read", "the logger must come back"),
    (Moody, "test_it_never_raises", "the same line must be explained alike"),
    (Greedy, "test_what_is_no_record_is_not_explained", "'' is no record: explain must give None"),
    (Claiming, "test_records_of_other_layouts_are_left_to_them", "is a record of the layout basic"),
    (Slow, "test_a_long_line_is_explained_in_time", "make its pattern's repeats possessive"),
]


@pytest.mark.parametrize(("layout", "law", "said"), FAULTY)
def test_a_fault_is_found_and_said(layout: type, law: str, said: str) -> None:
    contract = Contract()
    contract.kind = layout
    contract.slowest = 0.1
    with pytest.raises(AssertionError, match=re.escape(said)):
        getattr(contract, law)()


def test_a_layout_that_raises_is_found() -> None:
    contract = Contract()
    contract.kind = Raising
    with pytest.raises(IndexError):
        contract.test_it_never_raises()


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (LayoutContract.layout, "give the layout: def layout(self)"),
        (lambda contract: contract.write(None), "write a record: def write(self, said)"),
    ],
)
def test_a_contract_without_its_layout_says_what_to_write(
    ask: Callable[[LayoutContract], object], said: str
) -> None:
    with pytest.raises(NotImplementedError, match=re.escape(said)):
        ask(LayoutContract())
