"""Logs of programs that nobody knows are read by the one thing that they have in common: a time in each line."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from logsleuth.logs.format.sniff import sniff
from logsleuth.logs.others.dated import DAY_FIRST, MONTH_FIRST, dated_reader, shape_of

NEWEST = date(2026, 3, 20)
LINES = [
    ("2026-03-13T12:02:11.482+0000 E STORAGE  [conn12] No space left", "13 12:02:11", "error", "E STORAGE  [conn12] No space left", 0),
    ("2026/03/13 12:02:11| WARNING: Disk space over limit", "13 12:02:11", "warn", "WARNING: Disk space over limit", None),
    ("2026-03-13 12:02 backup started", "13 12:02:00", None, "backup started", None),
    ("13/Mar/2026:12:02:11 +0100 conn=12 fd=64", "13 12:02:11", None, "conn=12 fd=64", 3600),
    ("13-Mar-2026 12:02:11.482 resolver: error: timed out", "13 12:02:11", "error", "resolver: error: timed out", None),
    ("=ERROR REPORT==== 13-Mar-2026::12:02:11 ===", "13 12:02:11", "error", "===", None),
    ("####<Mar 13, 2026 12:02:11 PM UTC> <Error> <Socket> <IOException>", "13 12:02:11", "error", "<Error> <Socket> <IOException>", 0),
    ("Fri Mar 13 12:02:11 2026 -> ERROR: Can't open", "13 12:02:11", "error", "ERROR: Can't open", None),
    ("(Fri Mar 13 12:02:11 CET 2026) [sssd] cannot connect", "13 12:02:11", None, "[sssd] cannot connect", None),
    ("13.03.2026 12:02:11 Sicherung beendet", "13 12:02:11", None, "Sicherung beendet", None),
    ("3/13/2026 12:02:11 PM,Warning,the job was late", "13 12:02:11", "warn", "Warning,the job was late", None),
    ("  1234:20260313:120211.482 item became not supported", "13 12:02:11", None, "item became not supported", None),
    ("[1773403331] SERVICE ALERT: web1;HTTP;CRITICAL;HARD", "13 12:02:11", "alert", "SERVICE ALERT: web1;HTTP;CRITICAL;HARD", 0),
    ("Mar 13 12:02:11 corosync [TOTEM ] A processor failed", "13 12:02:11", None, "corosync [TOTEM ] A processor failed", None),
    ("E0313 12:02:11.482910    4711 manager.go:12] create failed", "13 12:02:11", "error", "4711 manager.go:12] create failed", None),
    ("cron_1  | 2026-03-13T12:02:11Z crond: USER www-data", "13 12:02:11", None, "crond: USER www-data", 0),
    ("ERROR [ReadStage:12] 2026-03-13 12:02:11,482 Daemon.java Exception", "13 12:02:11", "error", "Daemon.java Exception", None),
]  # fmt: skip


@pytest.mark.parametrize(("line", "when", "level", "words", "offset"), LINES)
def test_a_line_has_its_time_level_and_words(
    line: str, when: str, level: str | None, words: str, offset: int | None
) -> None:
    (shape,) = shape_of([line, line], NEWEST)
    record = dated_reader(shape, NEWEST)(line.encode())
    assert record is not None
    assert record.time is not None
    written = datetime.fromtimestamp(record.time // 1_000_000, UTC).strftime("%d %H:%M:%S")
    assert (written, record.level, record.message, record.offset) == (when, level, words, offset)


def test_a_log_is_recognised_by_its_times() -> None:
    log = b"2026-03-13 12:02:11 job begins\n  step one\n2026-03-13 12:02:19 job ends\n"
    form = sniff(log, complete=True, newest=NEWEST)
    assert (form.kind, form.source) == ("dated", "service")


@pytest.mark.parametrize(
    "log",
    [
        b"2026-03-13 12:02:11 job begins\n",  # one line with a time may mention one
        b"nothing\n" * 40 + b"2026-03-13 12:02:11 a\n2026-03-13 12:02:12 b\n",
        b"[INFO] plugin/ready: still waiting\n" * 9,
    ],
)
def test_few_times_make_no_log(log: bytes) -> None:
    assert sniff(log, complete=True, newest=NEWEST).kind == "other"


def test_a_line_without_a_time_is_bare_and_a_time_alone_has_no_words() -> None:
    read = dated_reader("May 28 17:00:35 2014", NEWEST)
    alone, below = read(b"Fri Mar 13 12:02:11 2026"), read(b"ORA-16038: log 2 cannot be archived")
    assert alone is not None
    assert below is not None
    assert (alone.kind, alone.message, below.kind, below.time) == ("foreign", "", "bare", None)


@pytest.mark.parametrize(
    ("dates", "shapes"),
    [
        (["28/05/2026", "29/05/2026"], (DAY_FIRST,)),
        (["05/28/2026", "05/29/2026"], (MONTH_FIRST,)),
        (["01/02/2026", "02/02/2026", "03/02/2026"], (DAY_FIRST,)),  # a line a day, not one a month
        (["02/01/2026", "02/02/2026", "02/03/2026"], (MONTH_FIRST,)),
        (["05/06/2026", "05/06/2026"], (DAY_FIRST, MONTH_FIRST)),
    ],
)
def test_the_days_show_whether_they_come_before_their_month(dates: list[str], shapes: tuple[str, ...]) -> None:
    assert shape_of([f"{day} 12:02:11 job begins" for day in dates], NEWEST) == shapes
