"""The main question: what do the checks say of these logs?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Unpack

from kumon_observe.engine.judge import Judging
from kumon_observe.engine.run import Run, RunOptions, SourceSpec
from kumon_observe.model.errors import UsageError
from kumon_observe.model.evidence import CheckResult, Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.model.protocols import Check
from kumon_observe.model.verdict import Verdict
from kumon_observe.plugins.registry import Registry

if TYPE_CHECKING:
    from kumon_observe.engine.cursor import Cursor, Keeper


def analyze(
    sources: SourceSpec | Iterable[SourceSpec],
    *,
    checks: Collection[str] | None = None,
    limit: int | None = None,
    command: str = "health",
    cursor: Cursor | None = None,
    **options: Unpack[RunOptions],
) -> Verdict:
    """Read *sources* once and judge them.

    What cannot be read, or a check that fails, makes the verdict ``unknown`` with a reason; it never raises.

    >>> verdict = analyze("examples/app.log")
    >>> print(verdict.status, verdict.action)
    critical rollback
    >>> print(verdict.check("handoff").summary)
    2 lost hand-offs in 24 turns

    Args:
        sources: one or several.
        checks: the checks to ask, by name; all that are installed when ``None``.
        limit: how many violations of a check are listed at most; the settings' when ``None``.
        command: what the verdict says of who asked.
        cursor: with it, one plain file that only grew is read from where the run before ended; the answer
            is the same, and the cursor's ``notes`` tell what came in the way.
        **options: those of :class:`~kumon_observe.engine.run.RunOptions`.

    Raises:
        UsageError: an unknown check or layout, no source, or an empty window was asked for.
    """
    run = Run(specs=sources, **options)
    judging = Judging(wanted_checks(run.plugins, checks))
    run.sources.judging = judging
    if cursor is not None:
        run.sources.keeper = _keeper(cursor, run, judging)
    for batch in run.sources.batches():
        judging.observe(batch)
    return verdict_of(run, judging.results(run.now()), command, checks is None, limit)


def _keeper(cursor: Cursor, run: Run, judging: Judging) -> Keeper:
    from kumon_observe.engine.cursor import Keeper

    return Keeper(
        cursor=cursor,
        checks=judging.checks,
        settings=run.settings,
        options=run.scan_options,
        registry=run.plugins,
    )


def verdict_of(
    run: Run,
    results: Iterable[CheckResult],
    command: str,
    all_checks: bool,
    limit: int | None = None,
    *,
    also_lost: Iterable[Sentence] = (),
) -> Verdict:
    """The verdict of a *run*: its *results*, honest about what was not read and what was *also_lost*."""
    losses = [*run.losses(), *also_lost]
    shown = run.settings.limit if limit is None else limit
    resolved = [run.resolved(result, shown) for result in results]
    if losses:
        resolved = [result.degraded(*losses) for result in resolved]
    if all_checks:
        resolved += [
            CheckResult.failed(broken.plugin, phrase("{reason}", reason=broken.reason))
            for broken in run.plugins.broken_checks()
        ]
    return Verdict(
        command=command,
        generated_at=run.generated_at(),
        checks=tuple(resolved),
        sources=run.reports(),
        coverage=run.sources.seen.coverage(),
        reasons=(*losses, *run.ignored(), *(run.unkept() if any(map(_has_pseudonyms, resolved)) else ())),
    )


def _has_pseudonyms(result: CheckResult) -> bool:
    findings = (*result.violations, *result.warnings)
    if not findings:
        return False
    from kumon_observe.model.privacy import MASK

    return any(MASK in (finding.key.conv or "") for finding in findings)


def wanted_checks(registry: Registry, names: Collection[str] | None) -> list[Check]:
    """New checks of these *names*, all without any.

    Raises:
        UsageError: there is no check of such a name.
    """
    available = registry.checks()
    if names is None:
        return available
    by_name = {check.name: check for check in available}
    for name in names:
        if name not in by_name:
            from difflib import get_close_matches

            close = get_close_matches(name, by_name, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(sorted(by_name))}"
            raise UsageError(f"there is no check {name!r}: {hint}")
    return [by_name[name] for name in names]
