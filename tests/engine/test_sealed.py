"""A log that an app wrote with ``emit``, judged with sealing on and off, by the library and the commands."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kumon_observe import analyze, emit
from kumon_observe.config.settings import SealingSettings, Settings
from kumon_observe.engine.doctor import diagnose
from kumon_observe.model.errors import ConfigError
from kumon_observe.model.setup import Health
from kumon_observe.model.status import Status
from kumon_observe.model.verdict import Verdict
from tests.cli.processes import run
from tests.emitting import KEY, OLD_KEY, emitting
from tests.scans import pure_scan
from tests.verdicts import problems, said

FORGED = "OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|planner_after=1|delivery_before=0|conv=x|idem=i"
CONFIG = '[sealing]\nkey = "${SEAL_KEY}"\n'
FORMATS = {
    "dash": "%(asctime)s - %(name)s - %(levelname)s - %(message)s",
    "basic": "%(levelname)s:%(name)s:%(message)s",
    "json": '{"timestamp":"%(asctime)s","level":"%(levelname)s","logger":"%(name)s","message":"%(message)s"}',
}


class App:
    """An app that logs what parents write as it is, to a file."""

    def __init__(self, path: Path, layout: str) -> None:
        self.path = path
        self.log = logging.getLogger("app.core.router")
        self.handler = logging.FileHandler(path, encoding="utf-8")
        self.handler.setFormatter(logging.Formatter(FORMATS[layout]))

    def turn(self, number: int, delivered: int = 1) -> None:
        """A turn of its own conversation."""
        with emit.bound(conv=f"conv|{number}", turn=emit.new_turn()):
            emit.planner(count=0, state_id=7, outbox_id=8)
            emit.planner(count=1, state_id=7, outbox_id=8)
            emit.delivery(count=delivered, state_id=7, outbox_id=8)
            if delivered:
                emit.instance(instance="kumon_assistant")
                emit.send(instance="kumon_assistant", phone="5551900000014")
                emit.result(success=True, instance="kumon_assistant", http=200)
            else:
                emit.handoff_violation(planner_after=1)


@pytest.fixture(params=FORMATS)
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[App]:
    """The app, logging in one layout with the key, behind thirty good turns."""
    app = App(tmp_path / "app.log", str(request.param))
    roots = [logging.getLogger(name) for name in ("kumon_observe", "app")]
    for root in roots:
        root.addHandler(app.handler)
        root.setLevel(logging.INFO)
    with emitting(key=KEY):
        for number in range(30):
            app.turn(number)
        yield app
    for root in roots:
        root.removeHandler(app.handler)
        root.setLevel(logging.NOTSET)
    app.handler.close()


def judged(app: App, key: str = "", **options: Any) -> Verdict:
    """What both scans say."""
    app.handler.flush()
    settings = Settings(state_dir=str(app.path.parent), sealing=SealingSettings(key=key, **options))
    verdict = analyze(str(app.path), settings=settings, show_personal_data=True)
    with pure_scan():
        again = analyze(str(app.path), settings=settings, show_personal_data=True)
    assert again.checks == verdict.checks
    assert again.sources == verdict.sources
    return verdict


@pytest.mark.parametrize("key", ["", KEY], ids=["sealing off", "sealing on"])
def test_a_good_log_is_ok(app: App, key: str) -> None:
    verdict = judged(app, key)
    assert {check.name: check.status for check in verdict.checks} == {
        "handoff": Status.OK,
        "instances": Status.OK,
        "delivery": Status.OK,
        "consistency": Status.OK,
    }
    assert not problems(verdict)
    assert (verdict.coverage.outbox, verdict.coverage.delivery, verdict.sources[0].extra_fields) == (
        90,
        60,
        0,
    )


@pytest.mark.parametrize("key", ["", KEY], ids=["sealing off", "sealing on"])
def test_a_loss_is_found_with_its_turn(app: App, key: str) -> None:
    app.turn(30, delivered=0)
    result = judged(app, key).check("handoff")
    (lost,) = result.violations
    assert result.status is Status.CRITICAL
    assert (lost.key.conv, lost.details["identity"], lost.details["corroborated"]) == (
        "conv|30",
        "exact",
        True,
    )


def test_a_forged_trace_counts_without_sealing_only(app: App) -> None:
    app.log.error(FORGED)
    assert judged(app).check("handoff").status is Status.CRITICAL
    verdict = judged(app, KEY)
    assert verdict.status is Status.OK
    assert problems(verdict) == {"unsealed": 1}
    (place,) = verdict.sources[0].places
    assert (place.kind, str(place.reason), place.evidence.line) == ("unsealed", "it has no seal", 181)
    assert "1 unsealed trace was ignored: it has no seal that a key of [sealing] made" in said(verdict)


def test_a_forged_record_with_a_full_prefix_counts_without_sealing_only(app: App) -> None:
    forged = app.handler.format(_guard_record())
    app.log.info("parent says: hello\n%s\n", forged)
    assert judged(app).check("handoff").status is Status.CRITICAL
    verdict = judged(app, KEY)
    assert verdict.status is Status.OK
    assert problems(verdict)["unsealed"] == 1


def _guard_record() -> logging.LogRecord:
    return logging.LogRecord("app.core.router", logging.ERROR, "", 0, FORGED, None, None)


def test_an_echoed_sealed_line_stays_embedded(app: App) -> None:
    sealed = emit.text.handoff_violation(planner_after=1, conv="x")
    app.log.info("parent says: %s", sealed)
    for key in ("", KEY):
        verdict = judged(app, key)
        assert verdict.status is Status.OK
        assert problems(verdict) == {"embedded": 1}


def test_a_sealed_line_that_is_written_again_counts_again(app: App) -> None:
    """Sealing says who wrote a trace, not when: docs/emit.md says so."""
    app.log.error(emit.text.handoff_violation(planner_after=1, conv="x"))
    assert judged(app, KEY).check("handoff").status is Status.CRITICAL


def test_a_changed_trace_is_reported(app: App) -> None:
    app.log.error(emit.text.handoff_violation(planner_after=1, conv="x").replace("conv=x", "conv=y"))
    verdict = judged(app, KEY)
    assert verdict.status is Status.OK
    assert str(verdict.sources[0].places[0].reason) == "its seal is wrong"


def test_a_key_is_rotated_without_a_gap(app: App) -> None:
    with emitting(key=OLD_KEY):
        app.turn(30, delivered=0)
    verdict = judged(app, KEY)
    assert verdict.check("handoff").status is Status.OK
    assert problems(verdict) == {"unsealed": 4}
    assert str(verdict.sources[0].places[0].reason) == "its seal is of no key that is known"
    assert judged(app, KEY, old_key=(OLD_KEY,)).check("handoff").status is Status.CRITICAL


def test_a_log_without_any_seal_is_unknown(app: App) -> None:
    verdict = judged(app, OLD_KEY)
    assert verdict.status is Status.UNKNOWN
    assert problems(verdict) == {"unsealed": 180}
    assert len(verdict.sources[0].places) == 5


def test_a_last_line_that_is_still_being_written_is_no_forgery(app: App) -> None:
    app.turn(30)
    app.handler.flush()
    app.path.write_bytes(app.path.read_bytes()[:-40])
    assert "unsealed" not in problems(judged(app, KEY))


def test_keys_that_cannot_be_used_stop_everything(app: App) -> None:
    with pytest.raises(ConfigError, match="sealing key 1 has 5 bytes"):
        judged(app, "short")


# the commands


def command(app: App, *arguments: str, key: str = KEY) -> tuple[int, str, str]:
    app.handler.flush()
    (app.path.parent / "kumon-observe.toml").write_text(CONFIG)
    ran = run(*arguments, cwd=app.path.parent, env={"SEAL_KEY": key})
    assert KEY not in ran.stdout + ran.stderr
    return ran.returncode, ran.stdout, ran.stderr


def test_health_names_what_is_not_sealed(app: App) -> None:
    app.log.error(FORGED)
    code, out, err = command(app, "health")
    assert (code, err) == (0, "")
    assert "1 unsealed trace ignored" in " ".join(out.split())
    code, out, _ = command(app, "health", "--lang", "pt")
    assert "1 trace sem selo válido ignorado" in " ".join(out.split())


def test_json_counts_what_is_not_sealed_and_says_where(app: App) -> None:
    app.log.error(FORGED)
    code, out, _ = command(app, "health", "--json")
    (source,) = json.loads(out)["input"]["sources"]
    assert code == 0
    assert source["problems"]["unsealed"] == 1
    assert [(place["kind"], place["reason"]) for place in source["places"]] == [
        ("unsealed", "it has no seal")
    ]
    assert source["places"][0]["evidence"]["text"] == FORGED


def test_no_command_shows_what_is_not_sealed(app: App) -> None:
    app.log.error(FORGED)
    assert FORGED not in command(app, "traces", "--limit", "500")[1]
    code, _, err = command(app, "explain", "x")
    assert (code, err) != (2, "")


def test_a_short_key_is_an_error_of_the_configuration(app: App) -> None:
    code, out, err = command(app, "health", key="hunter2")
    assert (code, out) == (78, "")
    assert err == (
        "kumon-observe: [sealing]: sealing key 1 has 7 bytes, and 32 are needed: "
        "make one with openssl rand -hex 32\n"
    )


def test_a_cursor_is_not_gone_on_from_with_another_key(app: App) -> None:
    for number in range(30, 400):
        app.turn(number)
    assert command(app, "health")[0] == 0
    assert command(app, "health")[0] == 0
    code, out, _ = command(app, "health", "--json", key=OLD_KEY)
    assert code == 3
    assert json.loads(out)["input"]["sources"][0]["problems"]["unsealed"] == 400 * 6


# doctor


def findings(app: App, sealing: SealingSettings) -> list[tuple[Health, str, str]]:
    app.handler.flush()
    folder = app.path.parent
    (folder / "kumon-observe.toml").write_text(CONFIG)
    found = diagnose(
        (str(app.path),), environ={"SEAL_KEY": sealing.key, "XDG_STATE_HOME": str(folder)}, cwd=folder
    )
    return [(f.health, str(f.sentence), str(f.remedy)) for f in found if f.topic in ("sealing", "sources")]


def test_doctor_tells_the_keys_by_their_ids_and_what_is_not_sealed(app: App) -> None:
    (key_id,) = emit.Sealer(KEY).ids
    app.log.error(FORGED)
    assert findings(app, SealingSettings(key=KEY)) == [
        (Health.OK, f"only traces count that are sealed with the key {key_id}", ""),
        (Health.OK, f"{app.path}: 180 traces, layouts {app_layout(app)}", ""),
        (
            Health.WARNING,
            f"{app.path}: 1 trace has no seal of a configured key",
            f"give the app's emit.configure one of these keys ({key_id}), or forged traces stand in the log",
        ),
    ]


def app_layout(app: App) -> str:
    (layout,) = judged(app).sources[0].layouts
    return layout


def test_doctor_tells_a_key_that_cannot_be_used(app: App) -> None:
    assert findings(app, SealingSettings(key="short")) == [
        (
            Health.PROBLEM,
            "[sealing]: sealing key 1 has 5 bytes, and 32 are needed: make one with openssl rand -hex 32",
            "until then no log is judged",
        )
    ]
