"""``archive``: logs are compressed and cut, once that is safe."""

from __future__ import annotations

from kumon_observe.cli import output
from kumon_observe.cli.call import Call
from kumon_observe.cli.commands import command
from kumon_observe.cli.options import Logs, Option
from kumon_observe.present.language import translatable


@command(
    "archive",
    Logs(),
    Option(("--dry-run",), help=translatable("say what would be done, and change nothing")),
    logs=False,
)
def archive(call: Call, dry_run: bool) -> int:
    from kumon_observe.archiving.archive import archive_all
    from kumon_observe.model.status import Status

    done = archive_all(call.sources, call.loaded.settings.archive, clock=call.clock, dry_run=dry_run)
    if call.json:
        from kumon_observe.model.document import archived_to

        call.print_json(archived_to(done, call.clock()))
    else:
        from kumon_observe.present import archived as screen

        output.write(screen.render(done, call.view()))
    return Status.worst(log.status for log in done).exit_code


COMMANDS = {"archive": archive}
