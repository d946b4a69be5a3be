"""The laws that every check keeps, as tests to inherit."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from kumon_observe.model.document import to_text, verdict_from_text, verdict_to
from kumon_observe.model.errors import StateError
from kumon_observe.model.events import TraceEvent
from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.protocols import BatchCheck, Check, ResumableCheck
from kumon_observe.model.status import Status
from kumon_observe.model.verdict import Coverage, Verdict
from kumon_observe.plugins.kinds import CHECK, fault
from kumon_observe.testing.contracts.feeding import facts, feed, kept_bytes, troubled_turns
from kumon_observe.testing.strategies import a_log, last_time

Law = Callable[[list[TraceEvent], st.DataObject], None]


class CheckContract:
    """The contract of a check: subclass it under a name that begins with ``Test``.

    It needs one method::

        class TestQuietHours(CheckContract):
            def check(self):
                return QuietHours()

    ``examples``: how many logs each law is tried with. ``conversations``: after how many, in all of which
    something is wrong, the check's state must have stopped growing; give a check with small limits, or a
    larger number.
    """

    examples: int = 100
    conversations: int = 2_000

    def check(self) -> Check:
        """A new check that has seen nothing."""
        raise NotImplementedError("give a new check: def check(self): return MyCheck()")

    def logs(self) -> st.SearchStrategy[list[TraceEvent]]:
        """The logs that the laws are tried with; override it where your check wants other events."""
        return a_log()

    # what it is

    def test_it_can_be_registered(self) -> None:
        """It has a name of letters a-z, digits, ``-`` and ``_``, and the methods of a check."""
        assert fault(self.check(), CHECK) is None

    def test_nothing_seen_is_unknown(self) -> None:
        """Zero is a claim that needs evidence (TRACES section 3)."""
        result = self.check().result(None)
        assert result.status is Status.UNKNOWN, "a check that saw nothing must answer unknown"

    def test_its_results_carry_its_name(self) -> None:
        """A result is a ``CheckResult`` under the check's own name."""

        def law(log: list[TraceEvent], _: st.DataObject) -> None:
            check = self.check()
            feed(check, log)
            result = check.result(last_time(log))
            assert isinstance(result, CheckResult), "result(now) must give a CheckResult"
            assert result.name == check.name, "the result must carry the name of the check"

        self._holds(law)

    # what splitting, merging and asking do

    def test_a_log_split_anywhere_and_merged_gives_the_answer_of_one_pass(self) -> None:
        """At every place, in however many parts, and in whatever order neighbours are merged."""

        def law(log: list[TraceEvent], data: st.DataObject) -> None:
            now = last_time(log)
            whole = self._fed(log).result(now)
            for cut in range(len(log) + 1):
                first = self._fed(log[:cut])
                first.merge(self._fed(log[cut:]))
                assert first.result(now) == whole, (
                    f"two parts, cut after {cut} events, must answer as one pass"
                )
            cuts = sorted(data.draw(st.lists(st.integers(0, len(log)), max_size=3), label="cuts"))
            bounds = list(pairwise([0, *cuts, len(log)]))
            from_start = data.draw(st.booleans(), label="the first part knows that it is the first")
            parts = [self._fed(log[a:b], from_start and not n) for n, (a, b) in enumerate(bounds)]
            if data.draw(st.booleans(), label="merged from the last part on"):
                while len(parts) > 1:
                    later = parts.pop()
                    parts[-1].merge(later)
            else:
                for later in parts[1:]:
                    parts[0].merge(later)
            assert parts[0].result(now) == whole, f"parts cut after {cuts} events must answer as one pass"

        self._holds(law)

    def test_merging_with_a_check_that_saw_nothing_changes_nothing(self) -> None:
        """Neither before it nor behind it."""

        def law(log: list[TraceEvent], _: st.DataObject) -> None:
            now, before, behind = last_time(log), self.check(), self._fed(log)
            before.merge(self._fed(log))
            behind.merge(self.check())
            whole = self._fed(log).result(now)
            assert before.result(now) == whole, "an empty part before a log must change nothing"
            assert behind.result(now) == whole, "an empty part behind a log must change nothing"

        self._holds(law)

    def test_asking_changes_nothing(self) -> None:
        """A live log is judged again and again while it grows."""

        def law(log: list[TraceEvent], _: st.DataObject) -> None:
            now, asked = last_time(log), self.check()
            for event in log:
                feed(asked, [event])
                asked.result(event.at)
            first = asked.result(now)
            assert asked.result(now) == first, "asking twice must give one answer"
            assert first == self._fed(log).result(now), "result(now) must not change what comes after"

        self._holds(law)

    def test_events_are_left_as_they_are(self) -> None:
        """The next check gets the same objects."""

        def law(log: list[TraceEvent], _: st.DataObject) -> None:
            before = facts(log)
            check = self.check()
            for event in log:
                check.observe(event)
            check.merge(self._fed(log))
            check.result(last_time(log))
            assert facts(log) == before, "a check must not change the events that it is given"

        self._holds(law)

    def test_event_by_event_and_in_batches_is_one(self) -> None:
        """For a check with ``observe_many``; any other passes."""

        def law(log: list[TraceEvent], _: st.DataObject) -> None:
            one_by_one = self.check()
            if isinstance(one_by_one, BatchCheck):
                for event in log:
                    one_by_one.observe(event)
                now = last_time(log)
                assert one_by_one.result(now) == self._fed(log).result(now)

        self._holds(law)

    # what it keeps

    def test_its_state_is_bounded(self) -> None:
        """As many conversations again take no more memory, but for what comes and goes."""
        check, step = self.check(), max(1, self.conversations // 8)
        feed(check, (), from_start=True)
        empty, sizes = kept_bytes(check), []
        for first in range(0, 16 * step, step):
            feed(check, list(troubled_turns(first, step)))
            sizes.append(kept_bytes(check) - empty)
        before, after, further = max(sizes[:8]), max(sizes[8:]), 8 * step
        assert after < before * 1.1 + further * 8, (
            f"its state grew from {before} to {after} bytes with {further} further conversations: "
            "keep counts and a few examples, or give a check with small limits and enough conversations to "
            "reach them"
        )

    def test_its_results_survive_json(self) -> None:
        """What ``--json`` prints is read back as the same answer."""

        def law(log: list[TraceEvent], _: st.DataObject) -> None:
            result = self._fed(log).result(last_time(log))
            document = verdict_to(_verdict(result))
            read = verdict_from_text(to_text(document))
            assert verdict_to(read) == document, "a result must say the same after JSON"
            assert (read.checks[0].status, read.checks[0].counts) == (result.status, result.counts)

        self._holds(law)

    def test_a_saved_check_goes_on_as_if_nothing_had_been(self) -> None:
        """For a check with ``saved`` and ``resumed``; one with neither passes."""
        offered = [name for name in ("saved", "resumed") if hasattr(self.check(), name)]
        assert len(offered) != 1, f"it has {offered} alone: offer both saved() and resumed(), or neither"

        def law(log: list[TraceEvent], data: st.DataObject) -> None:
            if not offered:
                return
            cut = data.draw(st.integers(0, len(log)), label="saved after")
            check = self._fed(log[:cut], from_start=True)
            assert isinstance(check, ResumableCheck)
            text = json.dumps(check.saved())
            assert json.dumps(check.saved()) == text, "saving must change nothing"
            assert not any(f'"{event.text}"' in text for event in log), "the text of no record may be saved"
            fresh = self.check()
            assert isinstance(fresh, ResumableCheck)
            resumed = fresh.resumed(json.loads(text))
            feed(resumed, log[cut:])
            now = last_time(log)
            assert resumed.result(now) == self._fed(log, from_start=True).result(now)

        self._holds(law)

    def test_a_state_that_is_none_of_its_own_is_refused(self) -> None:
        """For a check with ``saved`` and ``resumed``: it says so by a ``StateError``."""
        check = self.check()
        if isinstance(check, ResumableCheck):
            for foreign in ({}, {"state": None}, {"name": "another", "form": 0}):
                with pytest.raises(StateError):
                    check.resumed(foreign)

    # how

    def _fed(self, log: Sequence[TraceEvent], from_start: bool = False) -> Check:
        check = self.check()
        feed(check, log, from_start=from_start)
        return check

    def _holds(self, law: Law) -> None:
        """Try *law* with many logs."""
        tried = given(self.logs(), st.data())(law)
        slow = (HealthCheck.too_slow, HealthCheck.data_too_large)
        settings(max_examples=self.examples, deadline=None, suppress_health_check=slow)(tried)()


def _verdict(result: CheckResult) -> Verdict:
    now = datetime(2025, 1, 15, tzinfo=UTC)
    return Verdict(command="health", generated_at=now, checks=(result,), sources=(), coverage=Coverage())
