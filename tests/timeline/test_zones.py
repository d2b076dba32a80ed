"""An application's log in another zone is put right by the failed requests that its errors belong to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

import logsleuth

if TYPE_CHECKING:
    from pathlib import Path

BEGIN = datetime(2026, 3, 3, 9, 0, 0)
UP = "[Tue Mar 03 05:00:00.000000 2026] [mpm_event:notice] [pid 1:tid 1] AH00489: Apache/2.4.62 (Unix) configured -- resuming normal operations\n"
ASKED = '192.0.2.{n} - - [{when:%d/%b/%Y:%H:%M:%S} -0500] "GET /cart HTTP/1.1" {status} 512\n'


def logs(folder: Path, *, ahead: timedelta, beside: int = 0, minutes: int = 20) -> list[Path]:
    """Ten hours of requests, of which those of some minutes fail, and an application's words on each, so far ahead.

    `beside`: seconds between a failed request and what the application says.
    """
    access, said = [], []
    for second in range(0, 36_000, 20):
        when = datetime(2026, 3, 3, 5) + timedelta(seconds=second)
        failed = BEGIN <= when < BEGIN + timedelta(minutes=minutes)
        access.append(ASKED.format(n=second % 90, when=when, status=500 if failed else 200))
        if failed:
            stamp = when + ahead + timedelta(seconds=beside + second % 7 * beside)
            said.append(f"[{stamp:%Y-%m-%d %H:%M:%S}] production.ERROR: The quux is out of frobs\n")
        elif not second % 3000:
            said.append(f"[{when + ahead:%Y-%m-%d %H:%M:%S}] production.INFO: Mail sent\n")
    paths = [folder / name for name in ("error.log", "access.log", "app.log")]
    for path, text in zip(paths, (UP, "".join(access), "".join(said)), strict=True):
        path.write_text(text)
    return paths


@pytest.mark.parametrize(("hours", "minutes"), [(0.0, 20), (5.0, 20), (-3.5, 20), (14.0, 20), (1.0, 85), (-1.0, 85)])
def test_its_words_are_those_of_the_outage(tmp_path: Path, hours: float, minutes: int) -> None:
    """Also where the outage is longer than the zones are apart: then a part of it meets the rest."""
    report = logsleuth.analyze(logs(tmp_path, ahead=timedelta(hours=hours), minutes=minutes))
    (incident,) = report.incidents
    assert "out of frobs" in incident.title
    assert ("another time zone" in " ".join(note for note in report.notes)) == bool(hours)


def test_errors_that_go_with_no_failed_request_stay_where_they_are(tmp_path: Path) -> None:
    report = logsleuth.analyze(logs(tmp_path, ahead=timedelta(hours=5), beside=171))
    assert "another time zone" not in " ".join(note for note in report.notes)
