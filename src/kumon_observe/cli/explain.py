"""``explain``: one conversation, turn by turn."""

from __future__ import annotations

from kumon_observe.cli import output
from kumon_observe.cli.call import Call
from kumon_observe.cli.commands import command
from kumon_observe.cli.options import Conversation, Logs


@command("explain", Conversation(), Logs())
def explain(call: Call, conv: str) -> int:
    from kumon_observe.engine.explain import explain as explained
    from kumon_observe.model.document import explanation_to
    from kumon_observe.present import explanation as screen

    answer = explained(conv, call.sources, **call.reading())
    if call.json:
        call.print_json(explanation_to(answer))
    else:
        output.write(screen.render(answer, call.view()))
    return answer.status.exit_code


COMMANDS = {"explain": explain}
