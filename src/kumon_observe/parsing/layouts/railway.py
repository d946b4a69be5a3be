"""Railway's ``{"message":"…","severity":"info","timestamp":"…Z","attributes":{…}}``; wraps any layout."""

from __future__ import annotations

from kumon_observe.model.protocols import Explained
from kumon_observe.parsing.layouts.json_object import read_moment, read_object


class RailwayLayout:
    """The ``railway`` layout. An object that names a logger is the app's own record instead (``json``)."""

    name = "railway"
    wraps = True

    def explain(self, record: str) -> Explained | None:
        """The line that the service wrote."""
        if record[:1] != "{":
            return None
        found = read_object(record)
        if found is None or found.form != "railway":
            return None
        moment = read_moment(found.members["timestamp"])
        if moment is None:
            return None
        inner = found.members["message"].removesuffix("\n").removesuffix("\r")
        return Explained(inner=inner, at=moment.at, precise=moment.precise)
