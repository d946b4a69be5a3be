"""One plugin: how it is found, loaded and asked, with every failure kept as its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pluggy

from kumon_observe.plugins import hookspecs, installed
from kumon_observe.plugins.kinds import KINDS, Kind, fault, objects_of

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from kumon_observe.config.settings import Settings
    from kumon_observe.model.setup import PluginInfo

BUILT_IN: Final = "builtin"
_BUILT_IN_MODULE: Final = "kumon_observe.builtin"
_FAILURES: Final = (Exception, SystemExit)
"""What foreign code may raise without taking the program with it; Ctrl-C passes."""


class Plugin:
    """A plugin with the manager that it alone is registered with, so that it cannot reach into another.

    ``errors`` are sentences by the kind of thing that is missing because of them (``None``: everything).
    """

    def __init__(self, name: str, origin: str, version: str | None = None) -> None:
        self.name = name
        self.origin = origin
        self.version = version
        self.disabled = False
        self.provides: list[str] = []
        self.errors: dict[str, Kind | None] = {}
        self._manager: pluggy.PluginManager | None = None
        self._first: list[object] = []

    def load(self, obtain: Callable[[], object]) -> None:
        """Import the plugin by *obtain* and register its hooks; a failure is kept."""
        try:
            self._manager = _registered(obtain(), self.name)
        except _FAILURES as error:
            self.fail(f"cannot be loaded: {_told(error)}")

    def fail(self, sentence: str, kind: Kind | None = None) -> None:
        """Keep that something of this plugin is not used."""
        self.errors.setdefault(sentence, kind)

    def ask(self, kind: Kind, settings: Settings) -> list[Any]:
        """The usable objects of *kind* that its hook gives."""
        if self._manager is None:
            return []
        try:
            hook = getattr(self._manager.hook, kind.hook)
            answers = hook(settings=settings)
            if hook.get_hookimpls() and not answers:  # pluggy leaves out an answer that is None
                answers = [None]
            candidates = objects_of(answers, kind)
        except _FAILURES as error:
            self.fail(f"{kind.hook}: {_told(error)}", kind)
            return []
        return [candidate for candidate in candidates if self._usable(candidate, kind)]

    def remember(self, candidate: object) -> None:
        """Keep an object of the first round, to see whether later rounds give new ones."""
        self._first.append(candidate)

    def _usable(self, candidate: object, kind: Kind) -> bool:
        try:
            reason = fault(candidate, kind)
        except _FAILURES as error:
            reason = f"an object of {type(candidate).__name__} cannot be looked at: {_told(error)}"
        if reason is None and kind.stateful and any(candidate is known for known in self._first):
            reason = f"the {kind.noun} {candidate.name!r} was given before: make a new one at every call"  # type: ignore[attr-defined]
        if reason is not None:
            self.fail(f"{kind.hook}: {reason}", kind)
        return reason is None

    @property
    def breaks_verdict(self) -> bool:
        """Whether something is missing without which a verdict would claim too much."""
        return any(kind is None or kind.needed_to_judge for kind in self.errors.values())

    def info(self) -> PluginInfo:
        """What the commands show of it."""
        from kumon_observe.model.setup import PluginInfo

        return PluginInfo(
            name=self.name,
            version=self.version,
            origin=self.origin,
            provides=tuple(self.provides),
            error="; ".join(self.errors) or None,
            disabled=self.disabled,
        )


_Candidate: TypeAlias = tuple[Plugin, Callable[[], object]]


def found(settings: Settings, extra: Iterable[object], *, entry_points: bool) -> list[Plugin]:
    """All plugins, loaded unless disabled: the built-in one, those of packages by name, *extra* ones."""
    candidates = [_built_in()]
    if entry_points:
        candidates += map(_packaged, _entry_points())
    candidates += map(_given, extra)
    taken: dict[str, Plugin] = {}
    for plugin, obtain in candidates:
        plugin.disabled = plugin.name in settings.plugins.disabled
        other = taken.setdefault(plugin.name, plugin)
        if other is not plugin and not plugin.disabled:
            plugin.fail(f"the name {plugin.name!r} of {plugin.origin} is taken by {other.origin}")
        elif not plugin.disabled:
            plugin.load(obtain)
    return [plugin for plugin, _ in candidates]


def _built_in() -> _Candidate:
    from kumon_observe import __version__

    return Plugin(BUILT_IN, "built in", __version__), partial(import_module, _BUILT_IN_MODULE)


def _entry_points() -> list[EntryPoint]:
    if not installed.may_have(hookspecs.PROJECT):
        return []
    import importlib.metadata

    found = importlib.metadata.entry_points(group=hookspecs.PROJECT)
    return sorted(found, key=lambda point: (point.name, point.value))


def _packaged(point: EntryPoint) -> _Candidate:
    plugin = Plugin(point.name, f"module {point.module}")
    package = point.dist
    with suppress(Exception):  # a package that was half removed has no metadata, and may still be imported
        if package is not None and package.name:
            plugin.origin, plugin.version = f"package {package.name}", package.version
    return plugin, point.load


def _given(plugin: object) -> _Candidate:
    name = getattr(plugin, "__name__", None) or type(plugin).__name__
    return Plugin(str(name), "given by the program"), partial(_same, plugin)


def _same(plugin: object) -> object:
    return plugin


def _registered(plugin: object, name: str) -> pluggy.PluginManager:
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(plugin, name=name)
    manager.check_pending()
    if not manager.get_hookcallers(plugin):
        hooks = ", ".join(kind.hook for kind in KINDS)
        raise TypeError(f"it implements no hook: mark one of {hooks} with @kumon_observe.hookimpl")
    return manager


def _told(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
