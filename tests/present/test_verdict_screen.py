from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from kumon_observe.model import privacy
from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.phrase import phrase
from kumon_observe.model.status import Action, Status
from kumon_observe.model.threshold import Threshold
from kumon_observe.model.verdict import Coverage, Verdict
from kumon_observe.present import verdict as screen
from kumon_observe.present.page import cells
from tests.present import answers
from tests.present.golden import assert_golden
from tests.present.views import view

VERDICTS = {
    "lost_and_failing": answers.lost_and_failing(),
    "healthy": answers.healthy(),
    "failing_sends": answers.failing_sends(),
    "without_traces": answers.without_traces(),
    "unreadable": answers.unreadable(),
}


@pytest.mark.parametrize(
    ("name", "lang", "width"),
    [
        ("lost_and_failing", "en", 80),
        ("lost_and_failing", "pt", 80),
        ("lost_and_failing", "en", 40),
        ("lost_and_failing", "pt", 60),
        ("healthy", "en", 80),
        ("failing_sends", "pt", 80),
        ("without_traces", "en", 60),
        ("unreadable", "en", 80),
    ],
)
def test_the_screen_is_as_agreed(name: str, lang: str, width: int) -> None:
    assert_golden(f"health-{name}-{lang}-{width}", screen.render(VERDICTS[name], view(lang, width)))


@pytest.mark.parametrize("name", VERDICTS)
@pytest.mark.parametrize("lang", ["en", "pt"])
@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize("verbose", [False, True])
def test_nothing_but_a_command_to_copy_is_wider_than_the_terminal(
    name: str, lang: str, width: int, verbose: bool
) -> None:
    text = screen.render(VERDICTS[name], view(lang, width, verbose=verbose))
    assert all(cells(line) <= width for line in text.splitlines() if "kumon-observe explain" not in line)


@pytest.mark.parametrize("name", VERDICTS)
def test_colour_adds_nothing_that_the_words_do_not_say(name: str) -> None:
    coloured = screen.render(VERDICTS[name], view(colour=True))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == screen.render(VERDICTS[name], view())


def first_lines(verdict: Verdict, lang: str = "en", n: int = 1) -> str:
    return "\n".join(screen.render(verdict, view(lang)).splitlines()[:n])


@pytest.mark.parametrize(
    ("verdict", "english", "portuguese"),
    [
        (answers.lost_and_failing(), "CRITICAL: ROLL BACK NOW", "CRÍTICO: FAÇA ROLLBACK AGORA"),
        (
            answers.failing_sends(),
            "WARNING: investigate, no rollback",
            "ATENÇÃO: investigue, sem rollback",
        ),
        (answers.without_traces(), "UNKNOWN: cannot tell", "DESCONHECIDO: não dá para saber"),
        (answers.healthy(), "OK: nothing to do", "OK: nada a fazer"),
    ],
)
def test_the_first_line_is_the_verdict_and_the_demand(
    verdict: Verdict, english: str, portuguese: str
) -> None:
    assert first_lines(verdict) == english
    assert first_lines(verdict, "pt") == portuguese


def test_it_says_what_broke_how_often_and_since_when() -> None:
    verdict = answers.verdict(
        answers.handoff(
            answers.loss(answers.CONV, 2, 17, "traces"), answers.loss(answers.OTHER, 44, 900, "guard")
        )
    )
    assert (
        "Replies were lost between planner and delivery, 2 times since 10:02:00, last\n10:44:00."
        in screen.render(verdict, view())
    )


def test_a_loss_of_another_day_has_its_date() -> None:
    verdict = answers.verdict(
        answers.handoff(answers.loss(answers.CONV, 2, 17, "traces")),
        generated_at=answers.NOW + timedelta(days=1),
    )
    text = screen.render(verdict, view())
    assert "at 2025-01-15 10:02:00." in text
    assert "judged 812 turns between 2025-01-15 10:00 and 11:00; times are UTC" in text
    assert "\n  10:02:00  " in text


def test_a_log_over_midnight_shows_both_dates() -> None:
    span = Coverage(outbox=1, first=answers.TEN - timedelta(hours=12), last=answers.TEN)
    verdict = answers.verdict(answers.handoff(), coverage=span)
    assert "judged 812 turns between 2025-01-14 22:00 and 2025-01-15 10:00" in screen.render(verdict, view())


def test_a_log_of_one_minute_shows_seconds() -> None:
    span = Coverage(outbox=1, first=answers.TEN, last=answers.TEN + timedelta(seconds=40))
    verdict = answers.verdict(answers.handoff(), coverage=span)
    assert "between 10:00:00 and 10:00:40" in screen.render(verdict, view())


def test_times_are_in_the_users_zone_which_is_named() -> None:
    verdict = answers.verdict(answers.handoff(answers.loss(answers.CONV, 2, 17, "traces")))
    text = screen.render(verdict, view(zone=ZoneInfo("America/Sao_Paulo")))
    assert "between 07:00 and 08:00; times are America/Sao_Paulo" in text
    assert "  07:02:00  conv_" in text


def test_a_rate_just_below_the_threshold_never_reads_as_above_it() -> None:
    text = screen.render(answers.verdict(answers.delivery(9499, 501)), view())
    assert "WARNING  delivery  94.99% (min 95%)" in " ".join(text.split(" ")).replace(
        "WARNING   ", "WARNING  "
    )
    assert "95.0%" not in text


def test_failures_are_told_by_http_code() -> None:
    text = screen.render(answers.verdict(answers.delivery(90, 10)), view())
    assert "failures by http code: unknown 10" in text
    assert "kumon-observe failures app.log" in text


def test_findings_left_out_are_counted() -> None:
    losses = [answers.loss(answers.CONV, n, n, "traces") for n in range(1, 8)]
    text = screen.render(answers.verdict(answers.handoff(*losses, omitted=5)), view(shown=3))
    assert "  and 9 more\n" in text


def test_every_finding_asked_for_is_shown() -> None:
    losses = [answers.loss(answers.CONV, n, n, "traces") for n in range(1, 8)]
    verdict = answers.verdict(answers.handoff(*losses), answers.instances())
    assert screen.render(verdict, view(shown=7)).count("planned 1, delivered 0") == 7
    assert screen.render(verdict, view()).count("planned 1, delivered 0") == 3


def test_verbose_shows_the_records_and_what_was_read() -> None:
    text = screen.render(answers.lost_and_failing(), view(verbose=True, width=100))
    assert "OUTBOX_TRACE|phase=delivery|" in text
    assert "shown by the traces and by the app's guard; paired by conversation" in text
    assert "app.log: read 1.2 MB, 8123 lines, 3201 traces; layouts: json 7800, basic 323" in text
    assert "traces by kind: outbox 1624, instance 812, delivery 1600, guards 2" in text


def test_quiet_is_one_line_that_says_it_all() -> None:
    assert screen.render(answers.lost_and_failing(), view(quiet=True)) == (
        "CRITICAL: ROLL BACK NOW - Replies were lost between planner and delivery, 7 times since 10:02:12; "
        "A wrong WhatsApp instance is in use, at 10:31:00\n"
    )
    assert screen.render(answers.unreadable(), view(quiet=True)).startswith(
        "UNKNOWN: cannot tell - app.log: "
    )


def test_the_command_to_copy_is_quoted_for_the_shell() -> None:
    verdict = answers.verdict(answers.handoff(answers.loss("a'b $(x)", 1, 2, "traces")))
    text = screen.render(verdict, view(logs=("logs/my app.log",)))
    assert "  kumon-observe explain 'a'\"'\"'b $(x)' 'logs/my app.log'\n" in text


def test_a_log_named_like_an_option_is_kept_from_being_one() -> None:
    verdict = answers.verdict(answers.handoff(answers.loss("ana", 1, 2, "traces")))
    assert "  kumon-observe explain -- ana -v.log\n" in screen.render(verdict, view(logs=("-v.log",)))
    assert "  kumon-observe explain ana -\n" in screen.render(verdict, view(logs=("-",)))


def test_a_pseudonym_that_no_later_run_knows_is_not_offered_to_one() -> None:
    masked = answers.handoff(answers.loss("conv_***14~3fa9", 1, 2, "traces"))
    plain = answers.handoff(answers.loss("ana", 1, 2, "traces"))
    unkept = privacy.unkept("/state")
    text = screen.render(evolve(answers.verdict(masked), reasons=(unkept,)), view())
    assert "kumon-observe explain" not in text
    assert " ".join(text.split()).endswith(str(unkept))
    assert "kumon-observe explain" in screen.render(evolve(answers.verdict(plain), reasons=(unkept,)), view())


def test_hostile_text_cannot_drive_the_terminal() -> None:
    evil = "\x1b[2J\x1b]0;x\x07\u202e"
    loss = answers.loss(evil, 1, 2, "traces")
    loss = evolve(loss, evidence=(answers.evidence(1, evil, name=evil),))
    verdict = answers.verdict(answers.handoff(loss), sources=(answers.source(evil, error=evil),))
    for shown in (screen.render(verdict, view(verbose=True)), screen.render(verdict, view(quiet=True))):
        assert all(character == "\n" or character.isprintable() for character in shown)


def test_a_check_that_was_not_judged_beside_a_grave_one_is_named_at_the_top() -> None:
    assert "Not judged: instances." in first_lines(answers.failing_sends(), n=3)


def test_what_is_good_is_said_when_the_rest_is_unknown() -> None:
    verdict = answers.verdict(
        answers.handoff(), answers.unknown("instances", "no trace named a WhatsApp instance")
    )
    text = screen.render(verdict, view())
    assert "Good: handoff. Not judged: instances." in text
    assert "What is missing:\n  - instances: no trace named a WhatsApp instance" in text


def test_a_reason_of_several_checks_is_said_once() -> None:
    lost = phrase("{source}: {what}", source="b.log", what=phrase("it is empty"))
    checks = [check.degraded(lost) for check in (answers.handoff(), answers.instances())]
    verdict = answers.verdict(
        *checks,
        sources=(answers.source(), answers.source("b.log", size=0, traces=0, error=phrase("it is empty"))),
        reasons=(lost,),
    )
    text = screen.render(verdict, view())
    assert text.count("b.log: it is empty") == 1


def test_an_empty_log_is_told_from_a_log_without_traces() -> None:
    empty = answers.source(size=0, lines=0, traces=0, error=phrase("it is empty"), first=None, last=None)
    verdict = answers.verdict(
        answers.unknown("handoff", "no outbox trace was seen"), sources=(empty,), coverage=Coverage()
    )
    assert "an empty log proves nothing" in screen.render(verdict, view())


def test_a_window_without_traces_says_what_the_log_has() -> None:
    verdict = answers.verdict(answers.unknown("handoff", "no outbox trace was seen"), coverage=Coverage())
    text = screen.render(verdict, view())
    assert "no trace lies in the time asked for; the log has records between 10:00 and\n    11:00" in text
    assert "judged none of 3201 traces" in text


def test_without_any_source_it_asks_for_one() -> None:
    verdict = answers.verdict(answers.unknown("handoff", "no outbox trace was seen"), sources=())
    assert "name a log: kumon-observe health LOG" in screen.render(verdict, view())


def test_traces_without_times_say_so_and_leave_no_holes() -> None:
    loss = evolve(answers.loss(answers.CONV, 1, 17, "traces"), at=None)
    verdict = answers.verdict(
        answers.handoff(loss, loss),
        coverage=Coverage(outbox=4),
        sources=(answers.source(first=None, last=None),),
    )
    text = screen.render(verdict, view())
    assert "Replies were lost between planner and delivery, 2 times.\n" in text
    assert f"\n  {answers.CONV}  planned 1, delivered 0  app.log:17\n" in text
    assert "the traces have no times" in text


def test_the_folder_that_all_sources_share_is_not_repeated() -> None:
    names = ("/var/log/kumon/a.log", "/var/log/kumon/b/app.tar.gz/app.log")
    losses = [
        evolve(answers.loss(answers.CONV, 1, 17, "traces"), evidence=(answers.evidence(17, name=name),))
        for name in names
    ]
    verdict = answers.verdict(answers.handoff(*losses), sources=tuple(map(answers.source, names)))
    text = screen.render(verdict, view(width=100))
    assert "  a.log:17\n" in text
    assert "  b/app.tar.gz/app.log:17\n" in text


def test_an_archive_stays_in_the_name_of_its_only_log() -> None:
    name = "/backup/app-20250115.tar.gz/app.log"
    loss = evolve(answers.loss(answers.CONV, 1, 17, "traces"), evidence=(answers.evidence(17, name=name),))
    verdict = answers.verdict(answers.handoff(loss), sources=(answers.source(name),))
    assert "  app-20250115.tar.gz/app.log:17\n" in screen.render(verdict, view(width=100))


def test_a_check_of_a_plugin_is_shown_with_its_own_words() -> None:
    check = CheckResult(
        name="latency",
        status=Status.WARNING,
        summary="the slowest turn took 9.5 s",
        value=9.5,
        threshold=Threshold(min=1, max=5),
        action=Action.INVESTIGATE,
    )
    text = screen.render(answers.verdict(check), view())
    assert "latency: the slowest turn took 9.5 s." in text
    assert "9.5 (min 1, max 5)" in text


def test_a_single_check_tells_its_counts() -> None:
    text = screen.render(answers.verdict(answers.handoff(), command="handoff"), view())
    assert "handoff: counts: turns 812, violations 0" in text


def test_delivery_alone_tells_messages_and_what_the_sample_supports() -> None:
    check = answers.delivery()
    counts = {**check.counts, "messages": 1460, "messages_delivered": 1449}
    text = screen.render(answers.verdict(evolve(check, counts=counts)), view(width=None))
    assert "messages delivered: 1449 of 1460 (99.2%)" in text
    assert "so many results support a rate between 93.0% and 97.0% (95% confidence)" in text


def test_a_lost_source_beside_a_loss_is_named_with_what_was_read() -> None:
    lost = phrase("{source}: {what}", source="b.log", what=phrase("it is empty"))
    critical = answers.handoff(answers.loss(answers.CONV, 1, 17, "traces"))
    verdict = answers.verdict(
        *(check.degraded(lost) for check in (critical, answers.instances())),
        sources=(answers.source(), answers.source("b.log", size=0, error=phrase("it is empty"))),
        reasons=(lost,),
    )
    _findings, read, _next = screen.render(verdict, view()).split("\n\n")[-3:]
    assert read.splitlines()[-1] == "b.log: it is empty"


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (answers.instances(), "judged 812 instances"),
        (answers.delivery(), "judged 1487 results"),
        (answers.consistency(), "judged 812 pairs"),
        (answers.handoff(counts={}), "read 3201 traces"),
    ],
)
def test_what_was_judged_is_counted_in_the_units_of_the_check(check: CheckResult, said: str) -> None:
    assert f"\n{said} between 10:00 and 11:00" in screen.render(answers.verdict(check), view())
