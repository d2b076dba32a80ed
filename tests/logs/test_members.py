"""Access lines that are JSON objects: members known by what is in them, and by their names."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from logsleuth import analyze
from logsleuth.logs.others.access.members import members_named, members_of
from logsleuth.logs.others.access.reader import access_reader
from logsleuth.units import SECOND

NOON = 1_739_275_200
"""2025-02-11 12:00:00 UTC."""
Row = Callable[[int], dict[str, Any]]


def httpd(n: int) -> dict[str, Any]:
    """By httpd's own LogFormat, with short names."""
    return {
        "ts": "11/Feb/2025:12:00:00 +0000", "xff": f"203.0.113.{n}", "peer": "10.42.3.1", "req": "GET /a/b?x=1 HTTP/1.1",
        "st": 503, "b": 1773, "us": 51247, "ua": "Mozilla", "pod": "edge",
    }  # fmt: skip


def nginx(n: int) -> dict[str, Any]:
    """By nginx's log_format with escape=json: all are texts."""
    return {
        "time_local": "11/Feb/2025:12:00:00 +0000", "remote_addr": f"203.0.113.{n}", "request": "GET /a/b?x=1 HTTP/1.1",
        "status": "503", "request_time": "0.051247", "http_user_agent": "Mozilla", "host": "shop.example",
    }  # fmt: skip


def caddy(n: int) -> dict[str, Any]:
    """Nested, with seconds since 1970."""
    asked = {
        "client_ip": f"203.0.113.{n}", "method": "GET", "host": "shop.example", "uri": "/a/b?x=1",
        "headers": {"User-Agent": ["Mozilla"]},
    }  # fmt: skip
    return {"level": "info", "ts": NOON + 0.25, "request": asked, "duration": 0.051247, "size": 10900, "status": 503}


def traefik(n: int) -> dict[str, Any]:
    """Nanoseconds without a word on it."""
    return {
        "ClientHost": f"203.0.113.{n}", "DownstreamStatus": 503, "Duration": 51_247_000, "RequestMethod": "GET",
        "RequestPath": "/a/b?x=1", "StartUTC": "2025-02-11T12:00:00.404153575Z", "ua": "Mozilla",
    }  # fmt: skip


def short(n: int) -> dict[str, Any]:
    """Milliseconds, and a zone."""
    return {
        "time": "2025-02-11T13:00:00+01:00", "ip": f"203.0.113.{n}", "m": "GET", "u": "/a/b?x=1", "code": 503, "ms": 51.247,
        "agent": "Mozilla",
    }  # fmt: skip


@pytest.mark.parametrize("row", [httpd, nginx, caddy, traefik, short])
def test_whatever_the_members_are_called_the_request_is_the_same(row: Row) -> None:
    lines = [json.dumps(row(n)) for n in range(1, 6)]
    members = members_of(lines)
    assert members is not None
    assert members_named(members.name) == members
    record = access_reader((members.name,))(lines[0].encode())
    assert record is not None
    assert record.request is not None
    assert record.time is not None
    assert (record.kind, record.level) == ("foreign", "error")
    assert record.time - (record.offset or 0) * SECOND == NOON * SECOND
    assert record.took == 51247
    assert (record.request.client, record.request.path) == ("203.0.113.1", "/a")
    assert b'"GET /a/b?x=1' in (members.usual_line(lines[0]) or b"")
    assert b'"Mozilla"' in (members.usual_line(lines[0]) or b"")


@pytest.mark.parametrize(
    "row",
    [
        {"time": "2025-02-11T12:00:00Z", "level": "error", "msg": "GET /x failed"},
        {"time": "2025-02-11T12:00:00Z", "status": 200},
        {"request": "GET / HTTP/1.1", "status": 200},  # when?
        {"time": "2025-02-11T12:00:00Z", "path": "/a", "status": 200},  # how?
    ],
)
def test_other_objects_are_no_requests(row: dict[str, Any]) -> None:
    assert members_of([json.dumps(row)] * 9) is None


def test_a_number_of_which_nobody_knows_the_unit_is_no_duration() -> None:
    def took(number: int, name: str) -> str | None:
        found = members_of([json.dumps(httpd(1) | {"us": "-", name: number})] * 9)
        return None if found is None else found.took

    assert [took(40_000, "duration"), took(40, "duration"), took(900, "duration")] == ["duration", "duration", ""]
    assert took(900, "duration_ms") == "duration_ms"


@pytest.mark.parametrize(
    "line", ['{"st": 200', '{"st": 200}', "{}", "[]", '{"st": "2000", "req": "GET / HTTP/1.1"}', "{" * 500]
)
def test_a_line_that_is_another_is_left_alone(line: str) -> None:
    members = members_of([json.dumps(httpd(1))] * 9)
    assert members is not None
    assert members.usual_line(line) is None


def test_what_a_client_sent_cannot_end_its_quotes() -> None:
    members = members_of([json.dumps(httpd(1))] * 9)
    assert members is not None
    forged = json.dumps(httpd(1) | {"st": 200, "req": 'GET /" 503 0 "-" "-" 1\n HTTP/1.1', "xff": "203.0.113.1 - - [x"})
    record = access_reader((members.name,))(forged.encode())
    assert record is not None
    assert record.level == "info"
    assert record.request is not None
    assert record.request.client == "203.0.113.1"


def lines(row: Row) -> list[str]:
    """Half an hour of requests and five minutes in which all fail, with httpd's own lines between."""
    found = [
        "[Tue Feb 11 12:00:00.000000 2025] [mpm_event:notice] [pid 7:tid 1] AH00489: Apache/2.4.58 (Unix) configured"
    ]
    for second in range(0, 3600, 3):
        clock = f"{12 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        is_bad = 1800 <= second < 2100
        asked = row(second % 50) | {"ts": f"11/Feb/2025:{clock} +0000", "st": 503 if is_bad else 200}
        found.append(json.dumps(asked))
        if is_bad:
            found.append(
                f"[Tue Feb 11 {clock}.000000 2025] [proxy:error] [pid 7:tid 1] (111)Connection refused: AH00957: HTTP: "
                "attempt to connect to 10.0.0.5:8080 (10.0.0.5) failed"
            )
    return found


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("apart", [False, True])
def test_the_requests_are_counted_wherever_they_stand(tmp_path: Path, *, wrapped: bool, apart: bool) -> None:
    each = lines(httpd)
    if wrapped:
        each = [f"2025-02-11T12:00:00.123456789Z std{'out' if one[0] == '{' else 'err'} F {one}" for one in each]
    paths = [tmp_path / "error.log", tmp_path / "access.json"]
    if apart and not wrapped:
        paths[0].write_text("".join(f"{one}\n" for one in each if one[0] == "["))
        paths[1].write_text("".join(f"{one}\n" for one in each if one[0] == "{"))
    else:
        paths = paths[:1]
        paths[0].write_text("".join(f"{one}\n" for one in each))
    (incident,) = analyze([str(path) for path in paths], tz="UTC").incidents
    assert incident.requests is not None
    assert (incident.requests.failed, incident.requests.seen) == (100, 100)
