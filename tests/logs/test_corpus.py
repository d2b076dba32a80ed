"""Line shapes of every httpd and its modules, one JSON object a line: the line, and what it says.

The lines are our own, in the words of httpd's and the modules' sources, documentation and bug reports. A field that
`expect` does not name is null. They go through `logsleuth parse`, as a user's would.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.report.surveys import record_data

CORPUS = Path(__file__).parent / "corpus"
FIELDS = (
    "kind", "time", "level", "module", "pid", "tid", "client", "client_port", "errno", "code", "message", "referer",
)  # fmt: skip


def rows(path: Path) -> list[tuple[str, dict[str, Any]]]:
    return [(row["line"], row["expect"]) for row in map(json.loads, path.read_text().splitlines())]


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.jsonl")), ids=lambda path: path.stem)
def test_every_field_of_every_line_is_right(path: Path) -> None:
    wrong = []
    for line, expect in rows(path):
        data = record_data(tokenize(line.encode()), "", 1)
        differs = {name: (data[name], expect.get(name)) for name in FIELDS if data[name] != expect.get(name)}
        if differs:
            wrong.append((line, differs))
    assert not wrong


def test_the_corpus_holds_four_hundred_shapes() -> None:
    lines = [line for path in CORPUS.glob("*.jsonl") for line, _ in rows(path)]
    assert len(set(lines)) == len(lines) >= 400
