"""Writes a message as each of the eleven built-in layouts does, in every variant that is known of it.

``render("dash", "OUTBOX_TRACE|…", at=…)`` gives the bytes that stand in the log, without the last
newline. Variant 0 is the usual form; ``VARIANTS[layout]`` describes all of them in order. The wrapping
layouts write each line of the wrapped record as an entry of its own, as the real ones do.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

from attrs import frozen


@frozen
class Fact:
    """What one record says."""

    message: str
    at: datetime
    level: str
    logger: str

    @property
    def module(self) -> str:
        """The last part of the logger's name."""
        return self.logger.rpartition(".")[2]


@frozen
class Variant:
    """One way to write a layout; ``timed``, ``named``, ``levelled``: what of the fact is in the record."""

    title: str
    write: Callable[[Fact], str]
    timed: bool = True
    named: bool = True
    levelled: bool = True


def _naive(at: datetime, separator: str = " ", fraction: str = ",") -> str:
    """Milliseconds after a comma, as ``logging`` has it, in UTC."""
    text = at.astimezone(UTC).isoformat(separator, "milliseconds")
    return text.removesuffix("+00:00").replace(".", fraction)


def _zulu(at: datetime, digits: str = "") -> str:
    """Microseconds, and more digits as docker has them."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + digits + "Z"


def _offset(at: datetime, hours: int) -> str:
    return at.astimezone(timezone(timedelta(hours=hours))).isoformat(timespec="microseconds")


def _coloured(level: str) -> str:
    return f"\x1b[32m{level}\x1b[0m"


def _uvicorn(fact: Fact, level: str) -> str:
    return f"{level}:{' ' * (9 - len(fact.level))}{fact.message}"


def _app_json(fact: Fact) -> str:
    members = {
        "timestamp": fact.at.astimezone(UTC).replace(tzinfo=None).isoformat(),
        "level": fact.level,
        "logger": fact.logger,
        "message": fact.message,
        "module": fact.module,
        "function": "log",
        "line": 46,
    }
    return json.dumps(members)


def _compact(members: dict[str, object]) -> str:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":"))


def _epoch(at: datetime) -> float:
    return at.timestamp()


_JSON = (
    Variant("the app's own", _app_json),
    Variant(
        "levelname, name and msg, compact, in another order",
        lambda f: _compact(
            {"msg": f.message, "name": f.logger, "levelname": f.level, "asctime": _naive(f.at)}
        ),
    ),
    Variant(
        "structlog: event first, level in lower case",
        lambda f: json.dumps(
            {"event": f.message, "level": f.level.lower(), "logger": f.logger, "timestamp": _zulu(f.at)}
        ),
    ),
    Variant(
        "severity and @timestamp, nested values",
        lambda f: _compact(
            {
                "@timestamp": _zulu(f.at),
                "severity": f.level,
                "extra": {"message": "no", "list": [{}, [1.5, None]]},
                "logger": f.logger,
                "message": f.message,
            }
        ),
    ),
    Variant(
        "seconds since the epoch",
        lambda f: json.dumps({"ts": _epoch(f.at), "level": f.level, "logger": f.logger, "msg": f.message}),
    ),
    Variant(
        "milliseconds since the epoch",
        lambda f: json.dumps(
            {"time": round(_epoch(f.at) * 1000), "level": f.level, "name": f.logger, "message": f.message}
        ),
    ),
    Variant(
        "a time and nothing else",
        lambda f: json.dumps({"time": _offset(f.at, -3), "message": f.message}),
        named=False,
        levelled=False,
    ),
    Variant(
        "a level and nothing else",
        lambda f: json.dumps({"level": f.level, "message": f.message}),
        timed=False,
        named=False,
    ),
    Variant(
        "coloured level and message",
        lambda f: json.dumps(
            {
                "timestamp": _zulu(f.at),
                "level": _coloured(f.level),
                "logger": f.logger,
                "message": _coloured(f.message),
            }
        ),
    ),
)

_BASIC = (
    Variant("basicConfig", lambda f: f"{f.level}:{f.logger}:{f.message}", timed=False),
    Variant("coloured", lambda f: f"{_coloured(f.level)}:{f.logger}:{_coloured(f.message)}", timed=False),
)

_DASH = (
    Variant("time, logger, level", lambda f: f"{_naive(f.at)} - {f.logger} - {f.level} - {f.message}"),
    Variant("padded", lambda f: f"{_naive(f.at)} - {f.logger:<40} - {f.level:<8} - {f.message}"),
    Variant(
        "coloured", lambda f: f"{_naive(f.at)} - {f.logger} - {_coloured(f.level)} - {_coloured(f.message)}"
    ),
    Variant("level before logger", lambda f: f"{_naive(f.at)} - {f.level} - {f.logger} - {f.message}"),
    Variant("no logger", lambda f: f"{_naive(f.at)} - {f.level} - {f.message}", named=False),
    Variant("microseconds and zone", lambda f: f"{_zulu(f.at)} - {f.logger} - {f.level} - {f.message}"),
)

_BRACKET = (
    Variant("Flask's", lambda f: f"[{_naive(f.at)}] {f.level} in {f.module}: {f.message}", named=False),
    Variant("level in brackets", lambda f: f"[{_naive(f.at)}] [{f.level}] {f.logger}: {f.message}"),
    Variant("no logger", lambda f: f"[{_naive(f.at)}] [{f.level}] {f.message}", named=False),
    Variant(
        "coloured", lambda f: f"[{_naive(f.at)}] [{_coloured(f.level)}] {f.logger}: {_coloured(f.message)}"
    ),
    Variant("padded", lambda f: f"[{_naive(f.at)}] [{f.level:<8}] {f.logger}: {f.message}"),
)

_LEVEL = (
    Variant("level and message", lambda f: f"{f.level} {f.message}", timed=False, named=False),
    Variant("uvicorn", lambda f: _uvicorn(f, f.level), timed=False, named=False),
    Variant(
        "pytest's live log",
        lambda f: f"{f.level:<8} {f.logger}:{f.module}.py:46 {f.message}",
        timed=False,
    ),
    Variant("uvicorn, coloured", lambda f: _uvicorn(f, _coloured(f.level)), timed=False, named=False),
    Variant("five spaces always", lambda f: f"{f.level}:     {f.message}", timed=False, named=False),
    Variant("padded to 8", lambda f: f"{f.level:<8} {f.message}", timed=False, named=False),
    Variant(
        "pytest's live log, coloured",
        lambda f: f"{_coloured(f.level.ljust(8))} {f.logger}:{f.module}.py:46 {_coloured(f.message)}",
        timed=False,
    ),
)

_ISO = (
    Variant("spaces", lambda f: f"{_zulu(f.at)} {f.level} {f.logger} {f.message}"),
    Variant("bars", lambda f: f"{_zulu(f.at)} | {f.level} | {f.logger} | {f.message}"),
    Variant("no logger", lambda f: f"{_offset(f.at, 0)} {f.level} {f.message}", named=False),
    Variant("bars, no logger", lambda f: f"{_offset(f.at, -3)} | {f.level} | {f.message}", named=False),
    Variant("padded bars", lambda f: f"{_offset(f.at, -3)} | {f.level:<8} | {f.logger:<40} | {f.message}"),
    Variant("lower case, padded", lambda f: f"{_zulu(f.at)} {f.level.lower():<8} {f.logger} {f.message}"),
    Variant("logger and colon", lambda f: f"{_naive(f.at)} {f.level} {f.logger}: {f.message}"),
    Variant("coloured", lambda f: f"{_zulu(f.at)} {_coloured(f.level)} {f.logger} {_coloured(f.message)}"),
)

_PLAIN = (Variant("the message alone", lambda f: f.message, timed=False, named=False, levelled=False),)


def _docker_entry(line: str, at: datetime, *, end: str = "\n", tag: str = "") -> str:
    attributes = {"attrs": {"tag": tag}} if tag else {}
    return _compact({"log": line + end, "stream": "stderr", **attributes, "time": _zulu(at, "517")})


def _wrapped(inner: Variant, entry: Callable[[str, datetime], str], title: str, timed: bool) -> Variant:
    def write(fact: Fact) -> str:
        return "\n".join(entry(line, fact.at) for line in inner.write(fact).split("\n"))

    return Variant(f"{title} {inner.title}", write, timed or inner.timed, inner.named, inner.levelled)


def _docker(inner: Variant, title: str = "around", tag: str = "") -> Variant:
    return _wrapped(inner, lambda line, at: _docker_entry(line, at, tag=tag), title, True)


def _compose(inner: Variant, prefix: str = "app-1  | ") -> Variant:
    return _wrapped(inner, lambda line, at: prefix + line, f"{prefix!r} around", False)


def _railway(inner: Variant) -> Variant:
    def entry(line: str, at: datetime) -> str:
        attributes = {"level": "info"}
        return _compact(
            {"message": line, "severity": "info", "timestamp": _zulu(at, "517"), "attributes": attributes}
        )

    return _wrapped(inner, entry, "around", True)


def _old_time(at: datetime) -> str:
    local = at.astimezone(UTC)
    return f"{local:%b} {local.day:>2} {local:%H:%M:%S}"


def _syslog(inner: Variant, prefix: Callable[[datetime], str], title: str) -> Variant:
    return _wrapped(inner, lambda line, at: prefix(at) + line, title, True)


_RFC_5424_DATA = r'[kumon@32473 note="a \"quoted\" \] word"][more@32473]'

VARIANTS: dict[str, tuple[Variant, ...]] = {
    "basic": _BASIC,
    "dash": _DASH,
    "bracket": _BRACKET,
    "level": _LEVEL,
    "iso": _ISO,
    "json": _JSON,
    "docker": (
        _docker(_BASIC[0]),
        _docker(_JSON[0]),
        _docker(_DASH[0]),
        _docker(_ISO[1]),
        _docker(_LEVEL[3]),
        _docker(_JSON[7], "with attributes around", tag="app"),
    ),
    "compose": (
        _compose(_BASIC[0]),
        _compose(_DASH[0]),
        _compose(_JSON[0]),
        _compose(_LEVEL[1], "kumon_app.blue-12 | "),
        _compose(_ISO[0], "\x1b[36mapp-1  | \x1b[0m"),
    ),
    "railway": (_railway(_BASIC[0]), _railway(_JSON[0]), _railway(_BRACKET[1])),
    "syslog": (
        _syslog(_ISO[0], lambda at: f"{_old_time(at)} host app[123]: ", "RFC 3164 around"),
        _syslog(_BASIC[0], lambda at: f"{_old_time(at)} host app[123]: ", "RFC 3164 around"),
        _syslog(
            _JSON[0], lambda at: f"<134>{_old_time(at)} web-1.example app: ", "RFC 3164 with priority around"
        ),
        _syslog(_BASIC[0], lambda at: f"<134>1 {_zulu(at)} host app 123 - - ", "RFC 5424 around"),
        _syslog(
            _DASH[0],
            lambda at: f"1 {_zulu(at)} host app 123 ID47 {_RFC_5424_DATA} \ufeff",
            "RFC 5424 with data around",
        ),
        _syslog(_LEVEL[1], lambda at: f"{_offset(at, -3)} host app[123]: ", "rsyslog's file format around"),
    ),
    "plain": _PLAIN,
}
"""The ways to write each layout; variant 0 is the usual one."""

LAYOUTS: tuple[str, ...] = tuple(VARIANTS)


def render(
    layout_name: str,
    message: str,
    *,
    at: datetime,
    level: str = "INFO",
    logger: str = "app.core.x",
    variant: int = 0,
) -> bytes:
    """The record that says *message* in the layout of that name, without the last newline; *at* is aware."""
    return VARIANTS[layout_name][variant].write(Fact(message, at, level, logger)).encode()


def wrap(outer: str, line: str, *, at: datetime) -> bytes:
    """Any *line* as ``docker``, ``compose``, ``railway`` or ``syslog`` (RFC 3164) has it."""
    raw = Variant("a line", lambda fact: fact.message)
    wrappers: dict[str, Callable[[], Variant]] = {
        "docker": lambda: _docker(raw),
        "compose": lambda: _compose(raw),
        "railway": lambda: _railway(raw),
        "syslog": lambda: _syslog(raw, lambda moment: f"{_old_time(moment)} host app[123]: ", ""),
    }
    return wrappers[outer]().write(Fact(line, at, "", "")).encode()


def docker_chunks(line: str, *, at: datetime, size: int = 16_384) -> list[bytes]:
    """The entries into which docker cuts a *line* that is longer than *size* characters."""
    cuts = range(0, max(len(line), 1), size)
    entries = [(line[cut : cut + size], "" if cut + size < len(line) else "\n") for cut in cuts]
    return [_docker_entry(chunk, at, end=end).encode() for chunk, end in entries]
