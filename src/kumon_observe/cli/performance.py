"""``performance``: delivery over a window of time."""

from __future__ import annotations

from kumon_observe.cli import output
from kumon_observe.cli.call import Call
from kumon_observe.cli.commands import command
from kumon_observe.cli.options import Logs


@command("performance", Logs())
def performance(call: Call) -> int:
    from kumon_observe.engine.performance import performance as measured
    from kumon_observe.model.document import performance_to
    from kumon_observe.present import performance as screen

    answer = measured(call.sources, zone=call.zone, **call.reading())
    if call.json:
        call.print_json(performance_to(answer))
    else:
        output.write(screen.render(answer, call.view()))
    return answer.status.exit_code


COMMANDS = {"performance": performance}
