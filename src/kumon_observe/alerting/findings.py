"""Which findings of an answer are new: by their identities, and by their number where not all are listed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from attrs import define, frozen

from kumon_observe.model.moments import to_microseconds
from kumon_observe.model.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from kumon_observe.model.evidence import CheckResult, Violation

_STANDING = frozenset({"identity"})
"""Details that tell how sure a finding is, which may change when more of it is read."""


@define
class Mark:
    """How far the findings of a rule are known.

    ``first`` is the identity of the first one listed, which tells whether a later answer goes on from the
    same beginning; ``most`` is how many there were since then.
    """

    first: str = ""
    most: int = 0


@frozen
class Fresh:
    """The ``listed`` findings that are new, their ``identities``, how many are new in all (``n``) of all."""

    listed: tuple[Violation, ...] = ()
    identities: tuple[str, ...] = ()
    n: int = 0
    of: int = 0


def fresh(
    result: CheckResult,
    breach: Status,
    mark: Mark,
    known: Callable[[Collection[str]], Collection[str]],
    *,
    late: bool = False,
) -> Fresh:
    """What of *result* is new; *known* tells which identities were seen before. *mark* is brought up to date.

    *late* tells whether an undelivered turn is as critical as a lost one (``[checks.handoff] undelivered``).

    An answer that begins with the same finding as the last one has as many new findings as it has more than
    ever before: what was read again (a lost cursor) is not new. One with another beginning (a log that was
    archived, a window that moved on) is told by its identities; if not all are listed, the rest counts as
    new, because a loss that is told twice is better than one that is never told.
    """
    found = list(_grave(result, breach, late=late))
    ids = identities(result.name, found)
    if not ids:
        return Fresh()
    total = len(ids) + result.omitted
    seen = set(known(ids))
    listed = [(violation, name) for violation, name in zip(found, ids, strict=True) if name not in seen]
    if ids[0] == mark.first:
        n = max(len(listed), total - mark.most)
        mark.most = max(mark.most, total)
    else:
        n = total if len(listed) == len(ids) else max(len(listed), int(result.omitted > 0))
        mark.first, mark.most = ids[0], total
    return Fresh(tuple(v for v, _ in listed), tuple(name for _, name in listed), max(0, n), total)


def _grave(result: CheckResult, breach: Status, *, late: bool) -> Iterable[Violation]:
    """The findings that break a rule: a loss whose keys do not fit warns and no more (TRACES section 4)."""
    if breach is Status.CRITICAL:
        overdue = (v for v in result.warnings if late and v.details.get("type") == "undelivered")
        return (*(v for v in result.violations if not is_doubtful(v)), *overdue)
    return (*result.violations, *result.warnings)


def is_doubtful(violation: Violation) -> bool:
    """Whether a finding warns only: the keys of its two traces differ, and no guard reported it."""
    by: Any = violation.details.get("by", ())
    return violation.details.get("identity") == "mismatched" and "guard" not in by


def identities(check: str, violations: Iterable[Violation]) -> list[str]:
    """What each of the *violations* is known by, however often and from wherever its log is read again.

    Its conversation, its time and its words; not its numbers, nor what may still become known of it. Without
    a time, where its record stands in its file. Two that are alike are told apart by their order.
    """
    alike: Counter[str] = Counter()
    found = []
    for violation in violations:
        name = _name(check, violation)
        alike[name] += 1
        found.append(_digest(f"{name}|{alike[name]}"))
    return found


def _name(check: str, violation: Violation) -> str:
    key, at = violation.key, violation.at
    words = [
        f"{name}={value}"
        for name, value in sorted(violation.details.items())
        if isinstance(value, str) and name not in _STANDING
    ]
    place = violation.evidence[0].offset if at is None and violation.evidence else ""
    moment = "" if at is None else to_microseconds(at)
    return "|".join([check, key.conv or f"?{key.idem}", f"{moment}", f"{place}", *words])


def _digest(text: str) -> str:
    import hashlib

    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
