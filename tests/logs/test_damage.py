"""Damage is told and passed over, never taken for a refusal: holes after a power failure, times that no log can have."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

import logsleuth
from logsleuth.cli.commands import cli
from logsleuth.errors import LogsleuthError
from logsleuth.logs.open.log import open_logs

LINE = "[Tue Mar 03 14:{minute:02}:{second:02}.000001 2020] [core:error] [pid 5:tid 5] [client 198.51.100.7:4242] AH00126: Invalid URI in request x\n"
LINES = [LINE.format(minute=number // 60, second=number % 60).encode() for number in range(600)]


def of(folder: Path, data: bytes) -> Path:
    path = folder / "error.log"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("size", [16, 4096, 3 << 20])
@pytest.mark.parametrize("place", [0, 300, 600])
def test_a_hole_loses_no_line_that_is_whole(tmp_path: Path, size: int, place: int) -> None:
    log = of(tmp_path, b"".join(LINES[:place]) + bytes(size) + b"".join(LINES[place:]))
    report = logsleuth.analyze([log], tz="UTC")
    assert report.logs[0].lines == 600
    assert any("NUL bytes, as a power failure" in note for note in report.notes)
    done = CliRunner().invoke(cli, ["parse", str(log)])
    assert done.output.count('"kind": "record"') == 600


def test_a_hole_within_a_line_loses_that_line_only(tmp_path: Path) -> None:
    log = of(tmp_path, b"".join(LINES[:300]) + LINES[300][:40] + bytes(5000) + b"".join(LINES[300:]))
    (read,), left_out = open_logs([str(log)])
    assert (read.format.kind, left_out) == ("httpd", [])
    assert CliRunner().invoke(cli, ["parse", str(log)]).output.count('"kind": "record"') == 600


def test_the_line_behind_a_hole_has_a_time_of_its_own(tmp_path: Path) -> None:
    log = of(tmp_path, b"".join(LINES[:300]) + LINES[300][:60] + bytes(5000) + b"".join(LINES[420:]))
    times = [
        line["time"][11:19]
        for line in map(json.loads, CliRunner().invoke(cli, ["parse", str(log)]).output.splitlines())
    ]
    assert times[299:301] == ["14:04:59", "14:07:00"]


def test_a_file_of_holes_alone_is_no_log(tmp_path: Path) -> None:
    with pytest.raises(LogsleuthError, match="nothing but NUL bytes"):
        open_logs([str(of(tmp_path, bytes(100_000)))])


def test_a_probe_reads_on_behind_a_hole(tmp_path: Path) -> None:
    log = of(tmp_path, b"".join(LINES) + bytes(4096) + b"".join(LINES))
    done = CliRunner().invoke(cli, ["check", str(log), "--state", str(tmp_path / "state"), "--tz", "UTC"])
    assert "UNKNOWN" not in done.output


@pytest.mark.parametrize(
    "head",
    [
        "[Fri Dec 31 10:00:00 9999]",
        "[Mon Jan 01 00:00:00 0001]",
        "[Mon Jan 01 00:00:00 1969]",
        "[Tue Feb 31 14:02:11 2020]",
        "[9999-12-31 23:59:59]",
        "[Tue Mar 03 99:99:99 2020]",
    ],
)
@pytest.mark.parametrize("others", [0, 600])
def test_a_time_that_no_log_can_have_is_no_time(tmp_path: Path, head: str, others: int) -> None:
    log = of(
        tmp_path,
        b"".join(LINES[:others]) + f"{head} [error] [client 192.0.2.7] x\n".encode() * 3 + b"".join(LINES[:others]),
    )
    report = logsleuth.analyze([log], tz="Asia/Kathmandu")
    assert report.logs[0].lines == 3 + 2 * others
    assert (report.logs[0].first is not None) == (others > 0)
    assert CliRunner().invoke(cli, ["parse", str(log)]).exit_code == 0
    assert (
        "UNKNOWN"
        not in CliRunner().invoke(cli, ["check", str(log), "--state", str(tmp_path / "state"), "--tz", "UTC"]).output
    )


@pytest.mark.parametrize(
    "stamp",
    ["2020-03-03T14:02:11-99:99", "2020-03-03T14:02:11+23:59", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"],
)
def test_a_zone_that_is_none_is_none(tmp_path: Path, stamp: str) -> None:
    log = of(
        tmp_path,
        b"".join(f"{stamp} web1 httpd[7]: [error] [client 192.0.2.7] x {number}\n".encode() for number in range(30)),
    )
    for command in (
        ["analyze", str(log)],
        ["parse", str(log)],
        ["formats", str(log)],
        ["check", str(log), "--state", str(tmp_path / "state")],
    ):
        done = CliRunner().invoke(cli, command)
        assert done.exception is None or isinstance(done.exception, SystemExit | LogsleuthError), (
            command,
            done.exception,
        )


@pytest.mark.parametrize("changed", [-1e10, 0, 1e11, 1e13])
def test_a_file_may_bear_any_time(tmp_path: Path, changed: float) -> None:
    log = of(tmp_path, b"".join(LINES))
    try:
        os.utime(log, (changed, changed))
    except OSError:
        pytest.skip("this file system has no such times")
    assert logsleuth.analyze([log], tz="UTC").logs[0].lines == 600


@pytest.mark.parametrize("since", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00", "1000000d", "999999d"])
def test_any_moment_may_be_asked_for(tmp_path: Path, since: str) -> None:
    log = of(tmp_path, b"".join(LINES))
    commands = [
        ["check", str(log), "--state", str(tmp_path / "state"), "--since", since],
        ["analyze", str(log), "--since", since, "--tz", "Asia/Tokyo"],
    ]
    for command in commands:
        done = CliRunner().invoke(cli, command)
        assert done.exception is None or isinstance(done.exception, SystemExit | LogsleuthError), (
            command,
            done.exception,
        )
