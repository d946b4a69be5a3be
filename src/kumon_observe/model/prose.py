"""Masks what people wrote in messages that have no grammar: an error, its traceback, a line of output.

Nothing marks such text, so it is told by what stands around it: quotes, the name of a field, the words with
which the app quotes a message. Frames of a traceback and technical words stay. Time is linear in the text.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from kumon_observe.model.fields import holds_text
from kumon_observe.model.privacy import MASK

_HEADER = re.compile(r"[ |+-]*(?:Exception Group )?Traceback \(most recent call last\):")
_FRAME = re.compile(r'([ |]*)File "[^"]*", line \d+(?:, in [\w.<>]+)?')
_MARKS = re.compile(r"[ |]*[~^][ ~^]*")
_CHAINED: Final = frozenset(
    {
        "During handling of the above exception, another exception occurred:",
        "The above exception was the direct cause of the following exception:",
    }
)

_PHONE_NUMBER: Final = r"[+*(]{0,3}\d[\d()*~ -]{2,22}(?:@[\w.]{1,40})?"
_SAYS: Final = "said|says|wrote|asked|replied|answered|disse|escreveu|perguntou|respondeu"
_OPENING = re.compile(
    r"(?P<intro>"
    r"\b(?:render|generation) failed: cannot \w{1,40}(?: with\b)?"
    r"|\bcannot (?:render|generate|answer|reply|respond)\b(?: (?:with|to|from)\b)?"
    r"|\bunresolved template:"
    rf"|\b(?:to|from|para|de) {_PHONE_NUMBER} ?:(?!\d)"
    rf"|\b(?:{_SAYS}) ?:"
    r")"
    r"|(?P<key>(?<!\w)\\{0,4}[\"']?(?P<name>[A-Za-z_][A-Za-z0-9_.-]{0,40})\\{0,4}[\"']?"
    r"(?:\s(?:was|is))?\s{0,4}(?::(?!:)|=(?!=)))"
    r"|(?P<quote>(?<!\w)[bBuUrRfF]{0,2}\\{0,4}(?P<mark>[\"'“«\u2018]))"
)
_MARK = re.compile(r"[bBuUrRfF]{0,2}\\{0,4}(?P<mark>[\"'“«\u2018])")
_CLOSES: Final = {"“": "”", "«": "»", "\u2018": "\u2019"}
_NEXT_ITEM: Final = r"\s{0,8},\s{0,8}(?:\\{0,4}[\"'\[{(]|[A-Za-z_]\w{0,60}=|\Z)"
_VALUE_ENDS = re.compile(rf"\s*(?:[|)\]}}]|\Z)|{_NEXT_ITEM}|\s+[A-Za-z_]\w{{0,60}}=|\n")
_SPACE = re.compile(r"\s*")
_STRUCTURE = re.compile(r"(?:\[\s{0,4})?\{?\s{0,4}[bBuU]{0,2}\\{0,4}[\"']")
_LAST: Final = r"[\s)\]}]{0,8}\Z"
_NO_WORDS = re.compile(
    rf"(?:None|True|False|true|false|null|\[\]|\{{\}}|\d{{1,3}}|\*{{3}})(?={_LAST}|[)\]}}]{{0,4}}{_NEXT_ITEM})"
)
_CONVERSATION = re.compile(
    rf"([\"']?)[A-Za-z0-9_.@+*~-]{{1,128}}\1(?={_LAST}|[)\]}}]{{0,4}}{_NEXT_ITEM}|[ \t]{{0,8}}\n)"
)
_REASONS: Final = (
    "Bad Request|Unauthorized|Forbidden|Not Found|Conflict|Too Many Requests|Internal Server Error|"
    "Bad Gateway|Service Unavailable|Gateway Timeout"
)
_HTTP: Final = rf"(?:HTTP )?[1-5]\d\d(?: (?:{_REASONS}))?"
_OF_PROGRAM = re.compile(r"[A-Za-z0-9_.:/@+%#*~=<>()\[\]-]{0,80}")
_HTTP_ALONE = re.compile(rf"{_HTTP}|{_REASONS}")
_TECHNICAL = re.compile(
    rf"(?:[A-Za-z_][\w.]{{0,80}}(?:Error|Exception|Timeout)(?::\s*|(?=\s|\Z)))?(?:{_HTTP}(?=[\s,;:.]|\Z))?"
)
_MOST_ESCAPES: Final = 4


def masked(text: str) -> str:
    """*text* with what people wrote replaced by ``***``; what is masked already stays as it is."""
    shown: list[str] = []
    prose: list[str] = []
    lines = text.split("\n")
    under: str | None = None
    for number, line in enumerate(lines):
        frame = _FRAME.fullmatch(line)
        source = under is not None and (line.startswith(under) or _MARKS.fullmatch(line) is not None)
        if frame is not None or source or _of_traceback(lines, number):
            shown += [*_flushed(prose), line]
            prose = []
        else:
            prose.append(line)
        if frame is not None:
            under = f"{frame[1]} "
        elif not (source and _MARKS.fullmatch(_at(lines, number + 1))):
            under = None
    return "\n".join([*shown, *_flushed(prose)])


def _flushed(lines: list[str]) -> list[str]:
    return [_masked("\n".join(lines))] if lines else []


def _at(lines: list[str], number: int) -> str:
    return lines[number] if number < len(lines) else ""


def _of_traceback(lines: list[str], number: int) -> bool:
    """Whether a line belongs to tracebacks themselves; a heading does if a frame follows."""
    heading = number + 2 if lines[number] in _CHAINED else number
    return bool(_HEADER.fullmatch(_at(lines, heading)) and _FRAME.match(_at(lines, heading + 1)))


class _Quoted(NamedTuple):
    """Where words in quotes begin and end, and where the text goes on after the closing quote."""

    start: int
    end: int
    after: int


def _masked(text: str) -> str:
    """Text between frames: looks for the next thing that words may stand in, and goes on behind it."""
    shown: list[str] = []
    unpaired: set[str] = set()
    done = at = 0
    while (opening := _OPENING.search(text, at)) is not None:
        at = opening.end()
        if opening["name"] is not None:
            if not holds_text(opening["name"]):
                continue
            at = _after_space(text, at)
            plain = _plain_value(text, at, opening["name"])
            if plain is not None:
                at = plain
                continue
        mark = opening if opening["quote"] is not None else _MARK.match(text, at)
        if opening["intro"] is not None or mark is None:
            return "".join([*shown, text[done:at], _without_words(text, at)])
        quoted = _value(text, mark) if mark is not opening else _words(text, mark, unpaired)
        if quoted is None:
            continue
        at = quoted.after
        if quoted.end > quoted.start and (mark is not opening or _says_something(text, quoted)):
            shown += (text[done : quoted.start], MASK)
            done = quoted.end
    return "".join([*shown, text[done:]])


def _without_words(text: str, at: int) -> str:
    """What is shown of *text* from *at* on, all of which a person may have written: technical words."""
    technical = _TECHNICAL.match(text, _after_space(text, at))
    end = technical.end() if technical is not None else at
    rest = text[end:].strip()
    if rest in ("", MASK):
        return text[at:]
    kept = text[at:end].rstrip()
    return f"{kept} {MASK}" if kept or text[at : at + 1].isspace() else MASK


def _plain_value(text: str, at: int, name: str) -> int | None:
    """Where to go on if the value at *at* of the field *name* is none that a person wrote, or has parts."""
    plain = _NO_WORDS.match(text, at)
    if plain is None and name.lower() == "conversation":
        plain = _CONVERSATION.match(text, at)
    if plain is not None:
        return plain.end()
    return at + 1 if text[at : at + 1] in "[{" and _STRUCTURE.match(text, at) else None


def _after_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return at if space is None else space.end()


def _value(text: str, mark: re.Match[str]) -> _Quoted:
    """The quoted value of a field; it ends at a quote with which a value can end."""
    start, level = mark.end(), mark[0].count("\\")
    closing = _CLOSES.get(mark["mark"], mark["mark"])
    end = text.find(closing, start)
    while end >= 0:
        escapes = _escapes(text, end, start)
        if escapes <= level and _VALUE_ENDS.match(text, end + 1):
            return _Quoted(start, end - escapes, end + 1)
        end = text.find(closing, end + 1)
    return _Quoted(start, len(text), len(text))


def _words(text: str, mark: re.Match[str], unpaired: set[str]) -> _Quoted | None:
    """What stands in quotes of its own, quotes inside and apostrophes passed over; up to the end if unclosed.

    An unclosed quote around nothing is no quote; its kind is *unpaired* from then on.
    """
    sign, start, level = mark["mark"], mark.end(), mark[0].count("\\")
    if sign in unpaired:
        return None
    closing = _CLOSES.get(sign, sign)
    depth = 1
    end = text.find(closing, start)
    while end >= 0:
        escapes = _escapes(text, end, start)
        if escapes <= level:
            before, after = text[end - escapes - 1], text[end + 1 : end + 2]
            if end - escapes > start and (before.isspace() or before in "([") and after.isalnum():
                depth += 1
            elif not (after.isalnum() or after == "_"):
                depth -= 1
                if depth == 0:
                    return _Quoted(start, end - escapes, end + 1)
        end = text.find(closing, end + 1)
    rest = _Quoted(start, len(text), len(text))
    if _says_something(text, rest):
        return rest
    unpaired.add(sign)
    return None


def _escapes(text: str, at: int, start: int) -> int:
    """How many backslashes stand before *at*, as far as it matters."""
    before = text[max(start, at - _MOST_ESCAPES) : at]
    return len(before) - len(before.rstrip("\\"))


def _says_something(text: str, quoted: _Quoted) -> bool:
    """Whether words in quotes may be a person's rather than one word of a program."""
    words = text[quoted.start : quoted.end]
    return not (_OF_PROGRAM.fullmatch(words) or _HTTP_ALONE.fullmatch(words)) and any(map(str.isalnum, words))
