"""Logs in archives and folders, in UTF-16 and without a name: read as if they lay there by themselves, in bounds."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth import analyze
from logsleuth.errors import LogsleuthError
from logsleuth.logs.open import archives
from logsleuth.logs.open.archives import BLOCK, archive_kind, tar_members, zip_members
from logsleuth.logs.open.hosts import hosts_of
from logsleuth.logs.open.log import Log, open_logs
from logsleuth.logs.open.members import zstd_library
from logsleuth.logs.open.utf16 import utf16_of
from tests.logs.test_shippers_laws import HEAD

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLE = Path("sample_logs/crash-prefork.log")
FILES = {
    "logs/web01/error.log": HEAD + "\n",
    "logs/web02/apache2/error.log": HEAD.replace("4711", "4712") + "\n",
    "logs/web02/apache2/access.log": '192.0.2.7 - - [03/Mar/2026:14:02:11 +0100] "GET / HTTP/1.1" 200 5\n',
    "logs/README": "not a log\n",
}
PACK: dict[str, Callable[[bytes], bytes]] = {
    "tar": bytes, "gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstd_library().compress,
}  # fmt: skip


def tar_of(files: dict[str, str], form: int = tarfile.PAX_FORMAT) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=form) as tar:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(text.encode()), 1772575200
            tar.addfile(info, io.BytesIO(text.encode()))
    return data.getvalue()


def zip_of(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def said(log: Log) -> tuple[str, str | None, str]:
    with log.open() as stream:
        return log.path.rpartition(":")[2], log.host, stream.read().decode()


@pytest.mark.parametrize("packed", PACK)
@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_the_logs_of_a_tar_are_read_in_memory(tmp_path: Path, packed: str, form: int) -> None:
    (tmp_path / "bundle").write_bytes(PACK[packed](tar_of(FILES, form)))
    logs, _ = open_logs([str(tmp_path / "bundle")])
    assert sorted(map(said, logs)) == sorted(
        (name, name.split("/")[1], text) for name, text in FILES.items() if "README" not in name
    )


def test_the_logs_of_a_zip_too_and_rotated_ones_within(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "bundle.zip", FILES)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("logs/web03/error.log.1.gz", gzip.compress((HEAD.replace("4711", "4713") + "\n").encode()))
    logs, _ = open_logs([str(path)])
    assert [log.host for log in sorted(logs, key=lambda log: log.path)] == ["web01", "web02", "web02", "web03"]
    assert all(log.format.source is not None for log in logs)


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_archive_tells_the_same_story_as_its_log(tmp_path: Path, jobs: int) -> None:
    (tmp_path / "a.tgz").write_bytes(gzip.compress(tar_of({"error.log": SAMPLE.read_text(encoding="utf-8")})))
    plain, packed = analyze([SAMPLE], tz="UTC"), analyze([tmp_path / "a.tgz"], tz="UTC", jobs=jobs)
    assert [incident.onset for incident in packed.incidents] == [incident.onset for incident in plain.incidents]
    assert packed.incidents[0].evidence[0].path.endswith("a.tgz:error.log")
    assert packed.incidents[0].excerpts


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_are_whole(form: int) -> None:
    name = "/".join(["web01", *("d" * 60 for _ in range(5)), "error.log"])
    (member,) = tar_members(io.BytesIO(tar_of({name: HEAD}, form)), lambda _: True)
    assert (member.name, member.data.decode()) == (name, HEAD)


def test_what_is_too_large_is_left_out_and_the_rest_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_MEMBER", 1000)
    files = {"a/error.log": (HEAD + "\n") * 100, "b/error.log": HEAD + "\n"}
    (tmp_path / "a.tar").write_bytes(tar_of(files))
    zip_of(tmp_path / "a.zip", files)
    for name in ("a.tar", "a.zip"):
        logs, left_out = open_logs([str(tmp_path / name)])
        assert [said(log)[0] for log in logs] == ["b/error.log"]
        assert [reason.rpartition(": it")[2] for reason in left_out] == [
            " is too large to be read within an archive: unpack it"
        ]


def test_an_archive_without_a_log_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(tar_of({"etc/passwd": "root:x:0:0\n"}))
    with pytest.raises(LogsleuthError, match="is an archive without an error log"):
        open_logs([str(tmp_path / "a.tar")])


@given(st.binary(max_size=3 * BLOCK), st.integers(0, 3000), st.integers(0, 255))
def test_no_damage_of_a_tar_raises(noise: bytes, at: int, byte: int) -> None:
    whole = bytearray(tar_of(FILES))
    whole[at] = byte
    for data in (bytes(whole), bytes(whole[:at]), bytes(whole[:at]) + noise, noise):
        archive_kind(data)
        list(tar_members(io.BytesIO(data), lambda _: True))


def test_a_damaged_zip_is_one_line(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", FILES)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(LogsleuthError, match="damaged zip"):
        open_logs([str(path)])


def test_a_member_that_is_damaged_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    text = "".join(HEAD.replace("4711", str(pid)) + "\n" for pid in range(100000))
    half = gzip.compress(text.encode())[:-2000]
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("error.log.1.gz", half)
    with (tmp_path / "a.zip").open("rb") as file:
        (member,) = zip_members(file, lambda _: True)
    assert text.startswith(member.data.decode()[:100])
    assert member.problem.startswith("it is damaged")


@pytest.mark.parametrize(
    ("paths", "hosts"),
    [
        (["logs/web01/error.log", "logs/web02/apache2/error.log"], ["web01", "web02"]),
        (["logs/blue/error.log", "logs/green/httpd/error_log"], ["blue", "green"]),
        (["web01-error.log", "web02_error_log.1.gz", "app-3.example.com-error.log"], ["web01", "web02", "app-3.example.com"]),
        (["error-web07.log", "error.log.ip-10-0-0-9"], ["web07", "ip-10-0-0-9"]),
        (["/var/log/apache2/error.log", "/var/log/apache2/error.log.1"], [None, None]),
        (["/var/log/apache2/shop-error.log", "/var/log/apache2/error.log"], [None, None]),
        (["/var/www/vhosts/site2.example/logs/error_log"], [None]),
        (["/home/bob/error.log", "/home/bob/error-20260303.log"], [None, None]),
        (["-"], [None]),
        (["bundle.tgz:var/log/web01/error.log"], ["web01"]),
    ],
)  # fmt: skip
def test_the_host_in_a_path(paths: list[str], hosts: list[str | None]) -> None:
    assert [named and named.host for named in hosts_of(paths)] == hosts


def test_folders_are_searched_through_and_links_not_followed(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "logs" / "again").symlink_to(tmp_path / "logs", target_is_directory=True)
    logs, _ = open_logs([str(tmp_path / "logs")])
    assert [log.host for log in logs] == ["web01", "web02"]


def test_the_same_log_on_two_hosts_is_no_copy(tmp_path: Path) -> None:
    for host in ("web01", "web02"):
        (tmp_path / host).mkdir()
        (tmp_path / host / "error.log").write_text(HEAD + "\n")
    assert len(open_logs([str(tmp_path)])[0]) == 2


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_log_in_utf_16_tells_the_same_story(tmp_path: Path, codec: str) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    (tmp_path / "error.log").write_bytes(text.replace("\n", "\r\n").encode(codec))
    plain, other = analyze([SAMPLE], tz="UTC"), analyze([tmp_path / "error.log"], tz="UTC")
    assert [incident.onset for incident in other.incidents] == [incident.onset for incident in plain.incidents]
    assert [e.text for e in other.incidents[0].evidence] == [e.text for e in plain.incidents[0].evidence]


@given(st.binary(max_size=200))
def test_what_is_utf_8_is_never_taken_for_utf_16(data: bytes) -> None:
    if 0 not in data and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        assert utf16_of(data) is None


def run(*arguments: str, stdin: bytes | None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "logsleuth", *arguments]
    if stdin is None:
        return subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    return subprocess.run(command, capture_output=True, check=False, input=stdin)


@pytest.mark.parametrize("packed", PACK)
def test_what_is_piped_in_may_be_packed_and_a_tar(packed: str) -> None:
    sample = SAMPLE.read_bytes()
    plain = run("analyze", "--tz", "UTC", "--brief", stdin=sample).stdout
    assert plain
    assert run("analyze", "--tz", "UTC", "--brief", stdin=PACK[packed](sample)).stdout == plain
    whole = PACK[packed](tar_of({"web01/error.log": sample.decode()}))
    lines = run("parse", stdin=whole).stdout.splitlines()
    assert len(lines) == sample.count(b"\n")
    assert b'"path": "-:web01/error.log"' in lines[0]
    assert b'"host": "web01"' in lines[0]


def test_what_is_piped_in_and_damaged_is_read_as_far_as_it_goes() -> None:
    half = gzip.compress(SAMPLE.read_bytes() * 400)[:-20_000]
    done = run("analyze", "--tz", "UTC", stdin=half)
    assert done.returncode == 0
    assert b"damaged" in done.stdout + run("analyze", "--tz", "UTC", "--full", stdin=half).stdout


def test_an_archive_can_not_be_followed(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(tar_of(FILES))
    done = run("check", str(tmp_path / "a.tar"), "--state", str(tmp_path / "state"), stdin=None)
    assert done.returncode == 3
    assert b"it is an archive; name the log itself" in done.stdout


def test_what_is_piped_in_needs_no_name() -> None:
    assert run("parse", stdin=(HEAD + "\n").encode()).stdout.startswith(b'{"path": "-", "line": 1, "kind": "record"')
    assert run("analyze", "--brief", stdin=SAMPLE.read_bytes()).returncode == 0
    refused = run("analyze", stdin=None)
    assert refused.returncode == 2
    assert b"no log was named" in refused.stderr
