"""A storm of OOM kills whose first lines the kernel's log has lost: who else was killed, and who was not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import logsleuth
from logsleuth.report.model import IncidentReport

START = datetime(2026, 3, 3, 6, 0, 0)
UP = "[mpm_prefork:notice] [pid 100:tid 100] AH00163: Apache/2.4.62 (Debian) configured -- resuming normal operations"
DENIED = "[authz_core:error] [pid {pid}:tid {pid}] [client 203.0.113.7:4711] AH01630: client denied by server configuration: /srv/x"
KILLED = "Memory cgroup out of memory: Killed process {pid} (apache2) total-vm:399956kB, anon-rss:196312kB"
OTHER = "eth0: link becomes ready"

LIVES = 12
EACH = 4
"""Seconds that each of these workers lives, two at a time: each is killed two seconds after the one before it."""
Tell = Callable[..., IncidentReport]


def stamp(second: float, *, exact: bool) -> str:
    when = START + timedelta(seconds=second)
    return f"[{when:%a %b %d %H:%M:%S}{f'.{when.microsecond:06d}' if exact else ''} {when:%Y}] "


@pytest.fixture
def storm(tmp_path: Path) -> Tell:
    """Workers 200 to 211 die one after another, the kernel names some of them; two later ones go on for a minute."""

    def tell(named: range, before: float | None = None, also: tuple[int, ...] = ()) -> IncidentReport:
        rows = [(0.0, UP)]
        for nth in range(LIVES):
            rows += [(10 + 2 * nth + 0.5 * step, DENIED.format(pid=200 + nth)) for step in range(2 * EACH)]
        for nth in range(240):
            rows.append((10 + 2 * LIVES + 0.25 * nth, DENIED.format(pid=300 + nth % 2)))
        log, kernel = tmp_path / "error.log", tmp_path / "dmesg.txt"
        log.write_text("".join(stamp(second, exact=True) + text + "\n" for second, text in sorted(rows)))
        told: list[tuple[float, str]] = [
            (10 + 2 * nth + EACH, KILLED.format(pid=200 + nth)) for nth in named if nth not in also
        ]
        told += [(before, OTHER)] if before is not None else []
        kernel.write_text("".join(stamp(second, exact=False) + text + "\n" for second, text in sorted(told)))
        return logsleuth.analyze([log, kernel], tz="UTC").incidents[0]

    return tell


def inferred(incident: IncidentReport) -> set[int]:
    return {worker.pid for worker in incident.lost if worker.inferred}


def test_those_before_the_kernels_log_begins_were_killed_too(storm: Tell) -> None:
    incident = storm(range(5, LIVES))
    assert inferred(incident) == set(range(200, 205))
    assert {worker.pid for worker in incident.lost} == set(range(200, 212))
    assert {worker.how for worker in incident.lost} == {"killed"}
    assert "12 workers were killed" in incident.summary[0]
    assert ("killed_before_the_kernel_log_begins", 5) in {(known.rule, known.count) for known in incident.how_known}


def test_the_incident_begins_with_them(storm: Tell) -> None:
    incident = storm(range(5, LIVES))
    first = min(worker.time for worker in incident.lost)
    assert incident.onset == first
    onset = next(row for row in incident.timeline if row.kind == "onset")
    assert (onset.time, onset.inferred) == (first, True)


def test_a_kernel_log_that_begins_before_the_storm_holds_all_kills(storm: Tell) -> None:
    assert not inferred(storm(range(5, LIVES), before=2.0))


def test_where_others_end_too_while_the_kernel_tells_nothing_follows(storm: Tell) -> None:
    assert not inferred(storm(range(3, LIVES), also=(5, 7, 9)))


def test_three_kills_have_no_rhythm(storm: Tell) -> None:
    assert not inferred(storm(range(9, LIVES)))
