"""What every channel says of an alert, in the reader's language and zone; a sink only gives it its form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from enum import Enum
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from kumon_observe.model.alert import Alert, News
from kumon_observe.model.severities import SEVERITIES
from kumon_observe.model.status import Severity, Status
from kumon_observe.sinks import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kumon_observe.model.evidence import Evidence, Sentence
    from kumon_observe.model.phrase import Translate


_IN_THE_TITLE: Final = (News.REPEATED, News.ESCALATED)
_ENDS_A_LINK: Final = "<>|\"'`"


class Tone(Enum):
    """How a message looks: as the guide has it, red, orange and green."""

    CRITICAL = "critical"
    WARNING = "warning"
    GOOD = "good"


@frozen(kw_only=True)
class Message:
    """An alert as text. Only ``lead`` may have more than one line, and only by a template of the team's.

    Attributes:
        at: the time of the news, in the reader's zone.
        title: the news in a few words.
        lead: what happened.
        facts: short values with their labels.
        evidence: the first records that show it, each with its place and time.
        more: how many violations are not shown; empty: none.
        advice: what to do now, a sentence each.
        footer: what it is about.
        link: an address to look at; empty: none.
        tone: how it looks.
        label: one word in capitals: how urgent it is, or that it has ended or is a test.
    """

    at: datetime
    title: str
    lead: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    evidence: tuple[str, ...] = ()
    more: str = ""
    advice: tuple[str, ...] = ()
    footer: str = ""
    link: str = ""
    tone: Tone = Tone.WARNING
    label: str = ""

    @property
    def when(self) -> str:
        """``2025-01-15 07:20:01-03:00``."""
        return self.at.isoformat(" ", "seconds")

    def text(self) -> str:
        """All of it but the title, for a channel that takes plain text."""
        parts = (
            self.lead,
            "\n".join(self.advice),
            "\n".join(f"{label}: {value}" for label, value in self.facts),
            "\n".join(filter(None, (*self.evidence, self.more))),
            "\n".join(filter(None, (self.link, self.footer))),
        )
        return "\n\n".join(filter(None, parts))


Compose = Callable[[Alert], Message]
"""What a sink is given, so that it needs to know neither language nor zone."""


@frozen(kw_only=True)
class Wording:
    """How alerts are worded.

    Attributes:
        translate: into the reader's language.
        zone: of the times that are shown; ``None``: the machine's.
        title: a template instead of the alert's own title (``string.Template``); empty: that one.
        body: the same for everything below the title but the footer and the link.
    """

    translate: Translate = field(default=str, repr=False)
    zone: tzinfo | None = UTC
    title: str = ""
    body: str = ""


def compose(alert: Alert, wording: Wording) -> Message:
    """*alert* in words. Its own texts become single lines, whatever control characters they hold."""
    say = _Speaker(wording)
    shown, left_out = words.proof(alert)
    evidence = tuple(say.evidence(record) for record in shown)
    values = _values(alert, say, evidence)
    facts = words.facts(values, one_line(words.counted_by(alert.result)))
    whole = Message(
        at=alert.at.astimezone(wording.zone),
        title=values["title"] or values["check"],
        lead=" ".join(filter(None, (_ended(values["summary"]), _ended(_beside_the_title(alert, values))))),
        facts=tuple((say(label), value) for label, value in facts if value),
        evidence=evidence,
        more=say(left_out),
        advice=tuple(say(sentence) for sentence in words.advice(alert)),
        footer=values["place"] or "kumon-observe",
        link=values["link"],
        tone=tone_of(alert),
        label=say(words.label(alert)),
    )
    return _templated(whole, wording, values) if wording.title or wording.body else whole


def in_english(alert: Alert) -> Message:
    """*alert* in words, where nothing is configured: in English, in the machine's zone."""
    return compose(alert, Wording(zone=None))


def tone_of(alert: Alert) -> Tone:
    """The guide's colour: green once it ended or nothing is wrong, red where critical, orange otherwise."""
    if alert.news is News.RESOLVED or (alert.severity is Severity.INFO and alert.status is Status.OK):
        return Tone.GOOD
    return Tone.CRITICAL if alert.severity is Severity.CRITICAL else Tone.WARNING


def one_line(text: str) -> str:
    """*text* on one line: control characters, and those that turn the order of letters, become spaces."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def web_link(text: str) -> str:
    """*text* if it is an address of the web, with nothing in it that could end a link; else ``""``."""
    if not text.startswith(("https://", "http://")) or any(char in _ENDS_A_LINK for char in text):
        return ""
    return text if text.isprintable() and " " not in text else ""


def cut(text: str, most: int) -> str:
    """*text* with at most *most* characters, ``…`` standing for what is left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


@frozen
class _Speaker:
    wording: Wording

    def __call__(self, sentence: Sentence) -> str:
        text = sentence if isinstance(sentence, str) else sentence.render(self.wording.translate)
        return one_line(text)

    def time(self, at: datetime | None) -> str:
        return "" if at is None else at.astimezone(self.wording.zone).isoformat(" ", "seconds")

    def evidence(self, evidence: Evidence) -> str:
        place = f"{evidence.source}:{evidence.line}" if evidence.line else evidence.source
        return one_line("  ".join(filter(None, (place, self.time(evidence.at), evidence.text))))


def _values(alert: Alert, say: _Speaker, evidence: tuple[str, ...]) -> Mapping[str, str]:
    """What a template may name (``config.templates.NAMES``)."""
    return {
        "action": say(words.todo(alert)),
        "at": say.time(alert.at),
        "by": one_line(alert.by),
        "check": one_line(alert.check),
        "comment": say(alert.comment),
        "evidence": "\n".join(evidence),
        "found": str(words.found(alert) or ""),
        "incident": one_line(alert.incident),
        "level": str(alert.level),
        "link": one_line(alert.link),
        "news": say(words.news(alert)),
        "place": one_line(alert.place),
        "rule": one_line(alert.rule),
        "severity": say(SEVERITIES[alert.severity]),
        "since": say.time(alert.since),
        "status": str(alert.status),
        "summary": say(alert.summary),
        "title": say(alert.title),
        "until": say.time(alert.until),
    }


def _beside_the_title(alert: Alert, values: Mapping[str, str]) -> str:
    """The news, where the title does not tell all of it."""
    return "" if alert.news in _IN_THE_TITLE else values["news"]


def _ended(sentence: str) -> str:
    return f"{sentence}." if sentence and sentence[-1].isalnum() else sentence


def _templated(whole: Message, wording: Wording, values: Mapping[str, str]) -> Message:
    from string import Template

    from attrs import evolve

    title = Template(wording.title).safe_substitute(values) if wording.title else whole.title
    named = evolve(whole, title=one_line(title) or whole.title)
    if not wording.body:
        return named
    body = Template(wording.body).safe_substitute(values).strip()
    return evolve(named, lead=body, facts=(), evidence=(), more="", advice=())
