"""Every way in which a command can fail, as one plain line and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from kumon_observe.cli import exits, output
from kumon_observe.cli.output import StdoutError
from kumon_observe.model.errors import ConfigError, KumonObserveError, MissingExtraError, UsageError
from kumon_observe.model.phrase import phrase
from kumon_observe.present.language import Language

if TYPE_CHECKING:
    from kumon_observe.model.evidence import Sentence


class CommandLineError(UsageError):
    """What was typed cannot be done; says why in a sentence that can be translated."""

    def __init__(self, sentence: Sentence, code: int = exits.USAGE) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.code = code


def no_such(what: Sentence, name: str, known: Sequence[str]) -> CommandLineError:
    """``there is no command 'helth': did you mean 'health'?``."""
    from difflib import get_close_matches

    close = get_close_matches(name, known, n=1)
    if close:
        return CommandLineError(
            phrase(
                "there is no {what} {name!r}: did you mean {close!r}?", what=what, name=name, close=close[0]
            )
        )
    return CommandLineError(
        phrase(
            "there is no {what} {name!r}: use one of {known}", what=what, name=name, known=", ".join(known)
        )
    )


def report(error: Exception, language: Language, *, verbose: bool) -> int:
    """Say *error* on standard error and give the exit code."""
    sentence, code = _explained(error)
    output.complain(language(sentence))
    if code == exits.SOFTWARE and verbose and sys.stderr is not None:
        import traceback

        traceback.print_exception(error)
    return code


def _explained(error: Exception) -> tuple[Sentence, int]:
    if isinstance(error, CommandLineError):
        return error.sentence, error.code
    if isinstance(error, click.ClickException):
        return _of_click(error), exits.USAGE
    if isinstance(error, StdoutError):
        return phrase("cannot write to standard output: {why}", why=error), exits.IO_ERROR
    if isinstance(error, MissingExtraError):
        return str(error), exits.UNAVAILABLE
    if isinstance(error, ConfigError):
        return str(error), exits.CONFIG
    if isinstance(error, UsageError):
        return str(error), exits.USAGE
    if isinstance(error, KumonObserveError):
        return str(error), exits.SOFTWARE
    name = type(error).__name__
    return (
        phrase("this is a bug: {name}: {what} (--verbose shows where)", name=name, what=str(error) or "-"),
        exits.SOFTWARE,
    )


def _of_click(error: click.ClickException) -> Sentence:
    if isinstance(error, click.NoSuchOption):
        known = _options(error.ctx)
        return no_such(phrase("option"), error.option_name, known).sentence
    if isinstance(error, click.MissingParameter) and error.param is not None:
        name = error.param.human_readable_name
        return phrase("{name} is missing: see {command} --help", name=name, command=_path(error.ctx))
    if isinstance(error, click.BadOptionUsage):
        if "requires" in error.message:
            return phrase("{name} needs a value", name=error.option_name)
        return phrase("{name} takes no value", name=error.option_name)
    message = error.format_message().rstrip(".")
    return phrase(
        "{message}: see {command} --help",
        message=message[:1].lower() + message[1:],
        command=_path(getattr(error, "ctx", None)),
    )


def _options(context: click.Context | None) -> list[str]:
    if context is None:
        return []
    found = [name for option in context.command.params if not _hidden(option) for name in option.opts]
    return [name for name in found if name.startswith("--")]


def _hidden(parameter: click.Parameter) -> bool:
    return bool(getattr(parameter, "hidden", False)) or isinstance(parameter, click.Argument)


def _path(context: click.Context | None) -> str:
    return context.command_path if context is not None else "kumon-observe"
