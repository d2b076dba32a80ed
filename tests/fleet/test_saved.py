"""Scanned on each host, merged anywhere: the same report as on the logs together; other files are refused."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth import analyze
from logsleuth.errors import LogsleuthError
from logsleuth.library.load import load_library
from logsleuth.options import Options
from logsleuth.pipeline import merge, scan_to
from logsleuth.report.render import render
from tests.fleet.fleets import THREE, in_folders, in_one_stream

if TYPE_CHECKING:
    from pathlib import Path

    from logsleuth.report.model import Report

STYLES = ("text", "json")
TWO = {host: THREE[host] for host in ("web01", "web02")}


def save(path: Path, logs: list[Path], name: str = "here", redact: str = "none", host_from: str | None = None) -> Path:
    path.write_bytes(scan_to(Options(tuple(logs), tz="UTC", host_from=host_from), name, redact))
    return path


def assert_same(merged: Report, together: Report) -> None:
    """The same in every format that shows no neighbourhood of the evidence."""
    for style in STYLES:
        assert render(merged, style, redact="none", full=True) == render(together, style, redact="none", full=True)


def test_merged_tallies_report_as_the_logs_together_do(tmp_path: Path) -> None:
    paths = in_folders(tmp_path, TWO)
    tallies = [save(tmp_path / f"{path.parent.name}.tally", [path], host_from=r"(web\d+)/error.log") for path in paths]
    assert_same(merge(tallies), analyze(paths, tz="UTC", host_from=r"(web\d+)/error.log"))


def test_one_tally_reports_as_its_log_does(tmp_path: Path) -> None:
    (path, *_) = in_folders(tmp_path)
    merged = merge([save(tmp_path / "one.tally", [path])])
    assert not merged.hosts
    assert_same(merged, analyze([path], tz="UTC"))


def test_a_stream_of_several_hosts_in_one_tally(tmp_path: Path) -> None:
    path = in_one_stream(tmp_path / "vector.json", TWO)
    tally = save(tmp_path / "all.tally", [path])
    assert_same(merge([tally]), analyze([path], tz="UTC"))
    assert merge([tally], host="web01").incidents[0].title == analyze([TWO["web01"]], tz="UTC").incidents[0].title


def test_the_tallies_of_one_hosts_logs_are_one_host(tmp_path: Path) -> None:
    lines = THREE["web01"].read_text().splitlines(keepends=True)
    (tmp_path / "error.log.1").write_text("".join(lines[: len(lines) // 2]))
    (tmp_path / "error.log").write_text("".join(lines[len(lines) // 2 :]))
    tallies = [save(tmp_path / f"{name}.tally", [tmp_path / name]) for name in ("error.log.1", "error.log")]
    merged = merge(tallies)
    together = analyze([tmp_path / "error.log.1", tmp_path / "error.log"], tz="UTC")
    assert [replace(one, excerpts=()) for one in merged.incidents] == [
        replace(one, excerpts=()) for one in together.incidents
    ]


def test_a_tally_named_twice_counts_once(tmp_path: Path) -> None:
    (path, *_) = in_folders(tmp_path)
    tally = save(tmp_path / "one.tally", [path])
    merged = merge([tally, tally])
    assert merged.incidents[0].lost_count == merge([tally]).incidents[0].lost_count
    assert "two tallies of the same log" in merged.left_out[0]


def test_redaction_holds_for_what_a_tally_carries(tmp_path: Path) -> None:
    path = tmp_path / "error.log"
    path.write_text(THREE["web01"].read_text().replace("[client ", "[client 203.0.113.77:1] [client "))
    path.write_text(
        path.read_text()
        + "[Mon Nov 23 12:16:41.000001 2026] [core:error] [pid 4711:tid 4711] [client 203.0.113.77:40112] "
        "AH00126: Invalid URI in request GET /reset?token=s3cr3tv4lue99 HTTP/1.1\n"
    )
    kept = zlib.decompress(save(tmp_path / "a.tally", [path], redact="default").read_bytes().partition(b"\n")[2])
    assert b"203.0.113.77" in zlib.decompress(save(tmp_path / "b.tally", [path]).read_bytes().partition(b"\n")[2])
    assert b"203.0.113.77" not in kept
    assert b"s3cr3tv4lue99" not in kept


def changed(tally: bytes, **fields: object) -> bytes:
    head, _, rest = tally.partition(b"\n")
    return json.dumps(json.loads(head) | fields).encode() + b"\n" + rest


def test_files_of_another_kind_or_make_are_refused_with_the_way_out(tmp_path: Path) -> None:
    (path, *_) = in_folders(tmp_path)
    tally = save(tmp_path / "a.tally", [path])
    whole = tally.read_bytes()
    for data, why in (
        (path.read_bytes(), "is not a saved tally"),
        (b"", "is not a saved tally"),
        (changed(whole, format=99, version="9.9"), r"another version of logsleuth \(9.9;"),
        (changed(whole, patterns="f00"), "other patterns"),
        (whole[:-20], "is damaged"),
        (whole.partition(b"\n")[0] + b"\n" + zlib.compress(msgspec.msgpack.encode([1, 2])), "is damaged"),
    ):
        tally.write_bytes(data)
        with pytest.raises(LogsleuthError, match=why) as failed:
            merge([tally])
        assert failed.value.hint
        assert failed.value.exit_code == 2


def test_one_bad_file_of_several_is_left_out_and_reported(tmp_path: Path) -> None:
    paths = in_folders(tmp_path)
    tallies = [save(tmp_path / f"{path.parent.name}.tally", [path]) for path in paths]
    tallies[1].write_bytes(changed(tallies[1].read_bytes(), patterns="f00"))
    merged = merge([*tallies, tmp_path / "gone.tally"])
    assert [host.host for host in merged.hosts] == ["web01", "web03"]
    other, gone = merged.left_out
    assert "web02.tally was scanned with other patterns" in other
    assert "cannot read" in gone
    with pytest.raises(LogsleuthError, match="there are web01, web03"):
        merge(tallies, host="web02")


@pytest.fixture(name="sound", scope="module")
def of_one_log(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    root = tmp_path_factory.mktemp("saved")
    tally = save(root / "a.tally", [THREE["web02"]])
    return tally, zlib.decompress(tally.read_bytes().partition(b"\n")[2])


@given(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=6))
@settings(max_examples=25, deadline=None)
def test_no_damage_of_a_tally_is_more_than_one_line(sound: tuple[Path, bytes], at: int, noise: bytes) -> None:
    path, content = sound
    head = path.read_bytes().partition(b"\n")[0]
    at %= len(content)
    damaged = path.with_name("damaged.tally")
    damaged.write_bytes(head + b"\n" + zlib.compress(content[:at] + noise + content[at + len(noise) :], 1))
    try:
        merge([damaged])
    except LogsleuthError as error:
        assert "is damaged" in error.message or "zone" in error.message  # noqa: PT017 - most noise does no harm


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("logsleuth.fleet.saved.LARGEST", 1 << 20)
    (path, *_) = in_folders(tmp_path)
    head = save(tmp_path / "a.tally", [path]).read_bytes().partition(b"\n")[0]
    bomb = tmp_path / "bomb.tally"
    bomb.write_bytes(head + b"\n" + zlib.compress(bytes(8 << 20)))
    with pytest.raises(LogsleuthError, match="is damaged"):
        merge([bomb])
    assert load_library().digest.encode() in head
