"""What the command line offers: each command with its module, each common option, and their help.

Only text, so that ``--help`` is answered without importing any command.
"""

from __future__ import annotations

from typing import NamedTuple

from kumon_observe.present.language import translatable

PROGRAM = "kumon-observe"


class Command(NamedTuple):
    """A command's ``module`` below ``kumon_observe.cli`` (it has an attribute ``COMMANDS``), and its help."""

    module: str
    help: str


class Common(NamedTuple):
    """A common option: its ``names``, the ``metavar`` of its value (empty: it has none), and its help."""

    names: tuple[str, ...]
    metavar: str
    help: str
    about_logs: bool = False


SECTIONS: tuple[tuple[str, dict[str, Command]], ...] = (
    (
        translatable("Judge a log"),
        {
            "health": Command("verdicts", translatable("all checks, one screen")),
            "handoff": Command("verdicts", translatable("replies lost between planner and delivery")),
            "instances": Command("verdicts", translatable("wrong WhatsApp instances")),
            "delivery": Command("verdicts", translatable("the share of messages that arrived")),
            "consistency": Command("verdicts", translatable("planner and delivery on one state")),
            "report": Command("report", translatable("full report, to a .md or .json file or stdout")),
        },
    ),
    (
        translatable("Look into a log"),
        {
            "tail": Command("tail", translatable("the log as it grows: traces, guards, errors, violations")),
            "explain": Command("explain", translatable("one conversation, turn by turn, with the verdicts")),
            "failures": Command("listings", translatable("the last failed deliveries")),
            "errors": Command("listings", translatable("the last errors, tracebacks whole")),
            "traces": Command("listings", translatable("the last traces")),
            "performance": Command("performance", translatable("delivery by hour, http code and instance")),
        },
    ),
    (
        translatable("Keep watch"),
        {
            "watch": Command("watch", translatable("follow logs, judge them, tell of what goes wrong")),
            "dashboard": Command("dashboard", translatable("verdict, trends, incidents and traces, live")),
            "alerts": Command(
                "alerts", translatable("incidents: list, ack, resolve, silence; test the sinks")
            ),
            "backtest": Command("backtest", translatable("what the rules would have told over logs")),
            "archive": Command("archive", translatable("compress, verify, then cut what is in the archive")),
            "checklist": Command("checklist", translatable("what a shift has to look after, and who did")),
            "schedule": Command("schedule", translatable("what is done when, and what became of it")),
        },
    ),
    (
        translatable("Set up"),
        {
            "doctor": Command("setup", translatable("what is wrong with this set-up")),
            "init": Command("setup", translatable("write a kumon-observe.toml, or a service for the watch")),
            "config": Command("config", translatable("what is in force (show), whether it is right (check)")),
            "plugins": Command("plugins", translatable("what is installed; new writes a plugin package")),
        },
    ),
)

COMMANDS: dict[str, Command] = {name: entry for _, section in SECTIONS for name, entry in section.items()}

COMMON: tuple[Common, ...] = (
    Common(
        ("--since",),
        "WHEN",
        translatable("from then on: 2024-01-15 10:00, 10:00, or 2h (two hours ago)"),
        True,
    ),
    Common(("--until",), "WHEN", translatable("before then; written as --since"), True),
    Common(("--limit",), "N", translatable("show at most N findings or records"), True),
    Common(("--rotated",), "", translatable("read app.log.1, app.log.2.gz, ... too, oldest first"), True),
    Common(("--layout",), "NAME", translatable("force one log layout (plugins lists them)"), True),
    Common(
        ("--timezone",), "ZONE", translatable("zone of times that name none, in logs and in the output"), True
    ),
    Common(("--show-personal-data",), "", translatable("mask neither phone numbers nor texts"), True),
    Common(("--jobs",), "N", translatable("cores to read large logs with (default: all there are)"), True),
    Common(("--full",), "", translatable("read a log from its beginning, even if it only grew"), True),
    Common(("--no-progress",), "", translatable("show no progress of a long reading"), True),
    Common(("--json",), "", translatable("print one JSON object")),
    Common(("--lang",), "pt|en", translatable("language (default: the locale's)")),
    Common(("--no-color",), "", translatable("no colour")),
    Common(("--quiet", "-q"), "", translatable("the first line only")),
    Common(("--verbose", "-v"), "", translatable("more evidence and figures")),
    Common(("--config",), "FILE", translatable("configuration file")),
    Common(("--help", "-h"), "", translatable("show this help")),
)
