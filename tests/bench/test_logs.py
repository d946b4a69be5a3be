"""The logs of the benchmarks hold what was booked, whatever their kind, size and interleaving."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from attrs import evolve

from bench.inputs import registry
from bench.logs import RECIPES, Known, Recipe, text_of, write_log
from bench.logs.many import many
from bench.logs.turns import PLANTED
from bench.sizes import shown, size_of
from kumon_observe import analyze
from kumon_observe.model.verdict import Verdict

SMALL = 400_000
KINDS = tuple(RECIPES)
TRACE = re.compile(rb"^(?:\{.*\"message\": \"|.* - (?:INFO|ERROR) - )[A-Z]+_(?:TRACE|GUARD)\|", re.MULTILINE)


OF_MANY_FORMS = (
    *(
        evolve(recipe, size=SMALL, planted_every=2, seed=seed)
        for recipe in RECIPES.values()
        for seed in (1, 2, 3)
    ),
    Recipe(size=SMALL, share=0.5, layout="basic", planted_every=3),
    Recipe(size=SMALL, share=0.7, planted_every=3, in_flight=64, seed=5),
    Recipe(size=SMALL, share=1.0, planted_every=2, in_flight=1, parents=3, seed=9),
)


def text(recipe: Recipe) -> tuple[bytes, Known]:
    known = Known()
    return b"".join(text_of(recipe, known)), known


def seen(verdict: Verdict) -> Known:
    """What the checks say of a log, as far as its maker booked it."""
    checks = {check.name: check for check in verdict.checks}
    (source,) = verdict.sources

    def counted(check: str, name: str) -> int:
        figure = checks[check].counts[name]
        assert isinstance(figure, int)
        return figure

    of_handoff = ("turns", "partial", "undelivered", "pending")
    of_delivery = ("success", "failed", "unresolved", "unsent")
    return Known(
        size=source.read,
        lines=source.lines,
        traces=source.traces,
        embedded=source.problems["embedded"],
        guard_lines=verdict.coverage.guards,
        lost=counted("handoff", "violations"),
        wrong_instances=counted("instances", "violations"),
        unguarded=counted("instances", "unguarded"),
        resolution_errors=counted("instances", "resolution_errors"),
        pairs=counted("consistency", "pairs"),
        inconsistent=counted("consistency", "inconsistent"),
        **{name: counted("handoff", name) for name in of_handoff},
        **{name: counted("delivery", name) for name in of_delivery},
    )


@pytest.mark.parametrize(
    "recipe",
    OF_MANY_FORMS,
    ids=lambda recipe: f"{recipe.layout}-{recipe.share}-{recipe.in_flight}-{recipe.seed}",
)
def test_the_checks_find_what_was_planted_and_nothing_else(recipe: Recipe, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    known = write_log(path, recipe)
    verdict = analyze(path, registry=registry())
    assert seen(verdict) == known
    assert known.turns > recipe.planted_every * len(PLANTED)  # so every way to go wrong is in it


@pytest.mark.parametrize("kind", KINDS)
def test_both_releases_write_to_one_log(kind: str) -> None:
    data, _ = text(evolve(RECIPES[kind], size=2_000_000))
    short, longs = data.count(b"|outbox_count="), data.count(b"|count=")
    assert 0.02 < short / (short + longs) < 0.2
    assert 0.1 < data.count(b"|http=200|") / data.count(b"|http=") < 0.4
    assert data.count(b"|idem=unknown") > 0.8 * data.count(b"|idem=")


def test_what_another_day_adds_only_adds(tmp_path: Path) -> None:
    recipe = Recipe(size=SMALL, share=1.0, planted_every=3)
    path = tmp_path / "app.log"
    first, more = write_log(path, recipe), Known()
    with path.open("ab") as file:
        file.writelines(text_of(evolve(recipe, size=10_000, seed=2, day=1), more))
    found = seen(analyze(path, registry=registry()))
    assert (found.lost, found.success) == (first.lost + more.lost, first.success + more.success)
    assert more.lost


def test_every_one_of_many_conversations_is_another(tmp_path: Path) -> None:
    pieces, known = many(2_000, lost_every=9)
    data = b"".join(pieces)
    path = tmp_path / "app.log"
    path.write_bytes(data)
    assert seen(analyze(path, registry=registry())) == known
    assert (known.turns, known.lost) == (2_000, 222)
    assert len(set(re.findall(rb"conv=([^|]+)", data))) == 2_000


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_recipe_makes_the_same_log(kind: str) -> None:
    recipe = evolve(RECIPES[kind], size=SMALL)
    assert text(recipe) == text(recipe)
    assert text(recipe) != text(evolve(recipe, seed=2))


@pytest.mark.parametrize("kind", KINDS)
def test_its_share_of_lines_and_bytes_are_traces(kind: str) -> None:
    data, known = text(evolve(RECIPES[kind], size=2_000_000))
    share = RECIPES[kind].share
    traces = [line for line in data.splitlines(keepends=True) if TRACE.match(line)]
    assert len(traces) == known.traces
    assert known.traces / known.lines == pytest.approx(share, rel=0.05)
    assert sum(map(len, traces)) / len(data) == pytest.approx(share, rel=0.15)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_as_large_as_asked_for(kind: str) -> None:
    data, known = text(evolve(RECIPES[kind], size=SMALL))
    assert known.size == len(data)
    assert known.lines == data.count(b"\n")
    assert SMALL <= len(data) < SMALL + 150_000


def conversations_begun_before_the_first_delivery(recipe: Recipe) -> int:
    head, _, _ = text(recipe)[0].partition(b"phase=delivery")
    return len(set(re.findall(rb"conv=([^|]+)", head)))


def test_turns_interleave_as_asked_for() -> None:
    alone = Recipe(size=SMALL, share=1.0, in_flight=1)
    assert conversations_begun_before_the_first_delivery(alone) == 1
    assert conversations_begun_before_the_first_delivery(evolve(alone, in_flight=40)) > 10


def test_more_turns_in_flight_than_parents_are_refused() -> None:
    with pytest.raises(ValueError, match="8 turns in flight need as many parents, not 3"):
        Recipe(size=SMALL, share=1.0, parents=3)


def test_sizes_are_read_and_shown() -> None:
    assert [size_of(text) for text in ("450MB", "4.5GB", "10 kB", "7")] == [
        450_000_000,
        4_500_000_000,
        10_000,
        7,
    ]
    assert [shown(size) for size in (450_000_000, 4_500_000_000, 10_000, 7)] == [
        "450 MB",
        "4.5 GB",
        "10 kB",
        "7 B",
    ]
    with pytest.raises(ValueError, match="'big' is no size: write 450MB or 4GB"):
        size_of("big")
