"""``backtest``: what the rules would have done over logs, or over labelled scenarios."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from kumon_observe.cli import output
from kumon_observe.cli.call import Call
from kumon_observe.cli.commands import command
from kumon_observe.cli.errors import CommandLineError
from kumon_observe.cli.options import Logs, Option
from kumon_observe.model.phrase import phrase
from kumon_observe.present.language import translatable


@command(
    "backtest",
    Logs(),
    Option(
        ("--after",), metavar="TIME", help=translatable("let time go on so long after the last record: 10m")
    ),
    Option(
        ("--scenarios",),
        metavar="FILE",
        help=translatable("try the labelled scenarios of FILE instead of logs"),
    ),
)
def backtest(call: Call, after: str | None, scenarios: str | None) -> int:
    if scenarios is not None:
        if call.logs or after is not None:
            raise CommandLineError(
                phrase(
                    "--scenarios tries a file that names its own logs and times: leave LOG and --after out"
                )
            )
        return _scenarios(call, Path(scenarios))
    from kumon_observe.cli.when import length
    from kumon_observe.monitor.replay import Replay, ReplayedRun

    options = call.reading()
    run = ReplayedRun(specs=call.sources, **options)
    sinks = [sink.name for sink in call.registry.sinks()]
    found = Replay(run, sinks, timedelta() if after is None else length("--after", after)).result()
    if call.json:
        from kumon_observe.model.document import backtest_to

        call.print_json(backtest_to(found))
    else:
        from kumon_observe.present import backtest as screen

        output.write(screen.render(found, call.view()))
    return found.verdict.status.exit_code


def _scenarios(call: Call, path: Path) -> int:
    from kumon_observe.monitor.scenarios import try_scenarios

    tested = try_scenarios(path, call.loaded.settings, call.registry, call.clock)
    if call.json:
        from kumon_observe.model.document import rules_test_to

        call.print_json(rules_test_to(tested))
    else:
        from kumon_observe.present import backtest as screen

        output.write(screen.render_test(tested, call.view()))
    return 0 if tested.passed else 1


COMMANDS = {"backtest": backtest}
