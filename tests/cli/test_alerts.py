"""``alerts``: what the person on call reads and types at 03:00."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import jsonschema
import pytest

from kumon_observe.model.incident import IncidentState
from kumon_observe.model.schema import load_schema
from kumon_observe.state import outbox
from kumon_observe.state.book import Book
from kumon_observe.state.database import FILE
from tests.alerting.test_life import BAD, GOOD
from tests.alerting.world import World, losses, rate_rule, rule
from tests.commands import kumon_observe
from tests.shell import ROOT

NOW = datetime.now(UTC)
RULES = {**rule(), **rate_rule(clear_times=1)}


def folder(cwd: Path) -> Path:
    return cwd / "home" / "state" / "kumon-observe"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The state of a watch that has run in *tmp_path*."""
    return World(RULES, book=Book(folder(tmp_path)), now=NOW - timedelta(hours=2))


@pytest.fixture
def alerts(tmp_path: Path) -> Callable[..., CompletedProcess[str]]:
    def run(*arguments: str, **env: str) -> CompletedProcess[str]:
        return kumon_observe(
            "alerts", *arguments, cwd=tmp_path, env={"LOGNAME": "ana", "COLUMNS": "60", **env}
        )

    return run


def document(ran: CompletedProcess[str], schema: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ran.stdout)
    jsonschema.validate(found, load_schema(schema))
    return found


Run = Callable[..., CompletedProcess[str]]


def test_without_any_watch_there_is_no_incident_and_no_file_is_made(alerts: Run, tmp_path: Path) -> None:
    ran = alerts("list")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "no open incident\n", "")
    assert not (folder(tmp_path) / FILE).exists()


def test_the_list_shows_what_is_open_and_who_has_it(alerts: Run, world: World) -> None:
    world.says(BAD)
    world.later(1800).says(GOOD)
    world.says(losses(1, 2))
    world.later(60).says(BAD)
    name = world.open()[0].id
    world.silence("delivery", 7200)
    ran = alerts("list")
    assert ran.returncode == 2
    lines = ran.stdout.splitlines()
    assert lines[0] == "2 open incidents"
    assert any(line.startswith(f"{name}  CRITICAL  firing  ") and line.endswith("handoff") for line in lines)
    assert f"  nobody has it: kumon-observe alerts ack {name}" in lines
    assert "  2 findings" in lines
    assert "Over" in lines
    assert "Silenced" in lines
    assert "Still to be delivered" in lines
    assert max(map(len, lines)) <= 60


def test_quiet_prints_the_first_line_alone(alerts: Run, world: World) -> None:
    world.says(BAD)
    ran = alerts("list", "--quiet")
    assert (ran.returncode, ran.stdout) == (1, "1 open incident\n")


def test_what_could_not_be_delivered_is_shown_and_changes_the_exit_code(alerts: Run, world: World) -> None:
    world.says(BAD)
    world.says(GOOD)
    with world.book.changing() as connection:
        connection.execute(
            "UPDATE outbox SET state = 'dead', attempts = 3, error = ?",
            (json.dumps("HTTP 404: no such hook"),),
        )
        assert outbox.dead(connection)
    ran = alerts("list")
    assert ran.returncode == 4
    assert ran.stdout.splitlines()[0] == "no open incident, 2 messages were not delivered"
    assert "HTTP 404: no such hook" in ran.stdout
    dead = document(alerts("list", "--json"), "alerts")["dead"]
    assert [(one["sink"], one["attempts"], one["error"]) for one in dead] == [
        ("slack", 3, "HTTP 404: no such hook")
    ] * 2


def _kill_letters(world: World) -> list[int]:
    """Nothing that waits can be delivered; the numbers of it."""
    with world.book.changing() as connection:
        connection.execute("UPDATE outbox SET state = 'dead', attempts = 3")
        return [letter.id for letter in outbox.dead(connection)]


def test_what_could_not_be_delivered_is_tried_again_when_a_person_says_so(alerts: Run, world: World) -> None:
    world.says(losses(1))
    world.after(120)
    first, second = _kill_letters(world)
    assert "  kumon-observe alerts resend\n" in alerts("list").stdout
    ran = alerts("resend", str(second))
    assert ran.returncode == 0
    assert ran.stdout.splitlines()[:2] == [
        "To be tried again",
        f"#{second}  slack: ROLL BACK NOW: nobody has it yet (level 1):",
    ]
    found = document(alerts("list", "--json"), "alerts")
    assert [[one["number"] for one in found[sort]] for sort in ("dead", "waiting")] == [[first], [second]]
    assert [one["number"] for one in document(alerts("resend", "--json"), "alerts")["waiting"]] == [first]
    assert (alerts("resend", "--quiet").stdout, len(world.waiting())) == ("", 2)
    assert alerts("resend").stdout == "nothing is undeliverable\n"


def test_what_could_not_be_delivered_can_be_given_up(alerts: Run, world: World) -> None:
    world.says(losses(1))
    (number,) = _kill_letters(world)
    ran = alerts("drop", str(number), "--lang", "pt")
    assert (ran.returncode, ran.stdout.splitlines()[0]) == (0, "Desistidas")
    assert (document(alerts("list", "--json"), "alerts")["dead"], world.waiting()) == ([], [])
    again = alerts("drop", str(number))
    assert (again.returncode, again.stderr) == (
        64,
        f"kumon-observe: no undelivered message is number {number}: kumon-observe alerts list\n",
    )


def test_somebody_acknowledges_by_the_beginning_of_an_id(alerts: Run, world: World) -> None:
    world.says(losses(1))
    name = world.one().id
    ran = alerts("ack", name[:2].upper(), "--comment", "rolling back")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "  ana has it: rolling back" in ran.stdout.splitlines()
    incident = world.one()
    assert (incident.state, incident.by, incident.comment) == (
        IncidentState.ACKNOWLEDGED,
        "ana",
        "rolling back",
    )
    assert world.waiting()[-1] == ("acknowledged", "slack")


def test_a_phone_in_a_name_or_a_comment_is_masked_before_anybody_is_told(alerts: Run, world: World) -> None:
    world.says(losses(1))
    ran = alerts("ack", world.one().id, "--by", "Ana 5511987654321", "--comment", "called 5511987654321")
    assert ran.returncode == 0
    incident = world.one()
    assert re.fullmatch(r"Ana (\*{3}21~[0-9a-f]{4})", incident.by)
    assert incident.comment == f"called {incident.by.removeprefix('Ana ')}"
    with world.book.reading() as connection:
        told = outbox.waiting(connection)
    assert "5511987654321" not in ran.stdout + repr(told)
    alerts("silence", "handoff", "--for", "2h", "--comment", "5511987654321 is ours")
    alerts("resolve", incident.id, "--comment", "5511987654321 got it")
    assert "5511987654321" not in alerts("list").stdout + alerts("list", "--json").stdout


def test_somebody_ends_an_incident(alerts: Run, world: World) -> None:
    world.says(losses(1))
    ran = alerts("resolve", world.one().id, "--by", "bia", "--json")
    assert ran.returncode == 0
    (incident,) = document(ran, "alerts")["incidents"]
    assert (incident["state"], incident["by"]) == ("resolved", "bia")
    assert world.open() == []


def test_silences_are_made_shown_and_ended(alerts: Run, world: World) -> None:
    made = document(alerts("silence", "delivery", "--for", "2h", "--comment", "works", "--json"), "alerts")
    (silence,) = made["silences"]
    assert (silence["rule"], silence["by"], silence["comment"]) == ("delivery", "ana", "works")
    assert "delivery until" in alerts("list").stdout
    assert alerts("silence", "--end", silence["id"]).returncode == 0
    assert document(alerts("list", "--json"), "alerts")["silences"] == []
    assert "all but critical rules until" in alerts("silence", "--for", "30min").stdout


def test_a_test_says_what_each_sink_answered(alerts: Run) -> None:
    ran = alerts("test")
    assert ran.returncode == 0
    assert "a test of the alerts" in ran.stdout
    assert ran.stdout.splitlines()[-1] == "delivered  stdout"


def test_a_test_as_json_leaves_standard_output_to_the_answer(alerts: Run) -> None:
    assert document(alerts("test", "--json"), "tried") == {
        "schema": "kumon-observe/tried/1",
        "delivered": True,
        "sinks": [],
    }


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "alerts needs one more word: list, ack, resolve, silence, resend, drop or test"),
        (("drop",), "NUMBER is missing: see kumon-observe alerts drop --help"),
        (("resend", "7"), "no undelivered message is number 7: kumon-observe alerts list"),
        (("lst",), "there is no command 'lst': did you mean 'list'?"),
        (("ack",), "ID is missing: see kumon-observe alerts ack --help"),
        (("ack", "zz"), "no incident has the id 'zz': kumon-observe alerts list"),
        (("ack", ""), "no incident has the id '': kumon-observe alerts list"),
        (("silence",), "--for is missing: a silence has an end, as in --for 2h"),
        (
            ("silence", "--for", "soon"),
            "--for 'soon' is no length of time: write 30min, 2h or 1d",
        ),
        (("silence", "--for", "0s"), "--for '0s' is no length of time: write 30min, 2h or 1d"),
        (
            ("silence", "hand", "--for", "1h"),
            (
                "there is no rule 'hand': use one of handoff, instances, delivery, consistency, "
                "delivery-burn, delivery-slow-burn, data, quiet"
            ),
        ),
        (("silence", "--end", "zz"), "no silence has the id 'zz': kumon-observe alerts list"),
        (("test", "--sink", "slak"), "there is no sink 'slak': use one of stdout"),
        (
            ("test", "--sink", "stdout", "--json"),
            "the sink stdout prints where --json does: leave one of them out",
        ),
    ],
)
def test_what_cannot_be_done_is_said(alerts: Run, arguments: tuple[str, ...], why: str) -> None:
    ran = alerts(*arguments)
    assert (ran.returncode, ran.stdout, ran.stderr) == (64, "", f"kumon-observe: {why}\n")


def test_who_has_no_name_is_asked_for_one(alerts: Run, world: World) -> None:
    world.says(losses(1))
    ran = alerts("ack", world.one().id, LOGNAME="", USER="", USERNAME="")
    assert (ran.returncode, ran.stderr) == (
        64,
        "kumon-observe: who are you? --by NAME is needed, as there is no user name here\n",
    )


def test_an_id_that_may_be_several_is_answered_with_them(alerts: Run, world: World) -> None:
    names: set[str] = set()
    for n in range(1, 60):
        world.later(60).says(losses(*range(1, n + 1)))
        names.add(world.resolve().id)
    first = next(
        letter for letter in "23456789abcdefghjkmnpqrstuvwxyz" if sum(x[0] == letter for x in names) > 1
    )
    ran = alerts("ack", first)
    alike = sorted(name for name in names if name.startswith(first))
    assert ran.returncode == 64
    assert all(name in ran.stderr for name in alike)
    assert "write more of it" in ran.stderr


def test_a_store_of_another_program_is_left_alone_and_said(alerts: Run, tmp_path: Path) -> None:
    import sqlite3

    folder(tmp_path).mkdir(parents=True)
    other = sqlite3.connect(folder(tmp_path) / FILE)
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    ran = alerts("list")
    assert ran.returncode == 74
    assert "is no state of kumon-observe, and is left alone" in ran.stderr


def test_it_speaks_portuguese(alerts: Run, world: World) -> None:
    world.says(losses(1))
    ran = alerts("list", "--lang", "pt")
    assert ran.stdout.splitlines()[0] == "1 incidente aberto"
    assert f"  ninguém assumiu: kumon-observe alerts ack {world.one().id}" in ran.stdout.splitlines()


def test_doctor_says_what_of_the_rules_and_routes_cannot_come_true(tmp_path: Path) -> None:
    (tmp_path / "kumon-observe.toml").write_text('[routes.slak]\nleast = "high"\n', encoding="utf-8")
    ran = kumon_observe("doctor", "--json", cwd=tmp_path)
    said = [one["sentence"] for one in json.loads(ran.stdout)["findings"] if one["topic"] == "alerts"]
    assert said == ["the route 'slak' is of no sink that can be used: there are stdout"]
    (tmp_path / "kumon-observe.toml").write_text("[routes.stdout]\nenabled = false\n", encoding="utf-8")
    ran = kumon_observe("doctor", cwd=tmp_path)
    assert "nobody would be told of a critical incident of the rule handoff" in " ".join(ran.stdout.split())


BROKEN_SINK = """
from kumon_observe import hookimpl, PermanentSinkError

class Broken:
    name = "broken"

    def send(self, alert):
        raise PermanentSinkError("the token was revoked: make a new one")

@hookimpl
def kumon_register_sinks():
    return [Broken()]
"""


def test_a_sink_that_fails_its_test_is_named_and_the_exit_code_says_so(tmp_path: Path) -> None:
    (tmp_path / "broken_sink.py").write_text(BROKEN_SINK, encoding="utf-8")
    info = tmp_path / "broken_sink-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-sink\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[kumon_observe]\nbroken = broken_sink\n")
    ran = kumon_observe("alerts", "test", cwd=tmp_path, env={"PYTHONPATH": f"{ROOT / 'src'}:{tmp_path}"})
    assert ran.returncode == 4
    assert ran.stdout.splitlines()[-1] == "failed  broken: the token was revoked: make a new one"
