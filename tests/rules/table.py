"""The rules of TRACES, numbered, and which tests prove each: ``@rule("4.3")`` on a test says so.

A number is the section, then the paragraph or numbered item, then a letter where it says several things.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from attrs import frozen

TESTS = Path(__file__).resolve().parent.parent
LAYOUT_ARGUMENTS = {"layout", "timed", "untimed"}
_Test = TypeVar("_Test", bound=Callable[..., object])


@frozen
class Rule:
    """One thing that TRACES says; ``everywhere``: it is tried in at least four layouts."""

    number: str
    says: str
    everywhere: bool = True


@frozen
class Proof:
    """A test that proves a rule, and whether it runs in many layouts."""

    test: str
    everywhere: bool


def rule(*numbers: str) -> Callable[[_Test], _Test]:
    """Say which rules a test proves; :func:`proofs` reads it from the source."""
    unknown = [number for number in numbers if number not in BY_NUMBER]
    if unknown:
        raise ValueError(f"no such rule: {', '.join(unknown)}")
    return lambda test: test


def proofs() -> dict[str, list[Proof]]:
    """The tests of every rule, as the decorators in the test files say."""
    found: dict[str, list[Proof]] = defaultdict(list)
    for file in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                arguments = {argument.arg for argument in node.args.args}
                proof = Proof(f"{file.stem}::{node.name}", bool(arguments & LAYOUT_ARGUMENTS))
                for number in _numbers(node):
                    found[number].append(proof)
    return found


def _numbers(test: ast.FunctionDef) -> Iterator[str]:
    for decorator in test.decorator_list:
        if (
            isinstance(decorator, ast.Call)
            and isinstance(decorator.func, ast.Name)
            and decorator.func.id == "rule"
        ):
            yield from (str(ast.literal_eval(argument)) for argument in decorator.args)


def _once(number: str, says: str) -> Rule:
    return Rule(number, says, everywhere=False)


RULES = (
    _once("1.1", "fields are key=value, split at the first ="),
    _once("1.2", "the order of fields is not guaranteed"),
    _once("1.3", "unknown extra keys are kept and counted, never an error"),
    _once(
        "1.4", "values hold spaces, =, non-ASCII and | (a segment without = continues the value before it)"
    ),
    _once("1.5", "a value may hold a newline"),
    _once("1.6", "a value may be unknown, MISSING, None or empty"),
    _once(
        "1.7",
        "a kind with an unusable required field is malformed: counted, with its place, not half-used",
    ),
    _once("1.8", "what is not required may be missing"),
    _once("1.9", "other UPPER_CASE| messages are context: explain shows them, no check uses them"),
    _once("1.10", "every form of the grammar is a trace of its kind"),
    _once(
        "2.1", "a trace is recognised only at the start of a message, behind a prefix that a layout explains"
    ),
    _once("2.2", "the same text elsewhere is embedded, never evidence"),
    _once("2.3", "records are split at newlines only; a carriage return before it is dropped"),
    _once("2.4", "bytes that are not UTF-8 and NUL bytes do not stop the reading"),
    _once("2.5", "the layouts of the table are recognised"),
    _once("2.6", "layouts mix record by record"),
    _once(
        "2.7", "json: key names and order vary; an object without a message and a time or level is no record"
    ),
    _once("2.8", "docker: chunks are joined per stream; a chunk's start is not a message's start"),
    _once("2.9", "compose: the name is the process"),
    _once("2.10", "syslog: the year comes from the file's time, rolling back over New Year"),
    _once("2.11", "plain: only a source that is plain as a whole, or --layout plain"),
    _once("2.12", "a naive time is UTC unless timezone says otherwise"),
    _once("2.13", "colour codes around level or message are dropped"),
    _once(
        "2.14", "a named logger must be trusted; others are counted as untrusted, and the coverage says so"
    ),
    _once("2.15", "the docs say what forgery cannot be told, and recommend JSON"),
    Rule("2.16", "sealed traces: with a key, a trace without a right seal is named and is no evidence"),
    _once("3.1", "critical > warning > unknown > ok"),
    _once(
        "3.2",
        "exit codes: ok 0, warning 1, critical 2, unknown 3, 64 and above for wrong usage or configuration",
    ),
    Rule("3.3", "a check that saw none of the traces it needs is unknown, with the reason"),
    Rule("3.4", "a missing, unreadable, empty, truncated or undecodable source never yields ok"),
    Rule("3.5", "what was read of a lossy source still counts, and what was lost is named"),
    Rule("3.6", "rotated siblings are one source"),
    Rule("3.7", "malformed, embedded, untrusted and oversized records are named and change no status"),
    Rule("3.8", "a last line that is still being written is not a loss"),
    Rule("3.9", "every violation has its evidence: source, line, offset, time and record"),
    Rule("4.0a", "several sources with times are merged by time"),
    Rule("4.0b", "needs at least one planner and one delivery event"),
    Rule(
        "4.1a",
        "a planner event opens a turn, a later one of the same turn replaces the count, a delivery closes it",
    ),
    Rule("4.1b", "a short planner line belongs to the open turn of its conv with the same state_id"),
    Rule("4.1c", "else a short planner line opens a turn of its own key"),
    Rule("4.1d", "sent, send_failed and dedup_hit close the open turn with the same idem"),
    Rule("4.2a", "key: (conv, idem) when both are known"),
    Rule("4.2b", "an unknown idem pairs by conv: same outbox_id, else same state_id, else the latest"),
    Rule("4.2c", "those that the last fallback passes over are superseded, not violations"),
    Rule("4.2d", "never shared: different idems pair only until this source's first exact pair"),
    Rule("4.2e", "a pair says its identity"),
    Rule("4.2f", "conv unknown with idem unknown is unattributed, without a status"),
    Rule("4.2g", "a key shows the idem that either side knows, the planner's first, else null"),
    Rule("4.3a", "planned >= 1 and delivered = 0 is a violation, critical; a warning when mismatched"),
    Rule("4.3b", "0 < delivered < planned is partial, a warning"),
    Rule("4.3c", "delivered > planned is fine"),
    Rule("4.3d", "a delivery with nothing open is fine"),
    Rule("4.3e", "a send that follows does not excuse a violation; the evidence shows it"),
    Rule("4.4a", "open for more than grace is undelivered: warning, or critical if configured"),
    Rule("4.4b", "younger is pending: said, not judged"),
    Rule("4.4c", "a delivery that comes late clears it"),
    Rule("4.4d", "without times: undelivered only when a later turn of the conversation was delivered"),
    Rule("4.4e", "no delivery event in any source: the phase is missing, unknown"),
    Rule("4.5a", "a well-formed guard line is a violation; other counts are another guard"),
    Rule("4.5b", "guard and traces of one turn are one violation, corroborated"),
    Rule(
        "4.5c", "a turn of a key lasts until its next planner event: a later guard belongs to the next turn"
    ),
    Rule("4.5d", "a guard often replaces the delivery trace"),
    Rule("4.5e", "guard without traces, or traces without guard, say so"),
    Rule("4.6", "a lost hand-off stays a violation even when a later turn succeeds"),
    Rule("4.7", "memory is bounded; what is evicted is counted"),
    Rule("5.1", "invalid by default: empty, None, default, thread_*, digits only"),
    Rule("5.2", "patterns are configurable; a list of allowed names makes everything else invalid"),
    Rule("5.3", "one violation per (conv, idem, value), counted with its repeats"),
    Rule("5.4", "evidence: a guard, or an invalid instance in a DELIVERY_TRACE or an INSTANCE_TRACE"),
    Rule("5.5", "source=error holds no instance: counted as a resolution error"),
    Rule("5.6", "an invalid instance that no guard reported is the worst case: say so"),
    Rule("5.7", "a release without INSTANCE_TRACE is judged by its DELIVERY_TRACEs"),
    Rule("6.1", "rate over results, action=result and the turn-based sent and send_failed"),
    Rule("6.2", "compared in integers; no rounded figure reads as the other side of the threshold"),
    Rule("6.3", "a result answers the latest open send of its key"),
    Rule("6.4a", "with times: a send without a result within grace is unresolved"),
    Rule("6.4b", "without times: when a later turn of its conversation began, or 1,000 traces later"),
    Rule("6.5", "the worst-case rate counts the unresolved as failed, and warns below the threshold"),
    Rule("6.6", "the rate per message, where idem is known"),
    Rule("6.7", "the http codes of failures, and the interval that the sample supports"),
    Rule("6.8", "below min_samples the answer is exact but says that it rests on few"),
    Rule("6.9", "no results: unknown, and warning once a send is past its grace"),
    Rule("6.10", "unsent turns are counted, not judged"),
    Rule(
        "7.1",
        "state_id and outbox_id are each judged where both sides have it; one differing is inconsistent",
    ),
    Rule("7.2", "MISSING against a number differs"),
    Rule("7.3", "only the first delivery after the planner event counts"),
    Rule("7.4", "the long planner line's ids count"),
    Rule("7.5", "turns that planned nothing count too"),
    Rule("7.6", "pairs across processes or files, or lacking ids, are not comparable"),
    Rule(
        "7.7",
        "an identifier that differs in over half of at least 20 pairs is not comparable; the other decides",
    ),
    Rule("7.8", "with neither identifier left the check is unknown, or a warning if configured"),
    Rule("7.9", "exact and conversation pairs are judged, mismatched ones are not"),
    Rule("8.1", "two copies of a file count once"),
    Rule("8.2", "two identical lines in one file are two events"),
    Rule("8.3", "identical sub-second time, logger and text directly after each other are one"),
    Rule("8.4", "inside a wrapping layout the inner record's time counts"),
    Rule("9.1", "phones are masked in everything that is shown"),
    Rule("9.2", "last two digits and a four-character tag stay: distinct, and recognisable everywhere"),
    Rule("9.3", "10 to 13 digits are a phone, but not in state_id, outbox_id or a time"),
    Rule("9.4", "the key is made on first use and kept with the state"),
    _once("9.5", "explain takes what an alert shows"),
    Rule("9.6", "--show-personal-data shows the raw values"),
    Rule("9.7", "judging uses the raw values"),
    _once("10.1", "the docs say what no trace can show"),
)

BY_NUMBER = {a_rule.number: a_rule for a_rule in RULES}
