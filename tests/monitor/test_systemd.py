"""What systemd is told, by a socket as systemd has it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kumon_observe.monitor.systemd import Systemd


@pytest.fixture(params=["path", "abstract"])
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """The address of a listening socket as systemd writes it, and the socket."""
    name = str(tmp_path / "notify") if request.param == "path" else f"@kumon-observe-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(name.replace("@", "\0", 1))
        listening.settimeout(5)
        yield name, listening


def test_systemd_is_told_that_the_watch_is_ready_alive_reloading_and_ends(
    told: tuple[str, socket.socket],
) -> None:
    name, listening = told
    systemd = Systemd({"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())})
    assert systemd.watchdog == 30
    systemd.ready()
    systemd.alive("2 open incidents\nof 3")
    systemd.reloading(1.5)
    systemd.stopping()
    assert [listening.recv(200).decode() for _ in range(4)] == [
        "READY=1",
        "WATCHDOG=1\nSTATUS=2 open incidents of 3",
        "RELOADING=1\nMONOTONIC_USEC=1500000",
        "STOPPING=1",
    ]


def test_nothing_is_told_elsewhere_and_nothing_breaks_where_nobody_listens(tmp_path: Path) -> None:
    Systemd({}).ready()
    Systemd({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).ready()


@pytest.mark.parametrize(
    "environ", [{}, {"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, {"WATCHDOG_USEC": "soon"}]
)
def test_a_watchdog_that_is_not_ours_is_left_alone(environ: dict[str, str]) -> None:
    assert Systemd(environ).watchdog is None
