"""Who takes part: ourselves, the peers of ``bench/peers`` and the bare reads that nobody can beat.

The peers that are Python packages live in an environment of their own, which ``bench/setup.sh`` makes inside
of ours, so that neither the project nor its development needs them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final, Self

from attrs import field, frozen

from bench import ours
from bench.logs.known import Known
from bench.logs.layouts import LEADS
from bench.logs.recipe import RECIPES

PEERS: Final = Path(__file__).resolve().parent / "peers"
_OWN: Final = Path(sys.prefix) / "bench" / "bin" / "python"
PYTHON: Final = str(_OWN) if _OWN.exists() else sys.executable
"""The Python that has DuckDB, Polars and pyperf, if they were installed."""
_EVERY_KIND: Final = tuple(RECIPES)
_TEXT: Final = "import re,sys\nfind=re.compile(rb'_TRACE\\||_GUARD\\|').search\n"
_BLOCKS: Final = "file=open(sys.argv[1],'rb',buffering=0)\nwhile block:=file.read(1<<18):{}\n"


@frozen
class Log:
    """A log on disk with its right answers."""

    kind: str
    path: Path
    known: Known

    @property
    def lead(self) -> str:
        """What stands right before each trace of the app."""
        return LEADS[RECIPES[self.kind].layout]

    @property
    def json(self) -> bool:
        """Whether the records are JSON objects."""
        return RECIPES[self.kind].layout == "json"


@frozen
class Answer:
    """What every contender has to tell of a log."""

    lost: int
    success: int
    failed: int

    @classmethod
    def to(cls, log: Log) -> Self:
        """The right one."""
        return cls.of(log.known)

    @classmethod
    def of(cls, known: Known) -> Self:
        """What *known* says."""
        return cls(known.lost, known.success, known.failed)

    def with_more(self, more: Answer) -> Answer:
        """The answer for this log and another one behind it."""
        return Answer(self.lost + more.lost, self.success + more.success, self.failed + more.failed)

    def __str__(self) -> str:
        return f"{self.lost} lost, {self.success} sent, {self.failed} refused"


def _three_numbers(output: str) -> Answer:
    lost, success, failed = map(int, output.split()[-3:])
    return Answer(lost, success, failed)


def of_verdict(output: str) -> Answer:
    """What a verdict as JSON says.

    Raises:
        ValueError: it is none.
        KeyError: it lacks a check.
    """
    counts = {check["name"]: check["counts"] for check in json.loads(output)["checks"]}
    delivery = counts["delivery"]
    return Answer(counts["handoff"]["violations"], delivery["success"], delivery["failed"])


@frozen
class Contender:
    """One way to answer, or (``answer`` is ``None``) only to read.

    Args:
        name: as the table shows it.
        command: the words that run it on a log.
        answer: reads its output; raises ``ValueError`` if that is none.
        needs: the programs and Python modules that must be there.
        kinds: the logs that it can read.
        in_part: it is known to see a part of the answer only; it is timed all the same, and the rest told.
    """

    name: str
    command: Callable[[Log], list[str]]
    answer: Callable[[str], Answer] | None = _three_numbers
    needs: tuple[str, ...] = ()
    kinds: tuple[str, ...] = field(default=_EVERY_KIND)
    in_part: bool = False

    def missing(self) -> list[str]:
        """What it needs and is not installed."""
        return [name for name in self.needs if shutil.which(name) is None and not _is_module(name)]


@cache
def _is_module(name: str) -> bool:
    return name.isidentifier() and not subprocess.call(
        [PYTHON, "-c", f"import {name}"], stderr=subprocess.DEVNULL
    )


def _script(name: str) -> Callable[[Log], list[str]]:
    runner = "bash" if name.endswith(".sh") else PYTHON

    def command(log: Log) -> list[str]:
        return [runner, str(PEERS / name), str(log.path), log.lead, str(int(log.json))]

    return command


def _bare(*words: str) -> Callable[[Log], list[str]]:
    return lambda log: [*words, str(log.path)]


def _python(body: str) -> Callable[[Log], list[str]]:
    return _bare(sys.executable, "-c", _TEXT + _BLOCKS.format(body))


OURS: Final = Contender("kumon-observe health", lambda log: ours.health(str(log.path)), of_verdict)
OURS_ALONE: Final = Contender(
    "kumon-observe health, one core", lambda log: ours.health("--jobs", "1", str(log.path)), of_verdict
)
OURS_PURE: Final = Contender(
    "kumon-observe health, one core, Python alone",
    lambda log: ["env", "KUMON_OBSERVE_PURE=1", *ours.health("--jobs", "1", str(log.path))],
    of_verdict,
)


def our_own() -> tuple[Contender, ...]:
    """We ourselves: with all cores and, where a number can be told, with one, and in Python alone."""
    return (OURS, OURS_ALONE, OURS_PURE) if "--jobs" in ours.offered() else (OURS,)


RIVALS: Final = (
    Contender("grep | gawk", _script("grep_gawk.sh"), needs=("grep", "gawk")),
    Contender("grep | mawk", _script("grep_mawk.sh"), needs=("grep", "mawk")),
    Contender("ripgrep | mawk", _script("rg_mawk.sh"), needs=("rg", "mawk")),
    Contender("ripgrep | mawk, two cores", _script("rg_mawk_split.sh"), needs=("rg", "mawk")),
    Contender("grep | mawk by position", _script("grep_mawk_by_position.sh"), needs=("grep", "mawk")),
    Contender("ripgrep | mawk by position", _script("rg_mawk_by_position.sh"), needs=("rg", "mawk")),
    Contender("jq | mawk", _script("jq_mawk.sh"), needs=("grep", "jq", "mawk"), kinds=("json",)),
    Contender("DuckDB", _script("with_duckdb.py"), needs=("duckdb",)),
    Contender("Polars", _script("with_polars.py"), needs=("polars",)),
    Contender("mtail", _script("mtail.sh"), needs=("mtail", "mawk")),
    Contender("the guide's pipelines", _script("guide.sh"), needs=("grep", "awk"), in_part=True),
)

LIMITS: Final = (
    Contender("cat > /dev/null", _bare("cat"), None, ("cat",)),
    Contender("wc -l", _bare("wc", "-l"), None, ("wc",)),
    Contender("grep -c", _bare("grep", "-c", "-F", "_TRACE|"), None, ("grep",)),
    Contender("Python, reading alone", _python("pass"), None),
    Contender("Python, finding each trace", _python("\n at=0\n while m:=find(block,at):at=m.end()"), None),
)
