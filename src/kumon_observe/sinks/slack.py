"""The sink ``slack``: by a webhook, or by a bot, which keeps each incident in one thread."""

from __future__ import annotations

import logging
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

from kumon_observe.config.secret_files import secret
from kumon_observe.model.alert import News
from kumon_observe.model.errors import ConfigError, MissingExtraError, PermanentSinkError, TemporarySinkError
from kumon_observe.sinks.deadline import within
from kumon_observe.sinks.message import web_link
from kumon_observe.sinks.slack_faults import fault
from kumon_observe.sinks.slack_form import attachments

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk import WebClient

    from kumon_observe.config.channels import SlackSettings
    from kumon_observe.model.alert import Alert
    from kumon_observe.model.protocols import Keep
    from kumon_observe.sinks.message import Compose, Message

_SILENT: Final = logging.Logger("kumon_observe.slack", logging.CRITICAL + 1)
"""Slack's own client tells the webhook's address, which is a secret, to its log."""

_CHANGES: Final = (News.ACKNOWLEDGED, News.RESOLVED)
"""What the message that began the thread is changed for."""

_GONE: Final = frozenset(
    {"thread_not_found", "message_not_found", "cant_update_message", "edit_window_closed"}
)
_REMEMBERED: Final = 1000


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


class Webhook:
    """An incoming webhook: each alert is a message of its own."""

    def __init__(self, url: str, timeout: float) -> None:
        self._url = url
        self._timeout = timeout

    def __repr__(self) -> str:
        return "webhook"

    def post(self, _alert: Alert, message: Message) -> None:
        """Send *message*.

        Raises:
            SinkError: Slack did not take it.
        """
        from slack_sdk.webhook import WebhookClient

        client = WebhookClient(self._url, timeout=_sdk(self._timeout), logger=_SILENT, retry_handlers=[])
        body = {"attachments": attachments(message), "unfurl_links": False, "unfurl_media": False}
        answer = client.send_dict({**body, "parse": "none"})
        if answer.status_code != 200:
            raise fault(answer.status_code, answer.body, answer.headers)
        if answer.body.strip() != "ok":
            raise PermanentSinkError(
                "what answers is no webhook of Slack, which says ok: correct sinks.slack.webhook_url"
            )


class Bot:
    """A bot's token: what follows in an incident goes into the thread of its first message.

    That one is changed when the incident is acknowledged or ends; an escalation is shown in the channel too.
    """

    def __init__(self, token: str, channel: str, base_url: str, timeout: float) -> None:
        self.keep: Keep = _Memory()
        self._token = token
        self._channel = channel
        self._base_url = base_url
        self._timeout = timeout

    def __repr__(self) -> str:
        return f"bot in {self._channel}"

    def post(self, alert: Alert, message: Message) -> None:
        """Send *message*, into the incident's thread if it has one.

        Raises:
            SinkError: Slack did not take it.
        """
        client = self._client()
        payload = {"event_type": "kumon_observe_alert", "event_payload": {"key": alert.key}}
        shown: dict[str, Any] = {"attachments": attachments(message), "metadata": payload, "parse": "none"}
        channel, _, thread = self._kept(alert).partition(" ")
        if thread and alert.news in _CHANGES:  # first, since it may be done twice
            _asked(client.chat_update, _GONE, channel=channel, ts=thread, **shown)
        shown |= {"unfurl_links": False, "unfurl_media": False}
        if thread:
            loud = alert.news is News.ESCALATED
            reply = {"channel": channel, "thread_ts": thread, "reply_broadcast": loud, **shown}
            if _asked(client.chat_postMessage, _GONE, **reply) is not None:
                return
        answer = _asked(client.chat_postMessage, frozenset(), channel=self._channel, **shown)
        if alert.incident and answer is not None:
            self.keep.put(alert.incident, f"{answer['channel']} {answer['ts']}")

    def _kept(self, alert: Alert) -> str:
        """The channel and ``ts`` of the message that began the incident's thread; empty: there is none."""
        return (self.keep.get(alert.incident) or "") if alert.incident else ""

    def _client(self) -> WebClient:
        from slack_sdk import WebClient

        given: dict[str, Any] = {"base_url": self._base_url.rstrip("/") + "/"} if self._base_url else {}
        return WebClient(self._token, timeout=_sdk(self._timeout), logger=_SILENT, retry_handlers=[], **given)


def _asked(method: Callable[..., Any], harmless: frozenset[str], **arguments: Any) -> Any:
    """Slack's answer; ``None`` if it names one of the *harmless* errors."""
    from slack_sdk.errors import SlackApiError

    try:
        return method(**arguments)
    except SlackApiError as error:
        response: Any = error.response
        code = str(response.get("error", "")) if isinstance(response.data, dict) else ""
        if code in harmless:
            return None
        raise fault(response.status_code, code, response.headers) from None


def _sdk(seconds: float) -> Any:
    """*seconds* for slack-sdk, whose annotation wants a whole number, and whose code does not."""
    return seconds


class _Memory:
    """A :class:`Keep` for a process that keeps nothing over its end."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self._kept.get(name)

    def put(self, name: str, text: str) -> None:
        self._kept[name] = text
        if len(self._kept) > _REMEMBERED:
            del self._kept[next(iter(self._kept))]
