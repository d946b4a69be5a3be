"""What is wrong with this set-up, part by part, and what to do about it."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kumon_observe.config.load import load_settings
from kumon_observe.config.settings import Settings
from kumon_observe.engine.analyze import analyze
from kumon_observe.engine.extras import Extras
from kumon_observe.engine.pseudonym_key import state_directory
from kumon_observe.model.errors import ConfigError, MissingExtraError, UsageError
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import counted, phrase
from kumon_observe.model.setup import Health, SetupFinding
from kumon_observe.model.verdict import SourceReport
from kumon_observe.parsing.choice import is_compiled
from kumon_observe.parsing.sealing import Sealer
from kumon_observe.plugins.registry import Registry

DEFAULT_SOURCE: Final = "app.log"
_A_ZONE: Final = "America/Sao_Paulo"


def diagnose(
    sources: Sequence[str] = (),
    *,
    config: str | Path | None = None,
    environ: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    registry: Registry | None = None,
    rotated: bool = False,
    stdin: BinaryIO | None = None,
) -> tuple[SetupFinding, ...]:
    """Look at everything that an answer needs; never raises for what it finds.

    *sources* are read whole (default: the configured ones, else ``app.log``). *config*, *environ* and
    *cwd* are as :func:`~kumon_observe.config.load.load_settings` has them. An unusable configuration is a
    finding, and the rest is then looked at with the defaults.
    """
    settings, configuration = _configuration(config, environ, cwd)
    plugins = registry or Registry.load(settings)
    sealer, sealing = _sealing(settings)
    return (
        SetupFinding(topic="python", sentence=phrase("Python {version}", version=platform.python_version())),
        *_extras(Extras.installed()),
        _scan(),
        _time_zones(),
        *configuration,
        *_plugins(plugins),
        *_sinks(plugins),
        _state(state_directory(settings)),
        sealing,
        *(
            _sources(sources, settings, plugins, sealer, rotated, stdin)
            if sealing.health is Health.OK
            else ()
        ),
    )


def _configuration(
    path: str | Path | None, environ: Mapping[str, str] | None, cwd: Path | None
) -> tuple[Settings, list[SetupFinding]]:
    try:
        loaded = load_settings(path, environ, cwd=cwd)
    except (ConfigError, MissingExtraError) as error:
        sentences = error.problems if isinstance(error, ConfigError) else (str(error),)
        remedy = phrase("until then everything else here is looked at with the defaults")
        return Settings(), [_problem("config", sentence, remedy) for sentence in sentences]
    if loaded.file is None:
        return loaded.settings, [_ok("config", phrase("no configuration file: the defaults are in force"))]
    return loaded.settings, [_ok("config", phrase("{file} is in force", file=loaded.file))]


def _extras(extras: Extras | None) -> Iterator[SetupFinding]:
    if extras is None:
        sentence = phrase("kumon-observe is not installed as a package, so its extras cannot be told")
        yield _warning("extras", sentence, phrase("install it with pip"))
        return
    yield _ok("extras", phrase("installed: {names}", names=", ".join(extras.present) or "-"))
    if extras.absent:
        yield _ok(
            "extras",
            phrase("not installed, and needed only if used: {names}", names=", ".join(extras.absent)),
        )


def _scan() -> SetupFinding:
    if is_compiled():
        return _ok("scan", phrase("the compiled scan reads the logs"))
    return _ok(
        "scan",
        phrase("the scan in Python reads the logs: the compiled one (native/) says the same, faster"),
    )


def _time_zones() -> SetupFinding:
    try:
        ZoneInfo(_A_ZONE)
    except ZoneInfoNotFoundError:
        return _problem("time zones", phrase("there is no time zone data"), phrase("install tzdata"))
    return _ok("time zones", phrase("time zone data is present"))


def _plugins(registry: Registry) -> Iterator[SetupFinding]:
    for plugin in registry.plugins:
        if plugin.error is not None:
            remedy = phrase(
                "update or remove it ({origin}), or disable it under [plugins]", origin=plugin.origin
            )
            sentence = phrase("plugin {name}: {error}", name=plugin.name, error=plugin.error)
            yield _problem("plugins", sentence, remedy)
        elif not plugin.disabled:
            names = ", ".join(plugin.provides) or "-"
            yield _ok("plugins", phrase("plugin {name} gives {names}", name=plugin.name, names=names))
    for name in registry.unknown_disabled():
        sentence = phrase("plugins.disabled names {name}, and no plugin is called so", name=name)
        yield _warning("plugins", sentence, phrase("see kumon-observe plugins for the names"))


def sink_faults(registry: Registry) -> list[str]:
    """Why some sinks cannot deliver as they are configured, a sentence each."""
    return [fault for _, fault in _faulty(registry)]


def _faulty(registry: Registry) -> list[tuple[str, str]]:
    faults = [(sink.name, getattr(sink, "fault", None)) for sink in registry.sinks()]
    return [(name, fault) for name, fault in faults if isinstance(fault, str) and fault]


def _sinks(registry: Registry) -> Iterator[SetupFinding]:
    faulty = dict(_faulty(registry))
    sound = [sink.name for sink in registry.sinks() if sink.name not in faulty]
    yield _ok("sinks", phrase("alerts can go to {names}", names=", ".join(sound) or "-"))
    for name, fault in faulty.items():
        remedy = phrase("until then {name} refuses every alert", name=name)
        yield _problem("sinks", fault, remedy)


def _state(directory: Path) -> SetupFinding:
    existing = next((folder for folder in (directory, *directory.parents) if folder.exists()), directory)
    try:
        if existing == directory:
            with tempfile.TemporaryFile(dir=directory) as file:
                file.write(b"a full disk takes a name, and no bytes")
        elif not (existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)):
            raise PermissionError
    except OSError:
        sentence = phrase("the state folder {path} cannot be written", path=str(directory))
        remedy = phrase("make it writable, or set state_dir; until then pseudonyms change from run to run")
        return _warning("state", sentence, remedy)
    return _ok("state", phrase("the state folder is {path}", path=str(directory)))


def _sealing(settings: Settings) -> tuple[Sealer | None, SetupFinding]:
    try:
        sealer = Sealer.of(settings.sealing)
    except ConfigError as error:
        return None, _problem("sealing", str(error), phrase("until then no log is judged"))
    if sealer is None:
        return None, _ok("sealing", phrase("traces need no seal: no key is configured under [sealing]"))
    sentence = counted(
        len(sealer.ids),
        "only traces count that are sealed with the key {keys}",
        "only traces count that are sealed with one of the keys {keys}",
        keys=", ".join(sealer.ids),
    )
    return sealer, _ok("sealing", sentence)


def _sources(
    sources: Sequence[str],
    settings: Settings,
    registry: Registry,
    sealer: Sealer | None,
    rotated: bool,
    stdin: BinaryIO | None,
) -> Iterator[SetupFinding]:
    named = tuple(sources) or settings.sources
    if not named and not Path(DEFAULT_SOURCE).exists():
        sentence = phrase("no log is named, and there is no {name} here", name=DEFAULT_SOURCE)
        yield _warning("sources", sentence, phrase("name one on the command line, or under sources"))
        return
    try:
        verdict = analyze(
            named or (DEFAULT_SOURCE,), settings=settings, registry=registry, rotated=rotated, stdin=stdin
        )
    except UsageError as error:
        yield _problem("sources", str(error), phrase("correct it and try again"))
        return
    for report in verdict.sources:
        yield from _source(report, settings)
        unsealed = report.problems.get("unsealed", 0)
        if unsealed and sealer is not None:
            traces = counted(unsealed, "1 trace has", "{n} traces have")
            sentence = phrase("{name}: {traces} no seal of a configured key", name=report.name, traces=traces)
            remedy = phrase(
                "give the app's emit.configure one of these keys ({keys}), or forged traces stand in the log",
                keys=", ".join(sealer.ids),
            )
            yield _warning("sealing", sentence, remedy)


def _source(report: SourceReport, settings: Settings) -> Iterator[SetupFinding]:
    if report.error is not None:
        sentence = phrase("{name}: {error}", name=report.name, error=report.error)
        yield _problem("sources", sentence, "")
    elif not report.traces:
        lines = counted(report.lines, "1 line", "{n} lines")
        sentence = phrase("{name}: no trace in {lines}", name=report.name, lines=lines)
        yield _warning(
            "sources", sentence, phrase("check that the app logs its traces at level INFO to this log")
        )
    else:
        traces = counted(report.traces, "1 trace", "{n} traces")
        layouts = ", ".join(report.layouts) or "-"
        yield _ok(
            "sources",
            phrase("{name}: {traces}, layouts {layouts}", name=report.name, traces=traces, layouts=layouts),
        )
    untrusted = report.problems.get("untrusted", 0)
    if untrusted:
        traces = counted(untrusted, "1 trace comes", "{n} traces come")
        sentence = phrase(
            "{name}: {traces} from a logger that is not trusted", name=report.name, traces=traces
        )
        trusted = ", ".join(settings.trusted_loggers)
        remedy = phrase(
            "if the app writes them, add its logger to trusted_loggers ({trusted})", trusted=trusted
        )
        yield _warning("sources", sentence, remedy)


def _ok(topic: str, sentence: Sentence) -> SetupFinding:
    return SetupFinding(topic=topic, sentence=sentence)


def _warning(topic: str, sentence: Sentence, remedy: Sentence) -> SetupFinding:
    return SetupFinding(topic=topic, health=Health.WARNING, sentence=sentence, remedy=remedy)


def _problem(topic: str, sentence: Sentence, remedy: Sentence) -> SetupFinding:
    return SetupFinding(topic=topic, health=Health.PROBLEM, sentence=sentence, remedy=remedy)
