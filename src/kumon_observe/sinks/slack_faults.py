"""What Slack's answers mean: whether to try again, and what to change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kumon_observe.model.errors import PermanentSinkError, SinkError, TemporarySinkError

_REMEDIES: Final = {
    "account_inactive": "the bot was removed: install it again and set sinks.slack.token",
    "action_prohibited": "an administrator has forbidden it: ask one, or make another webhook",
    "channel_is_archived": "choose another channel",
    "channel_not_found": "correct sinks.slack.channel, or invite the bot there",
    "invalid_auth": "correct sinks.slack.token",
    "invalid_token": "correct sinks.slack.webhook_url",
    "is_archived": "choose another channel",
    "missing_scope": "give the bot the scope chat:write",
    "no_active_hooks": "the webhook was taken away: make another one, and set sinks.slack.webhook_url",
    "no_service": "the webhook was taken away: make another one, and set sinks.slack.webhook_url",
    "no_service_id": "correct sinks.slack.webhook_url",
    "no_team": "correct sinks.slack.webhook_url",
    "not_authed": "correct sinks.slack.token",
    "not_in_channel": "invite the bot into sinks.slack.channel",
    "token_expired": "make a new token and set sinks.slack.token",
    "token_revoked": "make a new token and set sinks.slack.token",
}
_PASSING: Final = frozenset(
    {
        "fatal_error",
        "internal_error",
        "message_limit_exceeded",
        "ratelimited",
        "rate_limited",
        "request_timeout",
        "rollup_error",
        "service_unavailable",
        "team_added_to_org",
    }
)
_LONGEST: Final = 40
_TOO_MANY: Final = 429
_SERVERS_FAULT: Final = 500


def fault(status: int, error: str, headers: Mapping[str, object]) -> SinkError:
    """The error for an answer of *status* (HTTP) that names *error*."""
    code = _code(error)
    said = f"Slack answers {status} ({code})" if code else f"Slack answers {status}"
    if status == _TOO_MANY or status >= _SERVERS_FAULT or code in _PASSING:
        return TemporarySinkError(said, retry_after=_retry_after(headers))
    remedy = _REMEDIES.get(code, "see Slack's documentation of this error, and correct [sinks.slack]")
    return PermanentSinkError(f"{said}: {remedy}")


def _code(error: str) -> str:
    """*error* if it is one of Slack's codes: what else a server says may hold anything."""
    word = error.strip()
    return word if word.replace("_", "").isalnum() and word.isascii() and len(word) <= _LONGEST else ""


def _retry_after(headers: Mapping[str, object]) -> float | None:
    for name, value in headers.items():
        wait = str(value[0] if isinstance(value, list) and value else value).strip()
        if name.lower() == "retry-after" and wait.isascii() and wait.isdecimal():
            return float(wait)
    return None
