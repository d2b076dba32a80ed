"""What others may have planted beside or in place of a state is not followed, not waited for, and not believed."""

import os
from contextlib import suppress
from pathlib import Path

import pytest

from logsleuth.errors import LogsleuthError
from logsleuth.live import saved
from logsleuth.live.state import State

NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.mark.parametrize("name", ["state", "state.new", "state.lock"])
def test_a_planted_link_is_not_followed(path: Path, name: str) -> None:
    victim = path.with_name("victim")
    victim.write_text("precious")
    path.with_name(name).symlink_to(victim)
    _try_everything(path)
    assert victim.read_text() == "precious"


@pytest.mark.parametrize("name", ["state", "state.lock", "state.new"])
def test_a_planted_pipe_keeps_nobody_waiting(path: Path, name: str) -> None:
    os.mkfifo(path.with_name(name))
    _try_everything(path)


@pytest.mark.parametrize("name", ["state", "state.lock"])
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_what_others_may_write_is_refused(path: Path, name: str, mode: int) -> None:
    with saved.locked(path):
        saved.save(path, State())
    path.with_name(name).chmod(mode)
    with pytest.raises(LogsleuthError, match=f"may be written by others .mode 0{mode:o}.; remove it") as error:
        _lock_and_load(path)
    assert error.value.exit_code == 3


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("name", ["state", "state.lock"])
def test_what_belongs_to_somebody_else_is_refused(path: Path, name: str) -> None:
    with saved.locked(path):
        saved.save(path, State())
    os.chown(path.with_name(name), NOBODY, NOBODY)
    with pytest.raises(LogsleuthError, match=f"belongs to another user .uid {NOBODY}."):
        _lock_and_load(path)


def test_what_a_killed_run_left_is_replaced(path: Path) -> None:
    path.with_name("state.new").write_text("half a state")
    saved.save(path, State(numbers=7))
    assert saved.load(path) == (State(numbers=7), "")
    assert not path.with_name("state.new").exists()


def test_a_state_is_for_its_owner_only(path: Path) -> None:
    with saved.locked(path):
        saved.save(path, State())
    assert {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {
        "state": 0o600,
        "state.lock": 0o600,
    }


def test_a_huge_file_named_as_the_state_is_not_read_whole(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write(b"[Tue Mar 03 14:02:11 2020] [error] x\n")
        stream.truncate(1 << 40)
    with pytest.raises(LogsleuthError, match="is not a state file of logsleuth"):
        saved.load(path)


def _try_everything(path: Path) -> None:
    """Lock, load and save, whatever of it is refused."""
    with suppress(LogsleuthError):
        _lock_and_load(path)
    with suppress(LogsleuthError):
        saved.save(path, State())


def _lock_and_load(path: Path) -> None:
    with saved.locked(path):
        saved.load(path)
