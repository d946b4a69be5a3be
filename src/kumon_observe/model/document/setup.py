"""The JSON objects of ``plugins``, ``plugins new``, ``config`` and ``doctor``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kumon_observe.model.document.values import JsonObject, plain

if TYPE_CHECKING:
    from kumon_observe.model.setup import ConfigReport, Origin, PluginInfo, PluginPackage, SetupFinding


def plugins_to(plugins: Iterable[PluginInfo]) -> JsonObject:
    """What is installed, and what of it cannot be used."""
    return {
        "schema": "kumon-observe/plugins/1",
        "plugins": [
            {
                "name": plugin.name,
                "version": plugin.version,
                "origin": plugin.origin,
                "provides": list(plugin.provides),
                "error": plugin.error,
                "disabled": plugin.disabled,
            }
            for plugin in plugins
        ],
    }


def package_to(package: PluginPackage) -> JsonObject:
    """The plugin package that ``plugins new`` wrote."""
    return {
        "schema": "kumon-observe/package/1",
        "name": package.name,
        "kind": package.kind,
        "folder": package.folder,
        "files": list(package.files),
    }


def config_to(report: ConfigReport) -> JsonObject:
    """The configuration in force, each value with where it comes from."""
    return {
        "schema": "kumon-observe/config/1",
        "file": report.file,
        "valid": not report.problems,
        "problems": list(report.problems),
        "values": [
            {"key": value.key, "value": plain(value.value), "origin": _origin(value.origin)}
            for value in report.values
        ],
    }


def doctor_to(findings: Iterable[SetupFinding]) -> JsonObject:
    """What is wrong with this set-up; ``healthy`` as long as nothing is a problem."""
    from kumon_observe.model.setup import Health

    findings = tuple(findings)
    return {
        "schema": "kumon-observe/doctor/1",
        "healthy": all(finding.health is not Health.PROBLEM for finding in findings),
        "findings": [
            {
                "topic": finding.topic,
                "health": str(finding.health),
                "sentence": str(finding.sentence),
                "remedy": str(finding.remedy),
            }
            for finding in findings
        ],
    }


def _origin(origin: Origin) -> JsonObject:
    return {
        "kind": origin.kind,
        "file": origin.file or None,
        "line": origin.line,
        "variable": origin.variable or None,
    }
