"""What a template of ``[alerting]`` may name."""

from __future__ import annotations

from typing import Final

NAMES: Final = (
    "action",
    "at",
    "by",
    "check",
    "comment",
    "evidence",
    "found",
    "incident",
    "level",
    "link",
    "news",
    "place",
    "rule",
    "severity",
    "since",
    "status",
    "summary",
    "title",
    "until",
)
"""The names for which an alert has a value (docs/sinks.md)."""


def of_names(_settings: object, _attribute: object, text: str) -> None:
    """Check that *text* is a template of :data:`NAMES`.

    Raises:
        ValueError: it is not written as one, or it names something else.
    """
    from string import Template

    template = Template(text)
    if not template.is_valid():
        raise ValueError("has a $ that begins no name: write $$ for a plain one")
    wrong = sorted(set(template.get_identifiers()).difference(NAMES))
    if wrong:
        named = " and ".join(f"${name}" for name in wrong)
        raise ValueError(f"names {named}, and there are only {', '.join(f'${name}' for name in NAMES)}")
