"""Python's garbage collector belongs to the process: only the program's own start sets it."""

from __future__ import annotations

import gc
from pathlib import Path

from click.testing import CliRunner

from logsleuth.cli.commands import cli

SAMPLE = Path(__file__).resolve().parents[2] / "sample_logs" / "quiet-day.log"


def test_a_command_that_is_called_leaves_its_callers_collector_alone() -> None:
    before = gc.isenabled(), gc.get_threshold()
    assert CliRunner().invoke(cli, ["analyze", str(SAMPLE)]).exit_code == 0
    assert (gc.isenabled(), gc.get_threshold()) == before
