"""The commented ``kumon-observe.toml`` that ``init`` writes."""

from __future__ import annotations

import json
from typing import Any, Final

from kumon_observe.config.lines import Path
from kumon_observe.config.options import dotted, options, value_at
from kumon_observe.config.settings import Settings
from kumon_observe.model.threshold import Threshold

_HEAD: Final = """\
# kumon-observe: every option with its default. Take off the "# " before an option to change it.
#
# An environment variable beats this file (KUMON_OBSERVE_CHECKS__HANDOFF__GRACE=30), a flag beats both.
# ${NAME} in a text stands for an environment variable. What is in force, and why: kumon-observe config show
"""

MEANINGS: Final = {
    "sources": "Logs, folders or patterns to read when a command names none.",
    "timezone": "The zone of log times that name none.",
    "display_timezone": "The zone in which times are shown; empty for this machine's.",
    "lang": "The language of the screen, en or pt; empty for the locale's.",
    "layout": "The one log layout to expect, such as json; empty to recognise each record by itself.",
    "limit": "How many violations are shown for each check; the rest are counted.",
    "trusted_loggers": "Where a layout names the logger, traces count from those that match one of these.",
    "max_record": "Longer records, in bytes, are counted as oversized and not used.",
    "state_dir": "The folder for what is kept between runs; empty for the user's state folder.",
    "checks.handoff.grace": "Seconds after which a planned turn without delivery counts as undelivered.",
    "checks.handoff.undelivered": "What an undelivered turn means: warning or critical.",
    "checks.handoff.keep_open": "Seconds after which an open turn is forgotten, and counted as evicted.",
    "checks.handoff.max_open": "How many open turns are kept at a time.",
    "checks.instances.invalid": "Names of instances that are wrong; * stands for any text.",
    "checks.instances.digits_invalid": "Whether a name of digits only is wrong.",
    "checks.instances.allowed": "The only right names; empty to allow all that are not wrong.",
    "checks.instances.max_tracked": "How many different violations are told apart.",
    "checks.delivery.threshold": "The success rate that is demanded.",
    "checks.delivery.grace": "Seconds after which a send without result counts as unresolved.",
    "checks.delivery.min_samples": "With fewer results the answer says that it rests on few.",
    "checks.delivery.max_open": "How many sends without result are kept at a time.",
    "checks.consistency.threshold": "The share of pairs with the same identifiers that is demanded.",
    "checks.consistency.not_comparable": "Whether an identifier that always changes is unknown or a warning.",
    "checks.consistency.max_open": "How many open turns are kept at a time.",
    "plugins.disabled": "Plugins that are not loaded, by the names that kumon-observe plugins shows.",
    "sealing.key": "A secret as ${NAME}: with any key, only traces that one of the keys sealed count.",
    "sealing.old_key": "Keys that are not sealed with any more, as ${NAME}, while logs hold their seals.",
    "sealing.key_file": "A file with such keys, one a line, the newest first.",
}
"""One line of meaning for every option."""


def template() -> str:
    """The text of the file; loading it as it is gives the defaults."""
    lines = [_HEAD.rstrip("\n")]
    table: Path = ()
    for path in options():
        if path[:-1] != table:
            table = path[:-1]
            lines += ["", "", f"[{dotted(table)}]"]
        lines += ["", f"# {MEANINGS[dotted(path)]}", f"# {path[-1]} = {_written(value_at(Settings(), path))}"]
    return "\n".join(lines) + "\n"


def _written(value: Any) -> str:
    """*value* as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(_written(part) for part in value)}]"
    if isinstance(value, (str, Threshold)):
        return json.dumps(str(value), ensure_ascii=False)
    return str(value)
