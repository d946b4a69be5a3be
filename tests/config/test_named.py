"""Tables that bear names: ``[rules.NAME]``, ``[routes.NAME]``, ``[jobs.NAME]``."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from kumon_observe.config.alerting import RouteSettings
from kumon_observe.config.rules import RULES, RuleSettings
from kumon_observe.config.settings import Settings
from kumon_observe.config.show import report
from kumon_observe.config.watching import JOBS, JobSettings, WatchSettings
from kumon_observe.model.errors import ConfigError
from tests.config.files import load


def problems(folder: Path, text: str, **environ: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load(folder, text, **environ)
    return tuple(problem.removeprefix("kumon-observe.toml:") for problem in caught.value.problems)


def test_a_table_lies_over_the_default_of_its_name_and_keeps_the_rest(tmp_path: Path) -> None:
    settings = load(tmp_path, '[rules.delivery]\nseverity = "high"\nfor = 5\n').settings
    assert settings.rules["delivery"] == evolve(RULES["delivery"], severity="high", for_=5.0)
    assert {name: settings.rules[name] for name in RULES if name != "delivery"} == {
        name: rule for name, rule in RULES.items() if name != "delivery"
    }
    assert settings != Settings()


def test_a_new_name_adds_a_table_with_the_defaults_of_its_kind(tmp_path: Path) -> None:
    text = """
[rules.mine]
check = "delivery"
[jobs.noon_check]
cron = "0 12 * * MON-FRI"
[routes.pager]
level = 1
"""
    settings = load(tmp_path, text).settings
    assert list(settings.rules) == [*RULES, "mine"]
    assert settings.rules["mine"] == RuleSettings(check="delivery")
    assert settings.jobs["noon_check"] == JobSettings(cron="0 12 * * MON-FRI")
    assert settings.routes == {"pager": RouteSettings(level=1)}


def test_one_is_switched_off_and_keeps_the_rest(tmp_path: Path) -> None:
    settings = load(tmp_path, "[jobs.night-archive]\nenabled = false\n").settings
    assert settings.jobs["night-archive"] == evolve(JOBS["night-archive"], enabled=False)


def test_a_route_that_says_what_its_absence_says_is_none(tmp_path: Path) -> None:
    assert load(tmp_path, "[routes.slack]\nlevel = 0\n").settings == Settings()


@pytest.mark.parametrize("with_file", [False, True])
def test_the_environment_sets_options_of_default_names(tmp_path: Path, with_file: bool) -> None:
    text = '[rules.delivery-burn]\nwindow = 1\nseverity = "critical"\n' if with_file else None
    environ = {
        "KUMON_OBSERVE_RULES__DELIVERY_BURN__WINDOW": "7200",
        "KUMON_OBSERVE_RULES__HANDOFF__FOR": "3",
        "KUMON_OBSERVE_SINKS__EMAIL__HOST": "mail.example.org",
        "KUMON_OBSERVE_WATCH__POLL": "2",
    }
    loaded = load(tmp_path, text, **environ)
    settings = loaded.settings
    burn = settings.rules["delivery-burn"]
    assert (burn.window, burn.burn_rate) == (7200.0, 14.4)
    assert burn.severity == ("critical" if with_file else "high")
    assert settings.rules["handoff"].for_ == 3.0
    assert settings.sinks.email.host == "mail.example.org"
    assert settings.watch == WatchSettings(poll=2.0)
    assert str(loaded.origins["rules.delivery-burn.window"]) == "KUMON_OBSERVE_RULES__DELIVERY_BURN__WINDOW"
    assert str(loaded.origins["rules.handoff.for"]) == "KUMON_OBSERVE_RULES__HANDOFF__FOR"


def test_the_environment_sets_options_of_names_that_the_file_has(tmp_path: Path) -> None:
    text = '[rules.my-rule]\ncheck = "delivery"\n'
    loaded = load(tmp_path, text, KUMON_OBSERVE_RULES__MY_RULE__TIMES="4")
    assert loaded.settings.rules["my-rule"].times == 4
    assert str(loaded.origins["rules.my-rule.check"]) == "kumon-observe.toml:2"


def test_the_guides_own_variable_for_slack_works_and_ours_beats_it(tmp_path: Path) -> None:
    guide = "https://hooks.example.org/guide"
    loaded = load(tmp_path, SLACK_WEBHOOK_URL=guide)
    assert loaded.settings.sinks.slack.webhook_url == guide
    assert str(loaded.origins["sinks.slack.webhook_url"]) == "SLACK_WEBHOOK_URL"
    ours = load(
        tmp_path, SLACK_WEBHOOK_URL=guide, KUMON_OBSERVE_SINKS__SLACK__WEBHOOK_URL="https://example.org/x"
    )
    assert ours.settings.sinks.slack.webhook_url == "https://example.org/x"
    assert load(tmp_path, SLACK_WEBHOOK_URL="").settings == Settings()


FAULTS = [
    ("rules = 3", "1: rules needs to be a table, not 3"),
    ("rules.delivery = 3", "1: rules.delivery needs to be a table, not 3"),
    (
        '[rules.delivry]\nseverity = "high"',
        '1: rules.delivry needs check, as in check = "delivery"; or did you mean rules.delivery?',
    ),
    ("[jobs.noon]\non_call = true", '1: jobs.noon needs cron, as in cron = "0 2 * * *"'),
    ('[rules.delivery]\ncheck = ""', '1: rules.delivery needs check, as in check = "delivery"'),
    (
        "[rules.delivery]\nwindw = 3",
        "2: rules.delivery.windw is no option: did you mean rules.delivery.window?",
    ),
    (
        "[rules.delivery]\nburn = 3\nfor_ = 2",
        "3: rules.delivery.for_ is no option: did you mean rules.delivery.for?",
    ),
    (
        "[jobs.night-health]\nlatch = true",
        "2: jobs.night-health.latch is no option: did you mean rules.NAME.latch?",
    ),
    (
        '[rules."a b"]\ncheck = "x"',
        "1: rules.a b is no name for a table: use letters and digits, with - or _",
    ),
    (
        '[rules.delivery_burn]\ncheck = "x"',
        "1: rules.delivery_burn is too like delivery-burn, since the environment has one variable for both",
    ),
    ("[rule.delivery]", "1: rule is no option: did you mean rules?"),
    (
        '[rules.x]\ncheck = "a"\nhours = "8-22"',
        "3: rules.x.hours '8-22' are no hours: write them as in '08:00-22:00'",
    ),
    ('[rules.x]\ncheck = "a"\nhours = "08:00-08:00"', "3: rules.x.hours '08:00-08:00' are no hours"),
    (
        '[rules.x]\ncheck = "a"\nclear_at = "97%"',
        "3: rules.x.clear_at needs a threshold: '97%' is no threshold: write one as '>= 95%'",
    ),
    ('[jobs.x]\ncron = "0 2 * *"', "2: jobs.x.cron '0 2 * *' is no cron line: write five fields"),
    ('[jobs.x]\ncron = "0 2 * * * *"', "2: jobs.x.cron '0 2 * * * *' is no cron line: write five fields"),
    ('[jobs.x]\ncron = "61 2 * * *"', "2: jobs.x.cron '61 2 * * *' is no cron line (Bad minute): write five"),
    ('[jobs.x]\ncron = "0 0 31 2 *"', "2: jobs.x.cron '0 0 31 2 *' is no cron line (Bad day-of-month)"),
    ('[jobs.x]\ncron = "0 2 * * *\\n"', "2: jobs.x.cron '0 2 * * *\\n' is no cron line: write five fields"),
    ("[sinks.email]\nport = 70000", "2: sinks.email.port must be <= 65535: 70000"),
    (
        '[sinks.email]\nto = ["a@example.org\\nBcc: b@example.org"]',
        "2: sinks.email.to 'a@example.org\\nBcc: b@example.org' is no mail address: write it alone",
    ),
    ('[sinks.email]\nsender = "Kumon"', "2: sinks.email.sender 'Kumon' is no mail address: write it alone"),
    ('[sinks.email]\non_call = [""]', "2: sinks.email.on_call ' ' is no mail address"),
    (
        '[sinks.slack]\nwebhok_url = "x"',
        "2: sinks.slack.webhok_url is no option: did you mean sinks.slack.webhook_url?",
    ),
    ('[sinks.webhook]\nurl = ["hunter2"]', "2: sinks.webhook.url has a value that it cannot take (not shown"),
]


@pytest.mark.parametrize(("text", "problem"), FAULTS)
def test_a_fault_in_a_named_table_is_told_with_its_line_and_the_remedy(
    tmp_path: Path, text: str, problem: str
) -> None:
    assert any(found.startswith(problem) for found in problems(tmp_path, text)), problems(tmp_path, text)


def test_faults_of_several_tables_are_told_at_once(tmp_path: Path) -> None:
    text = '[rules.a]\n[rules.b]\ncheck = 3\n[jobs.c]\ncron = "x"\n'
    told = problems(tmp_path, text, KUMON_OBSERVE_RULES__DATA__TIMES="0")
    assert [problem.split(" ")[:2] for problem in told] == [
        ["KUMON_OBSERVE_RULES__DATA__TIMES:", "rules.data.times"],
        ["1:", "rules.a"],
        ["3:", "rules.b.check"],
        ["5:", "jobs.c.cron"],
    ]


def test_of_named_tables_what_differs_and_what_was_written_is_shown(tmp_path: Path) -> None:
    text = '[rules.delivery]\ntimes = 1\n[rules.mine]\ncheck = "delivery"\n'
    values = {value.key: value for value in report(load(tmp_path, text)).values}
    told = {key: values[key].value for key in values if key.startswith(("rules.delivery.", "rules.mine."))}
    assert told == {
        "rules.delivery.check": "delivery",
        "rules.delivery.window": 3600.0,
        "rules.delivery.every": 300.0,
        "rules.delivery.times": 1,
        "rules.delivery.clear_times": 2,
        "rules.delivery.min_samples": 20,
        "rules.mine.check": "delivery",
    }
    assert str(values["rules.delivery.times"].origin) == "kumon-observe.toml:2"
    assert values["watch.poll"].value == 0.25
