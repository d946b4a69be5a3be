"""The records between the traces, as a busy container writes them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Final

from bench.logs.layouts import Frame

_POOL: Final = 4096
_PLANNER: Final = "app.core.router.response_planner"
_DELIVERY: Final = "app.core.router.delivery_io"
_NAMES: Final = ("Ana", "João", "Conceição", "Luís", "Beatriz", "Mário", "Zoë", "Antônia")
_TEXTS: Final = (
    "Olá, {name}! A aula experimental é gratuita, posso agendar 😊",
    "Oi {name}, atendemos de segunda a sexta das 9h às 18h.",
    "{name}, o material é próprio e já vem incluído na mensalidade.",
    "Bom dia, {name}!\nPosso ajudar com mais alguma informação?",
)
_CONTEXT: Final = (
    "TURN_LOCK|acquired",
    "TURN_LOCK|released",
    "DELIVERY_REHYDRATE|items=1",
    "REDIS_OUTBOX|push_success",
    "REDIS_OUTBOX|planner_persisted",
)
_COUNTED: Final = (
    "planner_outbox_count_before: {}",
    "planner_outbox_count_after: {}",
    "PRE-DELIVERY \N{EN DASH} Outbox contains {} message(s)",
    "Delivery completed: {} messages sent, 0 queued",
    "idempotency_dedup_hits: {}",
)
_STACK: Final = (
    'Traceback (most recent call last):\n  File "/app/app/core/router/{module}.py", line {line}, in send\n'
    "    reply = await self.client.post(url, json=payload)\n"
    '  File "/app/app/core/clients/http.py", line 88, in post\n    response.raise_for_status()\n'
    "ReadTimeout: the provider did not answer within 30 s"
)


class _Speaker:
    """Draws one noise record after the other."""

    def __init__(self, layout: str, rng: random.Random) -> None:
        self._layout = layout
        self._rng = rng

    def _phone(self) -> str:
        return f"555190{self._rng.randrange(10_000):07}"

    def _in_frame(self, logger: str, function: str, message: str, level: str = "INFO") -> str:
        frame = Frame.of(self._layout, function, 40 + len(function), logger=logger, level=level)
        return frame.around(json.dumps(message)[1:-1] if self._layout == "json" else message)

    def counted(self) -> str:
        """A figure that the planner or the delivery tells."""
        message = self._rng.choice(_COUNTED).format(self._rng.randrange(3))
        return self._in_frame(_PLANNER, "response_planner_node", message)

    def keys(self) -> str:
        """What a queued item looks like."""
        keys = "first item keys: ['text', 'channel', 'meta', 'idempotency_key', 'created_at', 'attempts']"
        return self._in_frame(_DELIVERY, "delivery_node", f"delivery {keys}")

    def echoed(self) -> str:
        """A reply, cut to fifty characters; some go over two lines."""
        text = self._rng.choice(_TEXTS).format(name=self._rng.choice(_NAMES))[:50]
        message = f"WhatsApp message sent successfully to {self._phone()}: {text}..."
        return self._in_frame(_DELIVERY, "emit_to_channel", message)

    def access(self) -> str:
        """A record of the app, and the web server's own line after it."""
        host = f"100.64.0.{self._rng.randrange(2, 12)}:{self._rng.randrange(20_000, 60_000)}"
        line = f'INFO:     {host} - "POST /api/v1/evolution/webhook/messages-upsert HTTP/1.1" 200 OK\n'
        return self._in_frame("app.api.evolution", "messages_upsert", "webhook answered in 41 ms") + line

    def context(self) -> str:
        """A message in the form of a trace that no check uses."""
        kind = self._rng.choice(_CONTEXT)
        return self._in_frame(
            "app.core.router.turn_lock", "acquire", f"{kind}|conv=conv_{self._phone()}_20250115_100000|ms=3"
        )

    def payload(self) -> str:
        """A webhook's whole body."""
        rng = self._rng
        body = {
            "event": "messages.upsert",
            "instance": "kumon_assistant",
            "data": {
                "key": {"remoteJid": f"{self._phone()}@s.whatsapp.net", "id": f"{rng.getrandbits(80):020X}"},
                "pushName": rng.choice(_NAMES),
                "message": {"conversation": rng.choice(_TEXTS).format(name=rng.choice(_NAMES))},
                "messageTimestamp": 1_736_931_600 + rng.randrange(36_000),
            },
            "destination": "http://kumon-assistant:8000/api/v1/evolution/webhook",
            "server_url": "http://evolution:8080",
            "apikey": "***",
        }
        return self._in_frame("app.api.evolution", "messages_upsert", f"webhook body: {json.dumps(body)}")

    def query(self) -> str:
        """A statement of the database."""
        message = (
            "SELECT conversations.id, conversations.phone, conversations.stage, conversations.state, "
            f"conversations.updated_at FROM conversations WHERE conversations.phone = '{self._phone()}' "
            f"ORDER BY conversations.updated_at DESC LIMIT {self._rng.randrange(1, 9)} [cached 12.41s ago]"
        )
        return self._in_frame("app.core.database", "execute", message, "DEBUG")

    def failure(self) -> str:
        """An error with its traceback."""
        stack = _STACK.format(module="delivery_io", line=self._rng.randrange(100, 400))
        return self._in_frame(_DELIVERY, "delivery_node", f"could not reach the provider\n{stack}", "ERROR")

    def records(self) -> Iterator[str]:
        """Noise without end; about as long as traces are, on average."""
        sayings: tuple[Callable[[], str], ...] = (
            self.counted, self.keys, self.echoed, self.access, self.context, self.payload, self.query
        )  # fmt: skip
        weights = (22, 12, 10, 12, 8, 14, 21)
        while True:
            rare = self._rng.random() < 0.01
            yield self.failure() if rare else self._rng.choices(sayings, weights)[0]()


def noise(layout: str, rng: random.Random) -> list[str]:
    """Many records without their stamps, in no order; some go over several lines."""
    records = _Speaker(layout, rng).records()
    return [next(records) for _ in range(_POOL)]
