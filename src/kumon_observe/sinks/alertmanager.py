"""The sink ``alertmanager``: alerts that Alertmanager (API v2) groups, silences and routes."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from kumon_observe.clock import utc_now
from kumon_observe.config.secret_files import secret
from kumon_observe.model.errors import ConfigError
from kumon_observe.sinks.http import Poster, address
from kumon_observe.sinks.labels import posted

if TYPE_CHECKING:
    from kumon_observe.clock import Clock
    from kumon_observe.config.channels import AlertmanagerSettings
    from kumon_observe.model.alert import Alert
    from kumon_observe.sinks.message import Compose

_OPTION = "sinks.alertmanager.url"


class AlertmanagerSink:
    """Posts to the Alertmanager at *url*, with *login* (a user and password) if there is one.

    An alert that Alertmanager hears nothing more of ends there by itself. Its news (growth, repetition)
    renews it here, and each says that it goes on for a week (``labels.LASTS``), so that a watch that is down
    makes nothing look solved.
    """

    name = "alertmanager"

    def __init__(
        self,
        url: str,
        compose: Compose,
        *,
        login: tuple[str, str] | None = None,
        timeout: float = 10.0,
        clock: Clock = utc_now,
    ) -> None:
        self._compose, self._clock = compose, clock
        self._poster = Poster(
            "Alertmanager",
            f"{address(_OPTION, url).rstrip('/')}/api/v2/alerts",
            timeout=timeout,
            remedy=f"correct {_OPTION}, or the user and password beside it",
            clock=clock,
            login=login,
            explain=_reason,
        )

    @classmethod
    def of(cls, settings: AlertmanagerSettings, compose: Compose) -> Self | None:
        """The sink that *settings* describe; ``None`` without an address.

        Raises:
            ConfigError: the address is none, or the file of the password cannot be read.
            MissingExtraError: the extra ``http`` is not installed.
        """
        if not settings.url:
            if settings.user or settings.password or settings.password_file:
                raise ConfigError(f"{_OPTION}: say where Alertmanager is, or take user and password out")
            return None
        password = secret("sinks.alertmanager.password", settings.password, settings.password_file)
        login = (settings.user, password) if settings.user or password else None
        return cls(settings.url, compose, login=login, timeout=settings.timeout)

    def send(self, alert: Alert) -> None:
        """Post *alert*; one whose incident ended is resolved there.

        Raises:
            TemporarySinkError: Alertmanager does not answer, or asks to come again.
            PermanentSinkError: it refuses.
        """
        self._poster.post(json.dumps([posted(alert, self._compose(alert), self._clock())]).encode())


def _reason(body: bytes) -> str:
    """What Alertmanager answers to a request that it refuses: a JSON string, or an object with a message."""
    with suppress(ValueError):
        said = json.loads(body)
        if isinstance(said, dict):
            said = said.get("message", "")
        if isinstance(said, str):
            return said
    return ""
