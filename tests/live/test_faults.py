"""Faults while there is no outage: which of them a probe names, and in what words."""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING

import pytest

from logsleuth.live.check import check
from logsleuth.live.document import document
from logsleuth.live.faults import OngoingFault, goes_on
from logsleuth.live.plugin_line import LONGEST, plugin_line
from logsleuth.live.verdict import Judgement, Status
from logsleuth.live.watcher import Watcher
from logsleuth.units import HOUR, MINUTE, SECOND
from tests.live.fed import CLOCK, LIMITS, probe_of

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_772_546_400  # 2026-03-03 14:00 UTC
FAULT = OngoingFault(
    "database.refused", "major", "database-down", "Database refused the connection", 31,
    (NOW - 7200) * SECOND, NOW * SECOND, "error.log", "refused",
)  # fmt: skip
REFUSED = (
    "[Tue Mar 03 {:02d}:{:02d}:00.000000 2026] [wsgi:error] [pid 50] [client 192.0.2.9:4000{}] "
    "sqlalchemy.exc.OperationalError: (2003, \"Can't connect to MySQL server on '10.1.2.3' (111)\")\n"
)
MISSING = "[Tue Mar 03 {:02d}:{:02d}:{:02d}.000000 2026] [core:info] [pid 61] [client 192.0.2.9:40001] AH00128: File does not exist: /srv/www/a\n"


def line_of(*faults: OngoingFault) -> str:
    return plugin_line(Judgement(Status.OK, None, faults=faults), NOW * SECOND, UTC, LIMITS, 7)


@pytest.mark.parametrize(
    ("count", "first", "silent", "is_going_on"),
    [
        (1, 0, 9 * MINUTE, True),
        (1, 0, 11 * MINUTE, False),
        (500, 8 * HOUR, 7 * HOUR, False),
        (9, 8 * HOUR, 59 * MINUTE, True),
        (9, 8 * HOUR, 3 * HOUR, False),
    ],
    ids=["just now", "once, long ago", "a burst of the night", "hourly, between two runs", "hourly, and stopped"],
)
def test_a_fault_goes_on_until_it_is_silent_for_the_grace_time_and_twice_its_usual_distance(
    count: int, first: int, silent: int, is_going_on: bool
) -> None:
    now = NOW * SECOND
    assert goes_on(count, now - silent - first, now - silent, now, grace=600) is is_going_on


def test_the_line_names_the_gravest_faults_and_counts_the_others() -> None:
    assert line_of(FAULT).startswith(
        "LOGSLEUTH OK - no outage, 1 fault: database-down (major): Database refused the connection, "
        "31 times since 12:00:00 | lost=0;"
    )
    line = line_of(*[FAULT] * 5)
    assert line.startswith("LOGSLEUTH OK - no outage, 5 faults: ")
    assert line.count("database-down") == 3
    assert "; and 2 more | " in line


def test_the_line_stays_one_short_line_whatever_a_log_says() -> None:
    hostile = OngoingFault(
        "x",
        "major",
        None,
        "a|b\n\x1b[31m password=hunter2secret " + "z" * 2000,
        1,
        NOW * SECOND,
        NOW * SECOND,
        "e",
        "l",
    )
    line = line_of(hostile)
    assert line.count("|") == 1
    assert line.isprintable()
    assert "hunter2secret" not in line
    assert len(line.split(" | ", maxsplit=1)[0]) < LONGEST + 30


def test_json_lists_faults_redacted_and_says_what_the_line_says() -> None:
    fault = OngoingFault(
        "x", "minor", None, "t", 1, NOW * SECOND, NOW * SECOND, "e.log", "password=hunter2secret from 203.0.113.77\x07"
    )
    judgement = Judgement(Status.OK, None, faults=(FAULT, fault))
    made = json.loads(document(judgement, line_of(FAULT, fault), CLOCK))
    assert (made["status"], made["exit_code"], made["outage"], made["faults_total"]) == ("OK", 0, None, 2)
    assert [one["category"] for one in made["faults"]] == ["database-down", None]
    assert made["summary"].startswith("LOGSLEUTH OK - no outage, 2 faults: database-down")
    assert made["perfdata"].startswith("lost=0")
    assert "hunter2secret" not in made["faults"][1]["line"]
    assert "203.0.113.77" not in made["faults"][1]["line"]


def chronic() -> str:
    """A site that is served, with a job of one client that finds its database dead every half hour."""
    lines = [
        line
        for minute in range(0, 180, 30)
        for line in (
            REFUSED.format(11 + minute // 60, minute % 60, 1),
            MISSING.format(11 + minute // 60, minute % 60, 9),
        )
    ]
    return "".join([MISSING.format(8, 0, 0), *lines, MISSING.format(13, 59, 59)])


def test_check_names_a_fault_without_an_outage_and_stays_ok(tmp_path: Path) -> None:
    log = tmp_path / "error.log"
    log.write_text(chronic())
    status, line = check(probe_of(log), NOW)
    assert status is Status.OK
    assert line.startswith("LOGSLEUTH OK - no outage, 1 fault: database-down (")
    assert "6 times since 11:00:00" in line
    status, text = check(probe_of(log), NOW, style="json")
    assert [fault["category"] for fault in json.loads(text)["faults"]] == ["database-down"]


def test_a_watch_reports_a_grave_fault_once_and_again_only_after_it_had_ended(tmp_path: Path) -> None:
    log = tmp_path / "error.log"
    log.write_text(chronic())
    watcher = Watcher(probe_of(log), spent=lambda: 0.0)
    looks = [NOW, NOW + 15, NOW + 30, NOW + 4 * 3600]
    said = [[line for line in watcher.update(now).messages if line.startswith("FAULT")] for now in looks]
    assert [len(lines) for lines in said] == [1, 0, 0, 0]
    assert said[0][0].startswith("FAULT database-down (")
    with log.open("a") as stream:
        stream.write(REFUSED.format(18, 1, 1))
    again = watcher.update(NOW + 4 * 3600 + 90).messages
    assert [line[:19] for line in again] == ["FAULT database-down"]
