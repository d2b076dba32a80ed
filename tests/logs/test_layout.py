"""ErrorLogFormats as administrators write them, and lines that httpd 2.4.71 wrote by them or would have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from logsleuth.cli.parse import command
from logsleuth.errors import LogsleuthError
from logsleuth.logs.httpd.layout.layout import layout
from logsleuth.logs.httpd.layout.reader import joined, layout_reader

if TYPE_CHECKING:
    from pathlib import Path

    from logsleuth.logs.httpd.record import Record

DEFAULT = r'"[%{u}t] [%-m:%l] [pid %P:tid %T] %7F: %E: [client\ %a] %M% ,\ referer\ %{Referer}i"'
LIKE_22 = r'"[%t] [%l] %7F: %E: [client\ %a] %M% ,\ referer\ %{Referer}i"'
BY_REQUEST = (
    '"[%{uc}t] [%-m:%-l] [R:%L] [C:%{C}L] %7F: %E: %M"',
    'request "[%{uc}t] [R:%L] Request %k on C:%{c}L pid:%P tid:%T"',
    "request \"[%{uc}t] [R:%L] UA:'%+{User-Agent}i'\"",
    r'connection "[%{uc}t] [C:%{c}L] local\ %A remote\ %a"',
)
JSON = r'''"{\"time\":\"%{cuz}t\",\"level\":\"%-l\",\"module\":\"%-m\",\"client\":\"%-a\",\"msg\":\"%M\"}"'''

LINES: dict[str, tuple[tuple[str, ...], str, dict[str, Any]]] = {
    "the default, all there": (
        (DEFAULT,),
        "[Fri Sep 04 14:30:04.123456 2009] [ssl:debug] [pid 7:tid 140262760249088] ssl_engine_io.c(12): "
        "(70014)End of file found: [client 192.0.2.7:4711] AH02007: gone, referer https://example.org/",
        {
            "module": "ssl", "level": "debug", "pid": 7, "tid": 140262760249088, "errno": "(70014)End of file found",
            "client": "192.0.2.7", "client_port": 4711, "code": "AH02007", "message": "gone",
            "referer": "https://example.org/", "extra": {"source": "ssl_engine_io.c:12"}, "precision": 6,
        },
    ),
    "the default without what may lack": (
        (DEFAULT,),
        "[Fri Sep 04 14:30:04.123456 2009] [-:notice] [pid 7:tid caught SIGTERM, shutting down",
        {"level": "notice", "pid": 7, "message": "caught SIGTERM, shutting down"},
    ),
    "what looks like a source file in an error is none: %7F is for debug": (
        (DEFAULT,),
        "[Fri Sep 04 14:30:04.123456 2009] [x:error] [pid 7:tid 8] x.c(1): b",
        {"module": "x", "message": "x.c(1): b", "extra": {}},
    ),
    "2.2": (
        (LIKE_22,),
        "[Fri Sep 04 14:30:04 2009] [error] [client 2001:db8::1:4711] File does not exist: /x",
        {"client": "2001:db8::1", "client_port": 4711, "message": "File does not exist: /x", "precision": 0},
    ),
    "a request's own line": (
        BY_REQUEST,
        "[2009-09-04 14:30:04.123456] [R:ABCDEFGHIJK] Request 0 on C:abcdefghijk pid:7 tid:8",
        {"pid": 7, "tid": 8, "extra": {"request": "ABCDEFGHIJK", "connection": "abcdefghijk", "keepalives": "0",
                                      "line": "request"}},
    ),
    "a connection's own line": (
        BY_REQUEST,
        "[2009-09-04 14:30:04.123456] [C:abcdefghijk] local 192.0.2.1:80 remote 192.0.2.7:4711",
        {"client": "192.0.2.7", "extra": {"connection": "abcdefghijk", "local": "192.0.2.1:80", "line": "connection"}},
    ),
    "JSON, whose quotes httpd does not escape": (
        (JSON,),
        '{"time":"2009-09-04 14:30:04.123456 +0200","level":"error","module":"core","client":"-","msg":"a "b" c"}',
        {"level": "error", "module": "core", "client": None, "message": 'a "b" c', "offset": 7200},
    ),
    "a clock of twelve hours": (
        ('"%{%d/%b/%Y:%I:%M:%S %p %z}t %l %M"',),
        "04/Sep/2009:02:30:04 PM -0330 warn boom",
        {"level": "warn", "message": "boom", "offset": -12600},
    ),
    "a time in two pieces": (('"%{%F}t|%{%T}t %M"',), "2009-09-04|14:30:04 boom", {"message": "boom"}),
    "a conversion that strftime does not know, as glibc prints it": (
        ('"%{%F %T %_Q%!}t %M"',), "2009-09-04 14:30:04 %_Q%! boom", {"message": "boom"},
    ),
    "a conversion that strftime does not know, as BSD prints it": (
        ('"%{%F %T %_Q%!}t %M"',), "2009-09-04 14:30:04 Q! boom", {"message": "boom"},
    ),
    "hundreds of conversions that could share their digits in many ways": (
        ('"[%t] %{' + 300 * "%s%Z%A%?" + '}t %M"', '"[%t] %M"'),
        "[Fri Sep 04 14:30:04 2009] " + 2000 * "1", {"message": 2000 * "1"},
    ),
    "a field with a name of its own": (
        ('"[%t] %v %V %{X-Id}i %{user}n %{HOME}e| %M"',),
        "[Fri Sep 04 14:30:04 2009] a.example b.example id is 7 joe /root| boom",
        {"extra": {"vhost": "a.example", "server": "b.example", "header.X-Id": "id", "note.user": "is",
                   "env.HOME": "7 joe /root"}, "message": "boom"},
    ),
    "a line from before the configuration was read": (
        (LIKE_22,),
        "AH00558: httpd: Could not reliably determine",
        {"kind": "bare", "time": None, "code": "AH00558", "message": "httpd: Could not reliably determine"},
    ),
    "a line from before the format was changed": (
        ('"%{cu}t %l %M"',),
        "[Fri Sep 04 14:30:04.123456 2009] [core:error] [pid 7] boom",
        {"module": "core", "pid": 7, "message": "boom"},
    ),
    "a format that fits anything gives way to the default one": (
        ('"%M"',),
        "[Fri Sep 04 14:30:04.123456 2009] [core:error] [pid 7] boom",
        {"module": "core", "pid": 7, "message": "boom"},
    ),
    "a carriage return": (('"[%t] %M"',), "[Fri Sep 04 14:30:04 2009] boom\r", {"message": "boom"}),
}  # fmt: skip


def fields(record: Record, names: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if (value := getattr(record, name)) and name == "errno" else value for name in names}


@pytest.mark.parametrize(("formats", "line", "expected"), LINES.values(), ids=LINES)
def test_lines_are_read_by_the_formats_that_are_named(
    formats: tuple[str, ...], line: str, expected: dict[str, Any]
) -> None:
    record = layout_reader(formats)(line.encode())
    assert record is not None
    assert fields(record, expected) == expected
    if "time" not in expected:
        assert record.time is not None
        assert record.time // 1_000_000 == 1252074604


def test_a_line_for_which_a_format_would_take_minutes_is_not_in_it() -> None:
    read = layout_reader(('"' + 60 * "%{x}e " + '%M"',))
    record = read(4000 * b"x ")
    assert record is None or record.kind != "record"


REFUSED = {
    "": "is empty",
    "[%t]": "has no %M",
    "%t %Q %M": "no item %Q (column 4",
    "%M %{u": "does not end (column 4",
    "%M %i": "%i needs a name (column 4",
    "%16M": "16 is not a level (column 1",
    "%+a %M": "a '+' is for connection and request formats (column 1",
    "request %M": "%M has no place in request formats (column 1",
    "connection %7a": "a level is not a condition in connection formats (column 1",
    '"%M': "no closing one",
    '"%M" "%a"': "is followed by",
}


def test_a_line_in_the_default_format_is_read_as_such_where_a_format_of_its_own_fits_any_line() -> None:
    record = layout_reader(["%v %M"])(b"[Fri Sep 04 14:30:04.123456 2009] [core:error] [pid 7:tid 8] boom")
    assert record is not None
    assert (record.level, record.pid, record.message) == ("error", 7, "boom")


@pytest.mark.parametrize(("text", "why"), REFUSED.items())
def test_what_httpd_would_refuse_is_told_with_its_place(text: str, why: str) -> None:
    with pytest.raises(LogsleuthError) as raised:
        layout(text)
    assert why in raised.value.message
    assert raised.value.hint


@pytest.mark.parametrize(
    ("argument", "text", "role"),
    [
        ('ErrorLogFormat "[%t] %M"', "[%t] %M", "main"),
        ("[%t] %M", "[%t] %M", "main"),
        ("'%M'", "%M", "main"),
        (r'"%M \"x\" \\ y\ z"', r'%M "x" \ y\ z', "main"),
        ('errorlogformat Request "%L"', "%L", "request"),
        ("connection %a", "%a", "connection"),
    ],
)
def test_the_directive_is_taken_as_it_stands_in_the_configuration(argument: str, text: str, role: str) -> None:
    compiled = layout(argument)
    assert (compiled.text, compiled.role) == (text, role)


def test_what_a_connection_said_of_itself_is_added_to_its_messages() -> None:
    read = joined(layout_reader(BY_REQUEST))
    for line in (
        b"[2009-09-04 14:30:04.123456] [C:abcdefghijk] local 192.0.2.1:80 remote 192.0.2.7:4711",
        b"[2009-09-04 14:30:04.123456] [R:ABCDEFGHIJK] UA:'curl/8'",
        b"[2009-09-04 14:30:04.123456] [R:ABCDEFGHIJK] Request 0 on C:abcdefghijk pid:7 tid:8",
    ):
        assert read(line) is not None
    record = read(b"[2009-09-04 14:30:05.123456] [core:error] [R:ABCDEFGHIJK] AH00126: Invalid URI")
    assert record is not None
    assert (record.client, record.pid, record.message) == ("192.0.2.7", 7, "Invalid URI")
    assert record.extra["header.User-Agent"] == "curl/8"
    other = read(b"[2009-09-04 14:30:05.123456] [core:error] [R:KJIHGFEDCBA] AH00126: Invalid URI")
    assert other is not None
    assert (other.client, other.pid) == (None, None)


def test_the_command_line_takes_several_formats(tmp_path: Path) -> None:
    log = tmp_path / "error.log"
    log.write_text("2009-09-04 14:30:04 <core> boom\n[Fri Sep 04 14:30:04 2009] [error] old\n")
    result = CliRunner().invoke(command, [str(log), "--log-format", '"%{c}t <%-m> %M"'])
    records = [json.loads(line) for line in result.output.splitlines()]
    assert [(r["module"], r["level"], r["message"]) for r in records] == [
        ("core", None, "boom"),
        (None, "error", "old"),
    ]
