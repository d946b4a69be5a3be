"""Options from the environment: ``KUMON_OBSERVE_CHECKS__HANDOFF__GRACE=30``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kumon_observe.config.options import Names, fields_of, from_text, options
from kumon_observe.config.place import ALIASES, PATH_VARIABLE, PREFIX
from kumon_observe.config.settings import PURE, Settings
from kumon_observe.model.patterns import LatePattern

if TYPE_CHECKING:
    from kumon_observe.config.lines import Path

_NESTING: Final = "__"
_SERVICE_LINK: Final = LatePattern(
    rf"{PREFIX}(?:SERVICE_HOST|SERVICE_PORT(?:_.*)?|PORT|PORT_\d+_(?:TCP|UDP)(?:_.*)?)"
)
"""What Kubernetes puts into every pod beside a service called ``kumon-observe``: none of our options."""


class Environment(NamedTuple):
    """The options that the environment gives, the variable of each, and what names none."""

    values: Mapping[Path, Any]
    variables: Mapping[Path, str]
    problems: tuple[str, ...]

    @classmethod
    def read(cls, environ: Mapping[str, str], names: Names) -> Environment:
        """Take every variable ``KUMON_OBSERVE_…`` but the file's path; an empty one counts as not set.

        ``names``: of the named tables that the file has. Of an alias and the option's own variable the
        latter is used.
        """
        ours = [name for name in sorted(environ) if name.startswith(PREFIX) and environ[name]]
        known = {variable_of(path): path for path in options(_keys(ours), names)}
        used: dict[Path, str] = {ALIASES[name]: name for name in ALIASES if environ.get(name)}
        problems = []
        for variable in ours:
            if variable in (PATH_VARIABLE, PURE):
                continue
            if variable in known:
                used[known[variable]] = variable
            elif not _SERVICE_LINK.fullmatch(variable):
                problems.append(_unknown(variable, names))
        fields = options({path[0] for path in used}, names)
        values = {path: from_text(environ[name], fields[path].type) for path, name in used.items()}
        return cls(values, used, tuple(problems))


def _keys(variables: list[str]) -> set[str]:
    """The keys of the file whose options *variables* may set, so that only these tables are loaded."""
    first = {variable.removeprefix(PREFIX).split(_NESTING)[0] for variable in variables}
    return {key for key in fields_of(Settings) if key.upper() in first}


def _unknown(variable: str, names: Names) -> str:
    import difflib

    known = [variable_of(path).removeprefix(PREFIX) for path in options(names=names)]
    close = difflib.get_close_matches(variable.removeprefix(PREFIX), known, n=1)
    remedy = f"did you mean {PREFIX}{close[0]}?" if close else "see kumon-observe config show"
    return f"the environment variable {variable} sets no option: {remedy}"


def variable_of(path: Path) -> str:
    """The variable that sets an option; a ``-`` in a name is ``_`` there."""
    return PREFIX + _NESTING.join(path).upper().replace("-", "_")
