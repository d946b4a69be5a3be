"""A sink that posts each alert as JSON to an HTTP service, as a local gateway to pagers has one."""

from __future__ import annotations

import os
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from kumon_observe import Alert, PermanentSinkError, TemporarySinkError, hookimpl
from kumon_observe.model.document import alert_to, to_text


class Pager:
    """Posts to *url*, with *token* if there is one; waits at most *timeout* seconds for each answer."""

    name = "pager"

    def __init__(self, url: str, token: str = "", timeout: float = 5.0) -> None:
        self._url, self._token, self._timeout = urlsplit(url), token, timeout

    def __repr__(self) -> str:
        return f"Pager({self._url.hostname})"

    def send(self, alert: Alert) -> None:
        try:
            status, retry_after = self._post(to_text(alert_to(alert)).encode())
        except TimeoutError:
            raise TemporarySinkError(f"the pager does not answer within {self._timeout:g} s") from None
        except (OSError, HTTPException) as error:
            raise TemporarySinkError(f"the pager cannot be reached: {type(error).__name__}") from None
        if status == 429 or status >= 500:
            raise TemporarySinkError(f"the pager answers {status}", retry_after=retry_after)
        if status >= 300:
            raise PermanentSinkError(
                f"the pager answers {status}: correct KUMON_PAGER_URL or KUMON_PAGER_TOKEN"
            )

    def _post(self, body: bytes) -> tuple[int, float | None]:
        kind = HTTPSConnection if self._url.scheme == "https" else HTTPConnection
        connection = kind(self._url.hostname or "", self._url.port, timeout=self._timeout)
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            connection.request("POST", self._url.path or "/", body, headers)
            answer = connection.getresponse()
            wait = answer.headers.get("Retry-After", "")
            return answer.status, float(wait) if wait.isdecimal() else None
        finally:
            connection.close()


@hookimpl
def kumon_register_sinks() -> list[Pager]:
    url = os.environ.get("KUMON_PAGER_URL", "http://127.0.0.1:8090/alerts")
    return [Pager(url, os.environ.get("KUMON_PAGER_TOKEN", "").strip())]
