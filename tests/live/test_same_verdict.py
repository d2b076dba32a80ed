"""analyze, check and watch give one and the same answer to whether to restart."""

from pathlib import Path

import pytest

from tests.live.fed import SAMPLES
from tests.live.same_verdict import Verdicts, verdicts

LOGS = sorted(SAMPLES.glob("*.log"))


@pytest.mark.parametrize("share", [0.6, 1.0], ids=["in the middle", "at the end"])
@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_the_commands_agree_on_a_restart(path: Path, share: float, tmp_path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    log = tmp_path / path.name
    log.write_bytes(b"".join(lines[: int(share * len(lines))]))
    assert verdicts(log, tmp_path).agree


def test_what_goes_on_is_worth_a_restart_in_every_command(tmp_path: Path) -> None:
    lines = (SAMPLES / "stale-egg-2009.log").read_bytes().splitlines(keepends=True)
    log = tmp_path / "stale.log"
    log.write_bytes(b"".join(lines[: int(0.6 * len(lines))]))
    assert verdicts(log, tmp_path) == Verdicts("would-help", True, "would-help")


def test_a_difference_is_noticed() -> None:
    assert not Verdicts("would-help", False, "would-help").agree
    assert not Verdicts("pointless", False, "would-help").agree
