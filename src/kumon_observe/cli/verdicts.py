"""``health`` and the commands of one check."""

from __future__ import annotations

from kumon_observe.cli import output
from kumon_observe.cli.call import Call
from kumon_observe.cli.commands import Command, command
from kumon_observe.cli.options import Logs


def _judging(name: str, check: str | None) -> Command:
    def body(call: Call) -> int:
        from kumon_observe.engine.analyze import analyze

        verdict = analyze(
            call.sources,
            checks=None if check is None else (check,),
            command=name,
            limit=call.given.get("limit"),
            cursor=call.cursor,
            **call.reading(),
        )
        call.tell_of_cursor()
        if call.json:
            from kumon_observe.model.document import verdict_to

            call.print_json(verdict_to(verdict))
        else:
            from kumon_observe.present import verdict as screen

            output.write(screen.render(verdict, call.view()))
        return verdict.status.exit_code

    return command(name, Logs())(body)


COMMANDS = {
    "health": _judging("health", None),
    **{name: _judging(name, name) for name in ("handoff", "instances", "delivery", "consistency")},
}
