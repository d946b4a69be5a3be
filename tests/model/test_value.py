"""Values are equal, hashed and shown as the methods that attrs writes would do it."""

from __future__ import annotations

from attrs import field, frozen
from hypothesis import given, strategies as st

from kumon_observe.model.evidence import Evidence, Key
from kumon_observe.model.rows import Ref
from kumon_observe.model.threshold import Threshold
from kumon_observe.model.value import Value


@frozen(eq=False, repr=False)
class Ours(Value):
    one: object
    other: object = None
    _mark: str = field(default="", eq=False)
    hidden: int = field(default=0, repr=False)


@frozen
class Theirs:
    one: object
    other: object = None
    _mark: str = field(default="", eq=False)
    hidden: int = field(default=0, repr=False)


few = st.sampled_from([0, 1, True, 1.0, "a", None, (1, "b")])
fields = st.tuples(few, few, st.sampled_from(["", "x"]), st.integers(0, 1))


@given(fields, fields)
def test_values_are_equal_where_attrs_has_them_equal(
    one: tuple[object, ...], other: tuple[object, ...]
) -> None:
    equal = Theirs(*one) == Theirs(*other)  # type: ignore[arg-type]
    ours = Ours(*one), Ours(*other)  # type: ignore[arg-type]
    assert (ours[0] == ours[1]) is equal
    assert (ours[0] != ours[1]) is not equal
    assert not equal or hash(ours[0]) == hash(ours[1])


@given(fields)
def test_values_are_shown_as_attrs_shows_them(told: tuple[object, ...]) -> None:
    theirs = repr(Theirs(*told))  # type: ignore[arg-type]
    assert repr(Ours(*told)) == theirs.replace("Theirs", "Ours")  # type: ignore[arg-type]


def test_values_of_two_classes_are_never_equal() -> None:
    assert Key(conv="c") != Evidence(source="c")
    assert Ours(1) != Theirs(1)
    assert Key() != ()


def test_what_does_not_count_leaves_public_values_equal() -> None:
    ref = Ref(None, 0, 1, 0, 5, None)
    assert Evidence(source="a", ref=ref) == Evidence(source="a")
    assert "ref" not in repr(Evidence(source="a", ref=ref))
    assert Threshold(min=1, percent=True) == Threshold(min=1)
    assert len({Key(conv="c", idem="i"), Key(conv="c", idem="i"), Key(conv="c")}) == 2
