"""Whatever engine reads a log, however the log comes, the report is the same byte for byte."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

import logsleuth
from logsleuth.cli.analyze import command
from logsleuth.engines import local, read, source
from logsleuth.engines.local import scan_parallel
from logsleuth.report.render import deliver, render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SAMPLE = Path(__file__).resolve().parents[2] / "sample_logs" / "stale-egg-24.log"
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "members.gz": lambda data: gzip.compress(data[:90_000]) + gzip.compress(data[90_000:]),
    "bz2": bz2.compress,
    "xz": lzma.compress,
}


@pytest.fixture(autouse=True)
def _share_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "WORTH_SHARING", 1)
    monkeypatch.setattr(source, "RANGE", 100_000)


def told(paths: Sequence[Path | str], jobs: int) -> str:
    return render(logsleuth.analyze([str(path) for path in paths], tz="UTC", jobs=jobs), "json")


def test_several_threads_give_the_report_of_one() -> None:
    assert told([SAMPLE], 3) == told([SAMPLE], 1)


def test_several_processes_give_the_report_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = told([SAMPLE], 1)
    monkeypatch.setattr(read, "_parallel", lambda _: scan_parallel)
    assert told([SAMPLE], 3) == alone


def test_processes_that_are_started_afresh_give_the_report_of_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As on macOS and Windows: what they need is sent to them, and so are the blocks of a compressed log."""
    packed = tmp_path / "error.log.gz"
    packed.write_bytes(gzip.compress(SAMPLE.read_bytes()))
    alone = [told([path], 1) for path in (SAMPLE, packed)]
    monkeypatch.setattr(read, "_parallel", lambda _: scan_parallel)
    monkeypatch.setattr(local, "METHOD", "spawn")
    assert [told([path], 2) for path in (SAMPLE, packed)] == alone


@pytest.mark.parametrize("packer", PACKERS)
def test_a_compressed_log_is_handed_on_block_by_block(packer: str, tmp_path: Path) -> None:
    path = tmp_path / f"error.log.{packer}"
    path.write_bytes(PACKERS[packer](SAMPLE.read_bytes()))
    assert told([path], 2) == told([path], 1)


def test_standard_input_is_handed_on_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    def piped(jobs: int) -> str:
        stdin = io.TextIOWrapper(io.BytesIO(SAMPLE.read_bytes()))
        monkeypatch.setattr(sys, "stdin", stdin)
        return told(["-"], jobs)

    assert piped(2) == piped(1)


def test_many_logs_are_read_at_once(tmp_path: Path) -> None:
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    paths = []
    for nth, begin in enumerate(range(0, len(lines), len(lines) // 5 + 1)):
        data = b"".join(lines[begin : begin + len(lines) // 5 + 1])
        packed = nth % 2 == 1
        path = tmp_path / f"error.log.{9 - nth}{'.gz' if packed else ''}"
        path.write_bytes(gzip.compress(data) if packed else data)
        paths.append(path)
    assert told(paths, 3) == told(paths, 1)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_log_that_ends_in_the_middle_is_told_of(jobs: int, tmp_path: Path) -> None:
    path = tmp_path / "error.log.gz"
    path.write_bytes(gzip.compress(SAMPLE.read_bytes())[:-2000])
    report = logsleuth.analyze([path], tz="UTC", jobs=jobs)
    assert any(note.startswith(f"{path} ends in the middle or is damaged") for note in report.notes)
    assert 0 < report.logs[0].bytes < SAMPLE.stat().st_size


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """A shell starts what runs in its background with interrupts ignored, and Python leaves it so."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
def test_an_interrupt_gives_the_report_on_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "error.log"
    path.write_bytes(SAMPLE.read_bytes() * 40)
    begun = threading.Event()

    def progress(_done: int) -> None:
        if not begun.is_set():
            begun.set()
            os.kill(os.getpid(), signal.SIGINT)

    report = logsleuth.analyze([path], tz="UTC", jobs=2, progress=progress)
    assert report.partial
    assert 0 < report.logs[0].bytes <= path.stat().st_size


def test_an_interrupt_before_anything_was_read_does_not_tell_of_an_empty_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> bool:
        return True

    monkeypatch.setattr(read, "scan_serial", interrupted)
    deliver(logsleuth.analyze([SAMPLE], tz="UTC", jobs=1), "text", output=None)
    assert "interrupted before anything was read" in capsys.readouterr().out


def test_a_command_that_was_interrupted_says_so_by_its_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "scan_serial", lambda *_: True)
    assert CliRunner().invoke(command, [str(SAMPLE), "--jobs", "1", "--tz", "UTC", "--exit-code"]).exit_code == 130
