"""Forks, the end of the interpreter, and what a process keeps after a million records."""

from __future__ import annotations

from pathlib import Path

from tests.observer.processes import printed, program

TURNS, FORKS = 30, 20


def test_nothing_is_lost_or_doubled_over_twenty_forks(tmp_path: Path) -> None:
    """Parent and children log at the same time, while the parent's thread is judging."""
    counts = printed(
        tmp_path,
        f"""
def told(observer):
    verdict = observer.verdict()
    return [verdict.check("handoff").counts["turns"], observer._worker.desk.lost, os.getpid()]

observer = Observer(sinks=()).install()
for child in range({FORKS}):
    play(Story().others({TURNS}, f"parent-{{child}}"))
    if os.fork() == 0:
        assert len(observer._worker.intake) == 0
        play(Story().others({TURNS}, f"child-{{child}}"))
        sys.stdout.write(json.dumps(told(observer)) + "\\n")
        sys.stdout.flush()
        os._exit(0)
for child in range({FORKS}):
    assert os.wait()[1] == 0
print(json.dumps(told(observer)))
""",
    )
    assert sorted(turns for turns, _, _ in counts) == [TURNS] * FORKS + [TURNS * FORKS]
    assert {lost for _, lost, _ in counts} == {0}
    assert len({process for _, _, process in counts}) == FORKS + 1


def test_a_forked_process_tells_its_own_alerts_alone(tmp_path: Path) -> None:
    told = printed(
        tmp_path,
        """
def tell(alert):
    os.write(1, (json.dumps([os.getpid() == parent, len(alert.result.violations)]) + "\\n").encode())

parent = os.getpid()
observer = Observer(on_alert=tell).install()
play(LOST)
observer.verdict()
if os.fork() == 0:
    play(Story().turn("bia", 1, 0))
    observer.close(timeout=10)
    os._exit(0)
assert os.wait()[1] == 0
observer.close(timeout=10)
""",
    )
    assert sorted(told) == [[False, 1], [True, 1]]


def test_a_fork_in_the_middle_of_everything_leaves_no_lock_behind(tmp_path: Path) -> None:
    """The parent's threads judge, ask and deliver while it forks."""
    printed(
        tmp_path,
        """
observer = Observer(on_alert=lambda alert: time.sleep(0.001), interval=0.001).install()
going = True

def ask():
    while going:
        observer.verdict()

def log():
    number = 0
    while going:
        play(Story().turn(f"c{number}", 1, number % 2))
        number += 1

threads = [threading.Thread(target=work, daemon=True) for work in (ask, log, log)]
for thread in threads:
    thread.start()
for child in range(20):
    if os.fork() == 0:
        play(LOST)
        assert observer.verdict().check("handoff").counts["violations"] == 1
        os._exit(0 if observer.close(timeout=20) else 1)
    assert os.wait()[1] == 0
going = False
for thread in threads:
    thread.join()
""",
    )


def test_multiprocessing_children_observe_themselves(tmp_path: Path) -> None:
    counts = printed(
        tmp_path,
        """
import multiprocessing

def work(number):
    play(Story().others(5, f"of-{number}"))
    return [observer.verdict().check("handoff").counts["turns"], os.getpid()]

observer = Observer(sinks=()).install()
play(Story().others(2))
with multiprocessing.get_context("fork").Pool(2) as pool:
    for turns, process in pool.map(work, range(4), chunksize=2):
        print(json.dumps([turns, process]))
    pool.close()
    pool.join()
print(json.dumps([observer.verdict().check("handoff").counts["turns"], os.getpid()]))
""",
    )
    most = {process: turns for turns, process in counts}
    assert sum(most.values()) == 4 * 5 + 2


def test_the_end_of_the_interpreter_delivers_what_waits(tmp_path: Path) -> None:
    ran = program(
        tmp_path,
        """
observer = Observer(on_alert=lambda alert: print("told of", alert.check, flush=True)).install()
play(LOST)
""",
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "told of handoff\n", "")


def test_the_interpreter_ends_in_time_and_quietly_whatever_hangs(tmp_path: Path) -> None:
    ran = program(
        tmp_path,
        """
observer = Observer(on_alert=lambda alert: time.sleep(3600)).install()
threading.Thread(target=lambda: [play(LOST) or time.sleep(0.001) for _ in iter(int, 1)], daemon=True).start()
time.sleep(0.3)
sys.exit(7)
""",
        timeout=30,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (7, "", "")


def test_an_exit_by_an_error_of_the_app_is_the_apps_own(tmp_path: Path) -> None:
    text = "observer = Observer(sinks=()).install()\nplay(LOST)\nraise SystemExit('app failed')\n"
    ran = program(tmp_path, text)
    assert (ran.returncode, ran.stderr) == (1, "app failed\n")


def test_a_million_records_leave_nothing_behind(tmp_path: Path) -> None:
    """One record in twenty is a trace, as in the app's logs; the traces are of ten thousand conversations."""
    ((lost, turns, grown, threads, files),) = printed(
        tmp_path,
        """
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

def run(turns, noise):
    for number in range(turns):
        for said in Story().turn(f"conv_5551900{number % 10_000:06d}_20250115_100000").records:
            trace(said.message)
        for _ in range(noise):
            other("delivery_outbox_count_before: %d", 0)
        if number % 100 == 0:
            until(lambda: len(observer._worker.intake) < 1_000, "judging does not keep up")
    observer.verdict()

trace = logging.getLogger("app.core.x").info
other = logging.getLogger("app.core.y").info
before = len(os.listdir("/proc/self/fd")), threading.active_count()
with Observer(sinks=()) as observer:
    run(1_500, 0)
    first = resident()
    run(7_000, 137)
    grown = resident() - first
    turns = observer.verdict().check("handoff").counts["turns"]
files, threads = len(os.listdir("/proc/self/fd")), threading.active_count()
print(json.dumps([observer._worker.desk.lost, turns, grown, threads - before[1], files - before[0]]))
""",
        timeout=120,
    )
    assert (lost, turns, threads, files) == (0, 8_500, 0, 0)
    assert abs(grown) <= 5 << 20, f"{grown / 2**20:.1f} MiB more after a million records"


def test_five_thousand_traces_a_second_come_through_in_order(tmp_path: Path) -> None:
    ((lost, turns, late),) = printed(
        tmp_path,
        """
records = [said.message for number in range(200) for said in Story().turn(f"c{number}").records]
log = logging.getLogger("app.core.x").info
with Observer(sinks=()) as observer:
    began = time.perf_counter()
    for tick in range(300):
        for message in records[tick * 50 % len(records):][:50]:
            log(message)
        rest = began + (tick + 1) * 0.01 - time.perf_counter()
        if rest > 0:
            time.sleep(rest)
    waiting = len(observer._worker.intake)
    verdict = observer.verdict()
print(json.dumps([observer._worker.desk.lost, verdict.coverage.outbox + verdict.coverage.instance
    + verdict.coverage.delivery, waiting]))
""",
    )
    assert (lost, turns) == (0, 15_000)
    assert late < 5_000


def test_a_critical_trace_reaches_the_callback_within_a_tenth_of_a_second(tmp_path: Path) -> None:
    (delays,) = printed(
        tmp_path,
        """
inbox = Inbox()
delays = []
with Observer(on_alert=inbox) as observer:
    play(Story().others(50))
    for number in range(30):
        story = Story().turn(f"c{number}", 1, 0)
        began = time.perf_counter()
        play(story)
        until(lambda: inbox.has(number + 1), "no alert came")
        delays.append(inbox.moments[-1] - began)
        time.sleep(0.02)
print(json.dumps(sorted(delays)))
""",
    )
    assert len(delays) == 30
    assert delays[len(delays) // 2] <= 0.1
