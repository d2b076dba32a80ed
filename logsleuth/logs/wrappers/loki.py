"""Loki: logcli's default output and `-o jsonl`, what Grafana downloads, and the API's streams (see documents.py)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.wrappers.peeled import Peeled
from logsleuth.logs.wrappers.shape import peel_record
from logsleuth.logs.wrappers.stamps import ISO, iso_stamp
from logsleuth.logs.wrappers.wrapper import Shape

if TYPE_CHECKING:
    from logsleuth.logs.wrappers.objects import Fields


def _labelled(labels: str) -> Shape:
    """A record with its labels in this field."""
    names = {
        "host": ("pod", "host", "hostname", "instance", "nodename", "node", "node_name", "container"),
        "container": ("container", "container_name"),
        "file": ("filename", "file", "path"),
        "level": ("level", "detected_level"),
    }
    host, container, file, level = (tuple(f"{labels}.{name}" for name in names[key]) for key in names)
    return Shape(
        "Loki", marks=("line", labels), message=("line",), time=("timestamp", "tsNs", "date"), host=host,
        container=container, file=file, level=level,
    )  # fmt: skip


JSONL = _labelled("labels")
GRAFANA = _labelled("fields")
SHAPES = (JSONL, GRAFANA, Shape("Loki", marks=("Line", "tsNs"), message=("Line",), time=("tsNs", "Time")))
LABELS = r'(?:[A-Za-z_]\w*="(?:[^"\\]|\\.)*"(?:, ?)?)*'
LINE = re.compile(rf"(?:{ISO} )?\{{(?P<labels>{LABELS})\}} {{0,400}}(?=\S)", re.ASCII)
"""`2026-03-03T14:02:11Z {host="web01"} …`; labels that all lines share are left out, so that there may be none;
spaces behind them make columns."""
LABEL = re.compile(r'([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"', re.ASCII)
DOWNLOAD = re.compile(rf"(?P<epoch>\d{{13,19}})\t{ISO}\t", re.ASCII)
"""Grafana's download as text: time twice, then the line."""


def peel_loki(line: str) -> Peeled | None:
    """A line of logcli's default output, or of Grafana's download as text."""
    if found := DOWNLOAD.match(line):
        stamp = iso_stamp(found)
        return None if stamp is None else Peeled(line[found.end() :], *stamp)
    found = LINE.match(line)
    if found is None:
        return None
    labels = {name: value.replace('\\"', '"') for name, value in LABEL.findall(found["labels"])}
    time = found[0].partition(" {")[0] if found["date"] else None
    fields: Fields = {"line": line[found.end() :], "labels": labels, "timestamp": time}
    return peel_record(JSONL, fields)
