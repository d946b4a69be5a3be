"""What a labelled scenario is, and how one is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from types import ModuleType

from attrs import frozen

from tests.scenarios import START, Said, Story

Fires = tuple[str, str, int]
"""A rule, its news, and the level: a notification that is expected."""

EIGHT = 3600
"""Eight o'clock in São Paulo, in seconds after the start: when the day begins."""


@frozen(kw_only=True)
class Labelled:
    """One scenario.

    Attributes:
        name: a few words.
        why: what the label rests on.
        logs: what each replica logged.
        alarms: the rules that are right to fire.
        layout: of all its logs.
        after: minutes that pass after the last record.
        expect: all notifications in order; ``None``: only the label is held.
        renamed: the log is rotated so many seconds after the start; ``None``: never.
        missing: the name of one more log, which is not there; empty: none.
    """

    name: str
    why: str
    logs: tuple[tuple[Said, ...], ...]
    alarms: tuple[str, ...]
    layout: str
    after: int
    expect: tuple[Fires, ...] | None
    renamed: float | None
    missing: str

    @property
    def slug(self) -> str:
        """The name as part of a file's name."""
        return re.sub(r"\W+", "-", self.name).strip("-")


Tells = Callable[[], Story | list[Story]]


def labelled(
    name: str,
    *alarms: str,
    layout: str = "json",
    after: int = 0,
    expect: tuple[Fires, ...] | None = None,
    renamed: float | None = None,
    missing: str = "",
) -> Callable[[Tells], Labelled]:
    """A scenario whose story the function tells, and whose reason is its docstring."""

    def scenario(tells: Tells) -> Labelled:
        story = tells()
        stories = story if isinstance(story, list) else [story]
        return Labelled(
            name=name,
            why=" ".join((tells.__doc__ or "").split()),
            logs=tuple(tuple(each.records) for each in stories),
            alarms=alarms,
            layout=layout,
            after=after,
            expect=expect,
            renamed=renamed,
            missing=missing,
        )

    return scenario


def told(module: ModuleType) -> Iterator[Labelled]:
    """The scenarios of *module*, in their order."""
    return (value for value in vars(module).values() if isinstance(value, Labelled))


def traffic(
    story: Story,
    minutes: float,
    *,
    begin: float = 0.0,
    every: float = 120.0,
    fails: Callable[[int], bool] = lambda _: False,
) -> Story:
    """Healthy turns for so many *minutes*, one *every* so many seconds, from *begin* seconds after the start.

    *fails* tells whether the provider refuses the message of the turn of that number.
    """
    for number in range(int(minutes * 60 // every)):
        story.at(begin + number * every).turn(f"c{number % 40}", ok=not fails(number))
    return story


def seconds(records: tuple[Said, ...]) -> float:
    """How long after the start the last of *records* was written."""
    return (records[-1].at - START).total_seconds()
