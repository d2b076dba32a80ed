"""What httpd says at each start is a fault of the configuration, and no outage on a day with many restarts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import logsleuth

if TYPE_CHECKING:
    from pathlib import Path

BEGIN = datetime(2021, 3, 1)
HOUR = 60
WARNING = (
    "[http2:warn] [pid {pid}] AH10034: The mpm module (prefork.c) is not supported by mod_http2. The mpm determines how "
    "things are processed in your server. HTTP/2 has more demands in this regard and the currently selected mpm will just "
    "not do. This is an advisory warning. Your server will continue to work, but the HTTP/2 protocol will be inactive."
)
STOP = "[mpm_prefork:notice] [pid {pid}] AH00170: caught SIGWINCH, shutting down gracefully"
UP = "[mpm_prefork:notice] [pid {pid}] AH00163: Apache/2.4.37 (centos) configured -- resuming normal operations"


def head(minute: float) -> str:
    return f"[{BEGIN + timedelta(minutes=minute):%a %b %d %H:%M:%S.%f %Y}] "


def test_a_warning_of_each_start_is_no_outage_where_starts_are_frequent(tmp_path: Path) -> None:
    starts = [0, *(80 * HOUR + nth * 11 for nth in range(9))]
    lines = []
    for nth, minute in enumerate(starts):
        if nth:
            lines.append(head(minute - 0.02) + STOP.format(pid=99 + nth))
        lines += [head(minute) + WARNING.format(pid=100 + nth), head(minute + 0.001) + UP.format(pid=100 + nth)]
    (tmp_path / "error_log").write_text("".join(f"{line}\n" for line in lines))
    report = logsleuth.analyze([str(tmp_path / "error_log")], tz="UTC")
    assert not report.incidents
    assert [(fault.pattern, fault.count) for fault in report.faults] == [("AH10034", len(starts))]
