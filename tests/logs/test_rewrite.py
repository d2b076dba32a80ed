"""Entries that are no lines: the journal's export format, Kubernetes' parts of lines, lists in TOML."""

from __future__ import annotations

import io
import struct
from datetime import datetime, timedelta
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth import analyze
from logsleuth.logs.format.rewrite import REWRITES, can_do_without, rewrite_of, rewritten
from logsleuth.logs.httpd.tokenize import EPOCH, tokenize
from logsleuth.logs.open.log import open_logs
from tests.logs.test_wrappers import story

SAMPLE = Path("sample_logs/crash-prefork.log")


def exported(message: str, micros: int, *, binary: bool) -> bytes:
    head = f"__CURSOR=s=1\n__REALTIME_TIMESTAMP={micros}\n_HOSTNAME=web1\nSYSLOG_IDENTIFIER=apache2\n_PID=7\n".encode()
    data = message.encode()
    body = b"MESSAGE\n" + struct.pack("<Q", len(data)) + data if binary else b"MESSAGE=" + data
    return head + body + b"\n\n"


def times() -> list[tuple[str, int]]:
    """Each line of the sample, and when it was written."""
    now, found = 0, []
    for line in SAMPLE.read_text(encoding="utf-8").splitlines():
        now = tokenize(line.encode()).time or now
        found.append((line, now))
    return found


def test_a_journals_export_tells_the_same_story(tmp_path: Path) -> None:
    path = tmp_path / "journal.export"
    path.write_bytes(b"".join(exported(line, time, binary=nth % 3 == 0) for nth, (line, time) in enumerate(times())))
    report = analyze([path], tz="UTC")
    assert report.logs[0].lines == len(times())
    assert story(report) == story(analyze([SAMPLE], tz="UTC"))


def test_parts_of_lines_are_joined(tmp_path: Path) -> None:
    lines = []
    for line, time in times():
        stamp = f"{EPOCH + timedelta(microseconds=time):%Y-%m-%dT%H:%M:%S.%f}789Z stderr"
        lines.append(f"{stamp} P {line[:90]}\n{stamp} F {line[90:]}\n")
    path = tmp_path / "0.log"
    path.write_text("".join(lines), encoding="utf-8")
    report, plain = analyze([path], tz="UTC"), analyze([SAMPLE], tz="UTC")
    assert [(i.category, i.onset, i.end, len(i.lost)) for i in report.incidents] == [
        (i.category, i.onset, i.end, len(i.lost)) for i in plain.incidents
    ]


def test_a_value_of_several_lines_is_one_line() -> None:
    data = exported("one\ntwo", 1_583_244_131_000_001, binary=True)
    assert rewritten("journal export", data) == rb"2020-03-03T14:02:11.000001+00:00 web1 apache2[7]: one\ntwo"


def test_a_list_of_changes_in_toml(tmp_path: Path) -> None:
    onset = analyze([SAMPLE], tz="UTC").incidents[0].onset
    before = datetime.fromisoformat(str(EPOCH + timedelta(microseconds=onset))) - timedelta(seconds=20)
    path = tmp_path / "changes.toml"
    path.write_text(f"# ours\n[[change]]\ntime = {before:%Y-%m-%dT%H:%M:%S}\nwhat = 'v2, \"new\"'\nwho = 'alice'\n")
    (log,) = (log for log in open_logs([str(SAMPLE), str(path)])[0] if log.format.kind == "changes")
    with log.open() as stream:
        assert stream.read().endswith(b',"v2, ""new""",alice,\n')
    report = analyze([SAMPLE, path], tz="UTC")
    assert "changes.change" in [evidence.pattern for evidence in report.incidents[0].evidence]


@given(st.sampled_from(sorted(REWRITES)), st.binary(max_size=300))
def test_no_bytes_break_a_rewriting(name: str, data: bytes) -> None:
    for line in REWRITES[name](io.BytesIO(data)):
        assert isinstance(line, bytes)
    for line in REWRITES["journal export"](io.BytesIO(b"__REALTIME_TIMESTAMP=1\nMESSAGE\n" + data)):
        assert b"\n" not in line


def test_a_file_of_blank_lines_is_looked_at_in_a_moment() -> None:
    begun = process_time()
    assert rewrite_of(b" \n" * 100_000) is None
    assert rewrite_of(b"\n" * 200_000 + b"#") is None
    assert process_time() - begun < 5


@pytest.mark.parametrize(
    ("name", "can"),
    [("PHP traces", True), ("lines wrapped at 80 columns", True), ("NUL bytes", True), ("CRI parts", False),
     ("PHP traces + newest first", False), (None, False)],
)  # fmt: skip
def test_a_log_that_is_followed_can_do_without_some_rewritings(name: str | None, *, can: bool) -> None:
    assert can_do_without(name) is can
