"""The Portuguese (Brazil) of every sentence, by its English template."""

from __future__ import annotations

from kumon_observe.present.pt import checks, commands, engine, observer, reading, screens, sinks, state

CATALOGUE: dict[str, str] = {
    **checks.SENTENCES,
    **commands.SENTENCES,
    **engine.SENTENCES,
    **observer.SENTENCES,
    **reading.SENTENCES,
    **screens.SENTENCES,
    **sinks.SENTENCES,
    **state.SENTENCES,
}
