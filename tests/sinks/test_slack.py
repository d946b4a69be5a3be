from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.error import URLError

import pytest

from kumon_observe import ConfigError, MissingExtraError, PermanentSinkError, Severity, TemporarySinkError
from kumon_observe.config.channels import SlackSettings
from kumon_observe.model.alert import News
from kumon_observe.sinks.slack import SlackSink
from kumon_observe.testing import SinkContract
from tests.sinks.alerts import incident, worded
from tests.sinks.slack_server import CHANNEL, SECRET, TOKEN, SlackServer, serving


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with serving() as server:
        yield server


def made(**settings: Any) -> SlackSink:
    sink = SlackSink.of(SlackSettings(**settings), worded())
    assert sink is not None
    return sink


def webhook(slack: SlackServer, **settings: Any) -> SlackSink:
    return made(**{"webhook_url": slack.webhook(), **settings})


def bot(slack: SlackServer, **settings: Any) -> SlackSink:
    return made(**{"token": TOKEN, "channel": CHANNEL, "base_url": f"{slack.url}/api", **settings})


class TestWebhook(SinkContract):
    secrets = (SECRET, TOKEN)
    retry_after = 30.0

    @pytest.fixture(autouse=True)
    def _slack(self, slack: SlackServer) -> None:
        self.slack = slack

    def sink(self) -> SlackSink:
        return webhook(self.slack)

    def received(self) -> Sequence[str]:
        return [message["attachments"][0]["title"] for message in self.slack.messages]

    def refusing(self) -> SlackSink:
        return webhook(self.slack, webhook_url=self.slack.webhook(f"services/not-{SECRET}"))

    def failing(self) -> SlackSink:
        self.slack.answers.append((429, {"Retry-After": "30"}, "rate_limited"))
        return self.sink()

    def hanging(self) -> SlackSink:
        return webhook(self.slack, webhook_url=self.slack.webhook(f"silent/{SECRET}"), timeout=0.2)


class TestBot(TestWebhook):
    def sink(self) -> SlackSink:
        return bot(self.slack)

    def refusing(self) -> SlackSink:
        return bot(self.slack, token=f"not-{TOKEN}")

    def hanging(self) -> SlackSink:
        return bot(self.slack, base_url=f"{self.slack.url}/silent", timeout=0.2)


def test_the_message_is_the_guides_with_the_details_below_it(slack: SlackServer) -> None:
    webhook(slack).send(incident())
    (message,) = slack.messages
    head, details = message["attachments"]
    assert head == {
        "color": "#FF0000",
        "fallback": "\U0001f6a8 handoff: replies are lost",
        "title": "\U0001f6a8 handoff: replies are lost",
        "title_link": "https://grafana.example/d/kumon?orgId=1&from=now-1h",
        "text": "2 lost hand-offs in 812 turns.",
        "mrkdwn_in": [],
        "footer": "kumon-assistant production",
        "ts": 1736935200,
    }
    advice, facts, evidence, more, link = details["blocks"]
    assert advice["text"]["text"].startswith("To do: roll back to the release before, now.\nSay that")
    assert [field["text"] for field in facts["fields"]][2:4] == [
        "Violations: 5",
        "Counts: turns 812, violations 5",
    ]
    lines = evidence["text"]["text"].splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("```", "```", 6)
    assert lines[2].startswith("app.log:17 2025-01-15 07:00:17-03:00 OUTBOX_TRACE|phase=delivery|")
    assert more["elements"][0]["text"] == "and 3 more"
    assert link["elements"][0]["text"] == "<https://grafana.example/d/kumon?orgId=1&amp;from=now-1h>"
    assert not [block for block in details["blocks"] if block["type"] == "actions"]


@pytest.mark.parametrize(
    ("changes", "color", "icon"),
    [
        ({"severity": Severity.CRITICAL}, "#FF0000", "\U0001f6a8"),
        ({"severity": Severity.HIGH}, "#FFA500", "⚠"),
        ({"severity": Severity.MODERATE}, "#FFA500", "⚠"),
        ({"news": News.RESOLVED}, "#008000", "✅"),
    ],
)
def test_the_colours_are_the_guides(
    slack: SlackServer, changes: dict[str, Any], color: str, icon: str
) -> None:
    webhook(slack).send(incident(**changes))
    head = slack.messages[0]["attachments"][0]
    assert (head["color"], head["title"].split()[0]) == (color, icon)


def test_a_webhook_has_no_threads(slack: SlackServer) -> None:
    sink = webhook(slack)
    sink.keep_in(Kept())
    for news in (News.FIRED, News.RESOLVED):
        sink.send(incident(news=news))
    assert not any("thread_ts" in message for message in slack.messages)


def test_a_text_of_the_teams_own_stands_alone(slack: SlackServer) -> None:
    sink = SlackSink.of(SlackSettings(webhook_url=slack.webhook()), worded(body="$summary\n$since"))
    assert sink is not None
    sink.send(incident(link=""))
    (head,) = slack.messages[0]["attachments"]
    assert head["text"] == "2 lost hand-offs in 812 turns\n2025-01-15 07:00:00-03:00"
    assert "title_link" not in head


class Kept(dict[str, str]):
    """A ``Keep`` that outlives the sink, as the state does."""

    def put(self, name: str, text: str) -> None:
        self[name] = text


def test_what_follows_in_an_incident_goes_into_its_thread_over_a_restart(slack: SlackServer) -> None:
    kept = Kept()
    for news in (News.FIRED, News.GREW, News.ESCALATED):
        sink = bot(slack)
        sink.keep_in(kept)
        sink.send(incident(news=news, key=f"h-1/{news}"))
    bot(slack).send(incident(incident="other"))
    first, grew, escalated, other = slack.messages
    assert kept == {"h-1": f"{CHANNEL} 1736935200.000001"}
    assert [message.get("thread_ts") for message in (first, grew, escalated, other)] == [
        None,
        "1736935200.000001",
        "1736935200.000001",
        None,
    ]
    assert [bool(m.get("reply_broadcast")) for m in (first, grew, escalated)] == [False, False, True]
    assert first["metadata"]["event_payload"]["key"] == "h-1/fired"


def test_the_first_message_changes_when_somebody_takes_it_and_when_it_ends(slack: SlackServer) -> None:
    sink = bot(slack)
    sink.send(incident())
    sink.send(incident(news=News.GREW))
    sink.send(incident(news=News.ACKNOWLEDGED, by="Ana"))
    sink.send(incident(news=News.RESOLVED, by="Ana"))
    assert [update["ts"] for update in slack.updates] == ["1736935200.000001"] * 2
    acknowledged, resolved = (update["attachments"][0] for update in slack.updates)
    assert (acknowledged["color"], acknowledged["text"].split(". ")[1]) == (
        "#FF0000",
        "Ana has acknowledged it.",
    )
    assert resolved["color"] == "#008000"
    assert len(slack.messages) == 4


def test_a_thread_that_was_deleted_begins_anew(slack: SlackServer) -> None:
    sink = bot(slack)
    sink.send(incident())
    slack.gone.add("1736935200.000001")
    sink.send(incident(news=News.RESOLVED))
    assert slack.updates == []
    assert [message.get("thread_ts") for message in slack.messages] == [None, None]


def test_an_incident_goes_on_in_the_channel_that_is_configured_now(slack: SlackServer) -> None:
    sink = bot(slack)
    sink.keep_in(Kept({"h-1": "C0OLD 1736935200.000001"}))
    sink.send(incident(news=News.RESOLVED))
    assert [(message["channel"], message.get("thread_ts")) for message in slack.messages] == [(CHANNEL, None)]


def test_an_alert_without_an_incident_has_no_thread(slack: SlackServer) -> None:
    sink = bot(slack)
    sink.send(incident(incident=""))
    sink.send(incident(incident=""))
    assert [message.get("thread_ts") for message in slack.messages] == [None, None]


def test_a_process_without_a_state_forgets_the_oldest_threads(slack: SlackServer) -> None:
    from kumon_observe.sinks import slack_ways as module

    memory = module._Memory()
    for n in range(module._REMEMBERED + 5):
        memory.put(str(n), "C 1")
    assert (memory.get("4"), memory.get("5")) == (None, "C 1")


@pytest.mark.parametrize(
    ("status", "text", "said"),
    [
        (403, "invalid_token", "Slack answers 403 (invalid_token): correct sinks.slack.webhook_url"),
        (404, "no_service", "Slack answers 404 (no_service): the webhook was taken away: make another one"),
        (410, "channel_is_archived", "Slack answers 410 (channel_is_archived): choose another channel"),
        (400, "invalid_blocks", "Slack answers 400 (invalid_blocks): see Slack's documentation"),
        (400, f"<p>{SECRET}</p>", "Slack answers 400: see Slack's documentation of this error"),
        (200, "<html>welcome</html>", "what answers is no webhook of Slack, which says ok"),
    ],
)
def test_what_slack_refuses_for_good_names_what_to_change(
    slack: SlackServer, status: int, text: str, said: str
) -> None:
    slack.answers.append((status, {}, text))
    with pytest.raises(PermanentSinkError) as told:
        webhook(slack).send(incident())
    assert str(told.value).startswith(said)


@pytest.mark.parametrize(
    ("status", "headers", "text", "wait"),
    [
        (429, {"Retry-After": "7"}, "rate_limited", 7.0),
        (429, {"Retry-After": "soon"}, "", None),
        (500, {}, "fatal_error", None),
        (503, {}, "<html>down</html>", None),
        (400, {}, "rollup_error", None),
    ],
)
def test_what_passes_is_worth_trying_again(
    slack: SlackServer, status: int, headers: dict[str, str], text: str, wait: float | None
) -> None:
    slack.answers.append((status, headers, text))
    with pytest.raises(TemporarySinkError, match=f"Slack answers {status}") as told:
        webhook(slack).send(incident())
    assert told.value.retry_after == wait


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        ("invalid_auth", "correct sinks.slack.token"),
        ("channel_not_found", "correct sinks.slack.channel, or invite the bot there"),
        ("missing_scope", "give the bot the scope chat:write"),
    ],
)
def test_what_a_bot_is_refused_for_names_what_to_change(slack: SlackServer, error: str, remedy: str) -> None:
    slack.answers.append((200, {"Content-Type": "application/json"}, f'{{"ok":false,"error":"{error}"}}'))
    with pytest.raises(PermanentSinkError) as told:
        bot(slack).send(incident())
    assert str(told.value) == f"Slack answers 200 ({error}): {remedy}"


@pytest.mark.parametrize(
    ("status", "text", "wait"),
    [
        (429, '{"ok":false,"error":"ratelimited"}', 9.0),
        (500, "<html>down</html>", None),
        (200, '{"ok":false,"error":"internal_error"}', None),
    ],
)
def test_a_bot_tries_again_what_passes(
    slack: SlackServer, status: int, text: str, wait: float | None
) -> None:
    headers = {"Retry-After": "9"} if wait else {}
    slack.answers.append((status, headers, text))
    with pytest.raises(TemporarySinkError, match=f"Slack answers {status}") as told:
        bot(slack).send(incident())
    assert told.value.retry_after == wait


def test_a_failed_change_of_the_first_message_is_tried_again_before_anything_is_said_twice(
    slack: SlackServer,
) -> None:
    sink = bot(slack)
    sink.send(incident())
    slack.answers.append((503, {}, "down"))
    with pytest.raises(TemporarySinkError):
        sink.send(incident(news=News.RESOLVED))
    assert len(slack.messages) == 1
    sink.send(incident(news=News.RESOLVED))
    assert (len(slack.updates), len(slack.messages)) == (1, 2)


def test_slack_may_be_down(slack: SlackServer) -> None:
    url = slack.webhook()
    slack.shutdown()
    slack.server_close()
    with pytest.raises(TemporarySinkError, match="Slack cannot be reached: Connection refused"):
        made(webhook_url=url).send(incident())


class Unconnected:
    """A way on which nobody answers the call for a connection."""

    def post(self, *_: object) -> None:
        raise URLError(TimeoutError("timed out"))


def test_a_connection_that_takes_too_long_is_a_time_out() -> None:
    with pytest.raises(TemporarySinkError, match="Slack does not answer within 10 s"):
        SlackSink(Unconnected(), worded(), 10.0).send(incident())


def test_an_address_that_cannot_be_one_is_told_without_it() -> None:
    with pytest.raises(PermanentSinkError, match="Slack's address cannot be used") as told:
        made(webhook_url="https://[s3cret").send(incident())
    assert "s3cret" not in str(told.value)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"token": "t"}, "sinks.slack.token needs sinks.slack.channel: say where the bot writes"),
        ({"channel": "C"}, "sinks.slack.channel needs sinks.slack.token, a bot's: add it, or a webhook_url"),
        ({"webhook_url": "hooks.slack.com/x"}, "sinks.slack.webhook_url is no address: it begins with https"),
        ({"token": "t", "channel": "C", "base_url": "x"}, "sinks.slack.base_url is no address"),
        ({"token_file": "/no/such", "channel": "C"}, "sinks.slack.token_file: /no/such cannot be read"),
        ({"webhook_url_file": "/no/such"}, "sinks.slack.webhook_url_file: /no/such cannot be read"),
    ],
)
def test_half_a_configuration_is_told(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as told:
        made(**settings)
    assert str(told.value).startswith(said)


def test_without_an_address_there_is_no_sink() -> None:
    assert SlackSink.of(SlackSettings(), worded()) is None


def test_a_missing_client_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kumon_observe.sinks.slack.find_spec", lambda _name: None)
    with pytest.raises(MissingExtraError, match=r"install kumon-observe\[slack\]"):
        made(webhook_url="https://hooks.slack.com/x")
