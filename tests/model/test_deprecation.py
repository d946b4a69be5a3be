"""A deprecated name still works, says what to use where it is used, and is gone in time."""

# mypy: disable-error-code="deprecated"

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kumon_observe import Status, Threshold
from kumon_observe.model.deprecation import FORM, Deprecated, deprecated, deprecated_name, warn_deprecated

SAID = "old.grade is deprecated: use old.judge instead; kumon-observe 1.0 drops it"


@deprecated("old.grade is deprecated: use old.judge instead; kumon-observe 1.0 drops it")
def grade(count: int) -> int:
    """As before."""
    return count + 1


class Sieve:
    @deprecated("Sieve.shake is deprecated: use Sieve.pick instead; kumon-observe 1.0 drops it")
    def shake(self) -> str:
        return "shaken"

    def pick(self, grace: int = 0, *, wait: int | None = None) -> int:
        if wait is not None:
            warn_deprecated("the argument 'wait' of Sieve.pick", instead="grace", drops="1.0")
            grace = wait
        return grace


@deprecated("Basket is deprecated: use Sieve instead; kumon-observe 1.0 drops it")
class Basket(Sieve):
    pass


@pytest.fixture
def old() -> Iterator[ModuleType]:
    """A module of which two names moved."""
    module = ModuleType("old")
    names = {
        "Grade": Deprecated("kumon_observe.model.status.Status", drops="1.0"),
        "Limit": Deprecated("kumon_observe.Threshold", drops="0.3"),
    }
    module.__dict__["__getattr__"] = lambda name: deprecated_name("old", name, names)
    sys.modules["old"] = module
    yield module
    del sys.modules["old"]


def warned(use: Callable[[], Any]) -> list[warnings.WarningMessage]:
    """What *use* warns of under Python's default way: once for each place."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        use()
    return caught


def test_a_deprecated_function_works_and_says_what_to_use() -> None:
    with pytest.warns(DeprecationWarning, match="grade") as caught:
        assert grade(1) == 2
    assert [str(one.message) for one in caught] == [SAID]
    assert grade.__doc__ == "As before."


def test_it_warns_once_for_each_place_that_uses_it() -> None:
    def use() -> None:
        for _ in range(3):
            grade(1)
        grade(2)

    caught = warned(use)
    first = use.__code__.co_firstlineno
    assert [(one.filename, one.lineno) for one in caught] == [(__file__, first + 2), (__file__, first + 3)]


def test_methods_and_classes_can_be_deprecated() -> None:
    with pytest.warns(DeprecationWarning, match=r"^Sieve\.shake is deprecated: use Sieve\.pick instead"):
        assert Sieve().shake() == "shaken"
    with pytest.warns(DeprecationWarning, match="^Basket is deprecated: use Sieve instead"):
        assert isinstance(Basket(), Sieve)


def test_an_argument_can_be_deprecated() -> None:
    assert Sieve().pick(3) == 3
    caught = warned(lambda: Sieve().pick(wait=4))
    said = "the argument 'wait' of Sieve.pick is deprecated: use grace instead; kumon-observe 1.0 drops it"
    assert [(str(one.message), one.filename) for one in caught] == [(said, __file__)]


def test_a_name_that_moved_is_still_found_and_says_where_it_is(old: ModuleType) -> None:
    with pytest.warns(DeprecationWarning, match="Grade") as caught:
        assert old.Grade is Status
    said = (
        "old.Grade is deprecated: use kumon_observe.model.status.Status instead; kumon-observe 1.0 drops it"
    )
    assert [(str(one.message), one.filename) for one in caught] == [(said, __file__)]


def test_importing_a_name_that_moved_warns_where_it_is_imported(old: ModuleType) -> None:
    code = compile("from old import Limit", "user.py", "exec")
    namespace: dict[str, Any] = {"__name__": "user"}
    caught = warned(lambda: exec(code, namespace))
    assert namespace["Limit"] is Threshold
    assert {(one.filename, one.lineno) for one in caught} == {("user.py", 1)}


def test_a_name_that_never_was_is_no_attribute(old: ModuleType) -> None:
    with pytest.raises(AttributeError, match="module 'old' has no attribute 'Mark'"):
        _ = old.Mark
    assert not hasattr(old, "Mark")


@pytest.mark.parametrize(
    "message",
    [
        "",
        "use judge",
        "grade is deprecated",
        "grade is deprecated: use judge instead; kumon-observe drops it",
    ],
)
def test_a_message_that_does_not_say_what_to_do_is_refused(message: str) -> None:
    with pytest.raises(ValueError, match="does not tell what to do: write 'NAME is deprecated: use OTHER"):
        deprecated(message)


@pytest.mark.parametrize(("instead", "drops"), [("judge", "1.0"), ("kumon_observe.judge", "soon")])
def test_what_became_of_a_name_needs_an_address_and_a_release(instead: str, drops: str) -> None:
    with pytest.raises(ValueError, match="must match regex"):
        Deprecated(instead, drops)


def test_all_ways_to_deprecate_say_the_same() -> None:
    caught = warned(lambda: warn_deprecated("a", instead="b", drops="2.5"))
    match = FORM.fullmatch(str(caught[0].message))
    assert match is not None
    assert match.groupdict() == {"what": "a", "instead": "b", "drops": "2.5"}


def test_type_checkers_tell_it_too(tmp_path: Path) -> None:
    program = tmp_path / "user.py"
    program.write_text(
        "from kumon_observe.model.deprecation import deprecated\n\n"
        '@deprecated("a is deprecated: use b instead; kumon-observe 1.0 drops it")\n'
        "def a() -> int:\n    return 1\n\n"
        "print(a())\n",
        encoding="utf-8",
    )
    flags = ["--strict", "--enable-error-code=deprecated", "--config-file=", "--follow-imports=silent"]
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", *flags, f"--cache-dir={tmp_path / 'cache'}", str(program)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert checked.returncode == 1
    assert "user.py:7: error: function user.a is deprecated: a is deprecated: use b instead" in checked.stdout
