"""The sinks that settings make, each only where it is asked for."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kumon_observe.config.channels import (
    AlertmanagerSettings,
    AppriseSettings,
    PagerDutySettings,
    ShellSettings,
    SinkSettings,
    WebhookSettings,
)
from kumon_observe.config.load import load_settings
from kumon_observe.config.settings import Settings
from kumon_observe.model.protocols import Sink
from kumon_observe.plugins.registry import Registry
from kumon_observe.testing import an_alert
from tests.shell import ROOT
from tests.sinks.http_service import Service
from tests.sinks.scripts import script

KEY = "0123456789abcdef0123456789abcdef"


def made(sinks: SinkSettings, state: str = "") -> dict[str, Sink]:
    """What the built-in plugin gives."""
    registry = Registry.load(Settings(sinks=sinks, state_dir=state), entry_points=False)
    return {sink.name: sink for sink in registry.sinks()}


def test_each_sink_is_made_and_delivers(tmp_path: Path, service: Service) -> None:
    program = script(tmp_path, f"cat > {tmp_path}/told")
    sinks = made(
        SinkSettings(
            shell=ShellSettings(command=(program,), rollback=True, evidence="any"),
            webhook=WebhookSettings(url=service.url),
            alertmanager=AlertmanagerSettings(url=service.url),
            pagerduty=PagerDutySettings(routing_key=KEY, url=service.url),
            apprise=AppriseSettings(urls=("json://127.0.0.1",)),
        ),
        str(tmp_path / "state"),
    )
    assert set(sinks) == {"stdout", "shell", "webhook", "alertmanager", "pagerduty", "apprise"}
    for name in ("shell", "webhook", "alertmanager", "pagerduty"):
        sinks[name].send(an_alert(incident="7"))
    assert len(service.requests) == 3
    assert (tmp_path / "told").exists()
    assert (tmp_path / "state" / "shell-output.log").exists()


@pytest.mark.parametrize(
    ("sinks", "name", "said"),
    [
        (SinkSettings(webhook=WebhookSettings(url="ops.example")), "webhook", "sinks.webhook.url: this is"),
        (SinkSettings(webhook=WebhookSettings(secret="x")), "webhook", "sinks.webhook.url: say where alerts"),
        (
            SinkSettings(alertmanager=AlertmanagerSettings(user="x")),
            "alertmanager",
            "sinks.alertmanager.url: say where Alertmanager is",
        ),
        (
            SinkSettings(pagerduty=PagerDutySettings(routing_key="a b")),
            "pagerduty",
            "sinks.pagerduty.routing_key: this is no key",
        ),
        (
            SinkSettings(pagerduty=PagerDutySettings(routing_key=KEY, url="x")),
            "pagerduty",
            "sinks.pagerduty.url: this is no address",
        ),
        (SinkSettings(apprise=AppriseSettings(urls=("x",))), "apprise", "sinks.apprise.urls: number 1 is no"),
        (SinkSettings(shell=ShellSettings(dry_run=True)), "shell", "sinks.shell.command: write the program"),
        (
            SinkSettings(shell=ShellSettings(command=("/no/such",))),
            "shell",
            "/no/such was not found",
        ),
    ],
)
def test_half_a_configuration_is_a_fault_that_doctor_tells(sinks: SinkSettings, name: str, said: str) -> None:
    assert getattr(made(sinks)[name], "fault", "").startswith(said)


def test_nothing_is_loaded_for_what_is_not_sent() -> None:
    look = (
        "import sys; from kumon_observe.config import channels; "
        "from kumon_observe.config.settings import Settings; "
        "from kumon_observe.plugins.registry import Registry; "
        "sinks = channels.SinkSettings("
        "webhook=channels.WebhookSettings(url='http://127.0.0.1:1'), "
        "apprise=channels.AppriseSettings(urls=('json://127.0.0.1',))); "
        "made = Registry.load(Settings(sinks=sinks)).sinks(); assert len(made) == 3, made; "
        "print(*{'apprise', 'httpx2', 'ssl', 'asyncio'}.intersection(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", look], check=False, capture_output=True, text=True)
    assert (ran.stdout.split(), ran.stderr) == ([], "")


def test_the_configuration_of_the_docs_is_one(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "sinks.md").read_text(encoding="utf-8")
    page = page[page.index("## `shell`") :]
    blocks = re.findall(r"^```toml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    for name in ("kumon-webhook", "pagerduty", "apprise-urls"):
        (tmp_path / name).write_text(
            {"kumon-webhook": "s3cret", "pagerduty": KEY}.get(name, "json://127.0.0.1")
        )
    path = tmp_path / "kumon-observe.toml"
    path.write_text("\n".join(blocks).replace("/run/secrets", str(tmp_path)))
    settings = load_settings(path, environ={}).settings
    sinks = {sink.name: sink for sink in Registry.load(settings, entry_points=False).sinks()}
    assert set(sinks) == {"stdout", "shell", "webhook", "alertmanager", "pagerduty", "apprise"}
    faults = {name: getattr(sink, "fault", "") for name, sink in sinks.items() if name != "apprise"}
    program = "/opt/kumon/emergency_recovery.sh"
    assert {name: fault for name, fault in faults.items() if fault} == {
        "shell": f"{program} was not found: correct sinks.shell.command"
    }
