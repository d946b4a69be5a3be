"""The verdict on a story, with plugins that need not be installed."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import evolve

from kumon_observe.config.settings import Settings
from kumon_observe.engine.analyze import analyze
from kumon_observe.model.errors import PluginError
from kumon_observe.model.verdict import Verdict
from kumon_observe.plugins.registry import Registry
from kumon_observe.testing.story import Story


def judged(
    log: Story | str | bytes, *plugins: Any, layout: str = "json", settings: Settings | None = None
) -> Verdict:
    """What the built-in checks and those of *plugins* say of *log*.

    *log* is a story, written in *layout*, or the log itself. *plugins* are modules or objects with hooks;
    installed packages take no part. The log lies in a folder of its own while it is read, and so does what
    would be kept of it. Nothing in it is masked: a story has no person's data.

    Raises:
        PluginError: one of *plugins* cannot be used; says why.
    """
    with TemporaryDirectory() as folder:
        within = evolve(settings or Settings(), state_dir=folder)
        registry = Registry.load(within, extra=plugins, entry_points=False)
        for plugin in registry.plugins:
            if plugin.error:
                raise PluginError(f"the plugin {plugin.name} cannot be used: {plugin.error}")
        path = Path(folder) / "app.log"
        path.write_bytes(_bytes(log, layout))
        return analyze(path, settings=within, registry=registry, show_personal_data=True)


def _bytes(log: Story | str | bytes, layout: str) -> bytes:
    if isinstance(log, Story):
        return log.render(layout)
    return log.encode() if isinstance(log, str) else log
