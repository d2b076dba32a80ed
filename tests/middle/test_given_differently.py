"""The same log given differently is the same story."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import logsleuth
from benchmarks import changes
from logsleuth.report.model import Report
from tests.middle.shop import BROWSE, EGG, FAINTED, HOUR, JAMMED, OPEN, QUEUE, SHIFT, STUCK, Log, day, told

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES = Path(__file__).resolve().parent.parent.parent / "sample_logs"


def tell(text: str, folder: Path, tz: str = "UTC") -> Report:
    path = folder / "error.log"
    path.write_text(text)
    return logsleuth.analyze([path], tz=tz, jobs=1)


def gist(report: Report, *, later: int = 0, pids: int = 0) -> list[tuple[object, ...]]:
    """What a verdict is made of, with times and pids as they were before the change."""
    return [
        (
            i.category, i.confidence, i.severity, i.onset - later, i.end and i.end - later, i.recovery_how,
            tuple((worker.pid - pids, worker.how) for worker in i.lost),
        )
        for i in report.incidents
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["stale-egg-24.log", "crash-prefork.log", "stale-egg-2009.log", "quiet-day.log"])
def test_at_another_time_in_another_zone_and_with_other_pids_it_is_the_same(name: str, tmp_path: Path) -> None:
    text = (SAMPLES / name).read_text()
    before = gist(tell(text, tmp_path))
    by = timedelta(days=21, hours=7, minutes=11)
    assert gist(tell(changes.shifted(text, by), tmp_path), later=int(by.total_seconds()) * 1_000_000) == before
    east = -(5 * 60 + 45) * 60 * 1_000_000
    assert gist(tell(text, tmp_path, "Asia/Kathmandu"), later=east) == before
    assert gist(tell(changes.renumbered(text), tmp_path), pids=40_000) == before


@pytest.mark.parametrize("name", ["stale-egg-24.log", "crash-prefork.log", "quiet-day.log"])
@pytest.mark.parametrize("change", ["2.2", "thinned", "denied", "mixed"])
def test_less_said_or_much_else_said_it_is_the_same_kind_of_outage(name: str, change: str, tmp_path: Path) -> None:
    ways: dict[str, Callable[[str], str]] = {
        "2.2": changes.as_22,
        "thinned": changes.thinned,
        "denied": lambda text: changes.with_chatter(text, "denied", lines=5_000),
        "mixed": lambda text: changes.with_chatter(text, "mixed", lines=5_000),
    }
    text = (SAMPLES / name).read_text()
    before, after = tell(text, tmp_path).incidents, tell(ways[change](text), tmp_path).incidents
    assert [(i.category, i.recovery_how) for i in after] == [(i.category, i.recovery_how) for i in before]
    for one, other in zip(before, after, strict=True):
        assert abs(one.onset - other.onset) <= 2_000_000


def flood(text: str, begin: float, end: float) -> Log:
    return day().every(2, begin, end, text).own(SHIFT, end).own(OPEN, end + 1)


STORIES = {"jammed": JAMMED, "queue": QUEUE, "fainted": FAINTED, "egg": EGG, "stuck": STUCK}


@pytest.mark.parametrize("name", STORIES)
def test_a_log_cut_off_in_the_middle_tells_that_it_is_not_over(name: str, tmp_path: Path) -> None:
    log = flood(STORIES[name], 5 * HOUR, 5 * HOUR + 600)
    (whole,) = told(log, tmp_path).incidents
    log.lines = [line for line in log.lines if line[0] < 5 * HOUR + 300]
    (half,) = told(log, tmp_path).incidents
    assert (half.category, half.onset) == (whole.category, whole.onset)
    assert whole.recovery_how is not None
    assert half.recovery_how is None


@pytest.mark.parametrize("name", STORIES)
def test_a_log_that_begins_in_the_middle_tells_the_same_kind(name: str, tmp_path: Path) -> None:
    log = flood(STORIES[name], 5 * HOUR, 5 * HOUR + 600)
    log.lines = [line for line in log.lines if line[0] >= 5 * HOUR + 300]
    (half,) = told(log, tmp_path).incidents
    (whole,) = told(flood(STORIES[name], 5 * HOUR, 5 * HOUR + 600), tmp_path).incidents
    assert (half.category, half.end) == (whole.category, whole.end)


def test_logs_of_several_outages_joined_days_apart_are_those_outages(tmp_path: Path) -> None:
    parts = [flood(text, 5 * HOUR, 5 * HOUR + 600).text() for text in STORIES.values()]
    log = Log()
    told(log.every(1, 0, 2, BROWSE), tmp_path)  # lays the patterns out
    (tmp_path / "error.log").write_text(changes.joined(parts))
    report = logsleuth.analyze([tmp_path / "error.log"], tz="UTC", patterns=[tmp_path / "patterns"])
    categories = [incident.category for incident in sorted(report.incidents, key=lambda i: i.onset)]
    assert categories == ["backend-down", "backend-timeout", "segfault", "stale-egg", "lock-failure"]
