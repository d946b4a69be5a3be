from __future__ import annotations

import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from attrs import evolve

from kumon_observe import PermanentSinkError, TemporarySinkError
from kumon_observe.config.channels import FileSettings
from kumon_observe.model.document import alert_to
from kumon_observe.model.protocols import Sink
from kumon_observe.sinks.logfile import LogSink
from kumon_observe.testing import SinkContract
from tests.sinks.alerts import incident, worded


def made(path: Path | str, form: str = "text", lang: str = "en") -> LogSink:
    sink = LogSink.of(FileSettings(path=str(path), form=form), worded(lang))  # type: ignore[arg-type]
    assert sink is not None
    return sink


class TestLog(SinkContract):
    form = "text"

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path
        self.file = tmp_path / "alerts.log"

    def sink(self) -> Sink:
        self.file.unlink(missing_ok=True)
        return made(self.file, self.form)

    def received(self) -> Sequence[str]:
        return self.file.read_text(encoding="utf-8").removesuffix("\n").split("\n")

    def refusing(self) -> Sink:
        (self.folder / "no folder").write_text("")
        return made(self.folder / "no folder" / "alerts.log", self.form)

    def failing(self) -> Sink:
        return made("/dev/full", self.form)

    def hanging(self) -> None:
        """It waits for nobody."""


class TestLogAsJson(TestLog):
    form = "json"


def test_a_line_says_when_how_urgent_what_and_what_to_do(tmp_path: Path) -> None:
    made(tmp_path / "alerts.log", lang="pt").send(incident())
    assert (tmp_path / "alerts.log").read_text(encoding="utf-8") == (
        "2025-01-15 07:00:00-03:00 CRÍTICO handoff: replies are lost: 2 handoffs perdidos em 812 turns. "
        "O que fazer: rollback para a versão anterior, agora. "
        "Avise que você está cuidando: kumon-observe alerts ack h-1\n"
    )


def test_json_lines_are_the_documented_alert(tmp_path: Path) -> None:
    made(tmp_path / "alerts.log", "json").send(incident())
    (line,) = (tmp_path / "alerts.log").read_text().splitlines()
    assert json.loads(line) == alert_to(incident())


def test_the_day_in_the_name_is_that_of_the_alert_in_the_readers_zone(tmp_path: Path) -> None:
    sink = made(tmp_path / "%Y" / "performance-alerts-%Y%m%d.log")
    alert = incident()
    sink.send(evolve(alert, at=alert.at.replace(hour=2, minute=59)))  # still the 14th in Sao Paulo
    sink.send(alert)
    assert sorted(path.name for path in (tmp_path / "2025").iterdir()) == [
        "performance-alerts-20250114.log",
        "performance-alerts-20250115.log",
    ]


def test_a_file_that_was_rotated_away_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "alerts.log"
    sink = made(file)
    sink.send(incident())
    file.rename(tmp_path / "alerts.log.1")
    sink.send(incident())
    assert [len(path.read_text().splitlines()) for path in sorted(tmp_path.iterdir())] == [1, 1]


def test_the_log_is_not_for_everybody(tmp_path: Path) -> None:
    made(tmp_path / "alerts.log").send(incident())
    assert (tmp_path / "alerts.log").stat().st_mode & 0o007 == 0


def test_many_writers_leave_whole_lines(tmp_path: Path) -> None:
    file = tmp_path / "alerts.log"
    alert = incident(summary="x" * 20_000)

    def write() -> None:
        for _ in range(10):
            made(file, "json").send(alert)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = file.read_text().splitlines()
    assert len(lines) == 40
    assert all(json.loads(line)["key"] == alert.key for line in lines)


def test_a_line_that_a_full_disk_cut_spoils_no_other(tmp_path: Path) -> None:
    file = tmp_path / "alerts.log"
    file.write_text("2025-01-15 06:59:00-03:00 CRI")
    made(file).send(incident())
    assert [line[:29] for line in file.read_text().splitlines()] == [
        "2025-01-15 06:59:00-03:00 CRI",
        "2025-01-15 07:00:00-03:00 CRI",
    ]


def test_a_line_that_was_not_written_whole_was_not_delivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, text: write(descriptor, text[:10]))
    with pytest.raises(
        TemporarySinkError, match=r"alerts\.log cannot be written now: No space left on device"
    ):
        made(tmp_path / "alerts.log").send(incident())


def test_a_folder_that_cannot_be_is_told_with_the_option(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        PermanentSinkError, match=r"sinks\.log\.path: .*/file/alerts\.log cannot be written \("
    ):
        made(tmp_path / "file" / "alerts.log").send(incident())


def test_a_pipe_that_nobody_reads_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    made(tmp_path / "pipe").send(incident())


def test_without_a_path_there_is_no_sink() -> None:
    assert LogSink.of(FileSettings(), worded()) is None
