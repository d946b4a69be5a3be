"""Runs pytest in a test, with the plugin under test and an app that logs what the real one logs."""

from __future__ import annotations

import logging
from typing import Final

import cattrs  # noqa: F401 - the same in all runs, or its exceptions would not be those that are caught
import pytest

import kumon_observe.testing.plugin.watching  # noqa: F401 - stays loaded between the runs, which makes them quick
from tests.scenarios import Story

APP: Final = '''\
"""Plays stories of the app: each record as the app's own logger writes it."""

import logging


def say(message, logger="app.core.x", level=logging.INFO):
    logging.getLogger(logger).log(level, message)


def play(story):
    for message in STORIES[story]:
        say(message)


STORIES = {stories!r}
'''

STORIES: Final = {
    "good": Story().turn("ana"),
    "other": Story().turn("bia", 2),
    "lost": Story().turn("bia").turn("ana", 2, 0),
    "guarded": Story().planning("ana").guard("ana"),
    "partial": Story().turn("ana", 2, 1),
    "refused": Story().turn("ana", ok=False),
    "wrong instance": Story().turn("bia").instance("ana", "thread_1"),
    "planned": Story().planning("ana"),
    "unsent": Story().planning("ana").delivery("ana"),
    "retried": Story().turn("ana", ok=False).result("ana"),
    "many": Story().others(2).turn("c1", 1, 0).turn("c2", 1, 0).turn("c3", 1, 0).turn("c4", 1, 0),
    "context": Story().says("TURN_LOCK|conv=ana|state=held").turn("ana"),
    "turn based": Story().turn_based("ana", "h1"),
}

QUIET: Final = tuple(
    f"-pno:{name}" for name in ("asyncio", "anyio", "cacheprovider", "hypothesispytest", "xdist")
)


def messages(story: Story) -> list[str]:
    """What the app says in *story*."""
    return [said.message for said in story.records]


def with_app(pytester: pytest.Pytester) -> None:
    """Put the app beside the tests."""
    stories = {name: messages(story) for name, story in STORIES.items()}
    pytester.makepyfile(app=APP.format(stories=stories))
    pytester.syspathinsert()


def run(pytester: pytest.Pytester, code: str, *arguments: str) -> pytest.RunResult:
    """Run the tests in *code*, which may use the app, in this process."""
    with_app(pytester)
    pytester.makepyfile("import logging\nimport pytest\nfrom app import play, say\n\n" + code)
    return pytester.runpytest_inprocess(*QUIET, *arguments)


def level_of(name: str) -> int:
    """The level that a logger has of its own."""
    return logging.getLogger(name).level
