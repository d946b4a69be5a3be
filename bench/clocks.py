"""``health`` on one core with a clock on each phase: ``python -m bench.clocks LOG BEGAN``.

It tells seconds as JSON. *BEGAN* is when the process was started, in seconds since the epoch. Nothing is
imported that ``health`` does not import.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

START: Final = "Python, imports, configuration"
OTHER: Final = "everything between"
READING: Final = "reading, counting lines, checking UTF-8"
FINDING: Final = "finding traces and their fields"
FOLDING: Final = "folding what is settled, rows of the rest"
JUDGING: Final = "the four checks"
TELLING: Final = "evidence, masks"


class _Clocks:
    """Seconds by phase; a phase inside another one counts for itself alone."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.first = 0.0
        self._inside = 0.0

    def on(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """*function*, whose time counts as *name*."""

        def timed(*arguments: Any, **named: Any) -> Any:
            outside, self._inside = self._inside, 0.0
            began = time.perf_counter()
            self.first = self.first or time.time()
            try:
                return function(*arguments, **named)
            finally:
                spent = time.perf_counter() - began
                self.seconds[name] += spent - self._inside
                self._inside = outside + spent

        return timed


def clocked(log: str, began: float) -> dict[str, float]:
    """Run it, and give the seconds of each phase."""
    from kumon_observe.cli.main import main
    from kumon_observe.engine import analyze, judge
    from kumon_observe.parsing import compiled

    clocks = _Clocks()
    native: Any = vars(compiled)["native"]
    made = native.Scan

    class Scan:
        """The compiled scan with a clock on its calls."""

        def __init__(self, **options: Any) -> None:
            scan = made(**options)
            object.__setattr__(self, "_scan", scan)
            for name, phase in (("load", READING), ("run", FINDING), ("rows", FOLDING)):
                object.__setattr__(self, name, clocks.on(phase, getattr(scan, name)))

        def __getattr__(self, name: str) -> Any:
            return getattr(self._scan, name)

        def __setattr__(self, name: str, value: Any) -> None:
            setattr(self._scan, name, value)

    vars(compiled)["native"] = type("native", (), {"Scan": Scan})
    judge.Judging.observe = clocks.on(JUDGING, judge.Judging.observe)  # type: ignore[method-assign]
    analyze.verdict_of = clocks.on(TELLING, analyze.verdict_of)
    with contextlib.redirect_stdout(io.StringIO()):
        main(["health", "--json", "--full", "--jobs", "1", log])
    found = {START: clocks.first - began}
    found |= {phase: clocks.seconds[phase] for phase in (READING, FINDING, FOLDING, JUDGING, TELLING)}
    return found | {OTHER: time.time() - began - sum(found.values())}


if __name__ == "__main__":
    print(json.dumps(clocked(sys.argv[1], float(sys.argv[2]))))
