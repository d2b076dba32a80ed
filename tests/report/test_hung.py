"""A server that hung before it was down: users failed from then on, and a probe would have noticed it then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth import analyze

if TYPE_CHECKING:
    from pathlib import Path

    from logsleuth import Report

HUNG, KILLED, UP, END = 1_200, 2_400, 3_000, 5_400
"""Seconds after noon."""


def _clock(second: int) -> str:
    return f"{12 + second // 3600}:{second // 60 % 60:02}:{second % 60:02}"


def _report(folder: Path, *, hangs: bool) -> Report:
    answered = [at for at in range(END) if (at < (HUNG if hangs else KILLED) or at > UP) and at * at % 7 < 5]
    access = "".join(
        f'10.1.{at % 17}.{at % 251} - - [03/Mar/2026:{_clock(at)} +0000] "GET /p{at * at % 97} HTTP/1.1" 200 9 "-" "-"\n'
        for at in answered
    )
    (folder / "access.log").write_text(access)
    full = "[mpm_prefork:error] [pid 7] AH00161: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting"
    up = "[mpm_prefork:notice] [pid 8] AH00163: Apache/2.4.6 (CentOS) configured -- resuming normal operations"
    begun = f"[Tue Mar 03 {_clock(0)}.000000 2026] {up.replace('pid 8', 'pid 7')}\n"
    said = f"[Tue Mar 03 {_clock(HUNG)}.000000 2026] {full}\n" if hangs else ""
    (folder / "error.log").write_text(f"{begun}{said}[Tue Mar 03 {_clock(UP)}.000000 2026] {up}\n")
    killed = "systemd: httpd.service: main process exited, code=killed, status=9/KILL"
    (folder / "messages").write_text(f"Mar  3 {_clock(KILLED)} web1 {killed}\n")
    return analyze([str(folder / name) for name in ("access.log", "error.log", "messages")])


def test_what_hung_first_was_out_from_then_on(tmp_path: Path) -> None:
    (incident,) = _report(tmp_path, hangs=True).incidents
    assert incident.summary[0].startswith("No request was answered for 30 min, from 12:20:0")
    assert incident.summary[0].endswith("Apache hung, and was down from 12:40:00 on.")
    assert "by 12:22:1" in incident.detection.saved


def test_what_answered_until_it_was_killed_was_down_from_then_on(tmp_path: Path) -> None:
    (incident,) = _report(tmp_path, hangs=False).incidents
    assert incident.summary[0].startswith("Apache was down for 10 min, from 12:40:00")
