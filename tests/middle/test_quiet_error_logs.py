"""An error log that is empty but for an outage: the access log says how long httpd had nothing to report."""

from pathlib import Path

import pytest

import logsleuth
from tests.report.test_held_to_the_logs import UP, access, client, error

ALL = range(0, 12 * 3600, 3)
"""The seconds at which somebody asks."""
ROTATED = 7200
STALE = "(116)Stale file handle: [client {client}] AH00036: access to /p/a.jpg failed (filesystem path '/srv/p')"


@pytest.mark.parametrize(
    ("refused", "begins_with", "outages"),
    [(range(ROTATED, 9900, 3), [], 1), (ALL[::3], [error(ROTATED, UP, "notice")], 0)],
)
def test_hours_without_a_line_are_hours_of_service_unless_the_log_was_rotated(
    refused: range, begins_with: list[str], outages: int, tmp_path: Path
) -> None:
    lines = (error(n, STALE.format(client=client(n))) for n in refused if n >= ROTATED)
    (tmp_path / "error.log").write_text("".join([*begins_with, *lines]))
    requests = (access(n, n, 403 if n in refused else 200, "/p/a.jpg") for n in ALL)
    (tmp_path / "access.log").write_text("".join(requests))
    report = logsleuth.analyze([tmp_path / "error.log", tmp_path / "access.log"])
    assert len(report.incidents) == outages
