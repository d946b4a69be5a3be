"""The Portuguese (Brazil) of every sentence, by its English template."""

from __future__ import annotations

from kumon_observe.present.pt import (
    alerts,
    checks,
    commands,
    engine,
    observer,
    outbox,
    reading,
    screens,
    state,
)

CATALOGUE: dict[str, str] = {
    **alerts.SENTENCES,
    **checks.SENTENCES,
    **commands.SENTENCES,
    **engine.SENTENCES,
    **observer.SENTENCES,
    **outbox.SENTENCES,
    **reading.SENTENCES,
    **screens.SENTENCES,
    **state.SENTENCES,
}
