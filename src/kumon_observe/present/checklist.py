"""A checklist on the screen: each item with its result, what it rests on, and who looked after it."""

from __future__ import annotations

from typing import Final

from attrs import evolve

from kumon_observe.model.checklist import Checklist, Item, ItemState
from kumon_observe.model.phrase import phrase
from kumon_observe.model.profile import Profile
from kumon_observe.model.zones import named_zone
from kumon_observe.present.page import Page, Span
from kumon_observe.present.schedule import PROFILES
from kumon_observe.present.view import View

_WORDS: Final = {
    ItemState.OK: phrase("OK"),
    ItemState.ATTENTION: phrase("ATTENTION"),
    ItemState.PERSON: phrase("PERSON"),
    ItemState.UNKNOWN: phrase("UNKNOWN"),
}


def render(checklist: Checklist, view: View) -> str:
    """The whole screen, in the zone of the schedule; with ``quiet`` its first line alone."""
    view = evolve(view, zone=named_zone(checklist.timezone))
    page = view.page()
    today = view.day(checklist.now)
    shift = phrase(
        "{profile}, {begin} to {end} ({zone})",
        profile=PROFILES[checklist.profile],
        begin=view.clock(checklist.begin, today, seconds=False),
        end=view.clock(checklist.end, today, seconds=False),
        zone=checklist.timezone,
    )
    page.line(view.status(checklist.status), Span(f": {view.say(shift)}", "bold"), hang=2)
    if view.quiet:
        return page.text()
    if checklist.previous is not None:
        at = view.clock(checklist.previous.at, today, seconds=False)
        page.line(
            view.say(phrase("last time: {time}", time=at)), "  ", view.status(checklist.previous.status)
        )
    if checklist.reason:
        sentence = phrase("the history is not kept: {why}", why=checklist.reason)
        page.line(Span(view.say(sentence), "unknown"), hang=2)
    page.blank()
    width = max(len(view.say(word)) for word in _WORDS.values())
    for item in checklist.items:
        _item(page, view, checklist, item, width)
    return page.text()


def _item(page: Page, view: View, checklist: Checklist, item: Item, width: int) -> None:
    word = Span(view.say(_WORDS[item.state]).ljust(width), item.status.value)
    page.line(word, "  ", Span(item.name, "bold"), f": {view.say(item.title)}", hang=width + 2)
    indent = width + 2
    page.line(view.say(item.found), indent=indent, hang=indent + 2)
    if item.file:
        page.line(Span(item.file, "dim"), indent=indent, hang=indent + 2)
    if item.state is not ItemState.OK and item.command:
        page.line(f"-> {item.command}", indent=indent, hang=indent + 3)
    if item.state is ItemState.PERSON and item.acknowledged is None:
        command = f"kumon-observe checklist ack {item.name} --profile {checklist.profile} --by NAME"
        page.line(f"-> {command}", indent=indent, hang=indent + 3)
    said = item.acknowledged or item.before
    if said is not None:
        time = view.clock(said.at, view.day(checklist.now), seconds=False)
        comment = f" ({said.comment})" if said.comment else ""
        sentence = (
            phrase("last time by {who}, {time}{comment}", who=said.by, time=time, comment=comment)
            if item.acknowledged is None
            else phrase("looked after by {who}, {time}{comment}", who=said.by, time=time, comment=comment)
        )
        page.line(view.say(sentence), indent=indent, hang=indent + 2)


def acknowledged(item: str, by: str, profile: Profile, view: View) -> str:
    """That it was kept who looked after an item."""
    page = view.page()
    sentence = phrase(
        "{item} ({profile}): looked after by {who}", item=item, profile=PROFILES[profile], who=by
    )
    page.line(Span(view.say(sentence), "ok"))
    return page.text()
