"""What is new in a log: on real files, through each kind of rotation."""

import bz2
import gzip
import lzma
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from logsleuth.errors import LogsleuthError
from logsleuth.logs.follow.follow import Bookmark, Move, News, Piece, news, read_piece
from logsleuth.logs.follow.siblings import RotatedError
from logsleuth.logs.open.members import zstd_library

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd_library().compress,
}


class Reader:
    """Someone who asks for news again and again, and keeps the bookmark as JSON would."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.bookmark: Bookmark | None = None
        self.last: News

    def poll(self, from_end: bool = False) -> str:
        self.last = news(self.path, self.bookmark, from_end)
        self.bookmark = Bookmark.of(asdict(self.last.bookmark_after))
        return "".join(text(piece) for piece in self.last.pieces)

    @property
    def move(self) -> Move:
        return self.last.move


def text(piece: Piece) -> str:
    return b"".join(read_piece(piece)).decode()


def add(path: Path, words: str) -> None:
    with path.open("a") as file:
        file.write(words)


def pack(path: Path, kind: str) -> Path:
    """As logrotate's compressors do: another file, with the time of the old one."""
    packed = path.with_name(f"{path.name}.{kind}")
    packed.write_bytes(PACKERS[kind](path.read_bytes()))
    shutil.copystat(path, packed)
    path.unlink()
    return packed


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "error.log"
    path.write_text("one\ntwo\n")
    return path


@pytest.fixture
def reader(log: Path) -> Reader:
    """It has read what is there."""
    made = Reader(log)
    assert made.poll() == "one\ntwo\n"
    assert made.move is Move.STARTED
    return made


def test_what_was_added_is_new_and_only_once(log: Path, reader: Reader) -> None:
    assert (reader.poll(), reader.move) == ("", Move.SAME)
    add(log, "three\n")
    assert (reader.poll(), reader.move) == ("three\n", Move.GROWN)
    assert reader.poll() == ""


def test_an_unfinished_line_waits_for_its_end(log: Path, reader: Reader) -> None:
    add(log, "three\nfo")
    assert reader.poll() == "three\n"
    add(log, "ur\n")
    assert reader.poll() == "four\n"


def test_from_the_end_nothing_is_new_but_the_line_that_is_unfinished(log: Path) -> None:
    add(log, "thr")
    reader = Reader(log)
    assert reader.poll(from_end=True) == ""
    add(log, "ee\n")
    assert reader.poll() == "three\n"


def test_renamed_the_rest_of_the_old_file_comes_first(log: Path, reader: Reader) -> None:
    add(log, "three\n")
    log.rename(log.with_name("error.log.1"))
    log.write_text("four\n")
    assert (reader.poll(), reader.move, reader.last.lost) == ("three\nfour\n", Move.RENAMED, 0)
    assert "error.log.1" in reader.last.sentence
    assert (reader.poll(), reader.move) == ("", Move.SAME)


def test_the_old_file_is_followed_until_there_is_something_in_the_new_one(log: Path, reader: Reader) -> None:
    old = log.rename(log.with_name("error.log-20091101"))
    log.touch()
    add(old, "before the reload\n")
    assert (reader.poll(), reader.move) == ("before the reload\n", Move.GROWN)
    add(old, "and after\n")
    add(log, "new\n")
    assert (reader.poll(), reader.move) == ("and after\nnew\n", Move.RENAMED)


@pytest.mark.parametrize("name", ["error.log.1", "error.log.old", "error.log-20091101", "error-2009-11-01.log", "away"])
def test_a_renamed_file_is_found_by_its_inode_whatever_its_name(log: Path, reader: Reader, name: str) -> None:
    add(log, "three\n")
    log.rename(log.with_name(name))
    log.write_text("four\n")
    assert reader.poll() == "three\nfour\n"


@pytest.mark.parametrize("kind", PACKERS)
def test_compressed_the_rest_is_read_from_the_packed_file(log: Path, reader: Reader, kind: str) -> None:
    add(log, "three\n")
    pack(log.rename(log.with_name("error.log.1")), kind)
    log.write_text("four\n")
    assert (reader.poll(), reader.move, reader.last.lost) == ("three\nfour\n", Move.COMPRESSED, 0)


def test_compressed_and_nothing_new_yet(log: Path, reader: Reader) -> None:
    add(log, "three\n")
    pack(log.rename(log.with_name("error.log.1")), "gz")
    log.touch()
    assert (reader.poll(), reader.move) == ("three\n", Move.COMPRESSED)
    assert (reader.poll(), reader.move) == ("", Move.SAME)
    add(log, "four\n")
    assert reader.poll() == "four\n"


@pytest.mark.parametrize("after", ["", "3\n", "three, and much more than there was before\n" * 9])
def test_copytruncate_the_rest_is_read_from_the_copy(log: Path, reader: Reader, after: str) -> None:
    add(log, "three\n")
    shutil.copy(log, log.with_name("error.log.1"))
    os.truncate(log, 0)
    add(log, after)
    assert (reader.poll(), reader.move, reader.last.lost) == ("three\n" + after, Move.COPIED, 0)
    add(log, "last\n")
    assert reader.poll() == "last\n"


def test_two_rotations_between_two_looks(log: Path, reader: Reader) -> None:
    add(log, "three\n")
    pack(log.rename(log.with_name("error.log.2")), "gz")
    log.write_text("four\n")
    log.rename(log.with_name("error.log.1"))
    log.write_text("five\n")
    assert (reader.poll(), reader.last.lost) == ("three\nfour\nfive\n", 0)


def test_ten_rotations_by_number_are_read_in_the_order_of_the_numbers(log: Path, reader: Reader) -> None:
    for number in range(11):
        for old in range(number, 0, -1):
            log.with_name(f"error.log.{old}").rename(log.with_name(f"error.log.{old + 1}"))
        log.rename(log.with_name("error.log.1"))
        log.write_text(f"{number}\n")
    assert reader.poll() == "".join(f"{number}\n" for number in range(11))


def test_an_empty_log_that_is_filled_and_rotated_is_read(tmp_path: Path) -> None:
    log = tmp_path / "error.log"
    log.touch()
    os.utime(log, ns=(0, 0))
    reader = Reader(log)
    assert reader.poll() == ""
    add(log, "one\n")
    pack(log.rename(tmp_path / "error.log.1"), "gz")
    log.write_text("two\n")
    assert reader.poll() == "one\ntwo\n"


def test_an_empty_log_is_rotated_before_the_server_writes_its_first_line_to_it(tmp_path: Path) -> None:
    log = tmp_path / "error.log"
    log.touch()
    reader = Reader(log)
    assert reader.poll() == ""
    created = log.stat().st_mtime_ns
    old = log.rename(tmp_path / "error.log.1")
    log.touch()
    assert reader.poll() == ""
    assert reader.move is Move.SAME
    add(old, "one\n")
    os.utime(old, ns=(created, created))  # within one tick of the kernel's clock
    assert reader.poll() == "one\n"
    add(log, "two\n")
    assert reader.poll() == "two\n"


def test_an_empty_log_grows(tmp_path: Path) -> None:
    log = tmp_path / "error.log"
    log.touch()
    reader = Reader(log)
    assert (reader.poll(), reader.poll()) == ("", "")
    add(log, "one\n")
    assert (reader.poll(), reader.move) == ("one\n", Move.GROWN)


def test_the_first_look_at_an_empty_log_does_not_read_the_old_one(log: Path) -> None:
    log.rename(log.with_name("error.log.1"))
    log.touch()
    reader = Reader(log)
    assert reader.poll() == ""
    add(log, "new\n")
    assert reader.poll() == "new\n"


def test_a_log_that_vanishes_and_comes_back(log: Path, reader: Reader) -> None:
    log.unlink()
    assert (reader.poll(), reader.move) == ("", Move.GONE)
    log.write_text("new\n")
    assert (reader.poll(), reader.move, reader.last.lost) == ("new\n", Move.REWRITTEN, None)


def test_between_rename_and_create_the_old_file_is_read_on(log: Path, reader: Reader) -> None:
    add(log, "three\n")
    log.rename(log.with_name("error.log.1"))
    assert (reader.poll(), reader.move) == ("three\n", Move.GONE)
    assert (reader.poll(), reader.move) == ("", Move.GONE)
    log.write_text("four\n")
    assert reader.poll() == "four\n"


def test_a_log_that_was_never_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LogsleuthError, match="no such file") as told:
        news(tmp_path / "error.log", None)
    assert told.value.exit_code == 3


def test_a_link_that_is_moved_to_the_next_days_file(tmp_path: Path) -> None:
    link = tmp_path / "error.log"
    for day, words in enumerate(["one\n", "two\n", "three\n"], 1):
        (tmp_path / f"error-2009-11-0{day}.log").write_text(words)
    link.symlink_to("error-2009-11-01.log")
    reader = Reader(link)
    assert reader.poll() == "one\n"
    add(tmp_path / "error-2009-11-01.log", "last\n")
    link.unlink()
    link.symlink_to("error-2009-11-03.log")
    assert (reader.poll(), reader.move) == ("last\ntwo\nthree\n", Move.RENAMED)


def test_a_link_into_a_folder_a_day(tmp_path: Path) -> None:
    link = tmp_path / "current"
    for day in ("01", "02"):
        (tmp_path / day).mkdir()
        (tmp_path / day / "error.log").write_text(f"day {day}\n")
    link.symlink_to("01/error.log")
    reader = Reader(link)
    assert reader.poll() == "day 01\n"
    add(tmp_path / "01/error.log", "last\n")
    link.unlink()
    link.symlink_to("02/error.log")
    assert reader.poll() == "last\nday 02\n"


def test_a_hard_link_that_is_moved_to_the_next_days_file(tmp_path: Path) -> None:
    """As `rotatelogs -L` does."""
    link = tmp_path / "error.log"
    days = [tmp_path / f"error_log.2009110{day}" for day in (1, 2, 3)]
    for day in days:
        day.write_text(f"{day.name}\n")
    link.hardlink_to(days[0])
    reader = Reader(link)
    assert reader.poll() == "error_log.20091101\n"
    add(days[0], "last\n")
    link.unlink()
    link.hardlink_to(days[2])
    assert reader.poll() == "last\nerror_log.20091102\nerror_log.20091103\n"


@pytest.mark.parametrize("kind", [None, *PACKERS])
def test_rotation_into_another_folder(log: Path, reader: Reader, kind: str | None) -> None:
    """As logrotate's `olddir` does; with two rotations since."""
    folder = log.with_name("archive")
    folder.mkdir()
    add(log, "three\n")
    old = log.rename(folder / "error.log.2")
    if kind is not None:
        pack(old, kind)
    (folder / "error.log.1").write_text("four\n")
    log.write_text("five\n")
    assert (reader.poll(), reader.last.lost) == ("three\nfour\nfive\n", 0)


def test_a_rewritten_file_is_read_from_its_begin(log: Path, reader: Reader) -> None:
    inode = log.stat().st_ino
    log.write_text("quite another text, and longer\n")
    assert log.stat().st_ino == inode
    assert (reader.poll(), reader.move, reader.last.lost) == ("quite another text, and longer\n", Move.REWRITTEN, None)


def test_a_file_put_back_from_a_backup_is_read_on(log: Path, reader: Reader) -> None:
    backup = log.with_name("b")
    shutil.copy(log, backup)
    log.unlink()
    add(backup, "three\n")
    backup.rename(log)
    assert (reader.poll(), reader.move) == ("three\n", Move.GROWN)


def test_logs_that_begin_alike_are_told_apart_by_what_was_read_last(log: Path) -> None:
    log.write_text("x" * 2000 + "\none\n")
    reader = Reader(log)
    reader.poll()
    log.write_text("x" * 2000 + "\ntwo\nthree\n")
    assert reader.poll().endswith("\ntwo\nthree\n")
    assert reader.move is Move.REWRITTEN


def test_the_neighbours_logs_are_not_ours(log: Path, reader: Reader) -> None:
    for name in ("other-error.log", "error-ssl.log.1", "error.log.swp", "error.logs.1"):
        log.with_name(name).write_text("not ours\n")
    log.unlink()
    log.write_text("new\n")
    assert reader.poll() == "new\n"


def test_what_was_deleted_by_retention_is_told_and_what_came_after_it_is_read(log: Path, reader: Reader) -> None:
    log.unlink()
    log.with_name("error.log.1").write_text("four\n")
    os.utime(log.with_name("error.log.1"), ns=(2**61, 2**61))
    log.write_text("five\n")
    assert (reader.poll(), reader.last.lost) == ("four\nfive\n", None)


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_a_rotated_file_that_may_not_be_read_is_counted_as_lost(log: Path, reader: Reader) -> None:
    add(log, "three\n")
    log.rename(log.with_name("error.log.1")).chmod(0)
    log.write_text("four\n")
    assert (reader.poll(), reader.last.lost) == ("four\n", len("three\n"))
    assert "no permission" in reader.last.sentence


def test_the_last_line_of_a_file_that_was_left_is_taken_as_it_is(log: Path, reader: Reader) -> None:
    add(log, "thr")
    log.rename(log.with_name("error.log.1"))
    log.write_text("four\n")
    assert reader.poll() == "thr\nfour\n"


def test_a_file_that_is_rotated_while_it_is_read_is_noticed(log: Path) -> None:
    (piece,) = news(log, None).pieces
    log.rename(log.with_name("error.log.1"))
    log.write_text("four\n")
    with pytest.raises(RotatedError):
        text(piece)


def test_a_file_that_is_cut_while_it_is_read_is_noticed(log: Path) -> None:
    (piece,) = news(log, None).pieces
    os.truncate(log, 3)
    with pytest.raises(RotatedError):
        text(piece)


def test_what_old_children_write_after_a_graceful_restart_is_read(log: Path, reader: Reader) -> None:
    old = log.rename(log.with_name("error.log.1"))
    log.write_text("new\n")
    assert reader.poll() == "new\n"
    add(old, "the last request of an old child fails\nand un")
    assert (reader.poll(), reader.move) == ("the last request of an old child fails\n", Move.GROWN)
    assert (reader.poll(), reader.move) == ("", Move.SAME)
    add(old, "finished\n")
    add(log, "newer\n")
    old = old.rename(log.with_name("error.log.2"))
    log.rename(log.with_name("error.log.1"))
    log.write_text("newest\n")
    assert reader.poll() == "and unfinished\nnewer\nnewest\n"
    add(old, "nobody reads this\n")
    assert reader.poll() == ""
    log.unlink()
    assert (reader.poll(), reader.move) == ("", Move.GONE)


def test_pipes_folders_and_damaged_bookmarks_are_told(tmp_path: Path, reader: Reader) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(LogsleuthError) as told:
            news(path, None)
        assert told.value.exit_code == 3
    assert reader.bookmark is not None
    with pytest.raises(LogsleuthError, match="offset"):
        Bookmark.of({**asdict(reader.bookmark), "offset": "9"})


@pytest.mark.parametrize("names", [["07", "08", "09", "10"], ["58", "59", "00", "01"]])
def test_small_numbers_that_files_were_made_with_tell_no_order(tmp_path: Path, names: list[str]) -> None:
    """`rotatelogs -L error.log error.%S.log 1`: the log is a hard link to the file of this second."""
    link = tmp_path / "error.log"

    def write(second: int, when: int) -> None:
        path = tmp_path / f"error.{names[second]}.log"
        add(path, f"{second}\n")
        os.utime(path, ns=(when, when))
        link.unlink(missing_ok=True)
        link.hardlink_to(path)

    write(0, 10**18)
    reader = Reader(link)
    assert reader.poll() == "0\n"
    write(1, 10**18 + 10**9)
    assert reader.poll() == "1\n"
    write(2, 10**18 + 2 * 10**9)
    write(3, 10**18 + 3 * 10**9)
    assert reader.poll() == "2\n3\n"
    assert reader.poll() == ""


def linked(link: Path, name: str, text: str, when: int) -> Path:
    """What rotatelogs does at a rotation: writes to a new file, and links the log to it."""
    path = link.with_name(name)
    add(path, text)
    os.utime(path, ns=(when, when))
    link.unlink(missing_ok=True)
    link.hardlink_to(path)
    return path


def test_what_an_old_server_adds_to_the_file_before_is_read_once(tmp_path: Path) -> None:
    """A graceful restart starts another rotatelogs; the old one writes on to its own file until its last child ends."""
    link, second = tmp_path / "error.log", 10**9
    old = linked(link, "error.07.log", "0\n", 10**18)
    reader = Reader(link)
    assert reader.poll() == "0\n"
    linked(link, "error.08.log", "1\n", 10**18 + second)
    assert reader.poll() == "1\n"
    add(old, "late\n")
    os.utime(old, ns=(10**18 + 2 * second, 10**18 + 2 * second))
    linked(link, "error.09.log", "2\n", 10**18 + 3 * second)
    assert sorted(reader.poll().split()) == ["2", "late"]
    assert reader.poll() == ""


def test_the_file_before_that_is_packed_without_its_time_is_not_read_again(tmp_path: Path) -> None:
    link, second = tmp_path / "error.log", 10**9
    old = linked(link, "error.07.log", "0\n", 10**18)
    reader = Reader(link)
    assert reader.poll() == "0\n"
    linked(link, "error.08.log", "1\n", 10**18 + second)
    assert reader.poll() == "1\n"
    packed = tmp_path / "error.07.log.gz"
    packed.write_bytes(gzip.compress(old.read_bytes()))
    old.unlink()
    linked(link, "error.09.log", "2\n", 10**18 + 3 * second)
    assert reader.poll() == "2\n"


def test_a_file_that_came_and_went_within_the_second_is_read(tmp_path: Path) -> None:
    """`rotatelogs -n 9 error.log 1M` on a file system that keeps whole seconds."""
    link = tmp_path / "error.log"
    linked(link, "error.07.log", "0\n", 10**18)
    reader = Reader(link)
    assert reader.poll() == "0\n"
    linked(link, "error.08.log", "1\n", 10**18)
    linked(link, "error.09.log", "2\n", 10**18 + 10**9)
    assert reader.poll() == "1\n2\n"
    assert reader.poll() == ""
