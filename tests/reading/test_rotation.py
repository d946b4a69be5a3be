from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from kumon_observe.reading import open_sources
from kumon_observe.reading.rotation import looks_like_log, parse_name
from tests.reading.making import (
    DAY,
    JANUARY_15,
    backup,
    names,
    notes,
    only_chain,
    only_file,
    put,
    records,
    text,
    whole,
)

FIFTEENTH = date(2025, 1, 15)


@pytest.mark.parametrize(
    ("name", "family", "number", "day", "time"),
    [
        ("app.log", "app.log", None, None, ""),
        ("app.log.1", "app.log", 1, None, ""),
        ("app.log.12.gz", "app.log", 12, None, ""),
        ("app.log.gz", "app.log", None, None, ""),
        ("app-20250115.log", "app.log", None, FIFTEENTH, ""),
        ("app-2025-01-15.log.gz", "app.log", None, FIFTEENTH, ""),
        ("app_20250115.log", "app.log", None, FIFTEENTH, ""),
        ("app.log-20250115", "app.log", None, FIFTEENTH, ""),
        ("app.log-20250115.gz", "app.log", None, FIFTEENTH, ""),
        ("app.log.2025-01-15", "app.log", None, FIFTEENTH, ""),
        ("app.log.2025-01-15_13-30-00", "app.log", None, FIFTEENTH, "133000"),
        ("app.log-2025011513", "app.log", None, FIFTEENTH, "13"),
        ("app.log-20250115-1736899200.gz", "app.log", None, FIFTEENTH, "1736899200"),
        ("app-20250115.log.3", "app.log", 3, FIFTEENTH, ""),
        ("app.log.2025-01-15.2", "app.log", 2, FIFTEENTH, ""),
        ("app-20250115.tar.gz", "app.log", None, FIFTEENTH, ""),
        ("app.log-20250115.tgz", "app.log", None, FIFTEENTH, ""),
        ("2025-01-15.log", ".log", None, FIFTEENTH, ""),
        ("ab12-json.log.1", "ab12-json.log", 1, None, ""),
        ("app-20251399.log", "app-20251399.log", None, None, ""),
        ("app-1.log", "app-1.log", None, None, ""),
        ("app.1.log", "app.1.log", None, None, ""),
        ("conv_5551900000014.log", "conv_5551900000014.log", None, None, ""),
    ],
)
def test_a_name_says_which_part_of_which_log_it_is(
    name: str, family: str, number: int | None, day: date | None, time: str
) -> None:
    parsed = parse_name(name)
    assert (parsed.family, parsed.number, parsed.day, parsed.time) == (family, number, day, time)


@pytest.mark.parametrize(
    ("name", "is_log"),
    [
        ("app.log", True),
        ("app.log.1", True),
        ("app.log.2.gz", True),
        ("app.log.gz", True),
        ("app-20250115.log", True),
        ("app.log-20250115.gz", True),
        ("trace.jsonl", True),
        ("ab12-json.log", True),
        ("app-20250115.tar.gz", True),
        ("truth.json", False),
        ("README.md", False),
        ("app.log.bak", False),
        (".app.log.swp", False),
        (".app.log", False),
        ("dump.gz", False),
    ],
)
def test_what_is_taken_from_a_folder(name: str, is_log: bool) -> None:
    assert looks_like_log(name) is is_log


def test_without_being_asked_only_the_named_file_is_read(tmp_path: Path) -> None:
    put(tmp_path / "app.log.1", records(0, 5))
    assert whole(only_file(put(tmp_path / "app.log", records(5, 5)))) == records(5, 5)


def test_numbered_siblings_are_read_oldest_first(tmp_path: Path) -> None:
    put(tmp_path / "app.log", records(30, 10))
    put(tmp_path / "app.log.1", records(20, 10))
    put(tmp_path / "app.log.2.gz", gzip.compress(records(10, 10)))
    put(tmp_path / "app.log.10.gz", gzip.compress(records(0, 10)))
    put(tmp_path / "other.log", records(90, 2))
    put(tmp_path / "myapp.log.1", records(90, 3))
    chain = only_chain(tmp_path / "app.log", rotated=True)
    assert names(chain) == ["app.log.10.gz", "app.log.2.gz", "app.log.1", "app.log"]
    assert chain.name == f"{tmp_path}/app.log"
    assert text(chain) == records(0, 40)
    assert [file.error for file in chain.files] == [None] * 4
    assert [notes(file) for file in chain.files] == [[]] * 4


def test_dated_siblings_are_read_oldest_first(tmp_path: Path) -> None:
    put(tmp_path / "app.log", records(50, 10))
    backup(tmp_path / "app-20250117.tar.gz", {"app.log": records(40, 10)})
    put(tmp_path / "app.log-20250116.gz", gzip.compress(records(30, 10)))
    put(tmp_path / "app.log.2025-01-15", records(20, 10))
    put(tmp_path / "app.log.2025-01-15.1", records(10, 10))
    put(tmp_path / "app-20241231.log", records(0, 10))
    chain = only_chain(tmp_path / "app.log", rotated=True)
    assert names(chain) == [
        "app-20241231.log",
        "app.log.2025-01-15.1",
        "app.log.2025-01-15",
        "app.log-20250116.gz",
        f"{tmp_path}/app-20250117.tar.gz/app.log",
        "app.log",
    ]
    assert text(chain) == records(0, 60)


def test_times_of_one_day_ascend(tmp_path: Path) -> None:
    put(tmp_path / "app.log.2025-01-15_18-00-00", records(10, 10))
    put(tmp_path / "app.log.2025-01-15_06-00-00", records(0, 10))
    put(tmp_path / "app.log", records(20, 10))
    assert text(only_chain(tmp_path / "app.log", rotated=True)) == records(0, 30)


def test_numbers_stand_among_dates_by_the_time_of_their_last_change(tmp_path: Path) -> None:
    backup(tmp_path / "app-20250115.tar.gz", {"app.log": records(10, 10)}, JANUARY_15 + 0.98 * DAY)
    backup(tmp_path / "app-20250116.tar.gz", {"app.log": records(30, 10)}, JANUARY_15 + 1.98 * DAY)
    put(tmp_path / "app.log.3", records(0, 10), JANUARY_15 + 0.5 * DAY)
    put(tmp_path / "app.log.2.gz", gzip.compress(records(20, 10)), JANUARY_15 + 1.5 * DAY)
    put(tmp_path / "app.log.1", records(40, 10), JANUARY_15 + 2.5 * DAY)
    put(tmp_path / "app.log", records(50, 10), JANUARY_15 + 2.6 * DAY)
    assert text(only_chain(tmp_path / "app.log", rotated=True)) == records(0, 60)


def test_numbers_follow_dates_where_times_were_lost_in_copying(tmp_path: Path) -> None:
    now = JANUARY_15 + 90 * DAY
    put(tmp_path / "app.log-20250116", records(10, 10), now)
    put(tmp_path / "app.log-20250115", records(0, 10), now)
    put(tmp_path / "app.log.2", records(20, 10), now)
    put(tmp_path / "app.log.1", records(30, 10), now)
    put(tmp_path / "app.log", records(40, 10), now)
    assert text(only_chain(tmp_path / "app.log", rotated=True)) == records(0, 50)


def test_siblings_named_one_by_one_are_one_source_in_order(tmp_path: Path) -> None:
    older = put(tmp_path / "app.log.1", records(0, 5))
    newer = put(tmp_path / "app.log", records(5, 5))
    assert text(only_chain(newer, older)) == records(0, 10)
    assert text(only_chain(newer, older, rotated=True)) == records(0, 10)


def test_a_rotated_file_finds_its_log(tmp_path: Path) -> None:
    put(tmp_path / "app.log", records(5, 5))
    chain = only_chain(put(tmp_path / "app.log.1", records(0, 5)), rotated=True)
    assert text(chain) == records(0, 10)
    assert chain.name == f"{tmp_path}/app.log"


def test_replicas_are_different_sources(tmp_path: Path) -> None:
    for name in ("app-1.log", "app-2.log", "replica.1", "replica.2"):
        put(tmp_path / name, records(0, 5) + name.encode() + b"\n")
    chains = open_sources([str(tmp_path / "*")])
    assert [chain.name.rpartition("/")[2] for chain in chains] == [
        "app-1.log",
        "app-2.log",
        "replica.1",
        "replica.2",
    ]


def test_a_log_without_extension_has_siblings_too(tmp_path: Path) -> None:
    put(tmp_path / "messages.1", records(0, 5))
    assert text(only_chain(put(tmp_path / "messages", records(5, 5)), rotated=True)) == records(0, 10)


def test_a_link_finds_the_siblings_of_what_it_leads_to(tmp_path: Path) -> None:
    put(tmp_path / "pods" / "0.log", records(5, 5))
    put(tmp_path / "pods" / "0.log.1", records(0, 5))
    (tmp_path / "app.log").symlink_to("pods/0.log")
    chain = only_chain(tmp_path / "app.log", rotated=True)
    assert text(chain) == records(0, 10)
    assert chain.name == f"{tmp_path}/app.log"
    assert notes(chain.files[-1]) == []


def test_a_missing_file_among_siblings_is_a_loss(tmp_path: Path) -> None:
    put(tmp_path / "app.log.1", records(0, 5))
    chain = only_chain(tmp_path / "app.log", rotated=True)
    assert text(chain) == records(0, 5)
    assert [str(file.error) for file in chain.files] == ["None", "it does not exist: check the path"]


def test_a_missing_file_in_a_missing_folder_says_so_once(tmp_path: Path) -> None:
    file = only_file(tmp_path / "logs" / "app.log", rotated=True)
    assert str(file.error) == "it does not exist: check the path"


@pytest.mark.parametrize("empty", ["app.log", "app.log.1", "app.log.2.gz"])
def test_an_empty_sibling_is_no_loss(tmp_path: Path, empty: str) -> None:
    put(tmp_path / "app.log.2.gz", gzip.compress(b"" if empty.endswith("2.gz") else records(0, 5)))
    put(tmp_path / "app.log.1", b"" if empty.endswith("1") else records(5, 5))
    put(tmp_path / "app.log", b"" if empty == "app.log" else records(10, 5))
    chain = only_chain(tmp_path / "app.log", rotated=True)
    assert len(text(chain)) == len(records(0, 10))
    assert [file.error for file in chain.files] == [None] * 3


def test_siblings_that_are_all_empty_are_a_loss(tmp_path: Path) -> None:
    put(tmp_path / "app.log.1", b"")
    chain = only_chain(put(tmp_path / "app.log", b""), rotated=True)
    assert text(chain) == b""
    assert all("it is empty" in str(file.error) for file in chain.files)


def test_only_the_newest_file_of_a_chain_can_be_growing(tmp_path: Path) -> None:
    put(tmp_path / "app.log.1", records(0, 5) + b"cut off by the rot")
    chain = only_chain(put(tmp_path / "app.log", records(5, 5) + b"half"), rotated=True)
    text(chain)
    assert [file.complete_tail for file in chain.files] == [True, False]
