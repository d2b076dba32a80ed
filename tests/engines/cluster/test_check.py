"""Workers that cannot do their part are noticed before anything is submitted, in one line with the way out."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("distributed", reason="the extra 'dask' is not installed")
from logsleuth.engines.choose import engine_of
from logsleuth.engines.cluster.check import unfit, unlike
from logsleuth.engines.cluster.pieces import MADE
from logsleuth.engines.cluster.tasks import Fitness
from logsleuth.engines.reading import Reading
from logsleuth.errors import LogsleuthError
from logsleuth.library.pattern import Library
from logsleuth.logs.open.log import open_logs
from logsleuth.scan.window import Window
from logsleuth.timeline.clock import zone

if TYPE_CHECKING:
    from pathlib import Path

    from distributed import Client

LIBRARY = Library((), "")
WORKER = "tcp://192.0.2.7:40001"
FIT = Fitness(MADE, "d1", ())
LINE = "[Tue Mar 03 14:02:11.120001 2020] [core:notice] [pid 4711:tid 4711] AH00094: Command line: 'httpd'\n"


def test_a_worker_like_this_process_is_fit() -> None:
    assert unlike(WORKER, "0.1.0", "0.1.0") is None
    assert unfit(WORKER, FIT, "d1") is None


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (PackageNotFoundError("logsleuth-httpd"), "has no logsleuth; install logsleuth-httpd=="),
        ("0.0.9", "has version 0.0.9 of logsleuth"),
    ],
)
def test_another_version_is_named(found: object, said: str) -> None:
    assert said in str(unlike(WORKER, found, "0.1.0"))


@pytest.mark.parametrize(
    "answer",
    [
        replace(FIT, made=(MADE[0], MADE[1] + 1)),
        replace(FIT, digest="d2"),
        ModuleNotFoundError("No module named 'logsleuth.engines.cluster'"),
    ],
)
def test_another_build_is_noticed(answer: object) -> None:
    assert "has another build of logsleuth" in str(unfit(WORKER, answer, "d1"))


def test_a_log_that_workers_cannot_read_is_named(client: Client, tmp_path: Path) -> None:
    (tmp_path / "error.log").write_text(LINE * 3)
    logs, _ = open_logs([str(tmp_path / "error.log")])
    (tmp_path / "error.log").unlink()
    with engine_of(client, LIBRARY, 1) as engine, pytest.raises(LogsleuthError) as raised:
        next(engine.read_all([Reading(logs, Window(), zone("UTC"))]))
    assert f"cannot read {tmp_path}/error.log: No such file or directory; mount it there" in str(raised.value)


def test_another_file_under_the_same_path_is_noticed(client: Client, tmp_path: Path) -> None:
    (tmp_path / "error.log").write_text(LINE * 3)
    logs, _ = open_logs([str(tmp_path / "error.log")])
    (tmp_path / "error.log").write_text(LINE.replace("4711", "4712") * 3)
    with engine_of(client, LIBRARY, 1) as engine, pytest.raises(LogsleuthError) as raised:
        next(engine.read_all([Reading(logs, Window(), zone("UTC"))]))
    assert "another file is there" in str(raised.value)
