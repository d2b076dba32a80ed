"""--exec: what the user's command is told, and that nothing it does stops the watch."""

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.live.actions import WAITING, Actions, document, facts, plain, run
from logsleuth.live.event import Event

ONSET = Event(
    event="onset", category="stale-egg", cause="Zipped egg replaced under a running worker", confidence="high",
    onset="2009-11-01T03:12:09+01:00", workers_lost=3, workers_known=None, restart="advised",
    summary="3 workers cannot import", log="/var/log/apache2/error.log",
)  # fmt: skip


def wait_for(path: Path, seconds: float = 30) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if path.exists() and (text := path.read_text()):
            return text
        time.sleep(0.02)
    raise AssertionError(f"{path} was not written")


def runs(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_the_facts_are_in_the_environment_and_on_standard_input(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(f'env | grep ^LOGSLEUTH_ | sort > "{out}"; cat >> "{out}"', ONSET) == ""
    *variables, line = out.read_text().splitlines()
    assert variables == [
        "LOGSLEUTH_CATEGORY=stale-egg",
        "LOGSLEUTH_CAUSE=Zipped egg replaced under a running worker",
        "LOGSLEUTH_CONFIDENCE=high",
        "LOGSLEUTH_EVENT=onset",
        "LOGSLEUTH_LOG=/var/log/apache2/error.log",
        "LOGSLEUTH_ONSET=2009-11-01T03:12:09+01:00",
        "LOGSLEUTH_REPORT=",
        "LOGSLEUTH_RESTART=advised",
        "LOGSLEUTH_SUMMARY=3 workers cannot import",
        "LOGSLEUTH_WORKERS_KNOWN=",
        "LOGSLEUTH_WORKERS_LOST=3",
    ]
    told = json.loads(line)
    assert (told["workers_lost"], told["workers_known"], told["event"]) == (3, None, "onset")


def test_log_text_is_never_run(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    hostile = f"$(touch {trap}); `touch {trap}`\n'; touch {trap} #\0\x1b[31m\u202e"
    out = tmp_path / "out"
    assert run(f'printf %s "$LOGSLEUTH_SUMMARY" > "{out}"', replace(ONSET, summary=hostile)) == ""
    assert not trap.exists()
    assert out.read_text() == f"$(touch {trap}); `touch {trap}`'; touch {trap} #[31m"


@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_can_stand_in_an_environment_and_in_json(text: str) -> None:
    event = replace(ONSET, cause=text)
    assert b"\0" not in os.fsencode(facts(event)["LOGSLEUTH_CAUSE"])
    assert document(event).count(b"\n") == 1
    json.loads(document(event))


def test_file_names_that_are_no_utf8_stay_as_they_are() -> None:
    assert os.fsencode(plain(os.fsdecode(b"/var/log/caf\xe9.log"))) == b"/var/log/caf\xe9.log"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("exit 3", "--exec on onset failed with exit status 3"),
        ("echo one; echo why >&2; exit 1", "--exec on onset failed with exit status 1: why"),
        ("kill -9 $$", "--exec on onset was killed by SIGKILL"),
        ("no-such-command-anywhere", "--exec on onset failed with exit status 127: "),
    ],
)
def test_a_failure_is_told_in_a_line(command: str, told: str) -> None:
    assert run(command, ONSET).startswith(told)


def test_last_words_do_not_act_on_a_terminal() -> None:
    assert "\x1b" not in run(r"printf '\033[31mred'; exit 1", ONSET)


def test_a_command_that_takes_too_long_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    told = run(f"sleep 60 & echo $! > {pid}; wait", ONSET, limit=1)
    assert told == "--exec on onset was ended after 1 s: it took too long"
    end = time.monotonic() + 30
    while runs(int(pid.read_text())):
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_a_command_leaves_behind_is_not_waited_for() -> None:
    begin = time.monotonic()
    assert run("sleep 5 &", ONSET) == ""
    assert time.monotonic() - begin < 4


def test_it_does_not_wait_and_keeps_the_order(tmp_path: Path) -> None:
    out = tmp_path / "out"
    begin = time.monotonic()
    with Actions(f'sleep 0.1; echo "$LOGSLEUTH_EVENT" >> {out}', pytest.fail) as actions:
        for event in (ONSET, replace(ONSET, event="change"), replace(ONSET, event="end")):
            actions.do(event)
        assert time.monotonic() - begin < 0.1
    assert out.read_text() == "onset\nchange\nend\n"


def test_a_failure_does_not_stop_what_follows(tmp_path: Path) -> None:
    told: list[str] = []
    with Actions('test "$LOGSLEUTH_EVENT" = end', told.append) as actions:
        actions.do(ONSET)
        actions.do(replace(ONSET, event="end"))
    assert told == ["--exec on onset failed with exit status 1"]


def test_closing_ends_what_hangs(tmp_path: Path) -> None:
    told: list[str] = []
    actions = Actions(f"echo 1 > {tmp_path / 'begun'}; sleep 60", told.append)
    with actions:
        actions.do(ONSET)
        actions.do(ONSET)
        wait_for(tmp_path / "begun")
        begin = time.monotonic()
        actions.close(patience=0)
    assert time.monotonic() - begin < 5
    assert any("not run for the last 1 event" in line for line in told)


def test_of_a_flood_the_changes_are_left_out_first(tmp_path: Path) -> None:
    told: list[str] = []
    out = tmp_path / "out"
    actions = Actions(f'echo "$LOGSLEUTH_EVENT" >> {out}', told.append)
    actions.do(ONSET)
    for _ in range(WAITING - 1):
        actions.do(replace(ONSET, event="change"))
    actions.do(replace(ONSET, event="end"))
    assert told == ["--exec is too slow: one change was left out"]
    assert [event.event for event in (actions._events[0], actions._events[-1])] == ["onset", "end"]
