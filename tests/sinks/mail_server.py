"""A mail server on this machine: in the clear, with STARTTLS, with TLS from the beginning; with login."""

from __future__ import annotations

import asyncio
import email.policy
import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

USER, PASSWORD = "monitor", "a-password-for-tests"


class Certificate:
    """One for this machine, and the file to trust it by."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.ca_file = folder / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca_file))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(self.context)


class MailServer(Controller):
    """Keeps what it takes; *answers* are given for the receivers and at the end of the mail instead."""

    def __init__(self, certificate: Certificate | None, *, tls: bool = False, login: bool = False) -> None:
        logging.getLogger("mail.log").propagate = False  # the server's own, which tells passwords
        self.mails: list[EmailMessage] = []
        self.receivers: list[list[str]] = []
        self.hangs_up = False
        self.refused: dict[str, str] = {}
        self.sender = "250 fine"
        self.end = "250 taken"
        options: dict[str, Any] = {"hostname": "127.0.0.1", "port": 0, "ready_timeout": 20}
        if login:
            options |= {"authenticator": _allowed, "auth_required": True, "auth_require_tls": False}
        if certificate is not None and not tls:
            options |= {"tls_context": certificate.context, "require_starttls": True}
        super().__init__(self, **options, ssl_context=certificate.context if certificate and tls else None)

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = int(self.server.sockets[0].getsockname()[1])  # the one that the system chose
        super()._trigger_server()  # type: ignore[no-untyped-call]

    async def handle_MAIL(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.sender.startswith("250"):
            envelope.mail_from = address
        return self.sender

    async def handle_QUIT(self, server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        if self.hangs_up:
            server.transport.abort()
        return "221 bye"

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.end.startswith("250"):
            parsed = BytesParser(policy=email.policy.default).parsebytes(envelope.content)
            assert isinstance(parsed, EmailMessage)
            self.mails.append(parsed)
            self.receivers.append(envelope.rcpt_tos)
        return self.end


def _allowed(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: object) -> AuthResult:
    good = isinstance(data, LoginPassword) and data == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=False)  # so that the server itself answers


@contextmanager
def serving(
    certificate: Certificate | None, *, tls: bool = False, login: bool = False
) -> Iterator[MailServer]:
    server = MailServer(certificate, tls=tls, login=login)
    server.start()
    try:
        yield server
    finally:
        server.stop()
