"""The race: the same log for everybody, by turns, after the answers were compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from typing import Final

from attrs import define, field, frozen

from bench.contenders import Answer, Contender, Log
from bench.data import warm
from bench.place import Place
from bench.processes import CommandFailed, Cost, Memory, cost, peak_memory

Tell = Callable[[str], None]

_ANSWERS: Final = "wrong: it says "


@frozen
class Row:
    """How one contender did: medians in seconds and peaks in bytes; or, in ``note``, why it was not timed.

    ``only_reads`` says that it gives no answer. The note of one that was timed says what its answer lacks.
    """

    name: str
    only_reads: bool = False
    wall: float = 0.0
    cpu: float = 0.0
    memory: Memory = Memory(0, 0)
    note: str = ""


@frozen
class Result:
    """The rows of one log, in the order of the contenders; the first is the one to compare with."""

    log: Log
    rows: tuple[Row, ...]

    @property
    def base(self) -> float:
        """The seconds to compare with."""
        return self.rows[0].wall


@define
class _Runner:
    contender: Contender
    command: list[str]
    note: str = ""
    costs: list[Cost] = field(factory=list)

    def row(self, place: Place) -> Row:
        return Row(
            name=self.contender.name,
            only_reads=self.contender.answer is None,
            wall=median(one.wall for one in self.costs),
            cpu=median(one.cpu for one in self.costs),
            memory=peak_memory(self.command, place.env, place.cwd),
            note=self.note,
        )


def excuse_of(contender: Contender, log: Log, place: Place) -> str:
    """Why *contender* cannot race on *log*: something is missing, it fails, or its answer is wrong."""
    missing = contender.missing()
    if missing:
        return f"not measured: {', '.join(missing)} not installed"
    output = ""
    try:
        output = cost(contender.command(log), place.env, place.cwd).output
        if contender.answer is None:
            return ""
        answer, right = contender.answer(output), Answer.to(log)
    except CommandFailed as failed:
        return f"not measured: {failed}"
    except (ValueError, KeyError):
        return f"wrong: {output.strip()[:60]!r} is no answer"
    return "" if answer == right else f"{_ANSWERS}{answer}; right is {right}"


def race(log: Log, contenders: Sequence[Contender], place: Place, *, rounds: int, tell: Tell) -> Result:
    """Time *contenders* on *log*: each round runs everybody once, beginning with another one."""
    warm(log.path)
    notes: dict[str, str] = {}
    runners: list[_Runner] = []
    for contender in contenders:
        if log.kind not in contender.kinds:
            continue
        tell(f"{log.kind}: {contender.name}: a first try")
        note = notes[contender.name] = excuse_of(contender, log, place)
        if not note or (contender.in_part and note.startswith(_ANSWERS)):
            runners.append(_Runner(contender, contender.command(log), note))
    for number in range(rounds):
        tell(f"{log.kind}: round {number + 1} of {rounds}")
        first = number % max(1, len(runners))
        for runner in (*runners[first:], *runners[:first]):
            runner.costs.append(cost(runner.command, place.env, place.cwd))
    tell(f"{log.kind}: memory")
    timed = {runner.contender.name: runner.row(place) for runner in runners}
    return Result(log, tuple(timed.get(name) or Row(name, note=note) for name, note in notes.items()))
