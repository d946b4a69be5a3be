"""What must never be shown, and the ``${NAME}`` by which a secret stays out of the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from attrs import define, field

from kumon_observe.model.patterns import LatePattern

if TYPE_CHECKING:
    from kumon_observe.config.lines import Path

MASK: Final = "***"
_SECRET_KEY: Final = LatePattern(r"(?:.*_)?(?:file|token|password|secret|key)|webhook_url|ping_url|urls")
_SECRET_PATHS: Final = {("sinks", "webhook", "url")}
_OPEN_KEYS: Final = {"ca_file"}
"""Keys that sound like a secret's and are none."""

_CREDENTIALS: Final = LatePattern(r"[A-Za-z][A-Za-z0-9+.-]*://[^/\s]*@")
_PLACEHOLDER: Final = re.compile(r"\$(\$)?\{([^}]*)\}")
_NAME: Final = LatePattern(r"[A-Za-z_][A-Za-z0-9_]*")


def is_secret(path: Path, value: Any) -> bool:
    """Whether *value*, or a part of it, is a secret by its key or a URL with credentials."""
    if isinstance(value, (list, tuple)):
        return any(is_secret(path, part) for part in value)
    if value and (path in _SECRET_PATHS or _is_secret_key(path[-1])):
        return True
    return isinstance(value, str) and _CREDENTIALS.match(value) is not None


def _is_secret_key(key: str) -> bool:
    return key not in _OPEN_KEYS and _SECRET_KEY.fullmatch(key) is not None


def masked(path: Path, value: Any) -> Any:
    """*value* as it may be shown: ``***`` for a secret, also inside a list."""
    if isinstance(value, (list, tuple)):
        return [masked(path, part) for part in value]
    return MASK if is_secret(path, value) else value


@define(eq=False, repr=False)
class Expansion:
    """Replaces ``${NAME}`` in the strings of a table by the environment; ``$${NAME}`` stays ``${NAME}``.

    ``written`` keeps, by path, what stood in the file where something was replaced; ``problems`` are
    sentences by path.
    """

    environ: Mapping[str, str]
    written: dict[Path, Any] = field(factory=dict)
    problems: list[tuple[Path, str]] = field(factory=list)

    def expand(self, value: Any, path: Path = ()) -> Any:
        """*value* with every string in it replaced."""
        if isinstance(value, dict):
            return {name: self.expand(part, (*path, name)) for name, part in value.items()}
        if isinstance(value, list):
            parts = [self.expand(part, path) for part in value]
            if path in self.written:
                self.written[path] = value
            return parts
        if not isinstance(value, str):
            return value
        expanded = _PLACEHOLDER.sub(lambda match: self._replacement(match, path), value)
        if expanded != value:
            self.written[path] = value
        return expanded

    def _replacement(self, match: re.Match[str], path: Path) -> str:
        escaped, name = match.groups()
        if escaped:
            return match[0][1:]
        if not _NAME.fullmatch(name):
            self.problems.append(
                (path, f"has {match[0]}, which names no environment variable: use ${{NAME}}")
            )
        elif name in self.environ and not self.environ[name] and is_secret(path, name):
            self.problems.append((path, f"needs the environment variable {name}, which is empty"))
        elif name in self.environ:
            return self.environ[name]
        else:
            self.problems.append((path, f"needs the environment variable {name}, which is not set"))
        return match[0]
