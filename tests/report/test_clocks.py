"""What is odd about a log's times is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from logsleuth import analyze

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LINE = "[{:%a %b %d %H:%M:%S.%f %Y}] [core:notice] [pid {pid}] good morning\n"
NIGHT = datetime(2020, 10, 25, 1, 30)
"""Before clocks go back in Berlin."""


def notes(folder: Path, times: Iterable[datetime]) -> list[str]:
    path = folder / "error.log"
    path.write_text("".join(LINE.format(time, pid=7 + i % 3) for i, time in enumerate(times)), encoding="ascii")
    report = analyze([str(path)], tz="Europe/Berlin")
    assert not report.incidents
    told = [note.replace(str(path), "error.log") for note in report.notes]
    return [note for note in told if "clock" in note or "jumps back" in note or "goes back" in note]


def minutes(begin: datetime, count: int) -> list[datetime]:
    return [begin + timedelta(minutes=i) for i in range(count)]


def test_a_plain_day_has_nothing_odd(tmp_path: Path) -> None:
    assert notes(tmp_path, minutes(datetime(2020, 10, 20), 1440)) == []


def test_the_end_of_daylight_saving_time_is_told(tmp_path: Path) -> None:
    step, twice = sorted(notes(tmp_path, [*minutes(NIGHT, 90), *minutes(datetime(2020, 10, 25, 2), 90)]), reverse=True)
    assert "On 2020-10-25 clocks in Europe/Berlin were set back by 1 h" in twice
    assert step.startswith("error.log:91: the time goes back by 59 min")


def test_its_begin_is_told(tmp_path: Path) -> None:
    (note,) = notes(tmp_path, [*minutes(datetime(2021, 3, 28, 1), 60), *minutes(datetime(2021, 3, 28, 3), 60)])
    assert note.startswith("On 2021-03-28 clocks in Europe/Berlin were set forward by 1 h")


@pytest.mark.parametrize(("ahead", "why"), [(7 * 3600, "in different time zones"), (4321, "several servers")])
def test_workers_in_another_zone_are_told(tmp_path: Path, ahead: int, why: str) -> None:
    times = [
        time - timedelta(seconds=ahead * (i % 5 == 4)) for i, time in enumerate(minutes(datetime(2020, 6, 1), 300))
    ]
    (note,) = notes(tmp_path, times)
    assert why in note
    assert "the time jumps back 60 times" in note


def test_an_access_log_is_dated_by_the_arrival_of_requests(tmp_path: Path) -> None:
    times = [time - timedelta(seconds=40 * (i % 50 == 49)) for i, time in enumerate(minutes(datetime(2020, 6, 1), 300))]
    line = '192.0.2.7 - - [{:%d/%b/%Y:%H:%M:%S} +0200] "GET / HTTP/1.1" 200 1 "-" "curl/7"\n'
    (tmp_path / "access.log").write_text("".join(line.format(time) for time in times))
    report = analyze([str(tmp_path / "access.log")])
    assert not any("jumps back" in note or "goes back" in note for note in report.notes)


def test_requests_that_hung_are_logged_late_and_no_clock_is_blamed(tmp_path: Path) -> None:
    """Five wait 26 minutes, each a little less than the one before: they are written between later ones."""
    times = minutes(datetime(2020, 6, 1), 300)
    late = {100 + 2 * i: times[100 + 2 * i] - timedelta(minutes=26, seconds=17 * i + 5) for i in range(5)}
    line = '192.0.2.7 - - [{:%d/%b/%Y:%H:%M:%S} +0200] "GET / HTTP/1.1" 200 1 "-" "curl/7"\n'
    path = tmp_path / "access.log"
    path.write_text("".join(line.format(late.get(i, time)) for i, time in enumerate(times)))
    (note,) = [note for note in analyze([str(path)]).notes if "access.log is written" in note]
    assert "some requests took up to 25 min" in note or "some requests took up to 26 min" in note
    assert "(the first such line is at " in note
    assert "several servers write to one log" in note


def sockets(folder: Path, lengths: Iterable[int], end: str) -> list[str]:
    """What is said of web sockets that were open for so many minutes; `end`: what each line ends with."""
    times = minutes(datetime(2020, 6, 1), 300)
    late = {100 + 20 * nth: length for nth, length in enumerate(lengths)}
    lines = []
    for nth, time in enumerate(times):
        length = timedelta(minutes=late.get(nth, 0))
        took = end.format(int(length / timedelta(microseconds=1)) or 4_000)
        line = f'192.0.2.7 - - [{time - length:%d/%b/%Y:%H:%M:%S} +0200] "GET /ws HTTP/1.1" 101 1 "-" "curl/7"{took}\n'
        lines.append(line)
    path = folder / "access.log"
    path.write_text("".join(lines))
    return [note for note in analyze([str(path)]).notes if "the time" in note or "access.log is written" in note]


def test_web_sockets_are_logged_when_they_close_and_no_clock_is_blamed(tmp_path: Path) -> None:
    """By what their lines say they took: however few they are, and be it in quarters of an hour."""
    (note,) = sockets(tmp_path, (15, 30, 60, 45), " {}")
    assert "access.log is written when a request ends" in note
    assert "slow requests appear up to 1 h" in note or "slow requests appear up to 59 min" in note
    (note,) = sockets(tmp_path, (45,), " {}")
    assert "access.log is written when a request ends" in note


def test_lines_that_name_one_zone_are_in_one_zone(tmp_path: Path) -> None:
    """Quarters of an hour: a time limit of a proxy, not another zone."""
    (note,) = sockets(tmp_path, (15, 30, 60, 45), "")
    assert "some requests took up to" in note
    assert "time zones" not in note


def test_one_line_of_an_access_log_may_be_of_a_long_request(tmp_path: Path) -> None:
    (note,) = sockets(tmp_path, (45,), "")
    assert "a request took so long, the clock was set" in note


def test_in_an_outage_what_hung_is_no_sign_of_joined_logs(tmp_path: Path) -> None:
    """The file server was silent from 01:30 to 03:10; who asked meanwhile was answered then."""
    begin, back = datetime(2020, 6, 1, 1, 30), datetime(2020, 6, 1, 3, 10)
    line = '192.0.2.7 - - [{:%d/%b/%Y:%H:%M:%S} +0000] "GET / HTTP/1.1" 200 1 "-" "curl/7"\n'
    during = [begin + timedelta(minutes=7 * nth) for nth in range(12, 0, -1)]
    times = [*minutes(datetime(2020, 6, 1), 90), *during, *minutes(back, 100)]
    (tmp_path / "access.log").write_text("".join(line.format(time) for time in times))
    said = [(begin + timedelta(seconds=nth), "not responding, still trying") for nth in range(20)]
    kernel = "Jun  1 {:%H:%M:%S} web1 kernel: nfs: server nas1 {}\n"
    (tmp_path / "messages").write_text("".join(kernel.format(*one) for one in [*said, (back, "OK")]))
    report = analyze([str(tmp_path / "access.log"), str(tmp_path / "messages")], tz="UTC")
    (note,) = [note for note in report.notes if "access.log is written" in note]
    assert "several servers" not in note
