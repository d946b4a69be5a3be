"""The public names are those of the snapshot; a change that breaks callers is named with what to do."""

from __future__ import annotations

import griffe
import pytest

from apidocs import public, snapshot

SAVED = snapshot.SNAPSHOT.read_text(encoding="utf-8")


def changed(*replacements: tuple[str, str]) -> str:
    """The snapshot after a change of the code."""
    text = SAVED
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_the_public_names_are_those_of_the_snapshot() -> None:
    complaint = snapshot.complaint(SAVED, snapshot.current())
    if complaint:
        pytest.fail(complaint, pytrace=False)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "import Alert as Alert\n",
            "import Alert as Alarm\n",
            "kumon_observe.Alert: public object was removed",
        ),
        (
            "    layout: str | None = None,\n",
            "",
            "kumon_observe.parse(layout): parameter was removed",
        ),
        (
            "    limit: int | None = None,\n",
            "    limit: int | None = 7,\n",
            "kumon_observe.analyze(limit): parameter default was changed: None -> 7",
        ),
        (
            "        key: str,\n",
            "        key: str,\n        lang: str,\n",
            "kumon_observe.model.alert.Alert.__init__(lang): parameter was added as required",
        ),
        (
            "    def allows(",
            "    def meets(",
            "kumon_observe.model.threshold.Threshold.allows: public object was removed",
        ),
        (
            "class SchemaError(KumonObserveError)",
            "class SchemaError",
            (
                "kumon_observe.model.errors.SchemaError: base class was removed: "
                "[kumon_observe.model.errors.KumonObserveError] -> []"
            ),
        ),
        (
            "    def row() -> PlainRow: ...",
            "    def row() -> Row: ...",
            "kumon_observe.model.events.TraceEvent.row: its type was changed: PlainRow -> Row",
        ),
        (
            "    conv: str | None\n",
            "    conv: bytes\n",
            "kumon_observe.model.events.TraceEvent.conv: its type was changed: str | None -> bytes",
        ),
        (
            "## kumon_observe.model.schema\n",
            "## kumon_observe.model.schemata\n",
            "kumon_observe.model.schema: the module was removed",
        ),
        (
            "    MODERATE = 'moderate'\n",
            "",
            "kumon_observe.model.status.Severity.MODERATE: public object was removed",
        ),
    ],
)
def test_a_change_that_breaks_callers_is_named(before: str, after: str, said: str) -> None:
    assert snapshot.breaking(SAVED, changed((before, after))) == [said]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    OK = 'ok'\n", "    OK = 'ok'\n    BETTER = 'better'\n"),
        ("    limit: int | None = None,\n", "    limit: int | None = None,\n    order: str = '',\n"),
        ("class Severity(Enum):\n", "class Haste(Enum): ...\nclass Severity(Enum):\n"),
    ],
)
def test_an_addition_breaks_nobody_but_has_to_be_written_down(before: str, after: str) -> None:
    after_it = changed((before, after))
    assert snapshot.breaking(SAVED, after_it) == []
    complaint = snapshot.complaint(SAVED, after_it)
    assert "break" not in complaint
    assert "call `make api`" in complaint
    assert f"+{after.replace(before, '').splitlines()[0]}" in complaint


def test_the_complaint_says_what_broke_and_what_to_do() -> None:
    complaint = snapshot.complaint(SAVED, changed(("    def allows(", "    def meets(")))
    assert "  - kumon_observe.model.threshold.Threshold.allows: public object was removed\n" in complaint
    assert (
        "deprecate it first (docs/versioning.md), with a fragment\nchangelog.d/ISSUE.deprecation.md"
        in complaint
    )
    assert "-    def allows(part: int, whole: int = 1) -> bool: ..." in complaint
    assert snapshot.complaint(SAVED, SAVED) == ""


SOURCE = """
class Sieve(Base):
    MESH = 3
    wide: int

    def __init__(self, mesh: int) -> None:
        self.mesh = mesh

    @property
    def size(self) -> int: ...
    @classmethod
    def of(cls, *parts: str, mesh: int = 1) -> Self: ...
    @staticmethod
    def plain(a, b=2): ...
    async def shake(self, times: int, /, *, hard: bool = False, **options: Any) -> None: ...
    @deprecated("Sieve.old is deprecated: use Sieve.of instead; kumon-observe 1.0 drops it")
    def old(self): ...
    def _inner(self): ...
"""
STUB = """\
class Sieve(Base):
    def __init__(mesh: int) -> None: ...
    MESH = 3
    wide: int
    mesh: object
    @property
    def size() -> int: ...
    @classmethod
    def of(*parts: str, mesh: int = 1) -> Self: ...
    @staticmethod
    def plain(a, b = 2): ...
    async def shake(times: int, /, *, hard: bool = False, **options: Any) -> None: ...
    @deprecated('Sieve.old is deprecated: use Sieve.of instead; kumon-observe 1.0 drops it')
    def old(): ...
"""


def test_the_snapshot_tells_what_callers_can_hold_on_to() -> None:
    with griffe.temporary_visited_module(SOURCE) as module:
        sieve = module.members["Sieve"]
        assert isinstance(sieve, griffe.Object)
        assert "".join(snapshot.stub("Sieve", sieve)) == STUB


def test_a_base_that_is_not_public_is_not_told() -> None:
    assert public.package()["model.value.Value"].is_class
    assert "(Value)" not in SAVED
    assert "class ThresholdError(ConfigError)" in SAVED


def test_a_default_that_has_a_private_name_is_told_by_its_value() -> None:
    assert "max_open: int = 5000," in SAVED
    assert "= _" not in SAVED


def test_a_class_made_by_attrs_shows_how_it_is_made() -> None:
    key = SAVED.partition("class Key:\n")[2].splitlines()[0]
    assert key == "    def __init__(*, conv: str | None = None, idem: str | None = None) -> None: ..."
    planner = SAVED.partition("class PlannerTrace(TraceEvent):\n")[2].partition("-> None")[0]
    assert "        conv: str | None = None,\n" in planner
    assert "        count: int,\n" in planner
