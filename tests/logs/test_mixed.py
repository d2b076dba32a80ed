"""`logsleuth parse` writes one object for each line of input, each read by its own format."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner

from logsleuth.cli.parse import command

if TYPE_CHECKING:
    from pathlib import Path

LINES = (
    "[Fri Sep 04 14:30:04.123456 2009] [core:error] [pid 9:tid 9] [client 192.0.2.7:1] AH00126: Invalid URI",
    "[Fri Sep 04 14:30:04 2009] [error] [client 192.0.2.7] File does not exist: /x",
    "AH00558: apache2: Could not reliably determine the server's fully qualified domain name",
    '{"log":"[Fri Sep 04 14:30:04 2009] [error] wrapped\\n","stream":"stderr","time":"2009-09-04T12:30:04.5Z"}',
    "<187>1 2009-09-04T14:30:04Z web1 httpd 17 - - [core:error] [pid 17:tid 17] AH00126: from syslog",
    "2009/09/04 14:30:04 [error] 31#31: *7 connect() failed (111: Connection refused)",
    '192.0.2.7 - - [04/Sep/2009:14:30:04 +0200] "GET / HTTP/1.1" 200 512 "-" "curl"',
    "2009-09-04 14:30:04,123 ERROR what an application prints",
    "",
    "Fatal Python error: Segmentation fault",
)
KINDS = ["record", "record", "bare", "record", "record", "foreign", "foreign", "bare", "bare", "bare"]


def parsed(path: Path) -> list[dict[str, object]]:
    done = CliRunner().invoke(command, [str(path)])
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_line_of_a_mixed_file_is_read_by_its_own_format(tmp_path: Path) -> None:
    path = tmp_path / "any.log"
    path.write_text("\n".join(LINES) + "\n", encoding="utf-8")
    found = parsed(path)
    assert [record["line"] for record in found] == list(range(1, len(LINES) + 1))
    assert [record["kind"] for record in found] == KINDS
    assert [record["message"] for record in found[3:5]] == ["wrapped", "from syslog"]
    assert found[4]["time"] == "2009-09-04T14:30:04"
    assert found[4]["pid"] == 17


def test_a_file_without_any_known_line_is_parsed_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "any.log"
    path.write_text("the quick brown fox\n" * 3, encoding="utf-8")
    assert [record["kind"] for record in parsed(path)] == ["bare"] * 3


def test_a_log_of_a_neighbour_alone_is_parsed(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_text(LINES[6] + "\n", encoding="utf-8")
    (record,) = parsed(path)
    assert (record["client"], record["message"]) == ("192.0.2.7", '"GET / HTTP/1.1" 200')


def test_copies_are_parsed_too(tmp_path: Path) -> None:
    for name in ("a.log", "b.log"):
        (tmp_path / name).write_text(LINES[0] + "\n", encoding="utf-8")
    done = CliRunner().invoke(command, [str(tmp_path / "a.log"), str(tmp_path / "b.log")])
    assert len(done.stdout.splitlines()) == 2
