"""The commented ``kumon-observe.toml`` that ``init`` writes."""

from __future__ import annotations

import json
from typing import Any, Final

from kumon_observe.config.lines import Path
from kumon_observe.config.meanings import MEANINGS
from kumon_observe.config.options import dotted, kind_path, options, value_at
from kumon_observe.config.settings import Settings
from kumon_observe.model.threshold import Threshold

_HEAD: Final = """\
# kumon-observe: every option with its default. Take off the "# " before an option to change it.
#
# An environment variable beats this file (KUMON_OBSERVE_CHECKS__HANDOFF__GRACE=30), a flag beats both.
# ${NAME} in a text stands for an environment variable. What is in force, and why: kumon-observe config show
"""

_EXAMPLES: Final = {"routes": ("slack",)}
"""A name for named tables of which none is there by default, so that their options are shown."""


def template() -> str:
    """The text of the file; loading it as it is gives the defaults.

    Of the tables that bear names, the first of a kind has every option; the others have what differs.
    """
    lines = [_HEAD.rstrip("\n")]
    table: Path = ()
    told: set[Path] = set()
    for path, field in options(names=_EXAMPLES).items():
        kind = kind_path(path)
        value = field.default if path[0] in _EXAMPLES else value_at(Settings(), path)
        if kind in told and value == field.default:
            continue
        if path[:-1] != table:
            table = path[:-1]
            lines += ["", "", f"[{dotted(table)}]"]
        if kind not in told:
            told.add(kind)
            lines += ["", f"# {MEANINGS[dotted(kind)]}"]
        lines.append(f"# {path[-1]} = {written(value)}")
    return "\n".join(lines) + "\n"


def written(value: Any) -> str:
    """*value* as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(written(part) for part in value)}]"
    if isinstance(value, (str, Threshold)):
        return json.dumps(str(value), ensure_ascii=False)
    return str(value)
