from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from kumon_observe import ConfigError, PermanentSinkError, Severity, TemporarySinkError
from kumon_observe.config.channels import EmailSettings
from kumon_observe.model.alert import News
from kumon_observe.sinks.email import EmailSink
from kumon_observe.testing import SinkContract
from tests.sinks.alerts import incident, worded
from tests.sinks.mail_server import PASSWORD, USER, Certificate, MailServer, serving

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # the server's own

Started = Callable[..., MailServer]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def start(certificate: Certificate) -> Iterator[Started]:
    with ExitStack() as stack:

        def started(security: str = "none", *, login: bool = False) -> MailServer:
            trust = None if security == "none" else certificate
            return stack.enter_context(serving(trust, tls=security == "tls", login=login))

        yield started


@pytest.fixture
def server(start: Started) -> MailServer:
    return start()


def made(lang: str = "en", **settings: Any) -> EmailSink:
    given = {
        "host": "127.0.0.1",
        "security": "none",
        "sender": "monitor@kumon.example",
        "to": ("ops@kumon.example",),
        **settings,
    }
    sink = EmailSink.of(EmailSettings(**given), worded(lang))
    assert sink is not None
    return sink


def to(server: MailServer, lang: str = "en", **settings: Any) -> EmailSink:
    return made(lang, port=server.port, **settings)


def parts(mail: EmailMessage) -> tuple[str, str]:
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that sends a byte now and then and never says anything."""
    closing = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            taken = []
            while not closing.wait(0.02):
                listening.setblocking(False)
                with suppress(BlockingIOError):
                    taken.append(listening.accept()[0])
                for connection in taken:
                    try:
                        connection.send(b"2")
                    except OSError:
                        taken.remove(connection)
            for connection in taken:
                connection.close()

        thread = threading.Thread(target=drip)
        thread.start()
        yield listening.getsockname()[1]
        closing.set()
        thread.join()


class TestEmail(SinkContract):
    secrets = (PASSWORD,)

    @pytest.fixture(autouse=True)
    def _servers(self, start: Started, silent: int, certificate: Certificate) -> None:
        self.start, self.silent, self.certificate = start, silent, certificate
        self.server = start("starttls", login=True)

    def to(self, server: MailServer, **settings: Any) -> EmailSink:
        login = {"security": "starttls", "ca_file": str(self.certificate.ca_file), "user": USER}
        return to(server, **{**login, "password": PASSWORD, **settings})

    def sink(self) -> EmailSink:
        return self.to(self.server)

    def received(self) -> Sequence[str]:
        return [str(mail["Subject"]) for mail in self.server.mails]

    def refusing(self) -> EmailSink:
        return self.to(self.server, password=f"not {PASSWORD}")

    def failing(self) -> EmailSink:
        busy = self.start("starttls", login=True)
        busy.end = "451 try again later"
        return self.to(busy)

    def hanging(self) -> EmailSink:
        return made(port=self.silent, timeout=0.2, user=USER, password=PASSWORD)


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
@pytest.mark.parametrize("login", [False, True])
def test_it_is_delivered_by_every_way(
    start: Started, certificate: Certificate, security: str, login: bool
) -> None:
    server = start(security, login=login)
    known = {"user": USER, "password": PASSWORD} if login else {}
    to(server, security=security, ca_file=str(certificate.ca_file), **known).send(incident())
    assert [mail["Subject"] for mail in server.mails] == ["[CRITICAL] handoff: replies are lost"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(start: Started, security: str) -> None:
    server = start(security)
    with pytest.raises(PermanentSinkError, match=r"certificate is not trusted .*correct sinks.email.host or"):
        to(server, security=security).send(incident())
    assert server.mails == []


def test_a_server_without_tls_is_no_tls_server(server: MailServer, certificate: Certificate) -> None:
    with pytest.raises(
        PermanentSinkError, match=r"does not offer what sinks.email.security and user ask for"
    ):
        to(server, security="starttls").send(incident())
    with pytest.raises(PermanentSinkError, match=r"no TLS with the mail server \(.+\): correct sinks.email"):
        to(server, security="tls", ca_file=str(certificate.ca_file)).send(incident())


def test_the_headers_tell_machines_what_it_is(server: MailServer) -> None:
    sink = to(server)
    sink.send(incident())
    sink.send(incident())
    sink.send(incident(key="h-1/resolved/1", news=News.RESOLVED))
    sink.send(incident(incident="h-2", key="h-2/fired/1"))
    first, again, resolved, other = server.mails
    assert first["From"] == "kumon-observe <monitor@kumon.example>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Date"] == "Wed, 15 Jan 2025 07:00:00 -0300"
    assert first["Message-ID"] == again["Message-ID"] != resolved["Message-ID"]
    assert first["Message-ID"].endswith("@kumon.example>")
    assert first["References"] == first["In-Reply-To"] == resolved["References"] != other["References"]
    assert resolved["Subject"] == "[RESOLVED] handoff: replies are lost"


@pytest.mark.parametrize(
    ("severity", "subject", "priority"),
    [
        (Severity.INFO, "[INFO] ", ("5", "low", "non-urgent")),
        (Severity.MODERATE, "[AVISO] ", ("3", "normal", "normal")),
        (Severity.HIGH, "[URGENTE] ", ("2", "high", "urgent")),
        (Severity.CRITICAL, "[CRÍTICO] ", ("1", "high", "urgent")),
    ],
)
def test_the_priorities_are_the_guides(
    server: MailServer, severity: Severity, subject: str, priority: tuple[str, str, str]
) -> None:
    to(server, "pt").send(incident(severity=severity))
    (mail,) = server.mails
    assert mail["Subject"].startswith(subject)
    assert (mail["X-Priority"], mail["Importance"], mail["Priority"]) == priority


@pytest.mark.parametrize(
    ("changes", "called"),
    [
        ({"severity": Severity.CRITICAL}, True),
        ({"severity": Severity.HIGH}, False),
        ({"severity": Severity.HIGH, "level": 1}, True),
        ({"severity": Severity.MODERATE, "level": 2}, True),
    ],
)
def test_those_on_call_get_what_is_critical_or_escalated(
    server: MailServer, changes: dict[str, Any], called: bool
) -> None:
    on_call = ("night@kumon.example", "ops@kumon.example")
    to(server, on_call=on_call).send(incident(**changes))
    assert server.receivers == [["ops@kumon.example", *(on_call[:1] if called else ())]]


def test_text_and_page_say_the_same(server: MailServer) -> None:
    to(server, "pt").send(incident(title="handoff: ação £ 😀"))
    plain, html = parts(server.mails[0])
    assert server.mails[0]["Subject"] == "[CRÍTICO] handoff: ação £ 😀"
    for said in ("handoff: ação £ 😀", "O que fazer: rollback", "Violações", "app.log:17", "e mais 3"):
        assert said in plain
        assert said in html


def test_a_text_of_the_teams_own_stands_alone(server: MailServer) -> None:
    sink = EmailSink.of(
        EmailSettings(
            host="127.0.0.1", port=server.port, security="none", sender="a@b.example", to=("c@d.example",)
        ),
        worded(title="ALERTA", body="$summary <$found>"),
    )
    assert sink is not None
    sink.send(incident(link=""))
    plain, html = parts(server.mails[0])
    assert server.mails[0]["Subject"] == "[CRITICAL] ALERTA"
    assert plain.splitlines()[:3] == ["ALERTA", "", "2 lost hand-offs in 812 turns <5>"]
    assert "2 lost hand-offs in 812 turns &lt;5&gt;" in html
    assert "<table" not in html


def test_a_host_that_cannot_be_one_needs_somebody() -> None:
    with pytest.raises(
        PermanentSinkError, match=r"the mail cannot be sent \(UnicodeError\): correct \[sinks\.ema"
    ):
        made(host="a" * 70).send(incident())


def test_no_text_makes_a_header(server: MailServer) -> None:
    hostile = "x\r\nBcc: thief@evil.example\r\n\r\n<b>\u2028\x00"
    to(server).send(incident(title=hostile, key=hostile, incident=hostile, place=hostile, summary=hostile))
    (mail,) = server.mails
    assert "Bcc" not in mail
    assert mail["Subject"] == "[CRITICAL] x Bcc: thief@evil.example <b>"
    assert server.receivers == [["ops@kumon.example"]]
    assert "<b>" not in parts(mail)[1]


def test_a_long_title_is_cut_in_the_subject_alone(server: MailServer) -> None:
    to(server).send(incident(title="lost " * 100))
    assert len(server.mails[0]["Subject"]) == 150
    assert server.mails[0]["Subject"].endswith("…")
    assert ("lost " * 100).strip() in parts(server.mails[0])[0].replace("\n", " ")


def test_a_receiver_that_is_refused_is_told_while_the_others_get_it(
    server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.refused["gone@kumon.example"] = "550 no such user"
    with caplog.at_level(logging.WARNING):
        to(server, to=("ops@kumon.example", "gone@kumon.example")).send(incident())
    assert server.receivers == [["ops@kumon.example"]]
    assert caplog.messages == [
        "mail was delivered, but not to all: gone@kumon.example: 550 no such user",
    ]


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        ("550 no such user", PermanentSinkError, "ops@kumon.example: 550 no such user): correct sinks.email"),
        ("450 greylisted", TemporarySinkError, "(ops@kumon.example: 450 greylisted)"),
    ],
)
def test_when_all_receivers_are_refused_nothing_was_delivered(
    server: MailServer, answer: str, kind: type[Exception], said: str
) -> None:
    server.refused["ops@kumon.example"] = answer
    with pytest.raises(kind) as told:
        to(server).send(incident())
    assert str(told.value).startswith("the mail server refuses all receivers (ops@kumon.example")
    assert said in str(told.value)


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        ("554 spam", PermanentSinkError, "the mail server refuses the mail (554 spam): see what it says"),
        ("452 disk is full", TemporarySinkError, "the mail server refuses the mail (452 disk is full)"),
    ],
)
def test_the_servers_code_says_whether_to_try_again(
    server: MailServer, answer: str, kind: type[Exception], said: str
) -> None:
    server.end = answer
    with pytest.raises(kind) as told:
        to(server).send(incident())
    assert str(told.value).startswith(said)


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        ("553 not yours", PermanentSinkError, "(553 not yours): correct sinks.email.sender"),
        ("451 greylisted", TemporarySinkError, "(451 greylisted)"),
    ],
)
def test_a_sender_that_is_refused_is_told(
    server: MailServer, answer: str, kind: type[Exception], said: str
) -> None:
    server.sender = answer
    with pytest.raises(kind) as told:
        to(server).send(incident())
    assert str(told.value) == f"the mail server refuses the sender monitor@kumon.example {said}"


def test_a_mail_that_was_taken_is_delivered_however_the_server_leaves(server: MailServer) -> None:
    server.hangs_up = True
    to(server).send(incident())
    assert len(server.mails) == 1


def test_a_wrong_password_needs_somebody(start: Started) -> None:
    server = start(login=True)
    with pytest.raises(PermanentSinkError, match=r"refuses the login \(535 .*correct sinks.email.user and"):
        to(server, user=USER, password="wrong").send(incident())


def test_a_server_that_drips_is_left_in_time(silent: int) -> None:
    with pytest.raises(TemporarySinkError, match=r"the mail server does not answer within 0\.2 s"):
        made(port=silent, timeout=0.2).send(incident())


def test_a_server_may_be_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    with pytest.raises(
        TemporarySinkError, match=r"server 127\.0\.0\.1 cannot be reached: Connection refused"
    ):
        made(port=port).send(incident())


def test_a_server_that_hangs_up_may_come_back() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            connection, _ = listening.accept()
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(TemporarySinkError, match="the mail server"):
            made(port=listening.getsockname()[1]).send(incident())
        thread.join()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"sender": ""}, "mail needs sinks.email.sender: add it, or take [sinks.email] away"),
        ({"to": (), "host": ""}, "mail needs sinks.email.host and sinks.email.to: add it"),
        ({"user": "u"}, "a login to the mail server needs sinks.email.password: add it"),
        ({"password": "p"}, "a login to the mail server needs sinks.email.user: add it"),
        ({"ca_file": "/no/such"}, "sinks.email.ca_file: /no/such is no file: correct the path"),
        ({"sender": "a@b..c"}, "sinks.email.sender: 'a@b..c' is no mail address, as in"),
        ({"to": ("a..b@c",)}, "sinks.email.to: 'a..b@c' is no mail address"),
        ({"on_call": ("çã@example.org",)}, "sinks.email.on_call: 'çã@example.org' is no mail address"),
        ({"user": "u", "password_file": "/no/such"}, "sinks.email.password_file: /no/such cannot be read"),
    ],
)
def test_half_a_configuration_is_told(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as told:
        made(**settings)
    assert str(told.value).startswith(said)


def test_without_an_address_there_is_no_sink() -> None:
    assert EmailSink.of(EmailSettings(), worded()) is None


def test_a_password_may_stand_in_a_file(start: Started, tmp_path: Path) -> None:
    server = start(login=True)
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    to(server, user=USER, password_file=str(file)).send(incident())
    assert len(server.mails) == 1
