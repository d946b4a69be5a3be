"""One turn of the app: the records that it logs, and what of them is booked."""

from __future__ import annotations

import random
from typing import Final

from attrs import define

from bench.logs.known import Known
from bench.logs.layouts import TraceFrames

GOOD_INSTANCE: Final = "kumon_assistant"
ECHOED: Final = 50
_KEYED: Final = 0.05


@define
class Parent:
    """One conversation. ``owed``: its last turn saw a message in delivery and sent nothing."""

    conv: str
    phone: str
    turns_left: int
    owed: bool = False


class Turn:
    """One turn's records, in their order, as the first release logs them."""

    accepted = "unknown"
    refused = "unknown"

    def __init__(
        self, parent: Parent, frames: TraceFrames, known: Known, rng: random.Random, heap: list[str]
    ) -> None:
        self.lines: list[str] = []
        self.parent = parent
        self._known = known
        self._frames = frames
        self._random = rng.random
        self._bits = rng.getrandbits
        self._heap = heap
        self._key = f"conv={parent.conv}|idem={self._idem()}"
        self._messages = 0
        self._state = self._new_object()
        self._outbox = self._new_object()

    def _idem(self) -> str:
        return f"{self._bits(64):016x}" if self._random() < _KEYED else "unknown"

    def _new_object(self) -> str:
        return self._heap[int(self._random() * len(self._heap))]

    def new_outbox(self) -> None:
        """From here on the outbox is another object than before."""
        before = self._outbox
        while self._outbox == before:
            self._outbox = self._new_object()

    def planned(self, messages: int) -> None:
        """A planner pass: the outbox before and after it."""
        self._messages = messages
        self._outbox_trace("planner", 0)
        self._queue(messages)
        self._outbox_trace("planner", messages)

    def _queue(self, messages: int) -> None:
        """What the app logs for each message that enters the outbox: nothing."""

    def delivered(self, messages: int) -> None:
        """Delivery begins and finds so many messages."""
        self._outbox_trace("delivery", messages)
        self._known.pairs += 1

    def _outbox_trace(self, phase: str, count: int) -> None:
        ids = f"state_id={self._state}|outbox_id={self._outbox}"
        message = f"OUTBOX_TRACE|phase={phase}|{self._key}|{ids}|count={count}"
        self.lines.append(self._frames.outbox.around(message))

    def sent(self, *, ok: bool = True, answered: bool = True, instance: str = GOOD_INSTANCE) -> None:
        """A message goes to the provider, which takes it or does not."""
        frames, key = self._frames, self._key
        self._resolve(instance)
        message = f"DELIVERY_TRACE|action=send|instance={instance}|phone={self.parent.phone}|{key}"
        self.lines.append(frames.send.around(message))
        if not answered:
            return
        status, http = ("success", self.accepted) if ok else ("failed", self.refused)
        self._known.success += ok
        self._known.failed += not ok
        self.lines.append(
            frames.result.around(
                f"DELIVERY_TRACE|action=result|status={status}|http={http}|instance={instance}|{key}"
            )
        )

    def _resolve(self, instance: str) -> None:
        message = f"INSTANCE_TRACE|source=meta|instance={instance}|{self._key}"
        self.lines.append(self._frames.instance.around(message))

    def unresolved_instance(self) -> None:
        """No instance is found, so nothing is sent."""
        message = f"INSTANCE_TRACE|source=error|instance=no_valid_instance_found|{self._key}"
        self.lines.append(self._frames.instance.around(message))

    def guard(self) -> None:
        """The app's own guard says that the replies vanished."""
        head = "OUTBOX_GUARD|level=CRITICAL|type=handoff_violation"
        message = f"{head}|planner_after={self._messages}|delivery_before=0|{self._key}"
        self.lines.append(self._frames.outbox_guard.around(message))
        self._known.guard_lines += 1

    def instance_guard(self, value: str) -> None:
        """The app's own guard met a wrong instance name."""
        message = f"INSTANCE_GUARD|level=CRITICAL|type=invalid_pattern|value={value}|{self._key}"
        self.lines.append(self._frames.instance_guard.around(message))
        self._known.guard_lines += 1

    def quote(self, text: str) -> None:
        """The app warns of a parent's message, and quotes it whole."""
        self.lines.append(self._frames.quote.around(f"Template render failed: cannot render with {text}"))

    def echo(self, text: str) -> None:
        """The app tells the first fifty characters of what it sent."""
        message = f"WhatsApp message sent successfully to {self.parent.phone}: {text[:ECHOED]}..."
        self.lines.append(self._frames.echo.around(message))

    def quote_on_a_line_of_its_own(self, text: str) -> None:
        """The app warns of a message whose second line looks like a trace."""
        message = self._frames.escaped(f"Template render failed: cannot render with Bom dia!\n{text}")
        self.lines.append(self._frames.quote.around(message))


class NewerTurn(Turn):
    """One turn of the newer release: short planner lines, no instance lines, the provider's own codes."""

    accepted = "200"
    refused = "500"

    def _idem(self) -> str:
        return "unknown"

    def _queue(self, messages: int) -> None:
        """A short planner line for each message, with the hash of the message."""
        for number in range(1, messages + 1):
            ids = f"idem={self._bits(64):016x}|state_id={self._state}"
            message = f"OUTBOX_TRACE|phase=planner|conv={self.parent.conv}|{ids}|outbox_count={number}"
            self.lines.append(self._frames.queued.around(message))

    def _resolve(self, instance: str) -> None:
        """It tells an instance in what it sends alone."""
