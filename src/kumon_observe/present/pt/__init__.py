"""The Portuguese (Brazil) of every sentence, by its English template."""

from __future__ import annotations

from kumon_observe.present.pt import (
    alerts,
    archiving,
    checks,
    commands,
    dashboard,
    deploying,
    engine,
    following,
    monitor,
    observer,
    outbox,
    reading,
    rhythm,
    screens,
    sinks,
    state,
)

CATALOGUE: dict[str, str] = {
    **alerts.SENTENCES,
    **archiving.SENTENCES,
    **checks.SENTENCES,
    **commands.SENTENCES,
    **dashboard.SENTENCES,
    **deploying.SENTENCES,
    **engine.SENTENCES,
    **following.SENTENCES,
    **monitor.SENTENCES,
    **observer.SENTENCES,
    **outbox.SENTENCES,
    **reading.SENTENCES,
    **rhythm.SENTENCES,
    **screens.SENTENCES,
    **sinks.SENTENCES,
    **state.SENTENCES,
}
