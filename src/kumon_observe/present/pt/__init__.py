"""The Portuguese (Brazil) of every sentence, by its English template."""

from __future__ import annotations

from kumon_observe.present.pt import (
    alerts,
    archiving,
    checks,
    commands,
    deploying,
    engine,
    observer,
    outbox,
    reading,
    screens,
    state,
)

CATALOGUE: dict[str, str] = {
    **alerts.SENTENCES,
    **archiving.SENTENCES,
    **checks.SENTENCES,
    **commands.SENTENCES,
    **deploying.SENTENCES,
    **engine.SENTENCES,
    **observer.SENTENCES,
    **outbox.SENTENCES,
    **reading.SENTENCES,
    **screens.SENTENCES,
    **state.SENTENCES,
}
