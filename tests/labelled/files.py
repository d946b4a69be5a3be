"""The files of the labelled scenarios: a TOML document, and the logs beside it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.labelled import SCENARIOS
from tests.labelled.scenario import Labelled
from tests.scenarios import START, Said, rendered
from tests.shell import ROOT

FOLDER: Final = ROOT / "examples" / "scenarios"
_LARGE: Final = 20_000
_TITLE: Final = """\
# What happened, and which rules are right to fire:
#   kumon-observe backtest --scenarios examples/scenarios/scenarios.toml
# A label says what docs/traces.md and docs/alerts.md demand. Written by: python -m tests.labelled
"""


def files() -> dict[str, bytes]:
    """All files by their names; the larger logs are compressed."""
    found = {"scenarios.toml": "\n".join([_TITLE, *map(_table, SCENARIOS)]).encode()}
    for scenario in SCENARIOS:
        found.update(logs_of(scenario))
    return found


def logs_of(scenario: Labelled) -> dict[str, bytes]:
    """The logs of *scenario*, a rotated one before its file."""
    found: dict[str, bytes] = {}
    for name, records in zip(names_of(scenario), scenario.logs, strict=True):
        old = [record for record in records if _is_old(record, scenario)]
        if old:
            found.update([_stored(f"{name}.1", old, scenario.layout)])
        found.update([_stored(name, records[len(old) :], scenario.layout)])
    return found


def names_of(scenario: Labelled) -> list[str]:
    """The name of each log, as it is while the app writes it."""
    if len(scenario.logs) == 1:
        return [f"{scenario.slug}.log"]
    return [f"{scenario.slug}-{number}.log" for number in range(1, len(scenario.logs) + 1)]


def content(path: Path) -> bytes:
    """What stands in the file, which may be compressed: two programs may compress the same to other bytes."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def write() -> None:
    """Write all files anew."""
    FOLDER.mkdir(exist_ok=True)
    wanted = files()
    for path in FOLDER.iterdir():
        if path.name not in wanted:
            path.unlink()
    for name, data in wanted.items():
        path = FOLDER / name
        packed = gzip.compress(data, mtime=0) if path.suffix == ".gz" else data
        if not path.exists() or content(path) != data:
            path.write_bytes(packed)


def _is_old(record: Said, scenario: Labelled) -> bool:
    return scenario.renamed is not None and (record.at - START).total_seconds() < scenario.renamed


def _stored(name: str, records: list[Said] | tuple[Said, ...], layout: str) -> tuple[str, bytes]:
    data = rendered(records, layout)
    return (f"{name}.gz" if len(data) > _LARGE else name), data


def _table(scenario: Labelled) -> str:
    return "\n".join(_lines(scenario)) + "\n"


def _lines(scenario: Labelled) -> Iterator[str]:
    logs = [name for name in logs_of(scenario) if ".log.1" not in name]
    logs += [scenario.missing] if scenario.missing else []
    yield "[[scenario]]"
    yield f"# {scenario.why}"
    yield f"name = {json.dumps(scenario.name)}"
    yield f"log = {json.dumps(logs if len(logs) > 1 else logs[0])}"
    if scenario.after:
        yield f'after = "{scenario.after}m"'
    yield f"alarms = {json.dumps(scenario.alarms)}"
    if scenario.expect is not None:
        yield "expect = ["
        for rule, news, level in scenario.expect:
            yield f'  {{ rule = "{rule}", news = "{news}", level = {level} }},'
        yield "]"
