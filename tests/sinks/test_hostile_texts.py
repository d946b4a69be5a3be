"""Whatever a parent writes into a message that a log quotes, an alert shows it and does nothing else."""

from __future__ import annotations

import html.parser
from typing import Any

from hypothesis import given, strategies as st

from kumon_observe.sinks.mail_page import page
from kumon_observe.sinks.slack_form import attachments, fitting
from tests.sinks.alerts import incident, loss, lost, worded
from tests.sinks.slack_server import faults

NASTY = [
    "<!channel>",
    "<!here|x>",
    "<@U123>",
    "<#C1>",
    "<http://evil.example|bank>",
    "http://evil.example",
    "*bold*",
    "_it_",
    "~s~",
    "`",
    "```",
    "&",
    "&amp;",
    "&lt;!channel&gt;",
    "<script>alert(1)</script>",
    '" onclick="x',
    "'><img src=x onerror=x>",
    "</td></table>",
    "-->",
    "\r\nBcc: x",
    "\u202e",
    "\x00",
    "\ud800",
    "{title}",
    "$title",
    ">",
    "\n",
]
texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=20), max_size=200).map("".join) | st.sampled_from(
    ["&" * 5000, "`<" * 3000, "x" * 160, "x" * 148 + "&&"]
)


def alert(text: str) -> Any:
    return incident(
        title=text,
        summary=text,
        by=text,
        comment=text,
        place=text,
        rule=text,
        result=lost(*(loss("c", line, text=text) for line in (5, 9))),
    )


@given(texts)
def test_slack_shows_it_and_neither_pings_nor_links(text: str) -> None:
    made = attachments(worded()(alert(text)))
    assert faults({"attachments": made}) == []
    for attachment in made:
        for block in attachment.get("blocks", []):
            if block.get("text", {}).get("type") == "mrkdwn":
                inner = block["text"]["text"].removeprefix("```\n").removesuffix("\n```")
                assert "`" not in inner


@given(texts, st.integers(min_value=2, max_value=300))
def test_a_text_is_never_cut_within_an_escape(text: str, most: int) -> None:
    fitted = fitting(text, most)
    assert len(fitted) <= most
    kept = fitted.removesuffix("…")
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        kept = kept.replace(entity, char)
    assert text.startswith(kept) or fitted.endswith("…")
    assert fitting(kept, 10_000).startswith(fitted.removesuffix("…"))


class Tags(html.parser.HTMLParser):
    """The tags of a page with the names of their attributes, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(text: str) -> Tags:
    parser = Tags()
    parser.feed(page(worded()(alert(text))))
    parser.close()
    return parser


PLAIN = set(read("plain").tags)


@given(texts)
def test_a_page_shows_it_and_has_no_tag_of_it(text: str) -> None:
    found = read(text)
    assert set(found.tags) <= PLAIN
    message = worded()(alert(text))
    assert message.lead in found.text or not message.lead
