"""Builders of small fleets: sample logs as hosts, in folders or in one stream."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logsleuth.report.model import IncidentReport

SAMPLES = Path(__file__).parent.parent.parent / "sample_logs"
THREE = {
    "web01": SAMPLES / "crash-prefork.log",
    "web02": SAMPLES / "quiet-day.log",
    "web03": SAMPLES / "stale-egg-2009.log",
}


def in_folders(root: Path, logs: Mapping[str, Path] = THREE) -> list[Path]:
    """Each log as its host's error.log."""
    paths = []
    for host, log in logs.items():
        path = root / host / "error.log"
        path.parent.mkdir()
        path.write_bytes(log.read_bytes())
        paths.append(path)
    return paths


def in_one_stream(path: Path, logs: Mapping[str, Path]) -> Path:
    """All logs in one file of JSON Lines, as Vector ships them, the hosts' lines in turn."""
    columns = [
        [json.dumps({"source_type": "file", "message": line, "host": host}) for line in log.read_text().splitlines()]
        for host, log in logs.items()
    ]
    rows = [line for row in zip_longest(*columns) for line in row if line is not None]
    path.write_text("".join(f"{row}\n" for row in rows))
    return path


def alone(incident: IncidentReport) -> IncidentReport:
    """An incident without what a fleet adds to it."""
    return replace(incident, id=1, fleet=None)
