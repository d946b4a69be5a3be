"""A message as mail: headers by which it can be sorted and recognised, plain text, and HTML for a phone."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from kumon_observe.model.alert import News
from kumon_observe.model.status import Severity
from kumon_observe.sinks.mail_page import page
from kumon_observe.sinks.message import cut

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kumon_observe.model.alert import Alert
    from kumon_observe.sinks.message import Message

_PRIORITIES: Final = {
    Severity.INFO: ("5", "low", "non-urgent"),
    Severity.MODERATE: ("3", "normal", "normal"),
    Severity.HIGH: ("2", "high", "urgent"),
    Severity.CRITICAL: ("1", "high", "urgent"),
}
"""The guide's priorities low, normal, high and critical: ``X-Priority``, ``Importance``, ``Priority``."""

_SUBJECT: Final = 150


def mail(alert: Alert, message: Message, sender: Address, to: Iterable[Address]) -> EmailMessage:
    """The mail. Its id comes from the alert's key alone, so that a doubled delivery is one for a mailbox."""
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = tuple(to)
    made["Subject"] = cut(f"[{message.label}] {message.title}", _SUBJECT)
    made["Date"] = format_datetime(message.at)
    made["Message-ID"] = _id(f"alert {alert.key}", sender)
    if alert.incident:
        made["In-Reply-To"] = made["References"] = _id(f"incident {alert.incident}", sender)
    ended = alert.news is News.RESOLVED
    number, importance, priority = _PRIORITIES[Severity.MODERATE if ended else alert.severity]
    made["X-Priority"] = number
    made["Importance"] = importance
    made["Priority"] = priority
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(f"{message.title}\n\n{message.text()}\n")
    made.add_alternative(page(message), subtype="html")
    return made


def _id(what: str, sender: Address) -> str:
    return f"<{sha256(what.encode(errors='backslashreplace')).hexdigest()[:32]}@{sender.domain}>"
