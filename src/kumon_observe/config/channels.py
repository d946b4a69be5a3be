"""Where alerts are sent: ``[sinks.NAME]`` of each built-in sink. One without its address is not there."""

from __future__ import annotations

from typing import Literal

from attrs import field, frozen

from kumon_observe.config import checked
from kumon_observe.config.table import SOME_SECONDS, Table

_WAIT = 10.0


@frozen(kw_only=True, eq=False, repr=False)
class StdoutSettings(Table):
    """``[sinks.stdout]``.

    Attributes:
        form: ``text`` or ``json`` (one object a line).
    """

    form: Literal["text", "json"] = "text"


@frozen(kw_only=True, eq=False, repr=False)
class FileSettings(Table):
    """``[sinks.log]``: alerts as lines of a file, the guide's performance-alerts log.

    Attributes:
        path: the file; each line is appended whole. ``%Y%m%d`` in it stands for the day.
        form: ``text`` or ``json`` (one object a line).
    """

    path: str = ""
    form: Literal["text", "json"] = "text"


@frozen(kw_only=True, eq=False, repr=False)
class SlackSettings(Table):
    """``[sinks.slack]``: by a webhook, or by a bot's token, which can also write into the incident's thread.

    Attributes:
        webhook_url: the incoming webhook (the guide's ``SLACK_WEBHOOK_URL`` sets it too).
        webhook_url_file: a file that holds it.
        token: a bot's token with ``chat:write``, instead of a webhook.
        token_file: a file that holds it.
        channel: where the bot writes, needed with a token.
        base_url: of Slack's API, for a proxy; empty: Slack's own.
        timeout: seconds.
    """

    webhook_url: str = field(default="", repr=False)
    webhook_url_file: str = ""
    token: str = field(default="", repr=False)
    token_file: str = ""
    channel: str = ""
    base_url: str = ""
    timeout: float = field(default=_WAIT, validator=SOME_SECONDS)


@frozen(kw_only=True, eq=False, repr=False)
class EmailSettings(Table):
    """``[sinks.email]``.

    Attributes:
        host: the mail server.
        port: its port; 0: 465 with ``tls``, else 587 with ``starttls``, else 25.
        security: ``starttls``, ``tls`` from the beginning, or ``none``.
        ca_file: certificates to trust instead of the machine's, as for a server of one's own.
        user: whom to log in as; empty: no login.
        password: of that user.
        password_file: a file that holds it.
        sender: the address that it comes from.
        to: who gets all alerts.
        on_call: who gets critical and escalated ones as well.
        timeout: seconds.
    """

    host: str = ""
    port: int = field(default=0, validator=checked.PORT)
    security: Literal["starttls", "tls", "none"] = "starttls"
    ca_file: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    password_file: str = ""
    sender: str = field(default="", validator=checked.address)
    to: tuple[str, ...] = field(default=(), validator=checked.addresses)
    on_call: tuple[str, ...] = field(default=(), validator=checked.addresses)
    timeout: float = field(default=_WAIT, validator=SOME_SECONDS)


@frozen(kw_only=True, eq=False, repr=False)
class ShellSettings(Table):
    """``[sinks.shell]``: a program that is run, once for each incident.

    Attributes:
        command: the program and its arguments; no shell reads them.
        timeout: seconds after which it is killed with all that it started.
        output: a file to which its output is appended; empty: kept in the state folder.
        dry_run: only say what would be run.
        rollback: whether it may be run for an incident that demands a rollback: off until a person allows it.
        evidence: what a rollback needs: ``corroborated`` (traces and guard, or two losses at least),
            ``guard`` (the app's own guard reported it too), or ``any``.
    """

    command: tuple[str, ...] = ()
    timeout: float = field(default=60.0, validator=SOME_SECONDS)
    output: str = ""
    dry_run: bool = False
    rollback: bool = False
    evidence: Literal["corroborated", "guard", "any"] = "corroborated"


@frozen(kw_only=True, eq=False, repr=False)
class WebhookSettings(Table):
    """``[sinks.webhook]``.

    Attributes:
        url: where the alert is sent by POST.
        url_file: a file that holds it.
        secret: signs the body (HMAC-SHA256, in a header); empty: it is not signed.
        secret_file: a file that holds it.
        form: ``kumon-observe`` (docs/json.md) or ``alertmanager`` (the body of Alertmanager's own webhook).
        timeout: seconds.
    """

    url: str = field(default="", repr=False)
    url_file: str = ""
    secret: str = field(default="", repr=False)
    secret_file: str = ""
    form: Literal["kumon-observe", "alertmanager"] = "kumon-observe"
    timeout: float = field(default=_WAIT, validator=SOME_SECONDS)


@frozen(kw_only=True, eq=False, repr=False)
class AlertmanagerSettings(Table):
    """``[sinks.alertmanager]``.

    Attributes:
        url: of the Alertmanager (its API v2 is used), as in ``http://127.0.0.1:9093``.
        user: whom to log in as, by basic auth; empty: no login.
        password: of that user.
        password_file: a file that holds it.
        timeout: seconds.
    """

    url: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    password_file: str = ""
    timeout: float = field(default=_WAIT, validator=SOME_SECONDS)


@frozen(kw_only=True, eq=False, repr=False)
class PagerDutySettings(Table):
    """``[sinks.pagerduty]``.

    Attributes:
        routing_key: of an Events v2 integration.
        routing_key_file: a file that holds it.
        url: where events are sent; another one for another region.
        timeout: seconds.
    """

    routing_key: str = field(default="", repr=False)
    routing_key_file: str = ""
    url: str = "https://events.pagerduty.com/v2/enqueue"
    timeout: float = field(default=_WAIT, validator=SOME_SECONDS)


@frozen(kw_only=True, eq=False, repr=False)
class AppriseSettings(Table):
    """``[sinks.apprise]``: any service that Apprise knows.

    Attributes:
        urls: one for each receiver, as in ``tgram://…`` for Telegram.
        urls_file: a file with such addresses, one a line.
    """

    urls: tuple[str, ...] = field(default=(), repr=False)
    urls_file: str = ""


@frozen(kw_only=True, eq=False, repr=False)
class SinkSettings(Table):
    """``[sinks]``: a table for each built-in sink.

    Attributes:
        stdout: standard output.
        log: a file.
        slack: Slack.
        email: mail.
        shell: a program.
        webhook: an address of one's own.
        alertmanager: Alertmanager.
        pagerduty: PagerDuty.
        apprise: whatever else Apprise knows, Telegram among it.
    """

    stdout: StdoutSettings = StdoutSettings()
    log: FileSettings = FileSettings()
    slack: SlackSettings = SlackSettings()
    email: EmailSettings = EmailSettings()
    shell: ShellSettings = ShellSettings()
    webhook: WebhookSettings = WebhookSettings()
    alertmanager: AlertmanagerSettings = AlertmanagerSettings()
    pagerduty: PagerDutySettings = PagerDutySettings()
    apprise: AppriseSettings = AppriseSettings()
