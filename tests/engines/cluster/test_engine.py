"""Whatever happens on a Dask cluster, the report is that of one process, byte for byte."""

from __future__ import annotations

import gzip
import io
import os
import signal
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import logsleuth
from logsleuth.engines.choose import engine_of
from logsleuth.engines.reading import Reading
from logsleuth.errors import LogsleuthError
from logsleuth.library.pattern import Library
from logsleuth.logs.open.log import open_logs
from logsleuth.report.render import render
from logsleuth.scan.window import Window
from logsleuth.timeline.clock import zone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from distributed import Client

distributed = pytest.importorskip("distributed", reason="the extra 'dask' is not installed")
from logsleuth.engines.cluster import work  # noqa: E402
from logsleuth.engines.cluster.connect import connected  # noqa: E402

SAMPLES = Path(__file__).resolve().parents[3] / "sample_logs"
SAMPLE = SAMPLES / "stale-egg-24.log"
LIBRARY = Library((), "")
CUT = SAMPLE.stat().st_size // 100_000

pytestmark = pytest.mark.usefixtures("small")


def report(
    paths: Sequence[Path | str], engine: str | Client = "local", progress: Callable[[int], None] | None = None
) -> str:
    return render(logsleuth.analyze(paths, tz="UTC", jobs=1, engine=engine, progress=progress), "json")


def test_a_log_that_is_cut_into_many_tasks(client: Client) -> None:
    done: list[int] = []
    assert report([SAMPLE], client, done.append) == report([SAMPLE])
    assert len(done) >= CUT
    assert sum(done) == SAMPLE.stat().st_size


def test_a_cluster_within_this_process() -> None:
    assert report([SAMPLE], "dask") == report([SAMPLE])


def test_hosts_with_logs_of_every_kind(client: Client, tmp_path: Path) -> None:
    """Plain, compressed, in an archive, of another program, and in a stream whose lines name their hosts."""
    for name, sample in (("web01", "crash-prefork.log"), ("web02", "quiet-day.log"), ("web03", "stale-egg-2009.log")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "error.log").write_bytes((SAMPLES / sample).read_bytes())
        (tmp_path / name / "error.log.1.gz").write_bytes(gzip.compress((SAMPLES / "quiet-day.log").read_bytes()))
    (tmp_path / "web01" / "access.log").write_text(
        '192.0.2.1 - - [23/Nov/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 5\n'
    )
    with tarfile.open(tmp_path / "web04.tar", "w") as tar:
        tar.add(SAMPLES / "quiet-day.log", "web04/error.log")
    paths = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert report(paths, client) == report(paths)


def test_what_only_this_process_can_read(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def piped(engine: str | Client) -> str:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SAMPLE.read_bytes())))
        return report(["-"], engine)

    assert piped(client) == piped("local")


@pytest.mark.parametrize("size", [None, 150_000])
def test_a_log_that_is_gone_or_shorter_when_its_turn_comes(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int | None
) -> None:
    path = tmp_path / "error.log"
    path.write_bytes(SAMPLE.read_bytes())
    reading = Reading(open_logs([str(path)])[0], Window(), zone("UTC"))
    path.unlink() if size is None else os.truncate(path, size)
    monkeypatch.setattr("logsleuth.engines.cluster.engine.check_workers", lambda *_: 2)

    def outcome(engine: str | Client) -> str | int:
        with engine_of(engine, LIBRARY, 1) as chosen:
            (result,) = chosen.read_all([reading])
        return str(result) if isinstance(result, LogsleuthError) else result[0].logs[0].lines

    assert outcome(client) == outcome("local")


def lose_everything(client: Client) -> None:
    client.cancel([distributed.Future(key, client) for key in list(client.futures)])


def once(act: Callable[[], None], after: int = 3) -> Callable[[int], None]:
    """A progress that does something when a number of tasks are done."""
    done = 0

    def progress(_bytes: int) -> None:
        nonlocal done
        done += 1
        if done == after:
            act()

    return progress


def test_what_the_cluster_loses_is_scanned_again(client: Client) -> None:
    assert report([SAMPLE], client, once(lambda: lose_everything(client))) == report([SAMPLE])


def test_what_the_cluster_loses_every_time_is_scanned_here(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST_FAILURES", 0)
    assert report([SAMPLE], client, once(lambda: lose_everything(client))) == report([SAMPLE])


def test_a_cluster_that_goes_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "SILENCE", 0.1)
    with connected("dask", 1) as client:
        gone = once(lambda: client.retire_workers(close_workers=True))
        assert report([SAMPLE], client, gone) == report([SAMPLE])


def test_a_scheduler_that_goes_away_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "SILENCE", 0.1)
    with connected("dask", 1) as client:
        assert report([SAMPLE], client, once(client.close)) == report([SAMPLE])


def test_an_interrupt_gives_the_report_on_what_was_done(client: Client) -> None:
    """Nothing is counted twice, and what is not counted is not there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        progress = once(lambda: os.kill(os.getpid(), signal.SIGINT))
        found = logsleuth.analyze([SAMPLE], tz="UTC", engine=client, progress=progress)
    finally:
        signal.signal(signal.SIGINT, before)
    assert found.partial
    assert 200_000 <= found.logs[0].bytes < SAMPLE.stat().st_size
    assert found.logs[0].bytes % 100_000 in (0, SAMPLE.stat().st_size % 100_000)
