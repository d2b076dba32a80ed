"""Logs of services behind a site: each line's time, pid and words, and how a log of them is recognised."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from logsleuth.logs.format.sniff import sniff
from logsleuth.logs.others.service import read

LINES = {
    "2022-08-30 13:10:30.061 MST [28364] FATAL:  sorry": ("2022-08-30T13:10:30.061000", 28364, "crit", "sorry"),
    "2022-08-30 13:10:30 UTC [28364] app@shop LOG:  done": ("2022-08-30T13:10:30.000000", 28364, "info", "done"),
    "2022-08-30T13:10:30.061123Z 0 [ERROR] [MY-1] x": ("2022-08-30T13:10:30.061123", None, "error", "[MY-1] x"),
    "2022-08-30  3:10:30 0 [Note] InnoDB: x": ("2022-08-30T03:10:30.000000", None, "notice", "InnoDB: x"),
    "190211  8:17:22 [Warning] x": ("2019-02-11T08:17:22.000000", None, "warn", "x"),
    "051130 20:51:57  InnoDB: Starting shutdown...": (
        "2005-11-30T20:51:57.000000",
        None,
        None,
        "InnoDB: Starting shutdown...",
    ),
    "051130 20:52:18  mysqld started": ("2005-11-30T20:52:18.000000", None, None, "mysqld started"),
    "811:M 03 Mar 2020 14:02:11.123 # x": ("2020-03-03T14:02:11.000000", 811, None, "x"),
    "03-Mar-2020 14:02:11.123 SEVERE [main] a.b.C.d x": ("2020-03-03T14:02:11.000000", None, "error", "a.b.C.d x"),
    "Jul 2, 2014 12:02:47 AM a.b.C log": ("2014-07-02T00:02:47.000000", None, None, "a.b.C log"),
    "Jul 2, 2014 1:02:47 PM a.b.C log": ("2014-07-02T13:02:47.000000", None, None, "a.b.C log"),
    "# Time: 200303  8:02:11": ("2020-03-03T08:02:11.000000", None, None, ""),
    "# Time: 2020-03-03T08:02:11.117201Z": (
        "2020-03-03T08:02:11.117201",
        None,
        None,
        "",
    ),
    "2022-10-18T11:16:40: PM2 log: x": ("2022-10-18T11:16:40.000000", None, None, "PM2 log: x"),
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_read(line: str) -> None:
    record = read(line.encode())
    assert record.time is not None
    time = datetime.fromtimestamp(record.time / 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    assert (time, record.pid, record.level, record.message) == LINES[line]


@pytest.mark.parametrize("line", ["SEVERE: x", "java.lang.OutOfMemoryError: x", "\tat a.b.C.d(C.java:1)", "Jul 32, 2014 1:02:47 PM a.b.C log"])  # fmt: skip
def test_a_line_without_a_time_is_bare(line: str) -> None:
    assert (read(line.encode()).kind, read(line.encode()).time) == ("bare", None)


@pytest.mark.parametrize("line", LINES)
def test_a_log_of_such_lines_is_recognised(line: str) -> None:
    assert sniff((line + "\n").encode() * 5, complete=True).kind == "service"


@pytest.mark.parametrize(
    "line",
    [
        "Mar  3 14:02:11 web1 postgres[28364]: [1-1] FATAL:  sorry",
        "[Tue Mar 03 14:02:11 2009] [error] [client 192.0.2.7] x",
        "2020-03-03 14:02:11 upgrade apache2:amd64 1 2",
        "2020/03/03 14:02:11 [error] 12#12: *1 x",
    ],
)
def test_other_logs_are_not(line: str) -> None:
    assert sniff((line + "\n").encode() * 5, complete=True).kind != "service"
