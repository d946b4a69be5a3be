"""The three kinds of things that a plugin provides, and what makes an object usable as one of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from kumon_observe.model.patterns import LatePattern

_NAME: Final = LatePattern(r"[a-z0-9_-]+")


class Kind(NamedTuple):
    """What one hook registers: ``noun`` for people, the methods that each object must have.

    Objects of a ``stateful`` kind must be new ones at every call of the hook. Without what is
    ``needed_to_judge`` a verdict would rest on less than was asked for.
    """

    noun: str
    hook: str
    methods: tuple[str, ...]
    stateful: bool = False
    needed_to_judge: bool = False


PARSER: Final = Kind("layout", "kumon_register_parsers", ("explain",), needed_to_judge=True)
CHECK: Final = Kind(
    "check", "kumon_register_checks", ("observe", "merge", "result"), stateful=True, needed_to_judge=True
)
SINK: Final = Kind("sink", "kumon_register_sinks", ("send",))
KINDS: Final = (PARSER, CHECK, SINK)


def objects_of(answers: Iterable[object], kind: Kind) -> list[object]:
    """The objects in a hook's *answers*.

    Raises:
        TypeError: the hook gave no collection of objects.
    """
    objects: list[object] = []
    for answer in answers:
        if isinstance(answer, (str, bytes)) or not isinstance(answer, Iterable):
            raise TypeError(f"it gave {_shown(answer)} instead of a list of {kind.noun}s")
        objects.extend(answer)
    return objects


def fault(candidate: object, kind: Kind) -> str | None:
    """Why *candidate* cannot be used as a *kind*; ``None`` if it can."""
    if isinstance(candidate, type):
        return f"{candidate.__name__} is a class: give an object of it, as in {candidate.__name__}()"
    name = getattr(candidate, "name", None)
    if not isinstance(name, str) or _NAME.fullmatch(name) is None:
        return f"{_shown(candidate)} has the name {name!r}: use letters a-z, digits, - and _"
    missing = [method for method in kind.methods if not callable(getattr(candidate, method, None))]
    if missing:
        return f"the {kind.noun} {name!r} has no {' and no '.join(f'{method}()' for method in missing)}"
    return None


def _shown(value: object) -> str:
    return "None" if value is None else f"an object of {type(value).__name__}"
