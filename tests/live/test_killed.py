"""kill -9 at any moment: nothing is lost, nothing is counted twice. `python -m tests.live.killed` does it for longer."""

from pathlib import Path

import pytest

from tests.live.killed import OPTIONS, killed


@pytest.mark.parametrize("kind", OPTIONS)
def test_whatever_a_killed_probe_left_each_line_counts_once(kind: str, tmp_path: Path) -> None:
    written, counted, _ = killed(kind, 6, tmp_path, seed=3)
    assert counted == written
