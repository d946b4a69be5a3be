"""All that plugins provide, built-in ones included, with what is wrong about any of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from kumon_observe.plugins.kinds import CHECK, KINDS, PARSER, SINK, Kind
from kumon_observe.plugins.plugin import Plugin, found

if TYPE_CHECKING:
    from kumon_observe.config.settings import Settings
    from kumon_observe.model.protocols import Check, Parser, Sink
    from kumon_observe.model.setup import PluginInfo


class BrokenPlugin(NamedTuple):
    """A ``plugin`` that a verdict has to do without, and the ``reason``."""

    plugin: str
    reason: str

    def __str__(self) -> str:
        return f"plugin {self.plugin}: {self.reason}"


class Registry:
    """What is installed and can be used.

    A name of a check, layout or sink belongs to the plugin that took it first; the later one is refused.
    Nothing that a plugin does makes a method of this class raise.
    """

    def __init__(self, plugins: Iterable[Plugin], settings: Settings) -> None:
        self._plugins = tuple(plugins)
        self._settings = settings
        self._owners: dict[tuple[str, str], Plugin] = {}
        for kind in KINDS:
            for plugin, provided in self._collect(kind):
                plugin.provides.append(f"{kind.noun} {provided.name}")
                plugin.remember(provided)

    @classmethod
    def load(cls, settings: Settings, *, extra: Iterable[object] = (), entry_points: bool = True) -> Self:
        """Find and load all plugins.

        ``extra`` plugins are given as objects; without ``entry_points`` installed packages are not asked.
        """
        return cls(found(settings, extra, entry_points=entry_points), settings)

    @property
    def plugins(self) -> tuple[PluginInfo, ...]:
        """Every plugin that was found, the disabled and the broken ones too."""
        return tuple(plugin.info() for plugin in self._plugins)

    def parsers(self) -> list[Parser]:
        """The layouts."""
        return [parser for _, parser in self._collect(PARSER)]

    def checks(self) -> list[Check]:
        """New checks that have seen nothing."""
        return [check for _, check in self._collect(CHECK)]

    def sinks(self) -> list[Sink]:
        """The channels for alerts."""
        return [sink for _, sink in self._collect(SINK)]

    def broken_checks(self) -> list[BrokenPlugin]:
        """The plugins without whose checks or layouts a verdict over all checks would claim too much."""
        return [
            BrokenPlugin(plugin.name, "; ".join(plugin.errors))
            for plugin in self._plugins
            if plugin.breaks_verdict
        ]

    def unknown_disabled(self) -> list[str]:
        """The names that the configuration disables and that no plugin has."""
        known = {plugin.name for plugin in self._plugins}
        return [name for name in self._settings.plugins.disabled if name not in known]

    def _collect(self, kind: Kind) -> list[tuple[Plugin, Any]]:
        collected = []
        seen: set[str] = set()
        for plugin in self._plugins:
            for candidate in plugin.ask(kind, self._settings):
                name = candidate.name
                owner = self._owners.setdefault((kind.noun, name), plugin)
                if owner is plugin and name not in seen:
                    seen.add(name)
                    collected.append((plugin, candidate))
                else:
                    plugin.fail(_taken(kind, name, owner, plugin), kind)
        return collected


def _taken(kind: Kind, name: str, owner: Plugin, later: Plugin) -> str:
    if owner is later:
        return f"plugin {later.name!r} gives the {kind.noun} {name!r} twice: only the first is used"
    return (
        f"the {kind.noun} {name!r} of plugin {later.name!r} is not used: "
        f"plugin {owner.name!r} took the name first; rename it or disable one of the two"
    )
