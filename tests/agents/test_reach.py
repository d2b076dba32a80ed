"""An agent reads logs below the folders that the user allowed, and nothing else."""

from pathlib import Path

import pytest

from logsleuth.agents.reach import usual_roots, within
from logsleuth.errors import LogsleuthError
from logsleuth.logs.open.log import open_logs


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "error.log").write_text("")
    (folder / "error.log.1").write_text("")
    (tmp_path / "secret").write_text("")
    (folder / "leads-out").symlink_to(tmp_path / "secret")
    return folder


def test_files_folders_and_globs_below_a_root(logs: Path) -> None:
    assert within([str(logs)], [logs]) == (str(logs),)
    assert within([f"{logs}/error.log*"], [logs]) == (f"{logs}/error.log", f"{logs}/error.log.1")


@pytest.mark.parametrize("path", ["../secret", "leads-out", "*", "/etc/passwd", "error.log/../../secret"])
def test_nothing_else_is_read(path: str, logs: Path) -> None:
    with pytest.raises(LogsleuthError, match="outside of the folders"):
        within([str(logs / path)], [logs])


@pytest.mark.parametrize("paths", [[], ["a\0b"], [""], ["/nosuch/*.log"], ["a"] * 300])
def test_what_is_no_path(paths: list[str], logs: Path) -> None:
    with pytest.raises(LogsleuthError):
        within(paths, [logs])


@pytest.mark.parametrize("path", ["http://169.254.169.254/latest/", "s3://logs/error.log", "https:/web01/error.log"])
def test_an_address_is_a_file_of_this_name(path: str, logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(logs)
    with pytest.raises(LogsleuthError, match="no such file"):
        open_logs(within([path], [logs]))


def test_standard_input_belongs_to_the_protocol(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(logs)
    assert within(["-"], [logs]) == ("./-",)


def test_a_server_that_is_started_at_the_root_of_all_does_not_open_all() -> None:
    assert Path("/") not in usual_roots(Path("/"))
    assert Path("/srv/app") in usual_roots(Path("/srv/app"))
