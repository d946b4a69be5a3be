"""How one person wants to see things: language, zone, width, how much."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo

from attrs import field, frozen

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import Phrase, phrase
from kumon_observe.model.status import Status
from kumon_observe.model.value import Value
from kumon_observe.present.language import Language
from kumon_observe.present.page import Look, Page, Span

_WORDS = {
    Status.OK: phrase("OK"),
    Status.UNKNOWN: phrase("UNKNOWN"),
    Status.WARNING: phrase("WARNING"),
    Status.CRITICAL: phrase("CRITICAL"),
}


@frozen(kw_only=True, eq=False, repr=False)
class View(Value):
    """Everything that shapes the output and is no part of the answer.

    ``zone`` is the user's (``None``: the machine's); ``verbose`` asks for more evidence and figures,
    ``quiet`` for the first line alone; ``shown`` limits the violations shown per check. ``logs`` are the
    LOG arguments as they were typed, for commands that are offered to be copied.
    """

    language: Language = field(factory=lambda: Language("en"))
    zone: tzinfo | None = UTC
    look: Look = Look()
    verbose: bool = False
    quiet: bool = False
    shown: int | None = None
    logs: tuple[str, ...] = ()

    def page(self) -> Page:
        """An empty page of this look."""
        return Page(self.look)

    def say(self, sentence: Sentence) -> str:
        """*sentence* in this person's language."""
        return self.language(sentence)

    def status(self, status: Status, width: int = 0) -> Span:
        """The word for *status* in its colour, filled up to *width* columns."""
        return Span(self.say(_WORDS[status]).ljust(width), status.value)

    def status_width(self) -> int:
        """The columns that the longest status word takes."""
        return max(len(self.say(word)) for word in _WORDS.values())

    def local(self, at: datetime) -> datetime:
        """*at* in the user's zone."""
        return at.astimezone(self.zone)

    def day(self, at: datetime | None) -> date | None:
        """The user's calendar day of *at*."""
        return None if at is None else self.local(at).date()

    def only_day(self, first: datetime | None, last: datetime | None, now: datetime) -> date | None:
        """The day whose date need not stand with every time: that of *first* and *last*, else today.

        Where lines are not wrapped, they are read by programs, and every time has its date.
        """
        if self.look.width is None:
            return None
        day = self.day(first)
        return day if day is not None and day == self.day(last) else self.day(now)

    def clock(self, at: datetime, today: date | None, *, seconds: bool = True) -> str:
        """The time of day, with its date before it unless that is *today*."""
        local = self.local(at)
        text = local.strftime("%H:%M:%S" if seconds else "%H:%M")
        return text if local.date() == today else f"{local:%Y-%m-%d} {text}"

    def zone_name(self, at: datetime | None) -> str:
        """``America/Sao_Paulo``, ``UTC`` or ``UTC-03:00``: what the shown times are in."""
        name: str | None = getattr(self.zone, "key", None)
        if name:
            return name
        offset = self.local(at).strftime("%z") if at is not None else ""
        if offset in ("", "+0000"):
            return "UTC"
        return f"UTC{offset[:3]}:{offset[3:5]}"

    def window(self, first: datetime | None, last: datetime | None, now: datetime) -> Phrase | None:
        """``between 10:00 and 11:00``, with dates where they are not today's; ``None`` without times."""
        if first is None or last is None:
            return None
        today = self.day(now)
        seconds = self.local(last).replace(second=0, microsecond=0) == self.local(first).replace(
            second=0, microsecond=0
        )
        begin = self.clock(first, today, seconds=seconds)
        end = self.clock(last, self.day(first), seconds=seconds)
        return phrase("between {first} and {last}", first=begin, last=end)
