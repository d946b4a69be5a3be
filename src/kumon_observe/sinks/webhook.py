"""The sink ``webhook``: each alert as JSON to an address of one's own, signed."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any, Final, Literal, Self
from urllib.parse import quote, urlsplit

from kumon_observe.clock import utc_now
from kumon_observe.config.secret_files import secret
from kumon_observe.model.alert import Alert, News
from kumon_observe.model.document import alert_to, to_text
from kumon_observe.model.errors import ConfigError
from kumon_observe.sinks.http import Poster, address
from kumon_observe.sinks.labels import posted
from kumon_observe.sinks.texts import sound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kumon_observe.clock import Clock
    from kumon_observe.config.channels import WebhookSettings
    from kumon_observe.sinks.message import Compose

Form = Literal["kumon-observe", "alertmanager"]
"""The alert as docs/json.md has it, or as Alertmanager's own webhook posts it (version 4)."""

TIMESTAMP: Final = "Kumon-Observe-Timestamp"
"""When it was sent: seconds since 1970."""

SIGNATURE: Final = "Kumon-Observe-Signature"
"""``sha256=`` and the HMAC-SHA256 of timestamp, a dot and the body, as hexadecimal digits."""

IDEMPOTENCY: Final = "Idempotency-Key"
"""The alert's key: the same each time that the same news is sent again."""

_OPTION: Final = "sinks.webhook.url"
_NEVER: Final = "0001-01-01T00:00:00Z"
_PRINTABLE: Final = "".join(map(chr, range(0x21, 0x7F))).replace("%", "")


class WebhookSink:
    """Posts to *url*; with a *key* the body is signed. Neither is ever shown but for the name of the host."""

    name = "webhook"

    def __init__(
        self,
        url: str,
        compose: Compose,
        *,
        key: str = "",
        form: Form = "kumon-observe",
        timeout: float = 10.0,
        clock: Clock = utc_now,
    ) -> None:
        self._compose, self._clock = compose, clock
        self._key, self._form = key.encode(), form
        self._host = urlsplit(address(_OPTION, url)).hostname
        self._poster = Poster(
            "the webhook",
            url,
            timeout=timeout,
            remedy=f"correct {_OPTION} or sinks.webhook.secret, or what receives it",
            clock=clock,
            secrets=(url, key),
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._host})"

    @classmethod
    def of(cls, settings: WebhookSettings, compose: Compose) -> Self | None:
        """The sink that *settings* describe; ``None`` without an address.

        Raises:
            ConfigError: the address is none, or the file of a secret cannot be read.
            MissingExtraError: the extra ``http`` is not installed.
        """
        url = secret(_OPTION, settings.url, settings.url_file)
        if not url:
            if settings.secret or settings.secret_file:
                raise ConfigError(f"{_OPTION}: say where alerts are posted, or take the secret out")
            return None
        key = secret("sinks.webhook.secret", settings.secret, settings.secret_file)
        return cls(url, compose, key=key, form=settings.form, timeout=settings.timeout)

    def send(self, alert: Alert) -> None:
        """Post *alert*.

        Raises:
            TemporarySinkError: it does not answer, or asks to come again.
            PermanentSinkError: it refuses.
        """
        body = to_text(self._document(alert)).encode()
        self._poster.post(body, self._headers(alert, body))

    def _document(self, alert: Alert) -> dict[str, Any]:
        if self._form == "kumon-observe":
            document: dict[str, Any] = sound(alert_to(alert))
            return document
        return grouped(alert, posted(alert, self._compose(alert), self._clock()))

    def _headers(self, alert: Alert, body: bytes) -> Mapping[str, str]:
        headers = {IDEMPOTENCY: quote(sound(alert.key), safe=_PRINTABLE)}
        if self._key:
            timestamp = str(int(self._clock().timestamp()))
            signed = hmac.new(self._key, f"{timestamp}.".encode() + body, "sha256").hexdigest()
            headers |= {TIMESTAMP: timestamp, SIGNATURE: f"sha256={signed}"}
        return headers


def grouped(alert: Alert, posted: dict[str, Any]) -> dict[str, Any]:
    """The *alert*, as it is *posted* to Alertmanager, as Alertmanager would tell a webhook of it."""
    import hashlib

    resolved = alert.news is News.RESOLVED
    status = "resolved" if resolved else "firing"
    labels = posted["labels"]
    told = {
        "status": status,
        **posted,
        "endsAt": posted["endsAt"] if resolved else _NEVER,
        "generatorURL": posted.get("generatorURL", ""),
        "fingerprint": hashlib.sha256(repr(sorted(labels.items())).encode()).hexdigest()[:16],
    }
    return {
        "version": "4",
        "groupKey": f'{{}}:{{incident="{labels["incident"]}"}}',
        "truncatedAlerts": 0,
        "status": status,
        "receiver": "kumon-observe",
        "groupLabels": {"incident": labels["incident"]},
        "commonLabels": labels,
        "commonAnnotations": posted["annotations"],
        "externalURL": posted.get("generatorURL", ""),
        "alerts": [told],
    }
