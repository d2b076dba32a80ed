"""The benchmarks' logs are what they say: the same bytes each time, and with an incident that is found."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

import logsleuth
from benchmarks.compare import ONSET_SECONDS
from benchmarks.make_log import SHAPES, make

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_arguments_give_the_same_bytes(shape: str, tmp_path: Path) -> None:
    one, other = (make(tmp_path / name, 50_000, shape)[0] for name in ("a", "b"))
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("shape", "era", "hosts"), [("quiet", "2.2", 1), ("flood", "2.4", 3), ("tracebacks", "2.4", 1)]
)
def test_the_planted_incident_is_found(shape: str, era: str, hosts: int, tmp_path: Path) -> None:
    paths = make(tmp_path / "error.log", 1_500_000 * hosts, shape, era, hosts=hosts)
    assert len(paths) == hosts
    truth = json.loads((tmp_path / "error.log.truth.json").read_text())
    onset = int(datetime.fromisoformat(truth["onset"]).timestamp()) * 1_000_000
    found = logsleuth.analyze(paths, tz="UTC").incidents
    assert any(
        incident.category == truth["category"] and abs(incident.onset - onset) <= ONSET_SECONDS * 1_000_000
        for incident in found
    )
