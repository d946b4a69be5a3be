from __future__ import annotations

import asyncio
import threading

import pytest

from kumon_observe import emit
from kumon_observe.emit.context import Whose, whose


def bound_now() -> Whose:
    return whose(None, None, None)


def test_nothing_is_bound_at_first() -> None:
    assert bound_now() == (None, None, None)


def test_an_inner_block_adds_to_the_outer_one_and_ends_with_it() -> None:
    with emit.bound(conv="c1", turn="t1"):
        with emit.bound(idem="k1", turn="t2"):
            assert bound_now() == ("c1", "k1", "t2")
        assert bound_now() == ("c1", None, "t1")
    assert bound_now() == (None, None, None)


def test_it_ends_with_an_error_too() -> None:
    with pytest.raises(RuntimeError), emit.bound(conv="c1"):
        raise RuntimeError
    assert bound_now() == (None, None, None)


def test_what_is_given_wins() -> None:
    with emit.bound(conv="c1", idem="k1"):
        assert whose("c2", None, None) == ("c2", "k1", None)
        assert whose("", None, None) == ("", "k1", None)


def test_tasks_at_once_have_each_their_own() -> None:
    async def turn(conv: str, together: asyncio.Barrier) -> tuple[Whose, Whose]:
        with emit.bound(conv=conv):
            await together.wait()
            return bound_now(), await asyncio.to_thread(bound_now)

    async def turns() -> list[tuple[Whose, Whose]]:
        together = asyncio.Barrier(3)
        return await asyncio.gather(*(turn(conv, together) for conv in "abc"))

    assert asyncio.run(turns()) == [(Whose(conv), Whose(conv)) for conv in "abc"]


def test_a_thread_of_its_own_has_none() -> None:
    seen: list[Whose] = []
    with emit.bound(conv="c1"):
        thread = threading.Thread(target=lambda: seen.append(bound_now()))
        thread.start()
        thread.join()
    assert seen == [Whose()]


def test_no_two_turns_have_one_id() -> None:
    made = {emit.new_turn() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(turn) == 21 and turn.startswith("turn_") for turn in made)
