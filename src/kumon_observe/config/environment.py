"""Options from the environment: ``KUMON_OBSERVE_CHECKS__HANDOFF__GRACE=30``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kumon_observe.config.options import from_text, options
from kumon_observe.config.place import ALERT_PREFIX, PATH_VARIABLE, PREFIX
from kumon_observe.config.settings import PURE
from kumon_observe.model.patterns import LatePattern

if TYPE_CHECKING:
    from kumon_observe.config.lines import Path
    from kumon_observe.config.settings import Settings

_NESTING: Final = "__"
_SERVICE_LINK: Final = LatePattern(
    rf"{PREFIX}(?:SERVICE_HOST|SERVICE_PORT(?:_.*)?|PORT|PORT_\d+_(?:TCP|UDP)(?:_.*)?)"
)
"""What Kubernetes puts into every pod beside a service called ``kumon-observe``: none of our options."""


class Environment(NamedTuple):
    """The options that the environment gives, the variable of each, and the variables that name none."""

    values: Mapping[Path, Any]
    problems: tuple[str, ...]

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Environment:
        """Take every variable ``KUMON_OBSERVE_…`` but the file's path; an empty one counts as not set."""
        known = {variable_of(path): path for path in options()}
        values = {}
        problems = []
        for variable in sorted(environ):
            if not variable.startswith(PREFIX) or not environ[variable]:
                continue
            if variable in (PATH_VARIABLE, PURE) or variable.startswith(ALERT_PREFIX):
                continue
            if variable not in known and _SERVICE_LINK.fullmatch(variable):
                continue
            if variable in known:
                path = known[variable]
                values[path] = from_text(environ[variable], options()[path].type)
            else:
                import difflib

                names = [name.removeprefix(PREFIX) for name in known]
                close = difflib.get_close_matches(variable.removeprefix(PREFIX), names, n=1)
                remedy = f"did you mean {PREFIX}{close[0]}?" if close else "see kumon-observe config show"
                problems.append(f"the environment variable {variable} sets no option: {remedy}")
        return cls(values, tuple(problems))


SLACK_VARIABLE: Final = "SLACK_WEBHOOK_URL"
"""The guide's own variable."""

SLACK_OPTION: Final = ("sinks", "slack", "webhook_url")


def with_slack(settings: Settings, environ: Mapping[str, str]) -> Settings:
    """*settings* with the guide's variable as Slack's webhook, unless they say how Slack is reached.

    It needs no extra, since the guide exports it in shells where nothing else is configured.
    """
    address = environ.get(SLACK_VARIABLE, "")
    if not address:
        return settings
    from attrs import evolve

    sinks = settings.sinks
    slack = sinks.slack
    if slack.webhook_url or slack.webhook_url_file or slack.token or slack.token_file:
        return settings
    return evolve(settings, sinks=evolve(sinks, slack=evolve(slack, webhook_url=address)))


def variable_of(path: Path) -> str:
    """The variable that sets an option."""
    return PREFIX + _NESTING.join(path).upper()
