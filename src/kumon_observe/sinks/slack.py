"""The sink ``slack``: by a webhook, or by a bot, which keeps each incident in one thread."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, Self

from kumon_observe.config.secret_files import secret
from kumon_observe.model.errors import ConfigError, MissingExtraError, PermanentSinkError, TemporarySinkError
from kumon_observe.sinks.deadline import within
from kumon_observe.sinks.message import web_link
from kumon_observe.sinks.slack_ways import Bot, Webhook

if TYPE_CHECKING:
    from kumon_observe.config.channels import SlackSettings
    from kumon_observe.model.alert import Alert
    from kumon_observe.model.protocols import Keep
    from kumon_observe.sinks.message import Compose, Message


class _Way(Protocol):
    """How a message gets to Slack."""

    def post(self, alert: Alert, message: Message) -> None:
        """Send it.

        Raises:
            SinkError: it was not taken.
        """


class SlackSink:
    """Sends alerts by one *way*, waiting at most *timeout* seconds for all of it."""

    name = "slack"

    def __init__(self, way: _Way, compose: Compose, timeout: float) -> None:
        self._way = way
        self._compose = compose
        self._timeout = timeout

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._way!r})"

    @classmethod
    def of(cls, settings: SlackSettings, compose: Compose) -> Self | None:
        """The sink that *settings* describe, ``None`` without an address; a token goes before a webhook.

        Raises:
            ConfigError: it is configured by half, or a secret's file cannot be read.
            MissingExtraError: slack-sdk is not installed.
        """
        url = secret("sinks.slack.webhook_url", settings.webhook_url, settings.webhook_url_file)
        token = secret("sinks.slack.token", settings.token, settings.token_file)
        if not (url or token or settings.channel):
            return None
        if settings.channel and not token and not url:
            raise ConfigError(
                "sinks.slack.channel needs sinks.slack.token, a bot's: add it, or a webhook_url"
            )
        if token and not settings.channel:
            raise ConfigError("sinks.slack.token needs sinks.slack.channel: say where the bot writes")
        if not token and not web_link(url):
            raise ConfigError(
                "sinks.slack.webhook_url is no address: it begins with https://hooks.slack.com/"
            )
        if settings.base_url and not web_link(settings.base_url):
            raise ConfigError("sinks.slack.base_url is no address: it begins with https://")
        if find_spec("slack_sdk") is None:
            raise MissingExtraError("sinks.slack", "slack")
        way = (
            Bot(token, settings.channel, settings.base_url, settings.timeout)
            if token
            else Webhook(url, settings.timeout)
        )
        return cls(way, compose, settings.timeout)

    def keep_in(self, keep: Keep) -> None:
        """Keep there which messages began the threads."""
        if isinstance(self._way, Bot):
            self._way.keep = keep

    def send(self, alert: Alert) -> None:
        """Send *alert*.

        Raises:
            PermanentSinkError: Slack refuses it: the message names what to change.
            TemporarySinkError: Slack asks to wait, fails, or does not answer in time.
        """
        from http.client import HTTPException

        message = self._compose(alert)
        try:
            within(self._timeout, lambda: self._way.post(alert, message))
        except TimeoutError:
            raise TemporarySinkError(f"Slack does not answer within {self._timeout:g} s") from None
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", None)
            if isinstance(reason, TimeoutError):
                raise TemporarySinkError(f"Slack does not answer within {self._timeout:g} s") from None
            why = getattr(reason, "strerror", None) or type(reason or error).__name__
            raise TemporarySinkError(f"Slack cannot be reached: {why}") from None
        except ValueError:  # what urllib says of an address that is none has the address in it
            raise PermanentSinkError(
                "Slack's address cannot be used: correct sinks.slack.webhook_url or base_url"
            ) from None
