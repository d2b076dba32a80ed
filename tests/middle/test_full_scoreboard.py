"""A scoreboard that is full of old workers: an outage where requests are missing, and nobody's trouble where not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path  # noqa: TC003 - pytest reads the annotations

import pytest

import logsleuth

START = datetime(2026, 3, 3, 8, 0, 0, tzinfo=UTC)
FULL = "AH03490: scoreboard is full, not at MaxRequestWorkers.Increase ServerLimit."
RELOAD = 2400
"""The second of the graceful restart after which no slot is left."""
END = 3600


def error(second: float, module: str, text: str) -> str:
    return f"[{START + timedelta(seconds=second):%a %b %d %H:%M:%S.%f %Y}] [{module}] [pid 71:tid 71] {text}\n"


def access(second: int) -> str:
    at = START + timedelta(seconds=second)
    client = f"203.0.113.{second % 200 + 1}"
    return f'{client} - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "GET /a{second % 9} HTTP/1.1" 200 512 "-" "Mozilla/5.0"\n'


@pytest.mark.parametrize(("served", "outages"), [(range(RELOAD), 1), (range(END), 0)])
def test_it_is_an_outage_where_requests_are_missing(served: range, outages: int, tmp_path: Path) -> None:
    up = "AH00489: Apache/2.4.62 (Debian) configured -- resuming normal operations"
    lines = [
        error(0, "mpm_event:notice", up),
        error(RELOAD - 1, "mpm_event:notice", "AH00493: SIGUSR1 received.  Doing graceful restart"),
        error(RELOAD, "mpm_event:notice", up),
        *(error(second, "mpm_event:error", FULL) for second in range(RELOAD + 1, END)),
    ]
    (tmp_path / "error.log").write_text("".join(lines))
    (tmp_path / "access.log").write_text("".join(access(second) for second in served) + access(END - 1))
    report = logsleuth.analyze([tmp_path / "error.log", tmp_path / "access.log"], tz="UTC")
    assert [one.category for one in report.incidents] == ["scoreboard-full"] * outages
    assert all(one.recovery_time is None for one in report.incidents)
