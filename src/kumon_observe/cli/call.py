"""One call of a command: what was typed, and everything that it leads to."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO

from kumon_observe.cli import output
from kumon_observe.cli.errors import CommandLineError
from kumon_observe.clock import Clock, utc_now
from kumon_observe.model.errors import ConfigError, MissingExtraError
from kumon_observe.model.phrase import phrase
from kumon_observe.model.zones import named_zone
from kumon_observe.present.language import Language, detect

if TYPE_CHECKING:
    from kumon_observe.config.load import LoadedSettings
    from kumon_observe.config.settings import Settings
    from kumon_observe.engine.cursor import Cursor
    from kumon_observe.engine.progress import Told
    from kumon_observe.engine.run import RunOptions
    from kumon_observe.model.document import JsonObject
    from kumon_observe.plugins.registry import Registry
    from kumon_observe.present.view import View

_DEFAULT_LOG = "app.log"
_SETTINGS = ("timezone", "layout", "lang")


class Call:
    """The common options as given, by their names; ``logs`` as typed."""

    def __init__(
        self,
        given: Mapping[str, Any],
        logs: tuple[str, ...] = (),
        environ: Mapping[str, str] = os.environ,
        clock: Clock = utc_now,
    ) -> None:
        self.given = given
        self.logs = logs
        self.environ = environ
        self.clock = clock
        if given.get("quiet") and given.get("verbose"):
            raise CommandLineError(phrase("--quiet and --verbose contradict each other: give one of them"))

    def again(self) -> Call:
        """The same call with the configuration as it is now."""
        return Call(self.given, self.logs, self.environ, self.clock)

    @cached_property
    def loaded(self) -> LoadedSettings:
        """The configuration with the flags over it."""
        from kumon_observe.config.load import load_settings

        flags = {name: self.given.get(name) for name in _SETTINGS}
        return load_settings(self.given.get("config"), self.environ, flags)

    @cached_property
    def registry(self) -> Registry:
        """The plugins."""
        from kumon_observe.plugins.registry import Registry

        return Registry.load(self.loaded.settings)

    @cached_property
    def language(self) -> Language:
        """The person's: ``--lang``, then the configuration, then the locale."""
        return Language(self._taste.lang or self.given.get("lang") or detect(self.environ))

    @cached_property
    def zone(self) -> tzinfo | None:
        """The zone of shown times: the configured one, then that of ``--timezone``, then the machine's."""
        name = self._taste.display_timezone or self.given.get("timezone")
        return named_zone(name) if name else None

    @property
    def _taste(self) -> Settings:
        """The settings as far as they shape the output: an unusable configuration is shown all the same."""
        from kumon_observe.config.settings import Settings

        try:
            return self.loaded.settings
        except (ConfigError, MissingExtraError):
            return Settings()

    def view(self, *, wrap_always: bool = True) -> View:
        """How the answer is shown."""
        from kumon_observe.present.view import View

        given = self.given
        return View(
            language=self.language,
            zone=self.zone,
            look=output.look(self.environ, colour=not given.get("no_color"), wrap_always=wrap_always),
            verbose=bool(given.get("verbose")),
            quiet=bool(given.get("quiet")),
            shown=given.get("limit"),
            logs=self.logs,
        )

    @property
    def sources(self) -> tuple[str, ...]:
        """What is read: the logs typed, else the configured ones, else ``app.log``."""
        return self.logs or self.loaded.settings.sources or (_DEFAULT_LOG,)

    def reading(self) -> RunOptions:
        """The options that every engine function takes."""
        return {
            "settings": self.loaded.settings,
            "registry": self.registry,
            "since": self._moment("since"),
            "until": self._moment("until"),
            "rotated": bool(self.given.get("rotated")),
            "show_personal_data": bool(self.given.get("show_personal_data")),
            "jobs": self.given.get("jobs") or cores(),
            "stdin": stdin(),
            "progress": self._watcher(),
            "clock": self.clock,
        }

    @cached_property
    def cursor(self) -> Cursor | None:
        """What a verdict goes on from, and leaves for the next call; ``None`` with ``--full``."""
        if self.given.get("full"):
            return None
        from kumon_observe.engine.cursor import Cursor
        from kumon_observe.engine.pseudonym_key import state_folder

        return Cursor(state_folder(self.loaded.settings), self.clock)

    def tell_of_cursor(self) -> None:
        """Say what came in its way, with ``--verbose``: the answer does not depend on it."""
        if self.cursor is not None and self.given.get("verbose"):
            for note in self.cursor.notes:
                output.complain(self.language(note))

    def _watcher(self) -> Told | None:
        """What is told how far the reading has come: somebody at a terminal, or who asked for figures."""
        given = self.given
        wanted = output.is_watched() or given.get("verbose")
        if not wanted or given.get("quiet") or given.get("no_progress"):
            return None
        from kumon_observe.cli.progress import watcher

        return watcher(self.language, verbose=bool(given.get("verbose")))

    def limit(self, usual: int) -> int:
        """``--limit``, else *usual*."""
        limit = self.given.get("limit")
        return usual if limit is None else int(limit)

    def typed(self, text: str | None) -> str:
        """What somebody wrote for others, or a name: phones in it become pseudonyms (TRACES section 9)."""
        from kumon_observe.engine.pseudonym_key import load_key
        from kumon_observe.model.privacy import Pseudonyms

        return Pseudonyms(load_key(self.loaded.settings).value).phones(text.strip()) if text else ""

    @property
    def json(self) -> bool:
        """Whether a JSON object is wanted."""
        return bool(self.given.get("json"))

    def print_json(self, document: JsonObject) -> None:
        """Print *document*, on one line unless a person reads it."""
        from kumon_observe.model.document import to_text

        output.write(to_text(document, indent=2 if output.is_terminal() else None) + "\n")

    def _moment(self, name: str) -> datetime | None:
        text = self.given.get(name)
        if text is None:
            return None
        from kumon_observe.cli.when import moment

        return moment(f"--{name}", text, self.clock(), self.zone)


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def stdin() -> BinaryIO | None:
    """What ``-`` reads; ``None`` when it is closed."""
    return None if sys.stdin is None else sys.stdin.buffer
