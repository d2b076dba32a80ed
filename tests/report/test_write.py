"""Files are written whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from logsleuth.errors import LogsleuthError
from logsleuth.report.render import write_whole


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def complaint(path: Path, text: str = "new") -> str:
    with pytest.raises(LogsleuthError) as told:
        write_whole(path, text)
    assert told.value.exit_code == 2
    assert told.value.hint == "name a file in a folder of yours"
    return told.value.message


def test_a_file_is_written_and_nothing_else_left(tmp_path: Path) -> None:
    write_whole(tmp_path / "r.md", "é✍\n")
    assert (tmp_path / "r.md").read_bytes() == "é✍\n".encode()
    assert names(tmp_path) == {"r.md"}


def test_a_file_that_is_there_is_replaced_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "r.md").write_text("old and much longer")
    before = (tmp_path / "r.md").stat().st_ino
    write_whole(tmp_path / "r.md", "new")
    assert (tmp_path / "r.md").read_text() == "new"
    assert (tmp_path / "r.md").stat().st_ino != before, "written over, not replaced"
    assert names(tmp_path) == {"r.md"}


def test_a_reader_of_the_old_file_still_sees_all_of_it(tmp_path: Path) -> None:
    (tmp_path / "r.md").write_text("old")
    with (tmp_path / "r.md").open() as reader:
        write_whole(tmp_path / "r.md", "new")
        assert reader.read() == "old"


@pytest.mark.parametrize("bits", [0o600, 0o640, 0o644, 0o660])
def test_the_mode_of_a_file_that_is_there_is_kept(bits: int, tmp_path: Path) -> None:
    (tmp_path / "r.md").write_text("old")
    (tmp_path / "r.md").chmod(bits)
    write_whole(tmp_path / "r.md", "new")
    assert mode(tmp_path / "r.md") == bits


@pytest.mark.parametrize("mask", [0o022, 0o027, 0o077])
def test_a_new_file_has_the_mode_that_any_new_file_has(mask: int, tmp_path: Path) -> None:
    before = os.umask(mask)
    try:
        write_whole(tmp_path / "r.md", "new")
        assert os.umask(mask) == mask, "the mask itself was changed"
    finally:
        os.umask(before)
    assert mode(tmp_path / "r.md") == 0o666 & ~mask


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = tmp_path / "none" / "r.md"
    assert complaint(path) == f"cannot write {path}: No such file or directory"


def test_a_folder_in_the_files_place_is_told_and_no_trace_left(tmp_path: Path) -> None:
    (tmp_path / "r.md").mkdir()
    assert complaint(tmp_path / "r.md").startswith(f"cannot write {tmp_path / 'r.md'}: ")
    assert names(tmp_path) == {"r.md"}


def test_a_file_in_the_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "none").write_text("x")
    assert "Not a directory" in complaint(tmp_path / "none" / "r.md")


def test_what_cannot_be_written_leaves_the_old_file_and_no_trace(tmp_path: Path) -> None:
    (tmp_path / "r.md").write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(tmp_path / "r.md", "begins well \ud800")
    assert (tmp_path / "r.md").read_text() == "old"
    assert names(tmp_path) == {"r.md"}


def test_a_name_that_is_too_long_is_told(tmp_path: Path) -> None:
    assert "File name too long" in complaint(tmp_path / ("x" * 300 + ".md"))
    assert names(tmp_path) == set()


def test_a_name_as_long_as_can_be_is_written(tmp_path: Path) -> None:
    name = "x" * 252 + ".md"
    write_whole(tmp_path / name, "new")
    assert names(tmp_path) == {name}


def test_through_a_link_the_file_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "r.md").write_text("old")
    (tmp_path / "r.md").symlink_to(tmp_path / "real" / "r.md")
    write_whole(tmp_path / "r.md", "new")
    assert (tmp_path / "r.md").is_symlink()
    assert (tmp_path / "real" / "r.md").read_text() == "new"


def test_to_a_device_it_is_written_and_the_device_stays(tmp_path: Path) -> None:
    read, write = os.pipe()
    try:
        write_whole(Path(f"/dev/fd/{write}"), "new")
        assert os.read(read, 10) == b"new"
    finally:
        os.close(read)
        os.close(write)


def test_a_link_that_leads_to_nothing_makes_the_file(tmp_path: Path) -> None:
    (tmp_path / "r.md").symlink_to(tmp_path / "real.md")
    write_whole(tmp_path / "r.md", "new")
    assert (tmp_path / "real.md").read_text() == "new"
    assert (tmp_path / "r.md").is_symlink()


def test_a_link_that_leads_to_itself_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "r.md").symlink_to(tmp_path / "r.md")
    write_whole(tmp_path / "r.md", "new")
    assert (tmp_path / "r.md").read_text() == "new"
    assert names(tmp_path) == {"r.md"}
