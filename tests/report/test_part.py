"""A part of a large access log is found by the times of its lines."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from logsleuth.logs.open.log import open_logs
from logsleuth.report.compose.log.again import Again
from logsleuth.report.compose.log.part import LOOK, part_of
from logsleuth.timeline.clock import Clock
from logsleuth.units import MINUTE

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
FIRST = int(NOON.timestamp()) // 60
"""Minutes since 1970."""
MOST = 16 << 20


def text(minutes: int, each: int = 3) -> str:
    """A log from noon on, with some lines a minute, and some without a time or very long."""
    lines = []
    for nth in range(minutes * each):
        at = NOON + timedelta(seconds=60 * nth / each)
        path = "/" + "a" * (LOOK // 4 if nth % 97 == 5 else 3)
        lines.append(f'192.0.2.1 - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "GET {path} HTTP/1.1" 200 {nth} "-" "curl"\n')
        lines += ["no time\n"] if nth % 50 == 7 else []
    return "".join(lines)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (30, 31), (299, 400), (-50, -20), (0, 299), (100, 100)])
def test_all_lines_of_its_minutes_are_there_and_they_are_whole(tmp_path: Path, first: int, last: int) -> None:
    whole = text(300)
    (tmp_path / "access.log").write_text(whole)
    ((log,), _) = open_logs([str(tmp_path / "access.log")])
    part = part_of(log, FIRST + first, FIRST + last, MOST)
    assert whole.encode()[part.offset : part.offset + len(part.data)] == part.data
    assert part.offset == 0 or whole.encode()[part.offset - 1 : part.offset] == b"\n"
    wanted = {
        line for nth in range(max(first, 0), min(last, 299) + 1) for line in whole.splitlines() if _minute(nth) in line
    }
    assert wanted <= set(part.data.decode().splitlines())
    assert len(part.data) < len(whole) or (first, last) == (0, 299)
    assert part_of(log, FIRST + first, FIRST + last, 10).data == b""


def _minute(nth: int) -> str:
    return f"{NOON + timedelta(minutes=nth):[%d/%b/%Y:%H:%M:}"


def test_a_large_log_gives_the_same_requests_as_one_that_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "access.log").write_text(text(600))
    logs, _ = open_logs([str(tmp_path / "access.log")])
    begin, end = (FIRST + 100) * MINUTE, (FIRST + 130) * MINUTE
    clock = Clock.named("UTC")
    whole = list(Again(logs).requests(0, clock, begin, end))
    monkeypatch.setattr("logsleuth.report.compose.log.again.LARGEST", (tmp_path / "access.log").stat().st_size - 1)
    again = Again(logs)
    assert list(again.requests(0, clock, begin, end)) == whole
    assert len(whole) == 91
    later = (FIRST + 400) * MINUTE
    assert list(again.requests(0, clock, later, later + MINUTE))
    assert list(again.requests(0, clock, begin, end)) == whole
