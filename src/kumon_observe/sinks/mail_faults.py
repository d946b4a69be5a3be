"""What a mail server's answers mean: 4xx passes (RFC 5321 section 4.2.1), 5xx needs somebody."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from kumon_observe.model.errors import PermanentSinkError, SinkError, TemporarySinkError
from kumon_observe.sinks.message import cut, one_line

if TYPE_CHECKING:
    from kumon_observe.config.channels import EmailSettings

_FOR_GOOD: Final = 500
_LONGEST: Final = 200


def fault(error: Exception, settings: EmailSettings) -> SinkError:
    """The error for what smtplib raised."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _refused(error.recipients)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _of_code(error, "the login", "correct sinks.email.user and its password")
    if isinstance(error, smtplib.SMTPSenderRefused):
        return _of_code(error, f"the sender {error.sender}", "correct sinks.email.sender")
    if isinstance(error, smtplib.SMTPResponseException):
        return _of_code(error, "the mail", "see what it says, and correct [sinks.email]")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return PermanentSinkError(
            "the mail server does not offer what sinks.email.security and user ask for: correct them"
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message
        return PermanentSinkError(
            f"the mail server's certificate is not trusted ({why}): correct sinks.email.host or ca_file"
        )
    if isinstance(error, ssl.SSLError):
        return PermanentSinkError(
            f"no TLS with the mail server ({error.reason}): correct sinks.email.security or port"
        )
    if isinstance(error, smtplib.SMTPException):
        return TemporarySinkError("the mail server has closed the connection")
    if isinstance(error, OSError):
        why = error.strerror or type(error).__name__
        return TemporarySinkError(f"the mail server {settings.host} cannot be reached: {why}")
    return PermanentSinkError(f"the mail cannot be sent ({type(error).__name__}): correct [sinks.email]")


def refusals(refused: Mapping[str, tuple[int, bytes]]) -> str:
    """Whom the server refused, and why."""
    return "; ".join(f"{who}: {_said(code, text)}" for who, (code, text) in refused.items())


def _refused(refused: Mapping[str, tuple[int, bytes]]) -> SinkError:
    said = f"the mail server refuses all receivers ({refusals(refused)})"
    if all(code >= _FOR_GOOD for code, _ in refused.values()):
        return PermanentSinkError(f"{said}: correct sinks.email.to and on_call")
    return TemporarySinkError(said)


def _of_code(error: smtplib.SMTPResponseException, what: str, remedy: str) -> SinkError:
    said = f"the mail server refuses {what} ({_said(error.smtp_code, error.smtp_error)})"
    return (
        PermanentSinkError(f"{said}: {remedy}") if error.smtp_code >= _FOR_GOOD else TemporarySinkError(said)
    )


def _said(code: int, text: bytes | str) -> str:
    shown = text if isinstance(text, str) else text.decode(errors="replace")
    return cut(one_line(f"{code} {shown}"), _LONGEST)
