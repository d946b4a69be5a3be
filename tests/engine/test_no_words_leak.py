"""A parent's sentence, wherever the app logs it, stands in no output unless personal data was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from hypothesis import HealthCheck, given, settings, strategies as st

from kumon_observe.config.settings import Settings
from kumon_observe.engine.analyze import analyze
from kumon_observe.engine.errors import recent_errors
from kumon_observe.engine.explain import explain
from kumon_observe.engine.listing import recent_failures, recent_traces
from kumon_observe.engine.run import RunOptions
from kumon_observe.model.document import explanation_to, listing_to, to_text, verdict_to
from kumon_observe.present import explanation, listing, markdown, verdict
from tests.present.views import view
from tests.scenarios import PHONE, Story

Place = Callable[[Story, str], object]


def error(form: str) -> Place:
    return lambda story, words: story.says(form.replace("WORDS", words), level="ERROR")


PLACES: dict[str, Place] = {
    "unknown field": lambda story, words: story.says(
        f"DELIVERY|send_failed|turn=turn_1f3c4085|idem=k1|result={{'text': '{words}'}}", level="ERROR"
    ),
    "behind the fields": lambda story, words: story.result("ana", ok=False, idem=f"unknown {words}"),
    "conversation": lambda story, words: story.planning("ana").delivery("ana", 0).turn(f"ana {words}", 1, 0),
    "instance": lambda story, words: story.send("ana", instance=f"thread_1 {words}"),
    "instance guard": lambda story, words: story.instance_guard("ana", f"thread_2 {words}"),
    "http": lambda story, words: story.result("ana", ok=False, http=f"500 {words}"),
    "other guard": lambda story, words: story.guard("ana", type=f"odd {words}"),
    "malformed": lambda story, words: story.planner("ana", f"1 {words}", note=words),
    "untrusted": lambda story, words: story.says(
        f"OUTBOX_TRACE|phase=planner|conv=ana|count=1|note={words}", logger="other"
    ),
    "embedded": lambda story, words: story.whole_echo(f"{words} OUTBOX_GUARD|level=CRITICAL|type=x"),
    "context value": lambda story, words: story.says(f"LOCK|held|conv=ana|note={words}", level="ERROR"),
    "context head": lambda story, words: story.says(f"LOCK|{words}|conv=ana", level="ERROR"),
    "quoted": error("failed at 'WORDS' here"),
    "twice quoted": error('failed at "WORDS" here'),
    "guillemets": error("failed at «WORDS»"),
    "curly": error("failed at “WORDS”"),
    "cut": error("failed at 'WORDS"),
    "key": error("failed, user_message=WORDS"),
    "colon": error("processing message: WORDS"),
    "json": error('failed {"status": 400, "text": "WORDS", "number": 5}'),
    "dict": error("failed {'status': 400, 'body': 'WORDS'}"),
    "body": error("Channel emission failed: 400 Bad Request, body was: WORDS"),
    "echo": error(f"WhatsApp message sent successfully to {PHONE}: WORDS..."),
    "from": error(f"refused from {PHONE}: WORDS"),
    "template": error("Template render failed: cannot render with WORDS"),
    "llm": error("LLM generation failed: cannot answer WORDS"),
    "placeholder": error("OutboxItem contains unresolved template: {{WORDS"),
    "exception": lambda story, words: (
        story.says("node failed", level="ERROR")
        .raw("Traceback (most recent call last):")
        .raw('  File "planner.py", line 1, in plan')
        .raw(f"ValueError: input_value='{words}'")
    ),
}

words = st.lists(st.text("abcdeghijklmnopuv", min_size=4, max_size=9), min_size=3, max_size=5)
between = st.sampled_from([" ", ", ", " | ", "|", "! ", "\u00a0", "\t"])


def outputs(log: Path, raw: bool) -> Iterator[str]:
    """Everything that the commands print of *log*."""
    options: RunOptions = {"settings": Settings(state_dir=str(log.parent)), "show_personal_data": raw}
    shown = view(width=None, verbose=True, shown=1000)
    judged = analyze([log], **options)
    yield verdict.render(judged, shown)
    yield markdown.render(judged, shown)
    yield to_text(verdict_to(judged))
    for listed in (
        recent_errors([log], limit=1000, **options),
        recent_traces([log], limit=1000, **options),
        recent_failures([log], limit=1000, **options),
    ):
        yield listing.render(listed, shown)
        yield to_text(listing_to(listed))
    told = explain("ana", [log], **options)
    yield explanation.render(told, shown)
    yield to_text(explanation_to(told))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data(), st.sampled_from(["json", "basic", "docker"]))
def test_a_sentence_is_shown_only_on_demand(tmp_path: Path, data: st.DataObject, layout: str) -> None:
    story = Story().turn("ana").short("ana", "k1")
    marked = {}
    for number, (name, place) in enumerate(PLACES.items()):
        marked[name] = [f"zq{number}{word}" for word in data.draw(words, name)]
        between_words = data.draw(between if name != "context head" else st.just(" "), f"between ({name})")
        place(story, between_words.join(marked[name]))
    log = tmp_path / "app.log"
    log.write_bytes(story.others(2).render(layout))
    masked = "".join(outputs(log, raw=False))
    leaks = {name: [word for word in said[1:] if word in masked] for name, said in marked.items()}
    assert {name: said for name, said in leaks.items() if said} == {}
    raw = "".join(outputs(log, raw=True))
    assert [name for name, said in marked.items() if said[-1] not in raw] == []
