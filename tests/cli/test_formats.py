"""`logsleuth formats` tells what a log is, and what of it was not understood."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from logsleuth.cli.commands import cli
from logsleuth.logs.format.sniff import SAMPLE
from logsleuth.logs.open.log import open_logs

HTTPD = "[Fri Sep 04 14:30:04.123456 2009] [core:error] [pid 9:tid 9] [client 192.0.2.7:1] AH00126: Invalid URI\n"
OLD = "[Fri Sep 04 14:30:03 2009] [error] [client 192.0.2.7] File does not exist: /srv/x\n"


def told(*arguments: str) -> str:
    done = CliRunner().invoke(cli, ["formats", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def data(path: Path) -> dict[str, Any]:
    (one,) = json.loads(told(str(path), "--format", "json"))
    assert isinstance(one, dict)
    return one


def test_a_plain_log(tmp_path: Path) -> None:
    path = tmp_path / "error.log"
    path.write_text(HTTPD * 3 + "raw \x1b words\n")
    text = told(str(path))
    for words in (
        str(path), "httpd-2.4", "75.0%: 3 of 4 sampled lines", "wrapper      none", "compression  none",
        "2009-09-04T14:30:04.123456", "microseconds", "--tz", 'code="AH00126"', "raw \\x1b words", "it has no head",
    ):  # fmt: skip
        assert words in text
    assert "\x1b" not in text


def test_the_same_as_data(tmp_path: Path) -> None:
    path = tmp_path / "error.log.gz"
    path.write_bytes(gzip.compress((HTTPD + OLD).encode()))
    found = data(path)
    assert (found["compression"], found["share"], found["first"]) == ("gz", 1.0, "2009-09-04T14:30:03")
    assert [line["message"] for line in found["lines"]] == ["Invalid URI", "File does not exist: /srv/x"]


def test_a_wrapper_and_its_zone(tmp_path: Path) -> None:
    path = tmp_path / "web.log"
    path.write_text(f"2009-09-04T14:30:04.5+02:00 web1 httpd[9]: {HTTPD.split('] ', 1)[1]}" * 2)
    found = data(path)
    assert (found["wrapper"], found["zones"]) == ("syslog", ["+02:00"])


@pytest.mark.parametrize("content", [b"It was a dark night.\n", b"\x7fELF" + bytes(400), b"\x1f\x9d\x90..."])
def test_what_is_no_log_is_told_and_no_error(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "any"
    path.write_bytes(content)
    assert "not read" in told(str(path))


def test_a_format_that_changes_on_the_way_is_seen(tmp_path: Path) -> None:
    odd = HTTPD.replace(".123456", ".123")
    path = tmp_path / "error.log"
    path.write_text(HTTPD * 8000)
    assert not open_logs([str(path)])[0][0].format.line_by_line
    path.write_text(HTTPD * 4000 + odd * 4000)
    (log,) = open_logs([str(path)])[0]
    assert log.format.line_by_line
    found = data(path)
    assert found["sampled"] > SAMPLE // len(HTTPD) + 1
    assert found["share"] == 1.0


def test_neighbours_are_told(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_text('192.0.2.7 - - [03/Mar/2020:14:02:11 +0100] "GET / HTTP/1.1" 503 299\n' * 2)
    found = data(path)
    assert (found["format"], found["zones"], found["understood"]) == ("access", ["+01:00"], 2)


def test_of_a_paste_it_says_whose_lines_there_are_and_what_was_taken_off(tmp_path: Path) -> None:
    paste = tmp_path / "paste.txt"
    paste.write_text(
        "> Mar 03 14:02:11 web1 apachectl[77]: AH00526: Syntax error on line 3 of /etc/apache2/shop.conf:\n"
        "> Mar 03 14:02:11 web1 systemd[1]: apache2.service: Failed with result 'exit-code'.\n"
        "> 4711 shop: 77\n"
    )
    output = CliRunner().invoke(cli, ["formats", str(paste)]).output
    assert "whose lines  httpd 1, syslog 1" in output
    assert "taken off    quote (2 lines)" in output
    assert "taken off    syslog (2 lines): time, host, program, pid" in output
    assert "no fields    > 4711 shop: 77" in output


def test_a_shippers_records_what_was_taken_from_where(tmp_path: Path) -> None:
    rows = map(json.loads, (Path(__file__).parent.parent / "logs" / "shipped.jsonl").read_text().splitlines())
    texts = {row["name"]: row["text"] for row in rows}
    path = tmp_path / "export.json"
    path.write_text(texts["elasticsearch _search?pretty, newest first"])
    found = data(path)
    assert found["taken"] == {
        "message": "_source.message", "time": "_source.@timestamp", "host": "_source.host.name",
        "file": "_source.log.file.path",
    }  # fmt: skip
    assert (found["hosts"], found["zone"], found["share"]) == (["web01"], "UTC+01:00", 1.0)
    output = told(str(path))
    for text in (
        "wrapper      Filebeat in Elasticsearch (JSON)", "read as      JSON document (hits.hits[]) + newest first",
        "taken from   message: _source.message; time: _source.@timestamp; host: _source.host.name", "hosts        web01",
        "zone         UTC+01:00, as the times around the lines show",
    ):  # fmt: skip
        assert text in output
