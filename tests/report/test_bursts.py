"""Lines of other programs' logs that come with an outage and hardly at other times, whether a pattern knows them or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import logsleuth
from logsleuth.library.thrown import reason_below

if TYPE_CHECKING:
    from pathlib import Path

SYSLOG = "Mar  3 {:02}:{:02}:{:02} web1 {}\n"
NOON = 12 * 3600


def beside(folder: Path, *lines: tuple[int, str]) -> list[str]:
    """What is told of a refused connection at noon beside httpd's own lines; `lines`: seconds after noon, and text."""
    failing = (
        "[Tue Mar 03 12:{:02}:{:02}.000000 2026] [proxy:error] [pid 77] (111)Connection refused: AH00957: http: attempt to "
        "connect to 127.0.0.1:3000 (127.0.0.1:3000) failed\n"
    )
    (folder / "error.log").write_text("".join(failing.format(second // 60, second % 60) for second in range(0, 300, 2)))
    at = sorted((NOON + after, text) for after, text in lines)
    text = "".join(SYSLOG.format(second // 3600, second // 60 % 60, second % 60, said) for second, said in at)
    (folder / "syslog").write_text(text)
    report = logsleuth.analyze([str(folder / "error.log"), str(folder / "syslog")], tz="UTC")
    return [link.text for link in report.incidents[0].chain if link.text.startswith("syslog has ")]


ROUTINE = [(after, f"agent[{after % 999}]: collected {after % 77} values") for after in range(-7_200, 7_200, 30)]
JAMMED = [(after, f"widgetd[4711]: till {after} is jammed") for after in range(0, 300, 10)]


def test_a_kind_that_comes_with_the_outage_only_is_counted_and_quoted(tmp_path: Path) -> None:
    (told,) = beside(tmp_path, *ROUTINE, *JAMMED)
    assert told.startswith(
        "syslog has 30 lines like this in that time, and none before or after: “Mar  3 12:00:00 web1"
    )
    assert told.endswith("widgetd[4711]: till 0 is jammed”.")


@pytest.mark.parametrize(
    ("others", "is_told"),
    [
        ([-3_000, 3_000], True),  # two in four hours
        ([*range(-7_200, 7_200, 60)], False),  # it comes more often then, but not ten times as often
    ],
)
def test_what_comes_at_other_times_too_is_told_only_if_it_comes_ten_times_as_often(
    others: list[int], is_told: bool, tmp_path: Path
) -> None:
    lines = [(after, f"widgetd[4711]: till {after % 60} is jammed") for after in others]
    assert bool(beside(tmp_path, *ROUTINE, *JAMMED, *lines)) is is_told


@pytest.mark.parametrize(
    "said",
    [
        '<passwd="{name}"> cannot bind to the directory',
        "[req {name}] cannot bind to the directory",
        "cannot bind to the directory for user {name}",
        "cannot fetch https://shop.example/{name}/cart?id={nth} in time",
        "cannot write /srv/spool/{name}/new",
        "cannot bind: rhost=10.7.0.{nth} ruser={name} tty=ssh",
        "cannot bind for '{name}' at 10.7.{nth}.9",
    ],
)
def test_lines_that_differ_only_in_what_they_name_are_one_kind(said: str, tmp_path: Path) -> None:
    names = ("root", "jdoe", "jenkins", "svnadmin", "anne")
    lines = [
        (after, f"nslcd[4711]: {said.format(name=names[nth % 5], nth=nth)}")
        for nth, after in enumerate(range(0, 300, 10))
    ]
    (told,) = beside(tmp_path, *ROUTINE, *lines)
    assert told.startswith(
        "syslog has 30 lines like this in that time, and none before or after: “Mar  3 12:00:00 web1"
    )


def test_two_lines_of_each_event_are_told_once(tmp_path: Path) -> None:
    lines = [(after, "nslcd[4711]: no server was found, asleep") for after in range(0, 300, 10)]
    assert len(beside(tmp_path, *ROUTINE, *JAMMED, *lines)) == 1


def test_a_few_lines_are_no_burst(tmp_path: Path) -> None:
    assert not beside(tmp_path, *ROUTINE, *JAMMED[:4])


def test_a_log_that_begins_with_the_outage_shows_nothing_of_other_times(tmp_path: Path) -> None:
    assert not beside(tmp_path, *JAMMED)


def test_a_log_that_was_not_read_is_told_where_nothing_was_found(tmp_path: Path) -> None:
    (tmp_path / "events.log").write_text("three jams\nno time\n" * 50)
    beside(tmp_path, *ROUTINE)
    (incident,) = logsleuth.analyze(sorted(map(str, tmp_path.iterdir())), tz="UTC").incidents
    trigger = next(link.text for link in incident.chain if link.role == "trigger")
    assert trigger.startswith("None found: checked error.log and syslog (1 log not read: see below) for")
    assert "One of the logs given is in no format that is known here; it may hold such a line." in incident.ruled_out


@pytest.mark.parametrize("frame", ["Stack trace:", "#0 /srv/www/index.php(9): db()", "  thrown in /srv/www/lib/db.php"])
def test_what_goes_on_with_the_record_before_is_no_burst(frame: str, tmp_path: Path) -> None:
    assert not beside(tmp_path, *ROUTINE, *((after, f"php: {frame}") for after in range(0, 300, 10)))


def test_a_long_line_is_quoted_with_the_url_that_it_names(tmp_path: Path) -> None:
    url = "https://shop.example/reports/monthly"
    jam = [(after, f"widgetd: {'a till is stuck ' * 12}for [{url}] since noon") for after in range(0, 300, 10)]
    (told,) = beside(tmp_path, *ROUTINE, *jam)
    assert f" … {url} …”" in told


def test_where_no_trigger_is_found_lines_of_that_time_alone_may_say_it(tmp_path: Path) -> None:
    beside(tmp_path, *ROUTINE, *JAMMED)
    report = logsleuth.analyze([str(tmp_path / "error.log"), str(tmp_path / "syslog")], tz="UTC")
    (trigger,) = (link.text for link in report.incidents[0].chain if link.role == "trigger")
    assert "Lines of syslog that appear only during the incident may name the cause: see below." in trigger


STACKS = (
    ("java.lang.OutOfMemoryError: Java heap space", "\t{}"),
    ("shop.Closed: the till is closed", 'Traceback (most recent call last):\n  File "v.py", line 7, in get\n    x()\n{}'),
    ("Shop.TillException (0x8): it is jammed", "System.Exception: outer\n ---> {}\n   at Shop.Till()"),
    ("x.JamError: it is jammed", "a.WrapError: outer\n\tat x.Y.z(Y.java:1)\nCaused by: {}\n\t... 9 more"),
    ("Error: connect ECONNREFUSED 10.0.0.5:5432", "{}\n    at afterConnect (node:net:1495:16)"),
    ("panic: runtime error: invalid memory address", "{}\n\ngoroutine 7 [running]:"),
)  # fmt: skip


@pytest.mark.parametrize(("reason", "below"), STACKS)
def test_of_a_record_with_a_stack_the_line_that_names_what_was_thrown_is_its_reason(reason: str, below: str) -> None:
    lines = below.format(reason).split("\n")
    nth = reason_below(lines)
    assert nth is not None
    assert lines[nth].endswith(reason)


def test_lines_below_a_record_that_name_nothing_are_no_reason() -> None:
    assert reason_below(["    at afterConnect (node:net:1495:16)", "  errno: -111", "", "processed 7 orders"]) is None


def test_the_reason_below_a_head_is_quoted_in_its_place(tmp_path: Path) -> None:
    beside(tmp_path, *ROUTINE)
    head = "2026-03-03 {:02}:{:02}:{:02},000 {}\n"
    stack = "ERROR till - failed\nx.JamError: till {} is jammed\n\tat x.Y.z(Y.java:1)"
    lines = [
        (after, stack.format(after) if 0 <= after < 300 else "INFO till - open") for after in range(-7_200, 7_200, 10)
    ]
    text = [
        head.format(at // 3600, at // 60 % 60, at % 60, said) for at, said in ((NOON + a, said) for a, said in lines)
    ]
    (tmp_path / "app.log").write_text("".join(text))
    (incident,) = logsleuth.analyze(sorted(map(str, tmp_path.iterdir())), tz="UTC").incidents
    told = [link.text for link in incident.chain if link.text.startswith("app.log has ")]
    assert told == [
        "app.log has 30 lines like this in that time, and none before or after: “x.JamError: till 0 is jammed”."
    ]
