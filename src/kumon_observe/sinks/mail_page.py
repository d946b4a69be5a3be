"""A message as one HTML page for mail: read on a phone, no script, nothing loaded from anywhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from kumon_observe.sinks.message import Tone, web_link

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kumon_observe.sinks.message import Message

_COLORS: Final = {Tone.CRITICAL: "#c00000", Tone.WARNING: "#a85d00", Tone.GOOD: "#007a00"}
"""The guide's, dark enough for white letters on them."""

_FONT: Final = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_CODE: Final = "font:13px/1.5 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere"
_PAGE: Final = """\
<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title></head>
<body style="margin:0;background:#f2f2f2;color:#1a1a1a;{font};font-size:16px;line-height:1.45">
<div style="max-width:600px;margin:0 auto;background:#fff">
<div style="background:{color};color:#fff;padding:14px 16px">
<div style="font-size:13px;letter-spacing:.05em">{label}</div>
<div style="font-size:20px;font-weight:bold;overflow-wrap:anywhere">{title}</div>
</div>
<div style="padding:4px 16px 16px">
{parts}
</div>
</div>
</body></html>
"""


def page(message: Message) -> str:
    """The page; every text of the message is escaped."""
    return _PAGE.format(
        title=escape(message.title),
        label=escape(message.label),
        color=_COLORS[message.tone],
        font=_FONT,
        parts="\n".join(filter(None, _parts(message))),
    )


def _parts(message: Message) -> Iterable[str]:
    yield _paragraph(message.lead, "white-space:pre-line")
    for sentence in message.advice:
        yield _paragraph(sentence, "font-weight:bold")
    yield _table(message.facts)
    for line in message.evidence:
        yield f'<div style="{_CODE};background:#f2f2f2;padding:8px;margin:8px 0">{escape(line)}</div>'
    yield _paragraph(message.more, "color:#555")
    yield _link(message.link)
    yield _paragraph(f"{message.footer} · {message.when}", "color:#555;font-size:13px")


def _paragraph(text: str, style: str) -> str:
    return f'<p style="margin:12px 0;overflow-wrap:anywhere;{style}">{escape(text)}</p>' if text else ""


def _table(facts: tuple[tuple[str, str], ...]) -> str:
    if not facts:
        return ""
    cell = "padding:4px 12px 4px 0;vertical-align:top"
    rows = "".join(
        f'<tr><th align="left" style="{cell};color:#555;font-weight:normal">{escape(label)}</th>'
        f'<td style="{cell};overflow-wrap:anywhere">{escape(value)}</td></tr>\n'
        for label, value in facts
    )
    return f'<table role="presentation" style="border-collapse:collapse;margin:12px 0">\n{rows}</table>'


def _link(link: str) -> str:
    address = escape(web_link(link))
    return (
        f'<p style="margin:12px 0;overflow-wrap:anywhere"><a href="{address}">{address}</a></p>'
        if address
        else ""
    )
