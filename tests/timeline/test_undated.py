"""When undated lines were written: what a process printed just before its end comes with the line that reports it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003 - pytest reads the annotations
from typing import TYPE_CHECKING

import logsleuth
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from logsleuth.report.model import IncidentReport

HEAD = "[Fri Mar 06 {}.000000 2026] "
DENIED = (
    "[authz_core:error] [pid 31:tid 31] [client 192.0.2.7:40001] AH01630: client denied by server configuration: /x"
)
PRINTED = "free(): double free detected in tcache 2"
ABORTED = "[core:notice] [pid 30:tid 30] AH00052: child pid {} exit signal Abort (6)"
TIMES = ("09:05:10", "09:07:40", "09:08:21", "09:12:02")
QUIET = HEAD.format("09:00:00") + DENIED


def incident(folder: Path, *lines: str) -> IncidentReport:
    (folder / "error.log").write_text("".join(f"{line}\n" for line in lines))
    (found,) = logsleuth.analyze([str(folder / "error.log")], tz="UTC").incidents
    assert found.causes[0].category == "abort"
    return found


def clock(time: int) -> str:
    return f"{datetime.fromtimestamp(time / SECOND, UTC):%H:%M:%S}"


def deaths(*between: str) -> list[str]:
    """Workers that abort one after the other; `between`: what is logged after each printed line."""
    rows = []
    for number, time in enumerate(TIMES):
        rows += [PRINTED, *between, HEAD.format(time) + ABORTED.format(40 + number)]
    return rows


def test_it_has_the_time_of_the_death_that_it_leads_to(tmp_path: Path) -> None:
    found = incident(tmp_path, QUIET, *deaths())
    assert (clock(found.onset), clock(found.last)) == (TIMES[0], TIMES[-1])
    assert not any(row.inferred or "no time" in row.text for row in found.timeline if row.kind == "onset")


def test_where_another_line_comes_between_it_keeps_the_time_of_the_line_before(tmp_path: Path) -> None:
    found = incident(tmp_path, QUIET, *deaths(HEAD.format("09:04:00") + DENIED))
    assert clock(found.onset) == "09:00:00"
    onset = next(row for row in found.timeline if row.kind == "onset")
    assert onset.inferred
    assert "undated, written before 09:04:00" in onset.text


def test_the_next_start_says_nothing_of_when_the_run_before_it_ended(tmp_path: Path) -> None:
    lines = (
        HEAD.format("09:00:00")
        + "[mpm_event:notice] [pid 30:tid 30] AH00493: SIGUSR1 received.  Doing graceful restart",
        "AH00526: Syntax error on line 2 of /etc/apache2/sites-enabled/shop.conf:",
        HEAD.format("09:20:00") + "[core:warn] [pid 70:tid 70] AH00098: pid file /run/apache2.pid overwritten -- "
        "Unclean shutdown of previous Apache run?",
        HEAD.format("09:20:00")
        + "[mpm_event:notice] [pid 70:tid 70] AH00489: Apache/2.4.62 (Debian) configured -- resuming normal operations",
    )
    (tmp_path / "error.log").write_text("".join(f"{line}\n" for line in lines))
    (found,) = logsleuth.analyze([str(tmp_path / "error.log")], tz="UTC").incidents
    assert found.causes[0].category == "config-error"
    assert (clock(found.onset), clock(found.causes[0].first)) == ("09:00:00", "09:00:00")
