"""The names of fields in log messages: which a trace has, and which hold what people wrote."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

KNOWN_FIELDS: Final = {
    "OUTBOX_TRACE": frozenset({"phase", "conv", "idem", "state_id", "outbox_id", "count", "outbox_count"}),
    "INSTANCE_TRACE": frozenset({"source", "instance", "conv", "idem"}),
    "DELIVERY_TRACE": frozenset({"action", "status", "http", "instance", "phone", "conv", "idem"}),
    "OUTBOX_GUARD": frozenset({"level", "type", "planner_after", "delivery_before", "conv", "idem"}),
    "INSTANCE_GUARD": frozenset({"level", "type", "value", "conv", "idem"}),
    "DELIVERY": frozenset({"turn", "idem", "provider_id", "text_len", "conv"}),
}
"""The fields of each kind of trace (TRACES section 1)."""

ESCAPED: Final = "esc"
"""The field by which a trace says that its values are escaped."""

PROCESS: Final = "pid"
"""The process that wrote an escaped trace."""

TURN: Final = "turn"
"""The turn of an escaped trace."""

SEAL: Final = "seal"
"""The seal of an escaped trace, which stands last."""

NEWER_FIELDS: Final = frozenset({ESCAPED, PROCESS, TURN, SEAL})
"""What an escaped trace of any kind may have besides; in others these are fields that nobody knows."""

TRACE_FIELDS: Final = frozenset().union(*KNOWN_FIELDS.values())
"""The fields of all kinds."""

_WORDS: Final = (
    "(?:text|message|msg|body|content|conversation|caption|response|result|prompt|input|answer|texto|resposta)s?"
    "|bodies|reply|replies|mensagem|mensagens"
)
_MEASURES: Final = (
    "len|length|counts?|total|size|limit|ids?|keys?|hash|types?|kind|format|status|code|index|number|name"
    "|url|at|time|ts|ms|tokens|role|channel|lang|language"
)
_PART: Final = r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])"


@lru_cache(maxsize=1024)
def holds_text(name: str) -> bool:
    """Whether a field called *name* holds words of people: ``user_message`` does, ``text_len`` does not."""
    parts = [part.lower() for part in re.findall(_PART, name)]
    if not parts or re.fullmatch(_MEASURES, parts[-1]):
        return False
    return any(re.fullmatch(_WORDS, part) for part in parts)
