"""A few lines at the same time of each night are a timer's: a fault, which says nothing of an outage at noon."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path  # noqa: TC003 - pytest reads the annotations

import pytest

import logsleuth
from logsleuth.lives.live import live
from logsleuth.signals.rhythm import is_a_timers, without_a_timers
from logsleuth.units import SECOND
from tests.lives.build import ANY, series, timeline

HOUR, DAY = 3600, 86_400
NIGHTS = tuple(day * DAY + 3.5 * HOUR + second for day in range(5) for second in (0, 2, 9))
NOON = tuple(2 * DAY + 12 * HOUR + 4 * number + number * number % 7 for number in range(20))
ALONE = (DAY + 7 * HOUR, 3 * DAY + 15 * HOUR)
NOBODY = live(timeline(end=5 * DAY)).requests


def left(*seconds: float, clients: tuple[str, ...] = ("",)) -> tuple[list[float], int]:
    """The seconds that are no timer's, and how many moments are."""
    rest = without_a_timers(series(ANY, *sorted(seconds), clients=clients), NOBODY)
    return [moment.time / SECOND for moment in rest.moments], rest.aside


def test_a_nightly_handful_is_left_out() -> None:
    assert left(*NIGHTS) == ([], 15)
    assert left(*NIGHTS, *NOON) == (list(NOON), 15)
    assert left(*NIGHTS, *NOON, *ALONE) == (sorted((*NOON, *ALONE)), 15)


@pytest.mark.parametrize(
    "seconds",
    [
        NIGHTS[:9],
        tuple(day * DAY + second for day in range(5) for second in range(0, 120, 6)),
        tuple(day * DAY + day * day * HOUR for day in range(8)),
        tuple(hour * HOUR for hour in range(24)),
    ],
    ids=["three nights", "more than a handful", "at no fixed time", "each hour"],
)
def test_all_else_stays(seconds: tuple[float, ...]) -> None:
    assert left(*seconds) == (list(seconds), 0)


def test_what_several_clients_meet_each_night_is_theirs() -> None:
    assert left(*NIGHTS, clients=("192.0.2.1", "192.0.2.2", "192.0.2.3"))[1] == 0
    assert left(*NIGHTS, clients=("192.0.2.1",))[1] == 15


def test_lines_without_a_time_have_no_rhythm() -> None:
    assert not is_a_timers(series(ANY), (), NOBODY)


REFUSED = (
    "(111)Connection refused: AH00957: http: attempt to connect to 192.0.2.5:8080 (192.0.2.5:8080) failed"
)  # fmt: skip
DENIED = "[client 192.0.2.77:40000] AH01630: client denied by server configuration: /srv/www/.git"
START = datetime(2026, 3, 1, tzinfo=UTC)


def written(folder: Path, *, status: int = 0) -> logsleuth.Report:
    """Five days with a failing backend; `status`: of the one request of each night that an access log has."""
    rows = [(second, "proxy", REFUSED) for second in (*NIGHTS, *NOON)]
    rows += [(second, "authz_core", DENIED) for second in range(0, 5 * DAY, 997)]
    lines = [
        f"[{START + timedelta(seconds=second):%a %b %d %H:%M:%S.%f %Y}] [{module}:error] [pid 7:tid 7] {text}\n"
        for second, module, text in sorted(rows)
    ]
    (folder / "error.log").write_text("".join(lines))
    if status:
        asked = [
            (int(second), status if second in NIGHTS else 200) for second in (*NIGHTS[::3], *range(60, 5 * DAY, 600))
        ]
        (folder / "access.log").write_text("".join(
            f'192.0.2.{second % 50} - - [{START + timedelta(seconds=second):%d/%b/%Y:%H:%M:%S} +0000] "GET / HTTP/1.1" {answer} 9\n'
            for second, answer in sorted(asked)
        ))  # fmt: skip
    return logsleuth.analyze([str(path) for path in sorted(folder.iterdir(), reverse=True)], tz="UTC")


def test_it_neither_makes_an_outage_worse_nor_its_cause_less_sure(tmp_path: Path) -> None:
    report = written(tmp_path)
    (incident,) = report.incidents
    assert (incident.category, incident.confidence) == ("backend-down", "high")
    assert all(link.role != "contributing" for link in incident.chain)
    assert (
        "Apart from a few lines at a steady interval, this message appears nowhere else in the log."
        in incident.causes[0].for_
    )
    assert "logged again" not in incident.summary[2]
    assert [(fault.count, fault.trend) for fault in report.faults if fault.severity != "info"] == [(15, "timed")]


@pytest.mark.parametrize(("status", "timed"), [(200, 1), (503, 0)], ids=["answered", "failed"])
def test_only_if_no_request_is_known_to_have_failed_by_it(tmp_path: Path, status: int, timed: int) -> None:
    report = written(tmp_path, status=status)
    assert sum(fault.trend == "timed" for fault in report.faults) == timed
