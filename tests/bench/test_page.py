"""The page of the benchmarks says who was how fast, and why somebody was not timed."""

from __future__ import annotations

import json
import re
from pathlib import Path

from attrs import evolve

from bench.contenders import Log
from bench.log_calls import Calls, Quantiles
from bench.logs.known import Known
from bench.observer import Delay, Kept, Observed, Steady
from bench.page import Findings
from bench.parts import Part, read
from bench.phases import Phases
from bench.processes import Memory
from bench.race import Result, Row
from bench.scenes import Repeat, Size, Start
from bench.tables import race_table, seconds
from bench.watch import Delays, Idle, Kills, Storm, WatchFigures

KNOWN = Known(size=450_000_000, lines=2_000_000, traces=200_000)
MEMORY = Memory(proportional=40 << 20, resident=60 << 20)
RESULT = Result(
    Log("sparse", Path("x"), KNOWN),
    (
        Row("ours", wall=0.5, cpu=0.75, memory=MEMORY),
        Row("grep | mawk", wall=1.0, cpu=1.5, memory=MEMORY),
        Row("blind", note="wrong: it says 2 lost; right is 6 lost"),
        Row("guide", wall=2.0, cpu=2.0, note="wrong: it says 4 lost; right is 6 lost"),
        Row("cat", wall=0.125, cpu=0.125, memory=MEMORY, only_reads=True),
    ),
)
FINDINGS = Findings(
    rounds=5,
    bare=0.01,
    idle=0.02,
    races=(RESULT,),
    phases=(Phases("dense", 350_000_000, {"starting": 0.06, "the four checks": 0.18}),),
    sizes=(Size(100_000_000, 0.11, MEMORY), Size(200_000_000, 0.21, MEMORY)),
    repeats=(Repeat(450_000_000, 0.5, 0.06),),
    starts=(Start("--version", 0.04, 0.01),),
    parts=(Part("parse dense", 0.0278),),
    observed=Observed(
        calls=(
            Calls(
                threads=8,
                rate=5_000,
                without=Quantiles(8e-6, 80e-6),
                observed=Quantiles(10e-6, 110e-6),
                added=Quantiles(2e-6, 25e-6),
                lost=0,
            ),
        ),
        delays=(Delay(0, 0.0021, 0.0123),),
        kept=Kept(100_000, 9 << 20, 1 << 20),
        steady=Steady(60.0, 300_000, 300_000, 0, 1 << 20),
    ),
    watched=WatchFigures(
        delays=(Delays(10_000, 9_998.4, 100, 0.2, 0.43, 0.44),),
        idle=Idle(20.0, 0.004, 34 << 20),
        storm=Storm(100_000, 60.0, 1, 7, 100_000, 0.447, 73 << 20),
        kills=Kills(500, 748, 748, 0, 5, 1, 408.9),
    ),
)


def test_a_race_is_told_against_its_first_row() -> None:
    table = race_table(RESULT)
    assert table.heading == "sparse: 450 MB, 10% traces (200,000 of 2,000,000 lines)"
    assert table.rows == (
        ("ours", "500 ms", "750 ms", "40 MiB", "60 MiB", "900", "1.00", ""),
        ("grep | mawk", "1.00 s", "1.50 s", "40 MiB", "60 MiB", "450", "2.00", ""),
        ("blind", "", "", "", "", "", "", "wrong: it says 2 lost; right is 6 lost"),
        ("guide", "2.00 s", "2.00 s", "", "", "225", "4.00", "wrong: it says 4 lost; right is 6 lost"),
    )


def test_those_who_only_read_stand_apart() -> None:
    (row,) = race_table(RESULT, only_reads=True).rows
    assert row == ("cat", "125 ms", "125 ms", "40 MiB", "60 MiB", "3600", "0.25", "")


def test_the_page_has_every_table() -> None:
    page = FINDINGS.as_markdown()
    assert "| grep \\| mawk | 1.00 s |" in page
    assert "| 200 MB | 210 ms | 1053 | +0% | 40 MiB |" in page
    assert "| 450 MB | 500 ms | 60 ms | 50 ms |" in page
    assert "| --version | 40 ms | 30 ms |" in page
    assert "| parse dense | 27.80 ms |" in page
    assert "medians of 5 rounds" in page
    assert "| 8 with 625 a second each | 8.0 µs | 10.0 µs | 2.0 µs (+25%) |" in page
    assert "| 80.0 µs | 110.0 µs | 25.0 µs | 0 |" in page
    assert "| log call to callback, under 0 traces a second | 2.1 ms, at worst 12.3 ms |" in page
    assert "| traces in 60 s | 300,000 logged, 300,000 judged, 0 lost |" in page
    assert "| memory for 100,000 conversations | 9.0 MiB |" in page
    assert "| 10,000 | 9,998 | 100 | 200 ms | 430 ms | 440 ms |" in page
    assert "| a quiet log, over 20 s | 0.4% of a core, 34 MiB |" in page
    assert "| 100,000 losses in 60 s | 1 incident, 7 messages, 100,000 told |" in page
    assert "| all of them told after the last | 447 ms, 73 MiB |" in page
    assert "| 500 kills, 748 losses | 748 told, 0 messages lost |" in page
    assert "| messages that came twice | 5, at most 1 after a kill |" in page


def test_what_was_left_out_has_no_row() -> None:
    watched = WatchFigures(delays=(), idle=None, storm=None, kills=None)
    assert "messages that came twice" not in evolve(FINDINGS, watched=watched).as_markdown()
    assert "## The watch" not in evolve(FINDINGS, watched=None).as_markdown()


def test_the_screen_shows_the_same_tables_in_columns() -> None:
    lines = FINDINGS.on_screen().splitlines()
    ours = next(line for line in lines if line.startswith("ours"))
    theirs = next(line for line in lines if line.startswith("grep | mawk"))
    assert ours.index("500 ms") == theirs.index("1.00 s")


def test_parts_are_read_from_what_pyperf_wrote(tmp_path: Path) -> None:
    path = tmp_path / "parts.json"
    runs = [{"metadata": {}}, {"values": [0.3, 0.1]}, {"values": [0.2]}]
    path.write_text(json.dumps({"benchmarks": [{"metadata": {"name": "parse dense"}, "runs": runs}]}))
    assert read(path) == [Part("parse dense", 0.2)]


def test_times_have_three_figures() -> None:
    assert [seconds(value) for value in (0.0123, 0.999, 1.2345)] == ["12 ms", "999 ms", "1.23 s"]


def test_where_our_time_goes_is_told_with_its_shares() -> None:
    page = FINDINGS.as_markdown()
    assert "## Where our time goes" in page
    assert "|  | dense, 350 MB |" in page
    assert "| starting | 60 ms (25%) |" in page
    assert "| the four checks | 180 ms (75%) |" in page
    assert "| together | 240 ms |" in page


def test_a_size_is_held_against_the_straight_line_of_all() -> None:
    walls = {100_000_000: 0.2, 200_000_000: 0.3, 400_000_000: 0.55, 800_000_000: 0.9}
    sizes = tuple(Size(size, wall, MEMORY) for size, wall in walls.items())
    page = evolve(FINDINGS, sizes=sizes).as_markdown()
    (title,) = re.findall(r"off (\d+) ms \+ (\S+) s a GB", page)
    begin, rise = float(title[0]) / 1e3, float(title[1])
    off = [int(share) for share in re.findall(r" \| ([+-]\d+)% \| 40 MiB", page)]
    expected = [100 * (wall / (begin + rise * size / 1e9) - 1) for size, wall in walls.items()]
    assert len(off) == 4
    assert all(abs(one - other) < 1 for one, other in zip(off, expected, strict=True))
    assert min(off) < 0 < max(off)
