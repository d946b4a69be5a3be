"""A trace message alone, without any prefix: only for a source that is so as a whole."""

from __future__ import annotations

from kumon_observe.model.protocols import Explained
from kumon_observe.parsing.grammar import is_trace


class PlainLayout:
    """The ``plain`` layout; ``whole_source`` keeps it from any source in which records have prefixes."""

    name = "plain"
    whole_source = True

    def explain(self, record: str) -> Explained | None:
        """*record* itself if it begins as a trace."""
        return Explained(message=record) if is_trace(record) else None
