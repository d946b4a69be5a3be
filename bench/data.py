"""Makes the logs once and keeps them for the next run."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from attrs import asdict, evolve

from bench.contenders import Log
from bench.logs import RECIPES, Known, write_log

_MAKER = Path(__file__).resolve().parent / "logs"


def log(kind: str, size: int, folder: Path, *, planted_every: int = 97) -> Log:
    """The log of *kind* with *size* bytes in *folder*; made if it is not there or its recipe has changed.

    One turn out of *planted_every* goes wrong.

    Raises:
        OSError: it cannot be written.
    """
    recipe = evolve(RECIPES[kind], size=size, planted_every=planted_every)
    made_by = b"".join(path.read_bytes() for path in sorted(_MAKER.glob("*.py")))
    mark = hashlib.sha256(made_by + json.dumps(asdict(recipe)).encode()).hexdigest()[:12]
    path = folder / f"{kind}-{size}.log"
    booked = folder / f"{kind}-{size}.json"
    try:
        book = json.loads(booked.read_text(encoding="utf-8"))
        if book["mark"] == mark and path.stat().st_size == book["known"]["size"]:
            return Log(kind, path, Known.from_json(book["known"]))
    except (OSError, ValueError, KeyError):
        pass
    folder.mkdir(parents=True, exist_ok=True)
    booked.unlink(missing_ok=True)
    known = write_log(path, recipe)
    booked.write_text(json.dumps({"mark": mark, "known": known.to_json()}), encoding="utf-8")
    return Log(kind, path, known)


def warm(path: Path) -> None:
    """Bring the file into the page cache."""
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 20):
            pass
