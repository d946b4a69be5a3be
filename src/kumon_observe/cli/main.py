"""Where ``kumon-observe`` starts; the cheapest answers come before anything heavy is imported."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from kumon_observe.cli import exits

_ROWS_BETWEEN_COLLECTIONS = 50_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and give its exit code; without *arguments* this process's, which ends with it."""
    if arguments is not None:
        return _run(list(arguments))
    gc.set_threshold(_ROWS_BETWEEN_COLLECTIONS)  # rows come by the thousand and hold no cycles
    try:
        return _run(sys.argv[1:])
    finally:
        gc.freeze()  # or the interpreter looks through everything once more before it ends


def _run(given: list[str]) -> int:
    try:
        if given in (["--version"], ["--help"], ["-h"]):
            return _quick(given[0])
        from kumon_observe.cli import program

        return program.run(given)
    except ModuleNotFoundError as missing:
        return _without_extra(missing)
    except KeyboardInterrupt:
        return exits.INTERRUPTED


def _without_extra(missing: ModuleNotFoundError) -> int:
    """Say which extra the command line itself needs."""
    if missing.name != "click":
        raise missing
    from kumon_observe.cli import output
    from kumon_observe.model.errors import MissingExtraError

    output.complain(str(MissingExtraError("the command line", "cli")))
    return exits.UNAVAILABLE


def _quick(asked: str) -> int:
    """The version, or the overview of all commands, without the rest of the program."""
    from kumon_observe import __version__
    from kumon_observe.cli import helping, output
    from kumon_observe.present.language import Language, detect

    language = Language(detect(os.environ))
    try:
        if asked == "--version":
            output.write(f"kumon-observe {__version__}\n")
        else:
            output.write(helping.overview(language, os.environ))
    except output.StdoutError as error:
        from kumon_observe.cli import errors

        return errors.report(error, language, verbose=False)
    return 0
