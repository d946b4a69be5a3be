from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from kumon_observe import hookimpl
from kumon_observe.config.settings import PluginSettings, Settings
from kumon_observe.model.setup import PluginInfo
from kumon_observe.plugins.registry import Registry
from tests.plugins.examples import Checks, EventCount, Everything, Logfmt, Memory

CHECKS = ["handoff", "instances", "delivery", "consistency"]
LAYOUTS = {
    "basic",
    "bracket",
    "compose",
    "dash",
    "docker",
    "iso",
    "json",
    "level",
    "plain",
    "railway",
    "syslog",
}


def load(*extra: object, disabled: tuple[str, ...] = ()) -> Registry:
    settings = Settings(plugins=PluginSettings(disabled=disabled))
    return Registry.load(settings, extra=extra, entry_points=False)


def info(registry: Registry, name: str) -> PluginInfo:
    return next(plugin for plugin in registry.plugins if plugin.name == name)


def check_names(registry: Registry) -> list[str]:
    return [check.name for check in registry.checks()]


def test_what_is_built_in_comes_through_the_same_hooks() -> None:
    registry = load()
    assert check_names(registry) == CHECKS
    assert {parser.name for parser in registry.parsers()} == LAYOUTS
    assert [sink.name for sink in registry.sinks()] == ["stdout"]
    (built_in,) = registry.plugins
    assert (built_in.name, built_in.origin, built_in.error) == ("builtin", "built in", None)
    assert {"check handoff", "layout json", "sink stdout"} <= set(built_in.provides)
    assert registry.broken_checks() == []


def test_a_plugin_may_give_checks_layouts_and_sinks_and_leave_out_the_settings() -> None:
    registry = load(Everything())
    assert check_names(registry) == [*CHECKS, "count-of-100"]
    assert any(isinstance(parser, Logfmt) for parser in registry.parsers())
    assert any(isinstance(sink, Memory) for sink in registry.sinks())
    assert info(registry, "everything") == PluginInfo(
        name="everything",
        origin="given by the program",
        provides=("layout logfmt", "check count-of-100", "sink memory"),
    )


def test_every_call_gives_new_checks() -> None:
    registry = load()
    first, second = registry.checks(), registry.checks()
    assert not {id(check) for check in first} & {id(check) for check in second}


def test_a_disabled_plugin_is_named_and_not_used() -> None:
    registry = load(Everything(), disabled=("everything", "nobody"))
    assert check_names(registry) == CHECKS
    assert info(registry, "everything").disabled
    assert info(registry, "everything").provides == ()
    assert registry.unknown_disabled() == ["nobody"]
    assert registry.broken_checks() == []


def test_without_the_built_in_plugin_its_names_are_free() -> None:
    registry = load(Checks("mine", lambda: [EventCount("handoff")]), disabled=("builtin",))
    assert check_names(registry) == ["handoff"]
    assert registry.parsers() == []


class Raising:
    __name__ = "raising"

    @hookimpl
    def kumon_register_checks(self) -> object:
        raise RuntimeError("no\nluck")


class Leaving(Raising):
    __name__ = "leaving"

    @hookimpl
    def kumon_register_checks(self) -> object:
        sys.exit("goodbye")


def half() -> Any:
    yield EventCount("half")
    raise ValueError("the other half is missing")


class Nameless(EventCount):
    @property
    def name(self) -> str:
        raise KeyError("name")

    @name.setter
    def name(self, value: str) -> None:
        pass


class Deaf:
    name = "deaf"

    def observe(self, event: object) -> None:
        pass


FAULTY: list[tuple[object, str]] = [
    (Raising(), "kumon_register_checks: RuntimeError: no luck"),
    (Leaving(), "kumon_register_checks: SystemExit: goodbye"),
    (Checks("p", half), "kumon_register_checks: ValueError: the other half is missing"),
    (
        Checks("p", lambda: 7),
        "kumon_register_checks: TypeError: it gave an object of int instead of a list of checks",
    ),
    (Checks("p", lambda: "abc"), "it gave an object of str instead of a list of checks"),
    (Checks("p", lambda: [EventCount]), "EventCount is a class: give an object of it, as in EventCount()"),
    (Checks("p", lambda: [None]), "None has the name None: use letters a-z, digits, - and _"),
    (Checks("p", lambda: [EventCount("")]), "an object of EventCount has the name ''"),
    (
        Checks("p", lambda: [EventCount("Quiet Hours")]),
        "has the name 'Quiet Hours': use letters a-z, digits, - and _",
    ),
    (Checks("p", lambda: [EventCount("x\n")]), r"has the name 'x\n'"),
    (Checks("p", lambda: [Nameless()]), "an object of Nameless cannot be looked at: KeyError: 'name'"),
    (Checks("p", lambda: [Deaf()]), "the check 'deaf' has no merge() and no result()"),
]


@pytest.mark.parametrize(("plugin", "reason"), FAULTY)
def test_a_faulty_plugin_is_reported_and_the_others_work_on(plugin: object, reason: str) -> None:
    registry = load(plugin, Everything())
    name = plugin.__name__  # type: ignore[attr-defined]
    assert reason in (info(registry, name).error or "")
    (broken,) = registry.broken_checks()
    assert broken.plugin == name
    assert reason in str(broken)
    assert check_names(registry) == [*CHECKS, "count-of-100"]


def test_a_hook_that_returns_nothing_is_reported() -> None:
    registry = load(Checks("p", lambda: None))
    assert "kumon_register_checks: TypeError: it gave None instead of a list of checks" in (
        info(registry, "p").error or ""
    )


def test_a_good_check_beside_a_bad_one_is_used() -> None:
    registry = load(Checks("p", lambda: [EventCount("good"), Deaf()]))
    assert "good" in check_names(registry)
    assert info(registry, "p").provides == ("check good",)
    assert len(registry.broken_checks()) == 1


def test_a_taken_name_is_refused_with_both_plugins_named() -> None:
    registry = load(Checks("late", lambda: [EventCount("handoff"), EventCount("own")]))
    assert check_names(registry) == [*CHECKS, "own"]
    assert info(registry, "late").error == (
        "the check 'handoff' of plugin 'late' is not used: plugin 'builtin' took the name first; "
        "rename it or disable one of the two"
    )
    assert [broken.plugin for broken in registry.broken_checks()] == ["late"]


def test_a_name_stays_with_its_first_owner_at_every_call() -> None:
    registry = load(Checks("one", lambda: [EventCount("same")]), Checks("two", lambda: [EventCount("same")]))
    for _ in range(3):
        assert check_names(registry) == [*CHECKS, "same"]
    assert info(registry, "one").error is None
    assert (info(registry, "two").error or "").count("'same'") == 1


def test_the_same_name_twice_from_one_plugin_is_reported() -> None:
    registry = load(Checks("p", lambda: [EventCount("same"), EventCount("same")]))
    assert info(registry, "p").error == "plugin 'p' gives the check 'same' twice: only the first is used"


def test_a_check_and_a_sink_may_share_a_name() -> None:
    registry = load(Checks("p", lambda: [EventCount("stdout")]))
    assert info(registry, "p").error is None


def test_a_check_that_is_given_again_is_refused_since_it_remembers_another_log() -> None:
    shared = EventCount("shared")
    registry = load(Checks("p", lambda: [shared]))
    assert "shared" not in check_names(registry)
    assert "'shared' was given before: make a new one at every call" in (info(registry, "p").error or "")
    assert len(registry.broken_checks()) == 1


def test_a_hook_that_fails_later_is_reported_then() -> None:
    answers = iter([[EventCount("fleeting")]])
    registry = load(Checks("p", lambda: next(answers)))
    assert registry.broken_checks() == []
    assert "fleeting" not in check_names(registry)
    assert [broken.plugin for broken in registry.broken_checks()] == ["p"]


def test_the_same_failure_is_told_once() -> None:
    registry = load(Raising())
    registry.checks()
    registry.checks()
    assert (info(registry, "raising").error or "").count("RuntimeError") == 1


class BrokenSink:
    __name__ = "broken-sink"

    @hookimpl
    def kumon_register_sinks(self) -> object:
        return [object()]


class BrokenLayout:
    __name__ = "broken-layout"

    @hookimpl
    def kumon_register_parsers(self) -> object:
        raise OSError("no")


def test_a_missing_layout_leaves_a_verdict_open_and_a_missing_sink_does_not() -> None:
    registry = load(BrokenSink(), BrokenLayout())
    assert [broken.plugin for broken in registry.broken_checks()] == ["broken-layout"]
    assert info(registry, "broken-sink").error


class Typo:
    __name__ = "typo"

    @hookimpl
    def kumon_register_check(self) -> object:
        return []


class WrongArgument:
    __name__ = "wrong-argument"

    @hookimpl
    def kumon_register_checks(self, config: object) -> object:
        return []


class Unmarked:
    __name__ = "unmarked"

    def kumon_register_checks(self) -> object:
        return []


@pytest.mark.parametrize(
    ("plugin", "reason"),
    [
        (Typo(), "unknown hook 'kumon_register_check'"),
        (WrongArgument(), "config"),
        (Unmarked(), "it implements no hook: mark one of kumon_register_parsers, kumon_register_checks"),
        (None, "it implements no hook"),
    ],
)
def test_a_plugin_that_no_hook_fits_cannot_be_loaded(plugin: object, reason: str) -> None:
    registry = load(plugin)
    error = registry.plugins[-1].error or ""
    assert error.startswith("cannot be loaded: ")
    assert reason in error
    assert len(registry.broken_checks()) == 1


def test_two_plugins_of_one_name_cannot_both_be_used() -> None:
    registry = load(Checks("p", lambda: [EventCount("a")]), Checks("p", lambda: [EventCount("b")]))
    assert check_names(registry) == [*CHECKS, "a"]
    assert (
        registry.plugins[-1].error == "the name 'p' of given by the program is taken by given by the program"
    )


def test_ctrl_c_in_a_plugin_is_the_users_and_passes() -> None:
    def interrupted() -> object:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(Checks("p", interrupted))


def test_the_public_address_of_the_hooks_documents_each() -> None:
    from kumon_observe import hookspecs

    hooks: list[Callable[..., object]] = [
        hookspecs.kumon_register_parsers,
        hookspecs.kumon_register_checks,
        hookspecs.kumon_register_sinks,
    ]
    for hook in hooks:
        assert "@hookimpl" in (hook.__doc__ or "")
        assert "Errors:" in (hook.__doc__ or "")
