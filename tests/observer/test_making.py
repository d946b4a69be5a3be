"""How an observer is made, and which loggers it takes."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

import kumon_observe
from kumon_observe import Observer, UsageError
from kumon_observe.config.settings import Settings
from tests.observer.app import observer, play
from tests.scenarios import Story


def test_a_coroutine_cannot_be_the_callback(tmp_path: Path) -> None:
    async def tell(alert: object) -> None: ...

    with pytest.raises(UsageError, match="on_alert is a coroutine function, which nobody would await"):
        observer(tmp_path, on_alert=tell)


def test_what_is_no_sink_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"an object of int is no sink: it needs a name and send\(alert\)"):
        observer(tmp_path, sinks=[7])


def test_two_loggers_one_of_which_passes_its_records_to_the_other_are_refused(tmp_path: Path) -> None:
    watching = observer(tmp_path, loggers=("", "app.core"))
    with pytest.raises(
        UsageError, match=r"the records of app\.core reach the root as well and would be judged twice"
    ):
        watching.install()
    with pytest.raises(UsageError, match=r"the records of app\.core reach app as well"):
        observer(tmp_path, loggers=("app", "app.core")).install()


def test_loggers_that_pass_nothing_on_can_be_named_together(tmp_path: Path) -> None:
    apart = logging.getLogger("app.apart")
    apart.propagate = False
    try:
        with observer(tmp_path, loggers=("app", "app.apart")) as watching:
            play(Story().turn("ana"))
            apart.info(Story().planner("bia").records[0].message)
            assert watching.verdict().coverage.outbox == 4
    finally:
        apart.propagate = True


def test_the_root_is_observed_without_any_name(tmp_path: Path) -> None:
    with Observer(settings=Settings(state_dir=str(tmp_path)), sinks=()) as watching:
        play(Story().turn("ana"))
        assert watching.verdict().coverage.outbox == 3
    assert not any(handler.name == "kumon_observe" for handler in logging.getLogger().handlers)


@pytest.mark.parametrize("options", [{"interval": 0}, {"capacity": 0}, {"loggers": ()}])
def test_wrong_figures_are_refused(options: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=str(next(iter(options)))):
        observer(tmp_path, **options)


def test_it_is_public() -> None:
    assert kumon_observe.Observer is kumon_observe.observer.Observer is Observer
    assert {"ASGIApp", "Callback", "Condition", "Observer"} <= set(dir(kumon_observe.observer))
    with pytest.raises(AttributeError, match=r"module 'kumon_observe\.observer' has no attribute 'Observed'"):
        _ = kumon_observe.observer.Observed
