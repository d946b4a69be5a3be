"""The commands about the set-up itself: plugins, the configuration in force, and what ``doctor`` found."""

from __future__ import annotations

import json
from collections.abc import Iterable

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.model.setup import ConfigReport, Health, Origin, PluginInfo, PluginPackage, SetupFinding
from kumon_observe.present.page import Span
from kumon_observe.present.view import View

_HEALTH = {
    Health.OK: (phrase("ok"), "ok"),
    Health.WARNING: (phrase("warning"), "warning"),
    Health.PROBLEM: (phrase("problem"), "critical"),
}


def plugins(found: Iterable[PluginInfo], view: View) -> str:
    """Each plugin with what it provides, and why it is not used where it is not."""
    page = view.page()
    for plugin in found:
        version = f" {plugin.version}" if plugin.version else ""
        page.line(Span(plugin.name, "bold"), f"{version}  ({plugin.origin})", hang=2)
        if plugin.disabled:
            page.line(Span(view.say(phrase("disabled by the configuration")), "warning"), indent=2)
        if plugin.error:
            page.line(Span(plugin.error, "critical"), indent=2, hang=4)
        for kind, names in _by_kind(plugin.provides).items():
            page.line(f"{kind}: {', '.join(names)}", indent=2, hang=4)
    return page.text()


def package(written: PluginPackage, view: View) -> str:
    """Where a new package stands, and how its tests are run."""
    page = view.page()
    sentence = phrase(
        "{folder} written: a plugin package ({kind}), whose tests run with",
        folder=written.folder,
        kind=written.kind,
    )
    page.line(Span(view.say(sentence), "ok"))
    for line in (f"cd {written.folder}", "pip install --editable '.[test]'", "pytest"):
        page.line(line, indent=2)
    return page.text()


def _by_kind(provides: Iterable[str]) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for entry in provides:
        kind, _, name = entry.partition(" ")
        kinds.setdefault(kind, []).append(name)
    return kinds


def configuration(report: ConfigReport, view: View) -> str:
    """Every value in force with where it comes from, as TOML where it is one."""
    page = view.page()
    page.line(view.say(_file(report)))
    page.blank()
    shown = [
        (f"{value.key} = {json.dumps(value.value, ensure_ascii=False)}", value.origin)
        for value in report.values
    ]
    width = max((len(text) for text, _ in shown), default=0)
    for text, origin in shown:
        beside = view.look.width is not None and width + 4 + len(str(origin)) <= view.look.width
        padding = " " * (width - len(text)) if beside else ""
        style = "dim" if origin.kind == "default" else "bold"
        page.line(text, padding, "  # ", Span(view.say(_origin(origin)), style), hang=4)
    for problem in report.problems:
        page.line(Span(problem, "critical"), hang=2)
    return page.text()


def checked(report: ConfigReport, view: View) -> str:
    """Whether the configuration can be used."""
    page = view.page()
    if not report.problems and not view.quiet:
        page.line(view.say(_file(report)))
        page.line(Span(view.say(phrase("the configuration can be used")), "ok"))
    for problem in report.problems:
        page.line(Span(problem, "critical"), hang=2)
    return page.text()


def _file(report: ConfigReport) -> Sentence:
    if report.file is None:
        return phrase("no configuration file was found: defaults apply (kumon-observe init writes one)")
    return phrase("configuration file: {file}", file=report.file)


def _origin(origin: Origin) -> Sentence:
    if origin.kind == "default":
        return phrase("default")
    return phrase("command line") if origin.kind == "flag" else str(origin)


def doctor(findings: Iterable[SetupFinding], view: View) -> str:
    """Each finding, what to do about it below; with ``quiet`` only what is not well."""
    page = view.page()
    words = {health: (view.say(word), style) for health, (word, style) in _HEALTH.items()}
    width = max(len(word) for word, _ in words.values())
    for finding in findings:
        if view.quiet and finding.health is Health.OK:
            continue
        word, style = words[finding.health]
        page.line(
            Span(word.ljust(width), style), f"  {finding.topic}: {view.say(finding.sentence)}", hang=width + 4
        )
        if finding.remedy:
            page.line("-> ", view.say(finding.remedy), indent=width + 2, hang=width + 5)
    return page.text()
