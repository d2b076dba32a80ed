"""What people paste, as files: lines of every kind with what they say, and whole pastes with all that was read in them.

The texts are our own, in the words of httpd, systemd, PHP and the others. A field that `expect` does not name is null.
"""

from __future__ import annotations

import json
import os
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from logsleuth.logs.console.reader import read_line
from logsleuth.logs.format.reader import reader_of
from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.logs.open.block import read_lines
from logsleuth.logs.open.log import open_logs
from logsleuth.report.surveys import record_data, time_text

HERE = Path(__file__).parent
ROWS = [json.loads(row) for row in (HERE / "lines.jsonl").read_text().splitlines()]
PASTES = sorted((HERE / "pastes").glob("*.txt"))
TODAY = date(2020, 3, 4)
NOON = 1583323200
"""Noon of that day, in UTC: when the files were changed last."""
FIELDS = (
    "kind", "time", "level", "module", "pid", "tid", "client", "client_port", "errno", "code", "message", "referer",
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["line"][:40])
def test_every_field_of_every_line_is_right(row: dict[str, Any]) -> None:
    reading = read_line(row["line"], TODAY)
    assert (reading.what, reading.source) == (row["what"], row["source"])
    if reading.record is None:
        assert "expect" not in row
        return
    data = record_data(reading.record, "", 1) | {"host": reading.record.host, "offset": reading.record.offset}
    found = {name: data[name] for name in (*FIELDS, "host", "offset") if data[name] is not None}
    assert found == row["expect"]


def test_the_corpus_holds_a_hundred_lines_and_twenty_pastes() -> None:
    assert len({row["line"] for row in ROWS}) == len(ROWS) >= 100
    assert len(PASTES) >= 20


def said(path: Path) -> dict[str, Any]:
    """All that is read in a file, line by line, whoever said it."""
    os.utime(path, (NOON, NOON))
    logs, _ = open_logs([str(path)])
    lines = []
    for log in logs:
        read = reader_of(log.format, log.newest) or partial(tokenize, vhost=log.format.vhost)
        with log.open() as stream:
            for number, line in enumerate(read_lines(stream), 1):
                record = read(line.rstrip(b"\r")) if line.strip() else None
                if record is not None:
                    fields = {
                        "line": number, "source": log.format.source, "kind": record.kind, "host": record.host,
                        "time": time_text(record.time), "offset": record.offset, "level": record.level,
                        "module": record.module, "pid": record.pid, "client": record.client, "text": record.text,
                    }  # fmt: skip
                    lines.append({name: value for name, value in fields.items() if value is not None})
    form = logs[0].format
    return {
        "format": form.name, "rewrite": form.rewrite, "others": list(form.others),
        "lines": sorted(lines, key=lambda fields: fields["line"]),
    }  # fmt: skip


@pytest.mark.parametrize("paste", PASTES, ids=lambda path: path.stem)
def test_all_that_is_in_a_paste_is_read(paste: Path, tmp_path: Path) -> None:
    copy = tmp_path / paste.name
    copy.write_bytes(paste.read_bytes())
    assert said(copy) == json.loads(paste.with_suffix(".json").read_text())


@pytest.mark.parametrize("paste", PASTES, ids=lambda path: path.stem)
def test_carriage_returns_and_indentation_change_nothing_but_the_wrapping(paste: Path, tmp_path: Path) -> None:
    copy = tmp_path / paste.name
    copy.write_bytes(paste.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    assert said(copy) == json.loads(paste.with_suffix(".json").read_text())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
@pytest.mark.parametrize("paste", PASTES, ids=lambda path: path.stem)
def test_the_encoding_changes_nothing(paste: Path, encoding: str, tmp_path: Path) -> None:
    copy = tmp_path / paste.name
    text = paste.read_text(encoding="utf-8")
    copy.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    assert said(copy)["lines"] == json.loads(paste.with_suffix(".json").read_text())["lines"]
