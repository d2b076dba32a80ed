"""A date that can be of two days is of the one near the other logs of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logsleuth.logs.open.log import open_logs

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("error", "shape"), [("Fri Jun 05", "28/05/2014 17:00:35"), ("Wed May 06", "05/28/2014 17:00:35")]
)
def test_it_is_read_as_the_other_logs_say(error: str, shape: str, tmp_path: Path) -> None:
    (tmp_path / "error.log").write_text(
        f"[{error} 12:00:00 2026] [error] [client 192.0.2.1] File does not exist: /a\n" * 3
    )
    (tmp_path / "job.log").write_text("05/06/2026 11:59:58 job begins\n05/06/2026 11:59:59 job ends\n")
    logs, _ = open_logs([str(tmp_path / "error.log"), str(tmp_path / "job.log")])
    (job,) = [log for log in logs if log.format.kind == "dated"]
    assert job.format.layouts == (shape,)


def test_a_log_of_dates_alone_is_refused(tmp_path: Path) -> None:
    from logsleuth.errors import LogsleuthError

    (tmp_path / "job.log").write_text("05/06/2026 11:59:58 job begins\n05/06/2026 11:59:59 job ends\n")
    with pytest.raises(LogsleuthError, match="no log of httpd"):
        open_logs([str(tmp_path / "job.log")])
