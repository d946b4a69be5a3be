"""Items about the machine and the set-up: the watch, the disk, the configuration, the seals."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from kumon_observe.model.ages import age
from kumon_observe.model.checklist import Item
from kumon_observe.model.errors import ConfigError
from kumon_observe.model.phrase import counted, phrase
from kumon_observe.model.status import Status
from kumon_observe.model.watched import FRESH
from kumon_observe.monitor.checklist.look import Look, attention, ok
from kumon_observe.monitor.heartbeat import heartbeat_age, heartbeat_file
from kumon_observe.parsing.sealing import Sealer

_TENTH: Final = 10


def watch(look: Look) -> Item:
    """Whether the watch is running: its heartbeat, not a process of its name."""
    name, title = "watch", phrase("the watch is running")
    file, command = str(heartbeat_file(look.settings)), "kumon-observe watch"
    since = heartbeat_age(look.settings, look.now)
    if since is None:
        found = phrase("there is no heartbeat: no watch runs on this state")
        return attention(name, title, found, gravity=Status.CRITICAL, file=file, command=command)
    found = phrase("its heartbeat is {age} old", age=age(since))
    if since > FRESH:
        return attention(name, title, found, gravity=Status.CRITICAL, file=file, command=command)
    return ok(name, title, found, file=file)


def disk(look: Look) -> Item:
    """Whether there is room for the logs and the state."""
    name, title = "disk", phrase("there is room on the disk")
    least = look.settings.archive.least_free
    rooms = []
    for folder in dict.fromkeys((look.directory, *map(_folder, look.sources))):
        there = next((place for place in (folder, *folder.parents) if place.exists()), Path())
        usage = shutil.disk_usage(there)
        rooms.append((usage.free >= least, usage.free / usage.total, usage.free, usage.total, there))
    _, _, free, total, place = min(rooms)
    place = place.absolute()
    found = phrase("{free} of {total} are free", free=_size(free), total=_size(total))
    is_tight = free < least
    if is_tight or free * _TENTH < total:
        gravity = Status.CRITICAL if is_tight else Status.WARNING
        return attention(name, title, found, gravity=gravity, file=str(place), command=f"df -h {place}")
    return ok(name, title, found, file=str(place))


def configuration(look: Look) -> Item:
    """Whether the configuration is in force, with all plugins."""
    name, title = "configuration", phrase("the configuration can be used")
    broken = [plugin for plugin in look.registry.plugins if plugin.error is not None]
    if broken:
        sentences = tuple(phrase("plugin {name}: {error}", name=one.name, error=one.error) for one in broken)
        found = phrase("{what}", what=sentences)
        return attention(name, title, found, file=look.config_file, command="kumon-observe plugins")
    if look.config_file:
        found = phrase("{file} is in force", file=look.config_file)
    else:
        found = phrase("no configuration file: the defaults are in force")
    return ok(name, title, found, file=look.config_file, command="kumon-observe config show")


def sealing(look: Look) -> Item:
    """Whether the keys of the seals can be used."""
    name, title = "sealing", phrase("the keys of the seals can be used")
    try:
        sealer = Sealer.of(look.settings.sealing)
    except ConfigError as error:
        found = str(error)
        return attention(name, title, found, gravity=Status.CRITICAL, command="kumon-observe doctor")
    if sealer is None:
        return ok(name, title, phrase("traces need no seal: no key is configured under [sealing]"))
    return ok(name, title, counted(len(sealer.ids), "1 key can be used", "{n} keys can be used"))


def _folder(source: str) -> Path:
    path = Path(source).expanduser()
    return path if path.is_dir() else path.parent


def _size(count: int) -> str:
    size = float(count)
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} TiB"
