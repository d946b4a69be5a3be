"""The worked example of docs/testing.md does what the page says of it."""

from __future__ import annotations

import re

import pytest

from tests.pytest_plugin.running import QUIET
from tests.shell import ROOT

pytest_plugins = ["pytester"]

PAGE = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^```text\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def example(pytester: pytest.Pytester) -> dict[str, str]:
    """Write the page's programs; gives them by name."""
    blocks = re.findall(r"^```python\n# (\w+)\.py\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    pytester.makepyfile(**dict(blocks))
    pytester.syspathinsert()
    return dict(blocks)


def comparable(text: str) -> list[str]:
    """The lines of *text* without what differs from run to run."""
    text = re.sub(r"\b\d\d:\d\d:\d\d\.\d{3}\b", "TIME", text)
    return re.sub(r"(state|outbox)_id=\d+", r"\1_id=N", text).splitlines()


def test_the_example_passes_and_ends_as_shown(pytester: pytest.Pytester) -> None:
    assert list(example(pytester)) == ["assistant", "test_assistant"]
    result = pytester.runpytest_inprocess(*QUIET)
    result.assert_outcomes(passed=2)
    assert SHOWN[0].strip() in result.outlines


def test_the_broken_example_fails_as_shown(pytester: pytest.Pytester) -> None:
    assistant = example(pytester)["assistant"]
    begin = "async def deliver(self, conv):\n"
    assert begin in assistant
    pytester.makepyfile(assistant=assistant.replace(begin, f"{begin}        self.outbox.clear()\n"))
    result = pytester.runpytest_inprocess(*QUIET, "-k", "question")
    result.assert_outcomes(failed=1, errors=1)
    said = comparable(result.stdout.str())
    for line in comparable(SHOWN[1]):
        assert line in said
