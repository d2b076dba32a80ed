"""The lines around the evidence are those of the log, wherever it lies and whatever became of the log."""

import bz2
import gzip
from pathlib import Path

import pytest

import logsleuth
from logsleuth.logs.open.log import open_logs
from logsleuth.report.compose.story.excerpts import AROUND, excerpts
from logsleuth.report.model import Evidence

HEAD = "[Tue Mar 03 14:02:11.120001 2020] [core:error] [pid 7:tid 7] "


def evidence(path: Path, log: bytes, number: int) -> Evidence:
    lines = log.split(b"\n")
    offset = sum(len(line) + 1 for line in lines[: number - 1])
    text = lines[number - 1].rstrip(b"\r").decode("utf-8", "backslashreplace")
    return Evidence(f"e{number}", str(path), number, offset, 0, text, None)


@pytest.mark.parametrize("end", ["\n", "", "\r\n", "\n\n"])
@pytest.mark.parametrize("cited", [[1], [2], [40], [1, 3], [5, 21, 22, 38], [5, 22], [39, 40]])
@pytest.mark.parametrize("wide", [1, 9000])
def test_the_lines_around_are_those_of_the_log(cited: list[int], end: str, wide: int, tmp_path: Path) -> None:
    path = tmp_path / "error.log"
    newline = "\r\n" if end == "\r\n" else "\n"
    log = (newline.join(f"{HEAD}line {n} {'x' * wide}" for n in range(1, 41)) + end).encode()
    path.write_bytes(log)
    logs, _ = open_logs([str(path)])
    told = excerpts([evidence(path, log, number) for number in cited], logs)
    lines = [line.rstrip("\r") for line in log.decode().split("\n")]
    seen = set()
    for excerpt in told:
        assert excerpt.line is not None
        for number, line in enumerate(excerpt.lines, excerpt.line):
            assert lines[number - 1].startswith(line.text)
            assert log[line.offset :].decode().startswith(line.text)
            assert number not in seen, "a line is told twice"
            seen.add(number)
    reach = AROUND if wide == 1 else 0
    assert seen >= {n for c in cited for n in range(max(c - reach, 1), min(c + reach, 40) + 1)}


@pytest.mark.parametrize(("suffix", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress)])
def test_compressed_logs_have_a_neighbourhood_too(suffix: str, pack: object, tmp_path: Path) -> None:
    path = tmp_path / f"error.log.{suffix}"
    log = "\n".join(f"{HEAD}line {n}" for n in range(1, 41)).encode()
    assert callable(pack)
    path.write_bytes(pack(log))
    logs, _ = open_logs([str(path)])
    (told,) = excerpts([evidence(path, log, 20)], logs)
    assert [line.text[len(HEAD) :] for line in told.lines] == [f"line {n}" for n in range(12, 29)]


@pytest.mark.parametrize(("suffix", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("log", bytes)])
def test_lines_far_apart_all_have_one(suffix: str, pack: object, tmp_path: Path) -> None:
    path = tmp_path / f"error.log.{suffix}"
    log = "\n".join(f"{HEAD}line {n} {'x' * 900}" for n in range(1, 4001)).encode()
    assert callable(pack)
    path.write_bytes(pack(log))
    logs, _ = open_logs([str(path)])
    cited = [3, 4, 30, 700, 716, 2500, 3990]
    told = excerpts([evidence(path, log, number) for number in cited], logs)
    seen = [line.text[len(HEAD) :].split()[1] for excerpt in told for line in excerpt.lines]
    assert {str(number) for number in cited} <= set(seen)
    assert len(seen) == len(set(seen))
    assert len(told) == 5


def test_a_log_that_was_changed_or_removed_meanwhile_has_none(tmp_path: Path) -> None:
    path = tmp_path / "error.log"
    log = "\n".join(f"{HEAD}line {n}" for n in range(1, 41)).encode()
    path.write_bytes(log)
    logs, _ = open_logs([str(path)])
    path.write_bytes(b"rotated away " + log)
    assert excerpts([evidence(path, log, 20)], logs) == ()
    path.unlink()
    assert excerpts([evidence(path, log, 20)], logs) == ()


def test_the_report_of_a_sample_holds_them() -> None:
    sample = Path(__file__).resolve().parent.parent.parent / "sample_logs" / "stale-egg-24.log"
    (incident,) = logsleuth.analyze([sample], tz="UTC").incidents
    told = {(excerpt.path, line.offset) for excerpt in incident.excerpts for line in excerpt.lines}
    assert {(line.path, line.offset) for line in incident.evidence} <= told
