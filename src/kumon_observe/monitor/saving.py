"""What a watch knows, kept so that it goes on after a stop, a crash or an update where it stood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from kumon_observe.engine.state_key import key_of
from kumon_observe.model.errors import StateError
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.state.cursors import Cursors
from kumon_observe.state.packing import packed, unpacked

if TYPE_CHECKING:
    from kumon_observe.engine.following import Following
    from kumon_observe.monitor.judged import Judged

FORM: Final = 1
"""The form of what is saved; to be raised with any change in what it holds or means."""


class Saving:
    """Keeps what *following* and *judged* know in *store*, under what it depends on.

    What is kept is always one moment of both, so that what was read after it is read and judged again after
    a crash: an incident knows what it was told of.
    """

    def __init__(self, store: Cursors, following: Following, judged: Judged, specs: Sequence[str]) -> None:
        self._store = store
        self._following = following
        self._judged = judged
        run = judged.run
        self._key = None
        if "-" not in specs:  # what is piped in begins anew with each watch
            self._key = key_of(
                ["watch", FORM, sorted(specs)],
                judged.checks,
                settings=run.settings,
                options=run.scan_options,
                registry=run.plugins,
            )
        self.saved_at: datetime | None = None

    def load(self) -> Sentence | None:
        """Go on from what is kept; why that cannot be, if it cannot: then nothing was done to either.

        Raises:
            StateError: it cannot, and both are spoilt: they have to be made anew.
        """
        if self._key is None:
            return None
        value, note = self._store.load(self._key)
        if value is None:
            return note
        try:
            saved = unpacked(value, FORM)
            self._judged.restore(saved["judged"])
            self._following.restore(saved["following"])
        except (KeyError, TypeError, ValueError, AttributeError, LookupError) as error:
            self._store.drop(self._key)
            raise StateError(f"what the last watch saved cannot be used: {error}") from error
        except StateError:
            self._store.drop(self._key)
            raise
        return None

    def save(self, now: datetime) -> Sentence | None:
        """Keep what is known now; what hinders, if anything."""
        if self._key is None:
            return None
        judged = self._judged.saved()
        if judged is None:
            return None
        value: dict[str, Any] = {
            "form": FORM,
            "judged": judged,
            "following": self._following.saved(),
        }
        try:
            content = packed(value)
        except (RecursionError, TypeError, ValueError):
            return phrase("what a check saves is no JSON, so that all is read again after a stop")
        note = self._store.save(self._key, content)
        if note is None:
            self.saved_at = now
        return note and phrase("what was judged is not saved: {why}", why=note)
