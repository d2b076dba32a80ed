"""--since and --until seek in big files: the report is the same as when all is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from logsleuth import analyze
from logsleuth.engines import read, reading
from logsleuth.logs.open import seek

if TYPE_CHECKING:
    from logsleuth.report.model import Report

LINE = "[{:%a %b %d %H:%M:%S.%f %Y}] [core:notice] [pid 7:tid 7] server 7 said good morning to guest {}\n"
OUTAGE = datetime(2020, 3, 3, 12)


def a_day(path: Path) -> str:
    """A day of chatter, and at noon workers that crash."""
    times = [datetime(2020, 3, 3) + timedelta(seconds=5 * i) for i in range(17_000)]
    crash = "[{:%a %b %d %H:%M:%S.%f %Y}] [core:notice] [pid 7:tid 7] AH00052: child pid {} exit signal Segmentation fault (11)\n"
    lines = []
    for number, time in enumerate(times):
        lines.append(LINE.format(time, number))
        if OUTAGE <= time < OUTAGE + timedelta(minutes=5):
            lines.append(crash.format(time, 9000 + number))
    path.write_text("".join(lines), encoding="ascii")
    return str(path)


def told(path: str, jobs: int) -> Report:
    until = OUTAGE + timedelta(minutes=30)
    report = analyze([path], tz="UTC", since=OUTAGE - timedelta(hours=1), until=until, jobs=jobs)
    return replace(report, logs=tuple(replace(log, bytes=0) for log in report.logs))  # those that were read


@pytest.mark.parametrize("jobs", [1, 2])
def test_seeking_changes_nothing_but_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    path = a_day(tmp_path / "error.log")
    whole = told(path, jobs)
    assert whole.incidents
    monkeypatch.setattr(read, "WORTH_SHARING", 1)
    monkeypatch.setattr(reading, "WORTH_SEEKING", 1)
    monkeypatch.setattr(seek, "FINE", 64 * 1024)
    assert told(path, jobs) == whole
    assert analyze([path], tz="UTC", since=OUTAGE).logs[0].bytes < 0.6 * Path(path).stat().st_size


def test_where_too_much_is_passed_over_lines_are_told_by_their_offset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_day(tmp_path / "error.log")
    monkeypatch.setattr(read, "WORTH_SHARING", 1)
    monkeypatch.setattr(reading, "WORTH_SEEKING", 1)
    monkeypatch.setattr(reading, "WORTH_COUNTING", 1)
    monkeypatch.setattr(seek, "FINE", 64 * 1024)
    data = Path(path).read_bytes()
    for evidence in told(path, 1).incidents[0].evidence:
        assert evidence.line is None
        assert data[evidence.offset :].decode("ascii").startswith(evidence.text + "\n")
