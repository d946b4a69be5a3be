"""The sink ``apprise``: any service that Apprise knows, Telegram among them."""

from __future__ import annotations

import logging
import re
from contextvars import ContextVar
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Self

from kumon_observe.config.secret_files import secret
from kumon_observe.model.errors import (
    ConfigError,
    MissingExtraError,
    PermanentSinkError,
    TemporarySinkError,
)
from kumon_observe.sinks.deadline import within
from kumon_observe.sinks.message import Tone, cut, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kumon_observe.config.channels import AppriseSettings
    from kumon_observe.model.alert import Alert
    from kumon_observe.sinks.message import Compose, Message

_OPTION: Final = "sinks.apprise.urls"
_SCHEMED: Final = re.compile(r"[a-zA-Z0-9.+-]+://\S")
_HTTP_STATUS: Final = re.compile(r"\berror=(\d{3})\b")
_AGAIN: Final = frozenset((408, 425, 429))
_KINDS: Final = {Tone.CRITICAL: "failure", Tone.WARNING: "warning", Tone.GOOD: "success"}
_LONGEST_WAIT: Final = 30.0
"""Seconds, for one receiver; Apprise's own time-outs, which an address can set (``rto``, ``cto``), are 4."""

_LONGEST_REASON: Final = 300
_SHORTEST_SECRET: Final = 5
_REMEMBERED: Final = 1000


class AppriseSink:
    """Sends plain text to each of *urls*; each service's own limits of length cut it.

    A receiver that took an alert does not get it again because another one failed, as long as this object
    lives.
    """

    name = "apprise"

    def __init__(self, urls: Sequence[str], compose: Compose) -> None:
        for number, url in enumerate(urls, start=1):
            if not _SCHEMED.match(url) or not url.isprintable():
                raise ConfigError(f"{_OPTION}: number {number} is no address: write it as service://…")
        if find_spec("apprise") is None:
            raise MissingExtraError("sinks.apprise", "notify")
        self._urls, self._compose = tuple(urls), compose
        self._loaded: tuple[Any, ...] | None = None
        self._taken: dict[str, set[int]] = {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self._urls)} receivers)"

    @classmethod
    def of(cls, settings: AppriseSettings, compose: Compose) -> Self | None:
        """The sink that *settings* describe; ``None`` without addresses.

        Raises:
            ConfigError: an address is none, or the file with them cannot be read.
            MissingExtraError: the extra ``notify`` is not installed.
        """
        lines = secret(_OPTION, "", settings.urls_file).split("\n")
        urls = (*settings.urls, *(line.strip() for line in lines if line.strip()))
        return cls(urls, compose) if urls else None

    @property
    def fault(self) -> str:
        """What is wrong with an address; empty: nothing. Apprise is loaded for it, which takes a second."""
        for number, service in enumerate(self._services(), start=1):
            if service is None:
                return f"{_OPTION}: Apprise cannot use number {number}: its wiki shows how to write each"
        return ""

    def send(self, alert: Alert) -> None:
        """Send *alert* to every receiver that has not taken it yet.

        Raises:
            PermanentSinkError: an address is wrong, or all that failed answered that they refuse.
            TemporarySinkError: at least one receiver may take it later.
        """
        if self.fault:
            raise PermanentSinkError(self.fault)
        message = self._compose(alert)
        taken = self._taken.pop(alert.key, set())
        failed = []
        for number, service in enumerate(self._services()):
            if number not in taken:
                said = self._sent(number, service, message)
                if said is None:
                    taken.add(number)
                else:
                    failed.append(said)
        if failed:
            self._remember(alert.key, taken)
            raise _error(failed, len(self._urls))

    def _sent(self, number: int, service: Any, message: Message) -> str | None:
        """``None`` if *service* took it, else what can be said about it."""
        name = f"{service.service_name} (number {number + 1})"
        try:
            took, said = within(_LONGEST_WAIT, lambda: _notify(service, message))
        except TimeoutError:
            return f"{name} does not answer within {_LONGEST_WAIT:g} s"
        if took:
            return None
        reason = said or "Apprise says no more than that it failed"
        return f"{name}: {cut(one_line(_masked(reason, self._urls)), _LONGEST_REASON)}"

    def _remember(self, key: str, taken: set[int]) -> None:
        self._taken[key] = taken
        if len(self._taken) > _REMEMBERED:
            del self._taken[next(iter(self._taken))]

    def _services(self) -> tuple[Any, ...]:
        """Apprise's object for each address; ``None`` for one that it cannot use."""
        if self._loaded is None:
            self._loaded = tuple(_service(url) for url in self._urls)
        return self._loaded


def _service(url: str) -> Any:
    import apprise

    asset = apprise.AppriseAsset(app_id="kumon-observe", async_mode=False)
    with _Quiet():
        service = apprise.Apprise.instantiate(url, asset=asset)
    if service is not None and "overflow=" not in url:
        service.overflow_mode = apprise.OverflowMode.TRUNCATE
    return service


def _notify(service: Any, message: Message) -> tuple[bool, str]:
    """Whether *service* took *message*, and what Apprise logged if not."""
    import apprise

    sender = apprise.Apprise(asset=service.asset)
    sender.add(service)
    with _Quiet() as quiet:
        took = sender.notify(
            body=message.text() or message.title,
            title=message.title,
            notify_type=apprise.NotifyType(_KINDS[message.tone]),
            body_format=apprise.NotifyFormat.TEXT,
        )
    return bool(took), "; ".join(quiet.said)


def _error(failed: Sequence[str], receivers: int) -> PermanentSinkError | TemporarySinkError:
    said = f"{len(failed)} of {receivers} receivers did not take it: {'; '.join(failed)}"
    if all(_refuses(one) for one in failed):
        return PermanentSinkError(f"{said}: correct {_OPTION}")
    return TemporarySinkError(said)


def _refuses(said: str) -> bool:
    """Whether it is an HTTP answer that will not change by itself."""
    found = _HTTP_STATUS.search(said)
    status = int(found[1]) if found else 500
    return 400 <= status < 500 and status not in _AGAIN


def _masked(text: str, urls: Sequence[str]) -> str:
    """*text* without any part of *urls* that may be a secret: Telegram's token stands where a host does."""
    for part in sorted(_parts(urls), key=len, reverse=True):
        text = text.replace(part, "***")
    return text


def _parts(urls: Sequence[str]) -> Iterator[str]:
    from urllib.parse import unquote

    for url in urls:
        for part in re.split(r"[/:@?&=,]+", url.partition("://")[2]):
            yield from (form for form in {part, unquote(part)} if len(form) >= _SHORTEST_SECRET)


_QUIET: Final[ContextVar[_Quiet | None]] = ContextVar("quiet", default=None)


class _Quiet(logging.Filter):
    """Keeps what Apprise and its HTTP client log in this context from every log, since it shows addresses.

    Warnings are kept in ``said``: they are all that Apprise tells of a failure.
    """

    _LOGGERS: Final = ("apprise", "urllib3.connectionpool", "urllib3.util.retry")

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def __enter__(self) -> Self:
        self._before = _QUIET.set(self)
        for name in self._LOGGERS:
            logging.getLogger(name).addFilter(self)
        return self

    def __exit__(self, *_: object) -> None:
        for name in self._LOGGERS:
            logging.getLogger(name).removeFilter(self)
        _QUIET.reset(self._before)

    def filter(self, record: logging.LogRecord) -> bool:
        """Let what others do pass; Apprise takes the context into its own threads."""
        if _QUIET.get() is not self:
            return True
        if record.levelno >= logging.WARNING and record.name == self._LOGGERS[0]:
            self.said.append(record.getMessage())
        return False
