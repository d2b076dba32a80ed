"""Opening what the user names: files, folders, globs, compressed files, standard input; and what can go wrong."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from logsleuth import analyze
from logsleuth.errors import LogsleuthError
from logsleuth.logs.format.sniff import SAMPLE
from logsleuth.logs.open.expand import expand
from logsleuth.logs.open.log import Log, open_logs
from logsleuth.logs.open.members import zstd_library

LINE = b"[Fri Sep 04 14:30:04.123456 2009] [core:error] [pid 9:tid 9] [client 192.0.2.7:1] AH00126: Invalid URI\n"
NGINX = b"2009/09/04 14:30:04 [error] 31#31: *7 connect() failed (111: Connection refused) while connecting\n"
ACCESS = b'192.0.2.7 - - [04/Sep/2009:14:30:04 +0200] "GET / HTTP/1.1" 200 512 "-" "curl"\n'

Compress = Callable[[bytes], bytes]
COMPRESSORS: dict[str, Compress] = {
    "gz": gzip.compress,
    "bz2": partial(bz2.compress, compresslevel=1),  # small blocks: half a file must hold some of them
    "xz": lzma.compress,
    "zst": zstd_library().compress,
}


def write(path: Path, data: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return str(path)


def opened(*paths: str) -> list[Log]:
    return open_logs(paths)[0]


def read(log: Log) -> bytes:
    with log.open() as stream:
        parts = []
        while part := stream.read(1000):
            parts.append(part)
    return b"".join(parts)


def mistake(*paths: str) -> LogsleuthError:
    """What open_logs raises."""
    with pytest.raises(LogsleuthError) as raised:
        open_logs(paths)
    return raised.value


def incompressible(size: int) -> bytes:
    """A log that no compressor makes much smaller."""
    rng = random.Random(1)
    return b"".join(LINE.strip() + rng.randbytes(200).hex().encode() + b"\n" for _ in range(size // 500))


def test_a_plain_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = write(tmp_path / "error.log", LINE * 3)
    (log,) = opened(path)
    assert (log.path, log.size, log.compression, log.format.name) == (path, 3 * len(LINE), None, "httpd-2.4")
    assert log.is_plain
    assert read(log) == LINE * 3


@pytest.mark.parametrize(("name", "compress"), COMPRESSORS.items(), ids=COMPRESSORS)
def test_compressed_files_are_told_by_their_bytes_not_by_their_name(
    tmp_path: Path, name: str, compress: Compress
) -> None:
    (log,) = opened(write(tmp_path / "error.log.1", compress(LINE * 3)))
    assert (log.compression, log.format.name, log.is_plain) == (name, "httpd-2.4", False)
    assert read(log) == LINE * 3


def test_gzip_members_one_after_the_other_are_one_log(tmp_path: Path) -> None:
    (log,) = opened(write(tmp_path / "error.log.gz", gzip.compress(LINE) + gzip.compress(LINE * 2)))
    assert read(log) == LINE * 3


@pytest.mark.parametrize("compress", COMPRESSORS.values(), ids=COMPRESSORS)
def test_a_compressed_file_whose_end_is_missing_is_read_as_far_as_it_goes(tmp_path: Path, compress: Compress) -> None:
    whole = incompressible(4 * SAMPLE)
    data = compress(whole)
    (log,) = opened(write(tmp_path / "error.log.1", data[: len(data) // 2]))
    assert log.format.kind == "httpd"
    found = read(log)
    assert whole.startswith(found)
    assert len(found) > 0.3 * len(whole)
    notes = analyze([log.path], tz="UTC").notes
    assert [note for note in notes if f"first {len(found):,} bytes" in note]


@pytest.mark.parametrize(("name", "compress"), COMPRESSORS.items(), ids=COMPRESSORS)
@pytest.mark.parametrize("keep", [8, 20])
def test_a_compressed_file_of_which_nothing_can_be_read_is_told(
    tmp_path: Path, name: str, compress: Compress, keep: int
) -> None:
    path = write(tmp_path / "error.log.1", compress(LINE * 3)[:keep])
    error = mistake(path)
    assert error.message.startswith(f"{path} is a damaged {name} file")
    assert (error.hint, error.exit_code) == ("fetch it again", 2)


@pytest.mark.parametrize("compress", COMPRESSORS.values(), ids=COMPRESSORS)
def test_a_compressed_file_with_wrong_bytes_is_told(tmp_path: Path, compress: Compress) -> None:
    data = bytearray(compress(incompressible(SAMPLE)))
    data[30:60] = bytes(byte ^ 0x5A for byte in data[30:60])
    path = write(tmp_path / "error.log.1", bytes(data))
    error = mistake(path)
    assert path in error.message
    assert error.hint


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    error = mistake(str(tmp_path / "eror.log"))
    assert error.message == f"no such file: {tmp_path / 'eror.log'}"
    assert "/var/log/apache2/error.log" in error.hint


@pytest.mark.parametrize("name", ["error.log/x", "x" * 300, "*.log"], ids=["below a file", "too long a name", "glob"])
def test_a_path_that_cannot_be_is_a_missing_file(tmp_path: Path, name: str) -> None:
    write(tmp_path / "error.log", LINE)
    (tmp_path / "empty").mkdir()
    assert mistake(str(tmp_path / "empty" / ".." / "empty" / name)).message.startswith("no such file: ")
    assert name == "*.log" or mistake(str(tmp_path / name)).message.startswith("no such file: ")


def test_a_folder_stands_for_its_error_logs(tmp_path: Path) -> None:
    for name in (
        "error.log",
        "error.log.2.gz",
        "site-error_log",
        "access.log",
        "errors.txt",
        "other_vhosts_access.log",
    ):
        write(tmp_path / name, LINE)
    write(tmp_path / "error-logs" / "deeper_error.log", LINE)
    assert [Path(place.name).name for place in expand([str(tmp_path)])] == [
        "error.log", "error.log.2.gz", "site-error_log", "deeper_error.log",
    ]  # fmt: skip


def test_a_folder_without_logs_is_told(tmp_path: Path) -> None:
    write(tmp_path / "access.log", ACCESS)
    error = mistake(str(tmp_path))
    assert error.message == f"{tmp_path} is a directory without error logs"
    assert error.hint


def test_globs_are_expanded_in_order_and_nothing_is_read_twice(tmp_path: Path) -> None:
    paths = [write(tmp_path / name, LINE) for name in ("b.log", "a.log", "c.log")]
    assert [place.name for place in expand([str(tmp_path / "[ab].log"), *paths])] == sorted(paths)


def test_a_file_whose_name_looks_like_a_glob_is_itself(tmp_path: Path) -> None:
    path = write(tmp_path / "error[1].log", LINE)
    write(tmp_path / "error1.log", LINE)
    assert [place.name for place in expand([path])] == [path]


def test_what_is_no_log_is_left_out_and_told(tmp_path: Path) -> None:
    good = write(tmp_path / "error.log", LINE)
    prose, binary = (
        write(tmp_path / "notes.txt", b"It was a dark night.\n"),
        write(tmp_path / "core", b"\x7fELF\1\2\0\3" * 100),
    )
    logs, left_out = open_logs([prose, good, binary])
    assert [log.path for log in logs] == [good]
    assert left_out == [
        f"{prose}: it is no log of httpd, and in no other format that is known", f"{binary}: it is a binary file, not a log",
    ]  # fmt: skip


def test_a_neighbours_log_is_read_beside_an_error_log_and_alone(tmp_path: Path) -> None:
    nginx, good = write(tmp_path / "nginx.log", NGINX * 3), write(tmp_path / "error.log", LINE)
    assert [log.format.kind for log in opened(nginx, good)] == ["nginx", "httpd"]
    assert [log.format.kind for log in opened(nginx)] == ["nginx"]


def test_a_list_of_packages_says_nothing_alone(tmp_path: Path) -> None:
    packages = write(tmp_path / "dpkg.log", b"2020-03-03 14:02:11 upgrade apache2:amd64 2.4.41-1 2.4.41-2\n")
    error = mistake(packages)
    assert error.message == f"{packages}: it is dpkg's log"
    assert error.hint


def test_when_no_log_is_left_the_first_reason_is_told_and_how_many_more_there_are(tmp_path: Path) -> None:
    prose, binary = write(tmp_path / "notes.txt", b"milk\n"), write(tmp_path / "core", b"\x7fELF\1\2\0\3" * 100)
    assert mistake(binary, prose).message == f"{binary}: it is a binary file, not a log (and 1 more that are not)"
    assert mistake(prose).message == f"{prose}: it is no log of httpd, and in no other format that is known"
    assert mistake().message == "no file was named"


def test_an_empty_file_is_a_log_without_lines(tmp_path: Path) -> None:
    (log,) = opened(write(tmp_path / "error.log", b""))
    assert (log.format.name, read(log)) == ("empty", b"")


class Input:
    """Standard input as a program sees it."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


@pytest.mark.parametrize("lines", [1, SAMPLE // len(LINE) + 9], ids=["shorter than the sample", "longer"])
def test_standard_input_is_read_once_and_whole(monkeypatch: pytest.MonkeyPatch, lines: int) -> None:
    monkeypatch.setattr(sys, "stdin", Input(LINE * lines))
    (log,) = opened("-")
    assert (log.path, log.size, log.is_plain, log.format.name) == ("-", None, False, "httpd-2.4")
    assert read(log) == LINE * lines


NOBODY = 65534


@pytest.fixture
def forbidden() -> Iterator[Path]:
    """A folder of one's own, for one without root's rights: root is kept out by nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        mine = os.geteuid()
        if mine == 0:
            os.chown(folder, NOBODY, -1)
            os.seteuid(NOBODY)
        try:
            yield folder
        finally:
            os.seteuid(mine)
            for path in [*folder.rglob("*")]:
                path.chmod(0o700)


def assert_forbidden(path: Path) -> None:
    error = mistake(str(path))
    assert error.message == f"no permission to read {path}"
    assert "sudo" in error.hint
    assert str(error) == f"{error.message}; {error.hint}"


def test_a_file_that_may_not_be_read_is_told(forbidden: Path) -> None:
    write(forbidden / "error.log", LINE)
    (forbidden / "error.log").chmod(0)
    assert_forbidden(forbidden / "error.log")


@pytest.mark.parametrize("mode", [0o000, 0o300, 0o600], ids=["closed", "not listed", "not entered"])
def test_a_folder_that_may_not_be_read_is_told(forbidden: Path, mode: int) -> None:
    # Debian's /var/log/apache2 is closed to all but root and adm: the first thing that a newcomer meets
    write(forbidden / "apache2" / "error.log", LINE)
    (forbidden / "apache2").chmod(mode)
    assert_forbidden(forbidden / "apache2")


def test_a_file_in_a_folder_that_may_not_be_entered_is_told(forbidden: Path) -> None:
    write(forbidden / "apache2" / "error.log", LINE)
    (forbidden / "apache2").chmod(0o000)
    assert_forbidden(forbidden / "apache2" / "error.log")
