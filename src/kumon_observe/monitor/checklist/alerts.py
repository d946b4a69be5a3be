"""Items about incidents and those who hear of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from kumon_observe.config.channels import SinkSettings
from kumon_observe.model.ages import age
from kumon_observe.model.checklist import Item
from kumon_observe.model.phrase import counted, phrase
from kumon_observe.model.status import Status
from kumon_observe.monitor.checklist.look import Look, attention, ok, person, unknown

A_DAY: Final = timedelta(days=1)

_LIST: Final = "kumon-observe alerts list"
_TEST: Final = "kumon-observe alerts test"


def incidents(look: Look) -> Item:
    """Whether any incident is open."""
    name, title = "incidents", phrase("no incident is open")
    now = look.incidents
    if now is None:
        return unknown(name, title, phrase("no incidents are kept on this state"), command=_LIST)
    if not now.open:
        return ok(name, title, phrase("none is open"), command=_LIST)
    found = counted(
        now.open,
        "1 incident is open, {unacknowledged} not acknowledged",
        "{n} incidents are open, {unacknowledged} not acknowledged",
        unacknowledged=now.unacknowledged,
    )
    gravity = Status.CRITICAL if now.critical else Status.WARNING
    return attention(name, title, found, gravity=gravity, command=_LIST)


def unacknowledged(look: Look) -> Item:
    """Whether somebody has every incident."""
    name, title = "incidents", phrase("somebody has every incident")
    now = look.incidents
    if now is None or not now.open:
        return incidents(look)
    if not now.unacknowledged:
        found = counted(
            now.open, "1 incident is open and acknowledged", "{n} incidents are open, all acknowledged"
        )
        return ok(name, title, found, command=_LIST)
    found = counted(
        now.unacknowledged,
        "1 incident that nobody acknowledged",
        "{n} incidents that nobody acknowledged",
    )
    gravity = Status.CRITICAL if now.critical else Status.WARNING
    return attention(name, title, found, gravity=gravity, command=_LIST)


def sinks(look: Look) -> Item:
    """Whether alerts arrive: an alert did today, or a person tried it."""
    name, title = "sinks", phrase("alerts arrive")
    there = configured(look.settings.sinks)
    if not there:
        found = phrase("no sink is configured: alerts go nowhere")
        return attention(name, title, found, command="kumon-observe config show")
    delivered = {} if look.incidents is None else look.incidents.delivered
    tried = {sink: look.now - delivered[sink] for sink in there if sink in delivered}
    untried = [sink for sink in there if sink not in tried or tried[sink] > A_DAY]
    if not untried:
        oldest = age(max(tried.values()))
        return ok(name, title, phrase("one was delivered to each sink in the last {age}", age=oldest))
    found = phrase("not tried in the last day: {sinks}", sinks=", ".join(untried))
    return person(name, title, found, command=_TEST)


def on_call(look: Look) -> Item:
    """Whether the one on call can be reached: only a person can tell."""
    found = counted(
        len(look.settings.sinks.email.on_call),
        "try it: 1 address is configured for those on call",
        "try it: {n} addresses are configured for those on call",
    )
    return person("on-call", phrase("the one on call can be reached tonight"), found, command=_TEST)


def configured(sinks: SinkSettings) -> list[str]:
    """The sinks that have an address, as far as the configuration tells."""
    addresses = {
        "log": sinks.log.path,
        "slack": (
            sinks.slack.webhook_url
            or sinks.slack.webhook_url_file
            or sinks.slack.token
            or sinks.slack.token_file
        ),
        "email": sinks.email.host,
        "shell": sinks.shell.command,
        "webhook": sinks.webhook.url or sinks.webhook.url_file,
        "alertmanager": sinks.alertmanager.url,
        "pagerduty": sinks.pagerduty.routing_key or sinks.pagerduty.routing_key_file,
        "apprise": sinks.apprise.urls or sinks.apprise.urls_file,
    }
    return [name for name, address in addresses.items() if address]
