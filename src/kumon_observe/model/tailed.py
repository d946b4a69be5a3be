"""What ``tail`` shows, one thing after the other."""

from __future__ import annotations

from attrs import frozen

from kumon_observe.model.evidence import Sentence, Violation
from kumon_observe.model.listing import ListedRecord
from kumon_observe.model.status import Status


@frozen(kw_only=True)
class Tailed:
    """One record, one violation that became known, or one thing that is to be said.

    Attributes:
        status: how grave it is; ``OK`` for what only shows that the app works.
        record: the record; ``None`` for the other two.
        check: the name of the check that found the violation, else ``""``.
        violation: what is lost or wrong, masked.
        said: about the logs themselves, such as one that is missing.
    """

    status: Status = Status.OK
    record: ListedRecord | None = None
    check: str = ""
    violation: Violation | None = None
    said: Sentence | None = None
