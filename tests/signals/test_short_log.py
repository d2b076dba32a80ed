"""A severe fault in a log that does not show what is usual: of a few minutes, or full of that fault."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

import logsleuth

if TYPE_CHECKING:
    from pathlib import Path

BEGIN = datetime(2026, 3, 3, 8, tzinfo=UTC)
THREADS = (
    "[mpm_event:alert] [pid {pid}:tid {pid}] (11)Resource temporarily unavailable: AH03104: ap_thread_create: unable to "
    "create worker thread"
)
STALE = (
    "[core:error] [pid 7:tid 7] (116)Stale file handle: [client 192.0.2.{client}:4000] AH00036: access to /p/1.jpg failed "
    "(filesystem path '/srv/media/p')"
)
OTHER = "[core:error] [pid 7:tid 7] [client 192.0.2.{client}:4000] AH00128: File does not exist: /srv/www/favicon.ico"
REFUSED = (
    "[proxy:error] [pid 7:tid 7] (111)Connection refused: AH00957: http: attempt to connect to 127.0.0.1:3000 (127.0.0.1:3000) "
    "failed"
)
NOT_ASKED = "[proxy:error] [pid 7:tid 7] AH00940: http: disabled connection for (127.0.0.1:3000)"


def log(minutes: int, *series: tuple[str, int]) -> str:
    """`series`: a message, and every how many seconds it comes, give or take a few."""
    lines = [
        (second + second * 7 % 5, message.format(pid=300 + nth, client=nth % 50))
        for message, every in series
        for nth, second in enumerate(range(0, minutes * 60, every))
    ]
    return "".join(
        f"[{BEGIN + timedelta(seconds=when):%a %b %d %H:%M:%S.%f %Y}] {text}\n" for when, text in sorted(lines)
    )


def verdict(folder: Path, text: str) -> str:
    (folder / "error.log").write_text(text)
    return logsleuth.analyze([str(folder / "error.log")], tz="UTC").verdict


@pytest.mark.parametrize(
    "text",
    [
        log(37, (THREADS, 17)),
        log(46, (STALE, 2)),
        log(46, (STALE, 2), (OTHER, 60)),
        log(20, (THREADS, 120)),
        log(90, (REFUSED, 66), (NOT_ASKED, 7)),
    ],
    ids=[
        "children that die",
        "files of all clients",
        "with a little chatter",
        "a few minutes",
        "mostly not asked again",
    ],
)
def test_a_log_of_little_else_is_an_outage(tmp_path: Path, text: str) -> None:
    assert verdict(tmp_path, text) == "outage"


@pytest.mark.parametrize(
    "text",
    [
        log(300, (THREADS, 120)),
        log(46, (STALE, 6), (OTHER, 4)),
        log(480, (THREADS, 17)),
        log(90, (REFUSED, 66), (NOT_ASKED, 7), (OTHER, 15)),
        log(300, (REFUSED, 600), (NOT_ASKED, 40)),
    ],
    ids=["now and then", "one of two faults", "all day", "among others", "a backend that few ask"],
)
def test_what_is_not_dense_or_not_alone_or_there_all_day_is_a_fault(tmp_path: Path, text: str) -> None:
    assert verdict(tmp_path, text) == "faults"
