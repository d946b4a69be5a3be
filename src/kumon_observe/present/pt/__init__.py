"""The Portuguese (Brazil) of every sentence, by its English template."""

from __future__ import annotations

from kumon_observe.present.pt import checks, commands, engine, following, observer, reading, screens, state

CATALOGUE: dict[str, str] = {
    **checks.SENTENCES,
    **commands.SENTENCES,
    **engine.SENTENCES,
    **following.SENTENCES,
    **observer.SENTENCES,
    **reading.SENTENCES,
    **screens.SENTENCES,
    **state.SENTENCES,
}
