"""``{"log":"…\\n","stream":"stdout","time":"…Z"}``, docker's json-file driver; wraps any layout."""

from __future__ import annotations

from kumon_observe.model.protocols import Explained
from kumon_observe.parsing.layouts.json_object import read_moment, read_object


class DockerLayout:
    """The ``docker`` layout. An entry without a newline at its end is a chunk of a longer record."""

    name = "docker"
    wraps = True

    def explain(self, record: str) -> Explained | None:
        """The line that the container wrote, without its newline."""
        if record[:1] != "{":
            return None
        found = read_object(record)
        if found is None or found.form != "docker":
            return None
        log, stream = found.members["log"], found.members.get("stream")
        ends = log.endswith("\n")
        moment = read_moment(found.members.get("time"))
        return Explained(
            inner=log[:-1].removesuffix("\r") if ends else log,
            inner_ends=ends,
            at=moment.at if moment else None,
            precise=moment.precise if moment else False,
            stream=stream if isinstance(stream, str) else "",
        )
