"""A message as Slack shows it: an attachment in the guide's form, and one of blocks with the details."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from kumon_observe.sinks.message import Tone, web_link

if TYPE_CHECKING:
    from kumon_observe.sinks.message import Message

_Json: TypeAlias = dict[str, Any]

COLORS: Final = {Tone.CRITICAL: "#FF0000", Tone.WARNING: "#FFA500", Tone.GOOD: "#008000"}
"""The guide's."""

ICONS: Final = {Tone.CRITICAL: "\N{POLICE CARS REVOLVING LIGHT}", Tone.WARNING: "\N{WARNING SIGN}"}
_DONE: Final = "\N{WHITE HEAVY CHECK MARK}"

_TITLE: Final = 150
_TEXT: Final = 3000
_FIELD: Final = 2000
_FIELDS: Final = 10
_RECORDS: Final = 4
_RECORD: Final = 700
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_NOT_A_TICK: Final = "\N{MODIFIER LETTER GRAVE ACCENT}"


def attachments(message: Message) -> list[_Json]:
    """Both, within Slack's limits of length.

    What is not the team's own stands in texts that Slack does not format, its ``&``, ``<`` and ``>`` escaped,
    so that nothing in it can ping, link or look like something else.
    """
    title = fitting(f"{ICONS.get(message.tone, _DONE)} {message.title}", _TITLE)
    look: _Json = {"color": COLORS[message.tone], "fallback": title}
    head: _Json = {
        **look,
        "title": title,
        "text": fitting(message.lead, _TEXT),
        "mrkdwn_in": [],
        "footer": fitting(message.footer, _TITLE),
        "ts": int(message.at.timestamp()),
    }
    link = web_link(message.link)
    if link:
        head["title_link"] = link
    blocks = list(_blocks(message))
    return [head, {**look, "blocks": blocks}] if blocks else [head]


def _blocks(message: Message) -> Iterator[_Json]:
    if message.advice:
        yield {"type": "section", "text": _plain("\n".join(message.advice), _TEXT)}
    if message.facts:
        facts = [_plain(f"{label}: {value}", _FIELD) for label, value in message.facts]
        yield {"type": "section", "fields": facts[:_FIELDS]}
    if message.evidence:
        records = (line.replace("`", _NOT_A_TICK) for line in message.evidence[:_RECORDS])
        quoted = "\n".join(fitting(record, _RECORD) for record in records)
        yield {"type": "section", "text": _markup(f"```\n{quoted}\n```")}
    if message.more:
        yield {"type": "context", "elements": [_plain(message.more, _FIELD)]}
    link = web_link(message.link)
    if link:
        yield {"type": "context", "elements": [_markup(f"<{fitting(link, _FIELD)}>")]}


def _plain(text: str, most: int) -> _Json:
    return {"type": "plain_text", "text": fitting(text, most), "emoji": False}


def _markup(text: str) -> _Json:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def fitting(text: str, most: int) -> str:
    """*text* escaped for Slack, at most *most* characters, never cut within an escape."""
    escaped = [_ENTITIES.get(char, char) for char in text]
    if sum(map(len, escaped)) <= most:
        return "".join(escaped)
    ends = takewhile(lambda end: end < most, accumulate(map(len, escaped)))
    return "".join(escaped[: len(list(ends))]).rstrip() + "…"
