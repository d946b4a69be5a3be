"""The Portuguese (Brazil) of every sentence, by its English template."""

from __future__ import annotations

from kumon_observe.present.pt import (
    archiving,
    checks,
    commands,
    deploying,
    engine,
    following,
    observer,
    reading,
    screens,
    state,
)

CATALOGUE: dict[str, str] = {
    **archiving.SENTENCES,
    **checks.SENTENCES,
    **commands.SENTENCES,
    **deploying.SENTENCES,
    **engine.SENTENCES,
    **following.SENTENCES,
    **observer.SENTENCES,
    **reading.SENTENCES,
    **screens.SENTENCES,
    **state.SENTENCES,
}
