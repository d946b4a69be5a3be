"""The sinks that the configuration gives an address, each made from its own table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from kumon_observe.model.errors import ConfigError, MissingExtraError
from kumon_observe.sinks.misconfigured import MisconfiguredSink
from kumon_observe.sinks.stdout import StdoutSink

if TYPE_CHECKING:
    from pathlib import Path

    from kumon_observe.config.channels import (
        AlertmanagerSettings,
        AppriseSettings,
        EmailSettings,
        FileSettings,
        PagerDutySettings,
        ShellSettings,
        SinkSettings,
        SlackSettings,
        WebhookSettings,
    )
    from kumon_observe.model.protocols import Sink
    from kumon_observe.sinks.message import Compose


_Make: TypeAlias = "Callable[[Any, Compose], Sink | None]"


def built_in_sinks(settings: SinkSettings, compose: Compose, folder: Callable[[], Path]) -> Iterator[Sink]:
    """Those that are configured; one that is so by half stands among them, and says why it cannot send.

    *folder* tells where state is kept.
    """
    yield StdoutSink(form=settings.stdout.form, compose=compose)
    makers: dict[str, _Make] = {**_MAKERS, "shell": partial(_shell, folder)}
    for name, make in makers.items():
        table = getattr(settings, name)
        if table == type(table)():
            continue
        try:
            sink = make(table, compose)
        except (ConfigError, MissingExtraError) as error:
            sink = MisconfiguredSink(name, str(error))
        if sink is not None:
            yield sink


def _log(settings: FileSettings, compose: Compose) -> Sink | None:
    from kumon_observe.sinks.logfile import LogSink

    return LogSink.of(settings, compose)


def _slack(settings: SlackSettings, compose: Compose) -> Sink | None:
    from kumon_observe.sinks.slack import SlackSink

    return SlackSink.of(settings, compose)


def _email(settings: EmailSettings, compose: Compose) -> Sink | None:
    from kumon_observe.sinks.email import EmailSink

    return EmailSink.of(settings, compose)


def _shell(folder: Callable[[], Path], settings: ShellSettings, compose: Compose) -> Sink | None:
    from kumon_observe.sinks.shell import ShellSink

    return ShellSink.of(settings, folder(), compose)


def _webhook(settings: WebhookSettings, compose: Compose) -> Sink | None:
    from kumon_observe.sinks.webhook import WebhookSink

    return WebhookSink.of(settings, compose)


def _alertmanager(settings: AlertmanagerSettings, compose: Compose) -> Sink | None:
    from kumon_observe.sinks.alertmanager import AlertmanagerSink

    return AlertmanagerSink.of(settings, compose)


def _pagerduty(settings: PagerDutySettings, compose: Compose) -> Sink | None:
    from kumon_observe.sinks.pagerduty import PagerDutySink

    return PagerDutySink.of(settings, compose)


def _apprise(settings: AppriseSettings, compose: Compose) -> Sink | None:
    from kumon_observe.sinks.apprise import AppriseSink

    return AppriseSink.of(settings, compose)


_MAKERS: Final[Mapping[str, _Make]] = {
    "log": _log,
    "slack": _slack,
    "email": _email,
    "webhook": _webhook,
    "alertmanager": _alertmanager,
    "pagerduty": _pagerduty,
    "apprise": _apprise,
}
"""By the name of the table; each imports what it needs when there is something to make."""
