"""How a message gets to Slack: by an incoming webhook, or by a bot, which keeps an incident in one thread."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from kumon_observe.model.alert import News
from kumon_observe.model.errors import PermanentSinkError
from kumon_observe.sinks.slack_faults import fault
from kumon_observe.sinks.slack_form import attachments

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk import WebClient

    from kumon_observe.model.alert import Alert
    from kumon_observe.model.protocols import Keep
    from kumon_observe.sinks.message import Message

_SILENT: Final = logging.Logger("kumon_observe.slack", logging.CRITICAL + 1)
"""Slack's own client tells the webhook's address, which is a secret, to its log."""

_CHANGES: Final = (News.ACKNOWLEDGED, News.RESOLVED)
"""What the message that began the thread is changed for."""

_GONE: Final = frozenset(
    {
        "cant_update_message",
        "channel_not_found",
        "edit_window_closed",
        "is_archived",
        "message_not_found",
        "not_in_channel",
        "thread_not_found",
    }
)
"""What is said of a message that began a thread and cannot be gone on from: it begins anew."""

_REMEMBERED: Final = 1000


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


def _sdk(seconds: float) -> Any:
    """*seconds* for slack-sdk, whose annotation wants a whole number, and whose code does not."""
    return seconds
