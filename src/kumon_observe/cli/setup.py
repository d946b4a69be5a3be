"""``init`` and ``doctor``: the set-up itself."""

from __future__ import annotations

from pathlib import Path

from kumon_observe.cli import output
from kumon_observe.cli.call import Call, stdin
from kumon_observe.cli.commands import command
from kumon_observe.cli.errors import CommandLineError
from kumon_observe.cli.files import create, write_whole
from kumon_observe.cli.options import Logs, Option
from kumon_observe.model.phrase import phrase
from kumon_observe.present.language import translatable


@command(
    "init",
    Option(("--force",), help=translatable("replace the file that is there")),
    Option(("--systemd",), help=translatable("write a systemd unit that runs the watch")),
    Option(("--cron",), help=translatable("write lines for a crontab that run the watch")),
    Option(("--compose",), help=translatable("write a Docker Compose service that runs the watch")),
    Option(("--output", "-o"), metavar="FILE", help=translatable("write to FILE; - for standard output")),
    logs=False,
)
def init(call: Call, force: bool, output: str | None, systemd: bool, cron: bool, compose: bool) -> int:
    given = {"systemd": systemd, "cron": cron, "compose": compose}
    wanted = [kind for kind, asked in given.items() if asked]
    if len(wanted) > 1:
        raise CommandLineError(
            phrase(
                "--{one} and --{other} are two files: write one after the other",
                one=wanted[0],
                other=wanted[1],
            )
        )
    if wanted:
        return _service(call, wanted[0], output, force=force)
    if output is not None:
        raise CommandLineError(
            phrase(
                "--output is for --systemd, --cron and --compose: name the configuration with --config FILE"
            )
        )
    return _configuration(call, force=force)


def _service(call: Call, kind: str, path: str | None, *, force: bool) -> int:
    from kumon_observe.cli.deploying import text_of

    name, text = text_of(kind, call)
    if path == "-":
        output.write(text)
        return 0
    target = Path(path or name)
    (write_whole if force else create)(target, text)
    if not call.given.get("quiet"):
        view = call.view()
        page = view.page()
        page.line(view.say(phrase("{path} written: its first lines say where it goes", path=target)))
        output.write(page.text())
    return 0


def _configuration(call: Call, *, force: bool) -> int:
    from kumon_observe.config.place import FILE_NAME
    from kumon_observe.config.show import check
    from kumon_observe.config.template import template
    from kumon_observe.model.document import config_to

    path = Path(call.given.get("config") or FILE_NAME)
    write = write_whole if force else create
    write(path, template())
    if call.json:
        call.print_json(config_to(check(path, call.environ)))
    elif not call.given.get("quiet"):
        view = call.view()
        page = view.page()
        page.line(view.say(phrase("{path} written: every option with its default, commented out", path=path)))
        output.write(page.text())
    return 0


@command("doctor", Logs(), logs=False)
def doctor(call: Call) -> int:
    from kumon_observe.engine.doctor import diagnose
    from kumon_observe.model.document import doctor_to
    from kumon_observe.model.setup import Health
    from kumon_observe.model.status import Status
    from kumon_observe.present import setup as screen

    findings = diagnose(
        call.logs,
        config=call.given.get("config"),
        environ=call.environ,
        rotated=bool(call.given.get("rotated")),
        stdin=stdin(),
    )
    if call.json:
        call.print_json(doctor_to(findings))
    else:
        output.write(screen.doctor(findings, call.view()))
    worst = {finding.health for finding in findings}
    if Health.PROBLEM in worst:
        return Status.CRITICAL.exit_code
    return Status.WARNING.exit_code if Health.WARNING in worst else Status.OK.exit_code


COMMANDS = {"init": init, "doctor": doctor}
