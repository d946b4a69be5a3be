"""A new plugin package: ready to install, with tests that pass."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase

KINDS: Final = ("check", "sink", "layout")

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST: Final = 40
_PREFIX: Final = "kumon-"
_OURS: Final = ("observe", "observe-native")
"""What would be packages of this project."""

_ENVIRONMENT: Final = (
    "The environment says where it posts to: `{0}_URL`, and `{0}_TOKEN` if it needs one.\n\n"
)


def refusal(name: str, kind: str) -> Sentence | None:
    """Why *name* cannot be that of a new *kind*; ``None`` if it can."""
    if len(name) > _LONGEST or _NAME.fullmatch(name) is None:
        return phrase(
            "the name {name!r} cannot be used: write at most {most} letters a-z and digits, "
            "beginning with a letter, with single hyphens between words (slow-turns)",
            name=name,
            most=_LONGEST,
        )
    if name.startswith(_PREFIX):
        return phrase(
            "the name {name!r} cannot be used: the package is called {prefix}NAME by itself, write {rest!r}",
            name=name,
            prefix=_PREFIX,
            rest=name.removeprefix(_PREFIX),
        )
    if name in (*_OURS, *_taken(kind)):
        return phrase("the name {name!r} is taken by kumon-observe itself: choose another", name=name)
    return None


def folder_of(name: str) -> str:
    """The package's own name, and that of its folder."""
    return _PREFIX + name


def files_of(name: str, kind: str) -> dict[str, str]:
    """The text of each file of a package for a *kind* called *name*, by its path in the package's folder.

    *name* and *kind* are such as :func:`refusal` has nothing to say about, and one of :data:`KINDS`.
    """
    from kumon_observe import __version__

    module = folder_of(name).replace("-", "_")
    words = {
        "name": name,
        "kind": kind,
        "package": folder_of(name),
        "module": module,
        "Class": "".join(map(str.capitalize, name.split("-"))),
        "VARIABLE": module.upper(),
        "environment": _ENVIRONMENT.format(module.upper()) if kind == "sink" else "",
        "version": ".".join(__version__.split(".")[:2]),
    }
    templates = {
        "pyproject.toml": "pyproject.toml.txt",
        "README.md": "README.md.txt",
        f"{module}.py": f"{kind}.py.txt",
        f"test_{module}.py": f"{kind}_test.py.txt",
    }
    return {
        path: re.sub(r"@(\w+)@", lambda place: words[place[1]], _text(template))
        for path, template in templates.items()
    }


@cache
def _text(template: str) -> str:
    from importlib.resources import files

    return files(__name__).joinpath(template).read_text(encoding="utf-8")


def _taken(kind: str) -> set[str]:
    """The names of the built-in plugin and of what it gives of that *kind*."""
    from kumon_observe.config.settings import Settings
    from kumon_observe.plugins.plugin import BUILT_IN
    from kumon_observe.plugins.registry import Registry

    (built_in,) = Registry.load(Settings(), entry_points=False).plugins
    given = (provided.split(" ") for provided in built_in.provides)
    return {BUILT_IN, *(name for noun, name in given if noun == kind)}
