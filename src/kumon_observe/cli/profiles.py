"""``--profile``: one part of the day."""

from __future__ import annotations

from kumon_observe.cli import errors
from kumon_observe.cli.options import Option
from kumon_observe.model.phrase import phrase
from kumon_observe.model.profile import Profile
from kumon_observe.present.language import translatable

NAMES = tuple(profile.value for profile in Profile)


def profile_option() -> Option:
    """``--profile PROFILE``."""
    text = translatable("one part of the day: morning, afternoon or night")
    return Option(("--profile",), metavar="PROFILE", help=text)


def profile_named(name: str | None) -> Profile | None:
    """The profile *name*; ``None`` where none was given.

    Raises:
        CommandLineError: there is no such profile.
    """
    if name is None:
        return None
    if name not in NAMES:
        raise errors.no_such(phrase("profile"), name, NAMES)
    return Profile(name)
