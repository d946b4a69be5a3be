"""The JSON Schemas (2020-12) of everything that ``--json`` prints, shipped with the package."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

from kumon_observe.model.errors import UsageError

_COMMON: Final = "common"

SCHEMAS: Final = (
    "acknowledgement",
    "alert",
    "alerts",
    "archive",
    "backtest",
    "checklist",
    "config",
    "doctor",
    "explanation",
    "listing",
    "package",
    "performance",
    "plugins",
    "rules-test",
    "schedule",
    "tailed",
    "tried",
    "verdict",
)
"""The names that :func:`load_schema` takes; a document ``kumon-observe/NAME/1`` is of the schema NAME."""


def load_schema(name: str) -> dict[str, Any]:
    """The schema *name* with the shared definitions bundled in, so that it needs no other document.

    Raises:
        UsageError: there is no schema of this name.
    """
    if name not in SCHEMAS:
        raise UsageError(f"there is no schema {name!r}: use one of {', '.join(SCHEMAS)}")
    schema: dict[str, Any] = json.loads(_text(name))
    schema["$defs"] = {**schema.get("$defs", {}), _COMMON: json.loads(_text(_COMMON))}
    return schema


@cache
def _text(name: str) -> str:
    from importlib.resources import files

    return files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8")
