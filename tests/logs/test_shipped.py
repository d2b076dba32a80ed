"""Logs as shippers, stores and consoles hand them on, one a row: its text, what it is taken for, what it says.

Samples whose name says that a program made them were made by that program; the others follow the programs'
documentation. A field that `expect` does not name is null; `extra` is checked as far as it is named.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from logsleuth.logs.format.reader import reader_of
from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.logs.open.block import read_lines
from logsleuth.logs.open.log import look_at
from logsleuth.report.surveys import record_data

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "shipped.jsonl").read_text(encoding="utf-8").splitlines()
]
FIELDS = ("kind", "time", "level", "module", "pid", "tid", "client", "client_port", "code", "message", "host")
CHANGED = datetime(2026, 3, 4, tzinfo=UTC).timestamp()


def told(path: Path) -> tuple[str, list[tuple[dict[str, Any], int | None]]]:
    """What a log is taken for, and what each of its lines says, with the zone that it names."""
    (log,) = look_at([str(path)])
    read = reader_of(log.format, log.newest) or tokenize
    with log.open() as stream:
        records = [record for line in read_lines(stream) if (record := read(line)) is not None]
    return log.format.name, [(record_data(record, "", 0), record.offset) for record in records]


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_each_line_says_what_its_writer_said(row: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "export"
    path.write_text(row["text"], encoding="utf-8")
    os.utime(path, (CHANGED, CHANGED))
    name, lines = told(path)
    assert name == row["format"]
    assert len(lines) == len(row["expect"])
    for (data, offset), expect in zip(lines, row["expect"], strict=True):
        fields = {field: data[field] for field in FIELDS}
        wanted = {field: expect.get(field) for field in FIELDS}
        if expect["kind"] == "bare":
            fields["time"] = wanted["time"] = None
        assert fields == wanted
        assert offset == expect.get("offset")
        assert expect.get("extra", {}).items() <= data["extra"].items()


def test_the_corpus_holds_a_hundred_inputs() -> None:
    assert len({row["name"] for row in ROWS}) == len({row["text"] for row in ROWS}) == len(ROWS) >= 90
