from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from kumon_observe.model.listing import (
    ExplainedTurn,
    Explanation,
    Finding,
    ListedRecord,
    Listing,
    Performance,
    Rate,
)
from kumon_observe.model.phrase import phrase
from kumon_observe.model.setup import ConfigReport, ConfigValue, Health, Origin, PluginInfo, SetupFinding
from kumon_observe.model.status import Status
from kumon_observe.model.verdict import Coverage
from kumon_observe.present import explanation, listing, performance, setup
from tests.present import answers
from tests.present.golden import assert_golden
from tests.present.views import view

SPAN = Coverage(outbox=2, first=answers.TEN, last=answers.ELEVEN)


def record(line: int, text: str = answers.TRACE, **changes: object) -> ListedRecord:
    values: dict[str, object] = {"source": "app.log", "line": line, "offset": line, "text": text}
    values |= {"at": answers.TEN + timedelta(seconds=line), "kind": "OUTBOX_TRACE"}
    return ListedRecord(**(values | changes))  # type: ignore[arg-type]


def listed(*records: ListedRecord, **changes: object) -> Listing:
    values: dict[str, object] = {"command": "traces", "generated_at": answers.NOW, "records": records}
    values |= {"sources": (answers.source(),), "coverage": SPAN}
    return Listing(**(values | changes))  # type: ignore[arg-type]


TRACEBACK = 'ERROR failed\nTraceback (most recent call last):\n  File "x.py", line 1\nValueError: \x1b[31mno'


def test_a_list_is_as_agreed() -> None:
    shown = listed(record(17), record(21, TRACEBACK, kind="", level="ERROR"), omitted=790)
    assert_golden("list-en-80", listing.render(shown, view()))


def test_a_list_that_is_not_wrapped_has_each_record_on_one_line_with_its_date() -> None:
    lines = listing.render(listed(record(17)), view(width=None)).splitlines()
    assert lines[0] == f"2025-01-15 10:00:17  app.log:17  {answers.TRACE}"


def test_quiet_lists_records_and_nothing_else() -> None:
    assert listing.render(listed(record(17), omitted=3), view(width=None, quiet=True)).count("\n") == 1


def test_an_empty_list_says_so_and_why() -> None:
    text = listing.render(listed(reasons=(phrase("no trace was seen"),), status=Status.UNKNOWN), view())
    assert text.startswith("nothing found\nno trace was seen\n")


def explained(*turns: ExplainedTurn, **changes: object) -> Explanation:
    values: dict[str, object] = {"conv": answers.CONV, "generated_at": answers.NOW, "turns": turns}
    values |= {"coverage": SPAN, "sources": (answers.source(),), "status": Status.CRITICAL}
    return Explanation(**(values | changes))  # type: ignore[arg-type]


def test_a_conversation_is_as_agreed() -> None:
    lost = Finding(
        check="handoff",
        status=Status.CRITICAL,
        sentence=phrase("planned {planned}, delivered {delivered}", planned=1, delivered=0),
    )
    turns = (
        ExplainedTurn(records=(record(17), record(21)), findings=(lost,)),
        ExplainedTurn(records=(record(90),)),
    )
    assert_golden("explain-pt-80", explanation.render(explained(*turns), view("pt")))


def test_a_conversation_that_was_not_seen_says_how_to_name_it() -> None:
    text = explanation.render(explained(status=Status.UNKNOWN), view())
    assert f"UNKNOWN: {answers.CONV}, this conversation was not seen" in text
    assert "take the id as the log has it" in text


def test_quiet_explains_in_one_line() -> None:
    text = explanation.render(explained(ExplainedTurn(records=(record(1),))), view(quiet=True))
    assert text == f"CRITICAL: {answers.CONV}, 1 turn\n"


def measured(**changes: object) -> Performance:
    zone = ZoneInfo("America/Sao_Paulo")
    hours = (
        (answers.TEN.astimezone(zone), Rate(success=700, failed=12)),
        (answers.ELEVEN.astimezone(zone), Rate(success=90, failed=10)),
    )
    values: dict[str, object] = {
        "generated_at": answers.NOW,
        "timezone": "America/Sao_Paulo",
        "since": answers.TEN,
        "until": answers.ELEVEN + timedelta(hours=1),
        "delivery": answers.delivery(790, 22),
        "total": Rate(success=790, failed=22),
        "by_hour": hours,
        "by_http": {"200": Rate(success=790), "500": Rate(failed=22)},
        "by_instance": {"kumon_assistant": Rate(success=790, failed=22)},
        "coverage": SPAN,
        "sources": (answers.source(),),
    }
    return Performance(**(values | changes))  # type: ignore[arg-type]


def test_performance_is_as_agreed() -> None:
    here = ZoneInfo("America/Sao_Paulo")
    assert_golden("performance-en-80", performance.render(measured(), view(zone=here)))
    assert_golden("performance-pt-40", performance.render(measured(), view("pt", 40, zone=here)))


def test_bars_are_ascii_where_nothing_else_can_be_shown() -> None:
    assert performance.render(measured(), view(unicode=False)).isascii()


def test_performance_says_its_window() -> None:
    assert "from 10:00 to 12:00 (America/Sao_Paulo)" in performance.render(measured(), view())
    assert "from 10:00 (America/Sao_Paulo)" in performance.render(measured(until=None), view())
    assert "to 12:00 (America/Sao_Paulo)" in performance.render(measured(since=None), view())
    assert "the whole log" in performance.render(measured(since=None, until=None), view())


def test_performance_counts_what_has_no_time() -> None:
    text = performance.render(measured(untimed=3), view())
    assert "3 traces without a time cannot be put into a window" in text


def test_quiet_performance_is_one_line() -> None:
    assert performance.render(measured(), view(quiet=True)) == "OK: 97.3% (min 95%)  812 results, 22 failed\n"


def test_plugins_show_what_they_provide_and_why_they_are_not_used() -> None:
    found = (
        PluginInfo(
            name="builtin", version="1.0", origin="built in", provides=("check handoff", "layout json")
        ),
        PluginInfo(name="broken", origin="package kumon-extra", error="it cannot be imported: \x1b[2J"),
        PluginInfo(name="off", origin="package kumon-off", disabled=True),
    )
    assert setup.plugins(found, view()).splitlines() == [
        "builtin 1.0  (built in)",
        "  check: handoff",
        "  layout: json",
        "broken  (package kumon-extra)",
        "  it cannot be imported: \\x1b[2J",
        "off  (package kumon-off)",
        "  disabled by the configuration",
    ]


def test_the_configuration_shows_each_value_with_its_origin() -> None:
    values = (
        ConfigValue(key="limit", value=5, origin=Origin(kind="file", file="kumon-observe.toml", line=3)),
        ConfigValue(key="lang", value="pt", origin=Origin(kind="environment", variable="KUMON_OBSERVE_LANG")),
        ConfigValue(key="layout", value="json", origin=Origin(kind="flag")),
        ConfigValue(key="sources", value=[], origin=Origin()),
    )
    assert setup.configuration(
        ConfigReport(file="kumon-observe.toml", values=values), view()
    ).splitlines() == [
        "configuration file: kumon-observe.toml",
        "",
        "limit = 5        # kumon-observe.toml:3",
        'lang = "pt"      # KUMON_OBSERVE_LANG',
        'layout = "json"  # command line',
        "sources = []     # default",
    ]


def test_doctor_says_what_to_do_and_quiet_only_what_is_not_well() -> None:
    found = (
        SetupFinding(topic="python", sentence="3.11"),
        SetupFinding(
            topic="state", health=Health.PROBLEM, sentence="it cannot be written", remedy="make it writable"
        ),
    )
    assert setup.doctor(found, view()).splitlines() == [
        "ok       python: 3.11",
        "problem  state: it cannot be written",
        "         -> make it writable",
    ]
    assert "python" not in setup.doctor(found, view(quiet=True))


def test_a_configuration_that_cannot_be_used_shows_why() -> None:
    report = ConfigReport(problems=("kumon-observe.toml:1: limt is no option",))
    assert "no configuration file was found" in setup.configuration(report, view())
    for shown in (setup.configuration(report, view()), setup.checked(report, view())):
        assert shown.endswith("kumon-observe.toml:1: limt is no option\n")


def test_quiet_has_nothing_to_say_of_a_good_configuration() -> None:
    assert setup.checked(ConfigReport(), view(quiet=True)) == ""
    assert "the configuration can be used" in setup.checked(ConfigReport(), view())
