"""Which saved state belongs to a log, to these checks and to this way of reading."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kumon_observe.engine.cursor import Keeper
from kumon_observe.engine.judge import JudgedCheck
from kumon_observe.engine.keeping import FORM, Keeping
from kumon_observe.engine.seen import Seen
from kumon_observe.parsing.scan import Scanner
from kumon_observe.reading import LogFile
from kumon_observe.reading.files import Identity, RegularFile

if TYPE_CHECKING:
    from kumon_observe.config.settings import Settings
    from kumon_observe.parsing.options import ScanOptions
    from kumon_observe.plugins.registry import Registry

_DIGEST: Final = 16


def keeping_of(keeper: Keeper, file: LogFile, scanner: Scanner, seen: Seen) -> Keeping | None:
    """The keeping of a run over the plain *file*; ``None`` if one of the checks keeps no state."""
    content = file.content
    key = _key(keeper, content.planned) if isinstance(content, RegularFile) else None
    if key is None:
        return None
    options = keeper.options.written_at(datetime.fromtimestamp(file.modified or 0, UTC))
    return Keeping(keeper.cursor, key, file, scanner, options, keeper.checks, seen)


def _key(keeper: Keeper, identity: Identity) -> str | None:
    return key_of(
        [FORM, identity],
        keeper.checks,
        settings=keeper.settings,
        options=keeper.options,
        registry=keeper.registry,
    )


def key_of(
    what: object,
    checks: Sequence[JudgedCheck],
    *,
    settings: Settings,
    options: ScanOptions,
    registry: Registry,
) -> str | None:
    """What a saved state of *what* depends on besides its own bytes; with anything else it is another state.

    What one of *checks* saves that has seen nothing is its name, its options and its form. ``None`` if one
    of them keeps no state.
    """
    import hashlib

    states = [judged.saved() for judged in checks]
    if None in states:
        return None
    told = {
        "what": what,
        "checks": [(_code(judged.check), state) for judged, state in zip(checks, states, strict=True)],
        "layouts": [(parser.name, _code(parser)) for parser in options.parsers],
        "plugins": [(plugin.name, plugin.version, plugin.provides) for plugin in registry.plugins],
        "layout": options.layout,
        "timezone": settings.timezone,
        "trusted": settings.trusted_loggers,
        "max_record": options.max_record,
        "sealing": () if options.sealer is None else options.sealer.ids,
    }
    return hashlib.blake2b(json.dumps(told, default=str).encode(), digest_size=_DIGEST).hexdigest()


def _code(thing: object) -> tuple[object, ...]:
    """Which code *thing* runs, as far as files tell: somebody may be changing it without a new version."""
    kind = type(thing)
    module = kind.__module__
    if module.split(".")[0] == __name__.split(".")[0]:
        return module, kind.__qualname__, _own_code()
    file = getattr(sys.modules.get(module), "__file__", None)
    return module, kind.__qualname__, _looks(file) if file else ()


@cache
def _own_code() -> str:
    """A digest of how this package's own files look."""
    import hashlib

    digest = hashlib.blake2b(digest_size=8)
    for folder, folders, files in os.walk(Path(__file__).parents[1]):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(files):
            path = os.path.join(folder, name)  # noqa: PTH118 - there are many of them
            digest.update(repr((path, _looks(path))).encode())
    return digest.hexdigest()


def _looks(path: str) -> tuple[int, ...]:
    try:
        status = os.stat(path)  # noqa: PTH116 - as above
    except OSError:
        return ()
    return status.st_mtime_ns, status.st_size
