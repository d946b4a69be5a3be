"""Which file holds what was read, and which files came after it."""

from __future__ import annotations

from collections.abc import Sequence

from kumon_observe.reading.following.beside import Beside
from kumon_observe.reading.following.piece import Place


def holder_of(place: Place, files: Sequence[Beside]) -> Beside | None:
    """The one of *files*, oldest first, that begins with what was read at *place*.

    The file itself goes before a copy of it. Of a few bytes without a time, two logs may have the same: then
    only the file itself is believed, unless one alone has them.
    """
    same = next((one for one in files if one.plain is not None and one.identity == place.identity), None)
    if same is not None and same.holds(place.mark):
        return same
    if not place.mark.length:
        return None
    ordered = sorted(files, key=lambda one: (one.plain is None, one.modified < place.modified))
    if place.mark.telling:
        return next((one for one in ordered if one.holds(place.mark)), None)
    found = [one for one in ordered if one.holds(place.mark)]
    return found[0] if len(found) == 1 else None


def newer_than(own: Beside | None, place: Place, files: Sequence[Beside]) -> list[Beside]:
    """Those of *files*, oldest first, that came after *own*, which holds what was read at *place*.

    Where nothing holds it, the times of their last changes tell. Of a file of which nothing was read, the
    same time may be that of the first line.
    """
    if own is not None:
        return list(files[files.index(own) + 1 :])
    if not place.mark.length:
        return [one for one in files if one.modified >= place.modified]
    return [one for one in files if one.modified > place.modified and not _is_of(place, one)]


def _is_of(place: Place, one: Beside) -> bool:
    return place.mark.telling and one.begins_with(place.mark)
