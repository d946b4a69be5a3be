"""What the sinks that speak HTTP share: one POST whose wait is bounded, and what its answer means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from kumon_observe.model.errors import (
    ConfigError,
    MissingExtraError,
    PermanentSinkError,
    TemporarySinkError,
)
from kumon_observe.sinks.deadline import within
from kumon_observe.sinks.message import cut, one_line

if TYPE_CHECKING:
    import httpx2

    from kumon_observe.clock import Clock

_AGAIN: Final = frozenset((408, 425, 429))
"""Answers below 500 that ask to come again: a time-out, too early, too many."""

_BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_LONGEST_ANSWER: Final = 65_536
_LONGEST_REASON: Final = 300
_LONGEST_WAIT: Final = 86_400.0
_NO_HEADERS: Final[Mapping[str, str]] = {}


def is_address(url: str) -> bool:
    """Whether *url* is one of HTTP."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return fits and url.isprintable() and " " not in url and not _BAD_ESCAPE.search(url)


def address(option: str, url: str) -> str:
    """*url*, if it is one of HTTP.

    *option* is the dotted key of the configuration that it comes from.

    Raises:
        ConfigError: it is none. The message does not hold it, since it may be a secret.
    """
    if not is_address(url):
        raise ConfigError(f"{option}: this is no address: write one that begins with https:// or http://")
    return url


def wait_of(header: str, now: datetime) -> float | None:
    """The seconds that ``Retry-After`` asks for, given as seconds or as a date (RFC 9110, 10.2.3).

    ``None`` where it cannot be read. It is a day at most, so that a mistake there silences nobody for years.
    """
    from email.utils import parsedate_to_datetime

    text = header.strip()
    if text.isascii() and text.isdecimal():
        return min(float(text[:12]), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - now).total_seconds()), _LONGEST_WAIT)


class _Answer(NamedTuple):
    status: int
    retry_after: str
    body: bytes


def _silent(_body: bytes) -> str:
    return ""


class Poster:
    """Posts JSON to the *url* of a *service* and raises what its answer means.

    A redirect is not followed, since what is sent is meant for this address. Certificates are verified, with
    those of the machine or of ``SSL_CERT_FILE``. Proxies are those of the environment (``HTTPS_PROXY`` and
    others). Each POST has a connection of its own: between two alerts an open one would be long dead.

    Args:
        service: the name that errors have for it.
        url: where to, as :func:`address` lets it pass; a user and password in it are sent as basic auth.
        timeout: seconds, for all together.
        remedy: what to do about an answer that will not change by itself.
        clock: tells how long a ``Retry-After`` that is a date lasts.
        login: a user and password for basic auth.
        secrets: what no error may show, in whatever the service answers.
        explain: finds in the body of a refusal why it is one; what it gives is shown.

    Raises:
        MissingExtraError: the extra ``http`` is not installed.
    """

    def __init__(
        self,
        service: str,
        url: str,
        *,
        timeout: float,
        remedy: str,
        clock: Clock,
        login: tuple[str, str] | None = None,
        secrets: Iterable[str] = (),
        explain: Callable[[bytes], str] = _silent,
    ) -> None:
        if find_spec("httpx2") is None:
            raise MissingExtraError(f"sending alerts to {service}", "http")
        parts = urlsplit(url)
        named = (unquote(parts.username or ""), unquote(parts.password or ""))
        self._login = login or (named if any(named) else None)
        self._url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        self._service, self._timeout, self._remedy, self._clock = service, timeout, remedy, clock
        hidden = {*secrets, *(self._login[1:] if self._login else ())}
        self._secrets = sorted(filter(None, hidden), key=len, reverse=True)
        self._explain = explain

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._service})"

    def post(self, body: bytes, headers: Mapping[str, str] = _NO_HEADERS) -> None:
        """Post *body*, which is JSON.

        Raises:
            TemporarySinkError: no answer in time, no connection, or one of 408, 425, 429 and 5xx.
            PermanentSinkError: any other answer but 2xx.
        """
        answer = self._answer(body, headers)
        if 200 <= answer.status < 300:
            return
        said = f"{self._service} answers {answer.status}"
        if reason := self._shown(self._explain(answer.body)):
            said = f"{said} ({reason})"
        if answer.status in _AGAIN or answer.status >= 500:
            raise TemporarySinkError(said, retry_after=wait_of(answer.retry_after, self._clock()))
        if 300 <= answer.status < 400:
            said = f"{said}, a redirect, which is not followed"
        raise PermanentSinkError(f"{said}: {self._remedy}")

    def _answer(self, body: bytes, headers: Mapping[str, str]) -> _Answer:
        import httpx2

        try:
            return within(self._timeout, lambda: self._exchange(body, headers))
        except (TimeoutError, httpx2.TimeoutException):
            raise TemporarySinkError(f"{self._service} does not answer within {self._timeout:g} s") from None
        except httpx2.TransportError as error:
            reason = self._shown(str(error)) or type(error).__name__
            raise TemporarySinkError(f"{self._service} cannot be reached: {reason}") from None
        except _NoProxy:
            raise PermanentSinkError(
                f"{self._service} cannot be reached through the proxy of the environment: correct "
                "HTTPS_PROXY (or HTTP_PROXY, ALL_PROXY), or name its host in NO_PROXY"
            ) from None
        except httpx2.InvalidURL:
            raise PermanentSinkError(f"{self._service} has an unusable address: {self._remedy}") from None

    def _exchange(self, body: bytes, headers: Mapping[str, str]) -> _Answer:
        import httpx2

        request = httpx2.Request(
            "POST",
            self._url,
            content=body,
            headers={**self._headers(), **headers},
            extensions={"timeout": httpx2.Timeout(self._timeout).as_dict()},
        )
        # The library's client would log the whole address; a transport logs none.
        with _transport(self._url) as transport:
            answer = transport.handle_request(request)
            try:
                taken = b""
                for chunk in answer.iter_raw(4096):
                    taken += chunk
                    if len(taken) >= _LONGEST_ANSWER:
                        break
            finally:
                answer.close()
        return _Answer(answer.status_code, answer.headers.get("Retry-After", ""), taken)

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "User-Agent": "kumon-observe"}
        if self._login is not None:
            from base64 import b64encode

            headers["Authorization"] = f"Basic {b64encode(':'.join(self._login).encode()).decode()}"
        return headers

    def _shown(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return cut(one_line(text), _LONGEST_REASON)


class _NoProxy(Exception):
    """The proxy that the environment names cannot be used."""


def _transport(url: str) -> httpx2.HTTPTransport:
    import httpx2

    proxy = _proxy(urlsplit(url))
    if proxy is None:
        return httpx2.HTTPTransport()
    try:
        return httpx2.HTTPTransport(proxy=proxy)
    except (ValueError, ImportError, httpx2.InvalidURL):
        raise _NoProxy from None


def _proxy(url: SplitResult) -> str | None:
    """The proxy that the environment names for *url*, ``None`` where it is to be reached directly."""
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    return None if not proxy or proxy_bypass(url.hostname or "") else proxy
