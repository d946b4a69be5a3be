"""The sink ``email``: by the standard library's SMTP client."""

from __future__ import annotations

import logging
import socket
from email.errors import MessageError
from email.headerregistry import Address
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from kumon_observe.config.secret_files import secret
from kumon_observe.model.errors import ConfigError, TemporarySinkError
from kumon_observe.model.status import Severity
from kumon_observe.sinks.deadline import within

if TYPE_CHECKING:
    import smtplib
    import ssl
    from email.message import EmailMessage

    from kumon_observe.config.channels import EmailSettings
    from kumon_observe.model.alert import Alert
    from kumon_observe.sinks.message import Compose

_PORTS: Final = {"tls": 465, "starttls": 587, "none": 25}
_LOG: Final = logging.getLogger("kumon_observe.sinks.email")


class EmailSink:
    """Sends alerts as mail: to ``to``, and to ``on_call`` as well where they are critical or escalated."""

    name = "email"

    def __init__(self, settings: EmailSettings, password: str, compose: Compose) -> None:
        self._settings = settings
        self._password = password
        self._compose = compose
        self._sender = _address("sender", settings.sender, "kumon-observe")
        self._to = tuple(_address("to", text) for text in settings.to)
        self._on_call = tuple(_address("on_call", text) for text in settings.on_call)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._settings.host!r})"

    @classmethod
    def of(cls, settings: EmailSettings, compose: Compose) -> Self | None:
        """The sink that *settings* describe; ``None`` without a host, a sender and receivers.

        Raises:
            ConfigError: it is configured by half, an address is none, or a file cannot be read.
        """
        needed = {"host": settings.host, "sender": settings.sender, "to": settings.to}
        missing = [f"sinks.email.{name}" for name, value in needed.items() if not value]
        if len(missing) == len(needed) and not settings.on_call:
            return None
        if missing:
            raise ConfigError(f"mail needs {' and '.join(missing)}: add it, or take [sinks.email] away")
        password = secret("sinks.email.password", settings.password, settings.password_file)
        if bool(settings.user) != bool(password):
            absent = "password" if settings.user else "user"
            raise ConfigError(f"a login to the mail server needs sinks.email.{absent}: add it")
        if settings.ca_file and not Path(settings.ca_file).expanduser().is_file():
            raise ConfigError(f"sinks.email.ca_file: {settings.ca_file} is no file: correct the path")
        return cls(settings, password, compose)

    def send(self, alert: Alert) -> None:
        """Send *alert*; receivers whom the server refuses, while it takes others, are told to the log.

        Raises:
            PermanentSinkError: the server refuses it for good, or its certificate is not trusted.
            TemporarySinkError: it refuses it for now, cannot be reached, or does not answer in time.
        """
        from kumon_observe.sinks.mail import mail
        from kumon_observe.sinks.mail_faults import fault, refusals

        urgent = alert.severity is Severity.CRITICAL or alert.level >= 1
        to = {address.addr_spec: address for address in (*self._to, *(self._on_call if urgent else ()))}
        made = mail(alert, self._compose(alert), self._sender, to.values())
        seconds = self._settings.timeout
        try:
            refused = within(seconds, lambda: self._deliver(made))
        except TimeoutError:
            raise TemporarySinkError(f"the mail server does not answer within {seconds:g} s") from None
        except (OSError, ValueError) as error:  # smtplib's errors are of OSError
            raise fault(error, self._settings) from None
        if refused:
            _LOG.warning("mail was delivered, but not to all: %s", refusals(refused))

    def _deliver(self, made: EmailMessage) -> dict[str, tuple[int, bytes]]:
        """Send it; the receivers that were refused, with the server's answers."""
        server = self._connected()
        try:
            if self._settings.user:
                server.login(self._settings.user, self._password)
            refused: dict[str, tuple[int, bytes]] = server.send_message(made)
        except BaseException:
            server.close()
            raise
        _leave(server)
        return refused

    def _connected(self) -> smtplib.SMTP:
        import smtplib

        settings = self._settings
        port = settings.port or _PORTS[settings.security]
        here = socket.gethostname() or "localhost"  # smtplib would ask the network for a longer name
        if settings.security == "tls":
            return smtplib.SMTP_SSL(
                settings.host, port, here, timeout=settings.timeout, context=self._trust()
            )
        server = smtplib.SMTP(settings.host, port, here, timeout=settings.timeout)
        try:
            if settings.security == "starttls":
                server.starttls(context=self._trust())
        except BaseException:
            server.close()
            raise
        return server

    def _trust(self) -> ssl.SSLContext:
        import ssl

        file = self._settings.ca_file
        return ssl.create_default_context(cafile=str(Path(file).expanduser()) if file else None)


def _leave(server: smtplib.SMTP) -> None:
    """Say good-bye; the mail is taken by then, whatever the server answers."""
    try:
        server.quit()
    except OSError:
        server.close()


def _address(option: str, text: str, name: str = "") -> Address:
    """The address *text*, with *name* before it.

    Raises:
        ConfigError: SMTP knows no such address.
    """
    try:
        address = Address(name, addr_spec=text if text.isascii() else "")
    except (MessageError, ValueError, IndexError):  # what the parser raises for broken ones
        address = Address()
    if not (address.username and address.domain):
        raise ConfigError(f"sinks.email.{option}: {text!r} is no mail address, as in monitor@example.org")
    return address
