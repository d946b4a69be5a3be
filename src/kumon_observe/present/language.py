"""The language that a person reads: English templates looked up in a Portuguese catalogue.

It imports nothing heavy, because ``kumon-observe --help`` stands on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kumon_observe.model.evidence import Sentence

LANGUAGES = ("pt", "en")
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def translatable(template: str) -> str:
    """*template* itself; marks a text that is looked up later, so that the catalogue's test finds it."""
    return template


def detect(environ: Mapping[str, str]) -> str:
    """``pt`` or ``en`` by the locale variables, the first that is set deciding as in POSIX."""
    for name in _LOCALE_VARIABLES:
        locale = environ.get(name, "")
        if locale:
            return "pt" if locale.lower().startswith("pt") else "en"
    return "en"


class Language:
    """Turns sentences into text of one language; a template without an entry stays English."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._catalogue: Mapping[str, str] | None = None

    def __call__(self, sentence: Sentence) -> str:
        """The text of *sentence*; a plain ``str`` has no translation and stays as it is."""
        return sentence if isinstance(sentence, str) else sentence.render(self.translate)

    def translate(self, template: str) -> str:
        """The template in this language, its ``{places}`` untouched."""
        if self.code != "pt":
            return template
        if self._catalogue is None:
            from kumon_observe.present.pt import CATALOGUE

            self._catalogue = CATALOGUE
        return self._catalogue.get(template, template)
