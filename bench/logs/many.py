"""A log of very many conversations, one turn each, to standard output.

Pipe it: ``python -m bench.logs.many 20000000 | kumon-observe health -``; what it holds is told on standard
error once it was taken. Conversations begin 40 ms apart, with eight turns in flight at a time.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from bench.logs.known import Known
from bench.logs.layouts import FIRST, Frame, TraceFrames
from bench.logs.turn import GOOD_INSTANCE

_IN_FLIGHT: Final = 8
_A_SECOND: Final = 25
_EACH: Final = 1_000 // _A_SECOND
_PHONES: Final = 5_551_900_000_000
_HEAP: Final = 140_303_500_000_000
_LAST_SILENCE: Final = 300
_FRAMES: Final = TraceFrames.of("dash")
_OUTBOX: Final = f"{_FRAMES.outbox.before}OUTBOX_TRACE|phase="
_INSTANCE: Final = f"{_FRAMES.instance.before}INSTANCE_TRACE|source=meta|instance={GOOD_INSTANCE}|conv="
_SEND: Final = f"{_FRAMES.send.before}DELIVERY_TRACE|action=send|instance={GOOD_INSTANCE}|phone="
_RESULT: Final = (
    f"{_FRAMES.result.before}DELIVERY_TRACE|action=result|status=success|http=unknown|"
    f"instance={GOOD_INSTANCE}|conv="
)


def _key(number: int) -> str:
    return f"conv_{_PHONES + number}_20250115_060000|idem=unknown"


def _outbox(number: int, phase: str, at: str) -> str:
    """An outbox trace up to its count."""
    ids = f"|state_id={_HEAP + 128 * number}|outbox_id={_HEAP + 128 * number + 64}|count="
    return f"{at}{_OUTBOX}{phase}|conv={_key(number)}{ids}"


def _begun(number: int, at: str) -> str:
    planner = _outbox(number, "planner", at)
    return f"{planner}0\n{planner}1\n"


def _ended(number: int, at: str, *, lost: bool) -> str:
    delivery = _outbox(number, "delivery", at)
    if lost:
        return f"{delivery}0\n"
    key = _key(number)
    return (
        f"{delivery}1\n{at}{_INSTANCE}{key}\n{at}{_SEND}{_PHONES + number}|conv={key}\n{at}{_RESULT}{key}\n"
    )


def many(conversations: int, *, lost_every: int = 97) -> tuple[Iterator[bytes], Known]:
    """The log a second at a time, and what it holds: one conversation out of *lost_every* loses its reply."""
    lost = conversations // lost_every
    sent = conversations - lost
    known = Known(turns=conversations, lost=lost, success=sent, pairs=conversations)
    known.traces = 3 * conversations + 3 * sent
    known.lines = known.traces + 1
    return _seconds(conversations, lost_every, known), known


def _seconds(conversations: int, lost_every: int, known: Known) -> Iterator[bytes]:
    steps = conversations + _IN_FLIGHT
    for first in range(0, steps, _A_SECOND):
        second = _second(first // _A_SECOND)
        parts: list[str] = []
        for number in range(first, min(first + _A_SECOND, steps)):
            at = f"{second}{(number - first) * _EACH:03}"
            if number < conversations:
                parts.append(_begun(number, at))
            ready = number - _IN_FLIGHT
            if ready >= 0:
                parts.append(_ended(ready, at, lost=(ready + 1) % lost_every == 0))
        yield _booked("".join(parts), known)
    goodbye = Frame.of("dash", "shutdown", 77, logger="app.main").around("Application shutdown complete.")
    yield _booked(f"{_second(steps // _A_SECOND + _LAST_SILENCE)}000{goodbye}", known)


def _second(number: int) -> str:
    return datetime.fromtimestamp(FIRST // 1_000_000 + number, UTC).strftime("%Y-%m-%d %H:%M:%S,")


def _booked(text: str, known: Known) -> bytes:
    data = text.encode()
    known.size += len(data)
    return data


def main() -> None:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(prog="python -m bench.logs.many", description=__doc__)
    parser.add_argument("conversations", type=int)
    parser.add_argument("--lost-every", type=int, default=97, help="one turn out of so many is lost (97)")
    given = parser.parse_args()
    pieces, known = many(given.conversations, lost_every=given.lost_every)
    sys.stdout.buffer.writelines(pieces)
    sys.stdout.flush()
    print(json.dumps(known.to_json()), file=sys.stderr)


if __name__ == "__main__":
    main()
