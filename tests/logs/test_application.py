"""Logs of applications are recognised by a time and a level, whatever the framework puts between."""

from __future__ import annotations

from datetime import date

import pytest

from logsleuth.logs.format.sniff import sniff
from logsleuth.logs.others.application import read

NOON = 1_772_539_331


@pytest.mark.parametrize(
    ("line", "level", "words", "offset"),
    [
        ("[2026-03-03 12:02:11] production.ERROR: Out of stock {\"id\":7}", "error", 'Out of stock {"id":7}', None),
        ("[2026-03-03T12:02:11.482912+01:00] app.CRITICAL: Out of stock [] []", "crit", "Out of stock [] []", 3600),
        ("2026-03-03 12:02:11,482 ERROR shop.views: Out of stock", "error", "shop.views: Out of stock", None),
        ("2026-03-03 12:02:11,482 - shop.views - WARNING - Out of stock", "warn", "Out of stock", None),
        ("[2026-03-03 12:02:11 +0000] [4711] [ERROR] Out of stock", "error", "Out of stock", 0),
        ("[2026-03-03 12:02:11,482] ERROR in app: Out of stock", "error", "in app: Out of stock", None),
        ("2026-03-03 12:02:11 [main] OK, ERROR shop.Cart - Out of stock", "error", "Out of stock", None),
        ("ERROR 2026-03-03 12:02:11,482 log 4711 1402 Out of stock", "error", "log 4711 1402 Out of stock", None),
        ("E, [2026-03-03T12:02:11.482912 #4711] ERROR -- : Out of stock", "error", "Out of stock", None),
        ("2026-03-03 12:02:11.482 ERROR 4711 --- [nio-8080-exec-3] c.e.shop.Cart : Out of stock", "error", "Out of stock", None),
        ("2026-03-03T12:02:11.482Z ERROR 4711 --- [shop] [nio-8080] c.e.shop.Cart : Out of stock", "error", "Out of stock", 0),
        ("2026-03-03 12:02:11,482 ERROR [http-8080-3] shop.Cart - Out of stock", "error", "Out of stock", None),
        ("2026-03-03 12:02:11,482 [http-8080-3] FATAL shop.Cart - Out of stock", "crit", "Out of stock", None),
        ("2026-03-03 12:02:11.482 +01:00 [ERR] Out of stock", "error", "Out of stock", 3600),
        ('{"level":50,"time":1772539331482,"pid":1,"msg":"Out of stock"}', "error", "Out of stock", 0),
        ('{"level":"error","message":"Out of stock","timestamp":"2026-03-03T12:02:11.482Z"}', "error", "Out of stock", 0),
        ('{"@t":"2026-03-03T12:02:11.482Z","@l":"Error","@m":"Out of stock"}', "error", "Out of stock", 0),
        (
            '{"level":50,"time":1772539331482,"msg":"failed","err":{"type":"StockError","message":"Out of stock","stack":"x"}}',
            "error",
            "failed: StockError: Out of stock",
            0,
        ),
        (
            '{"levelname":"ERROR","asctime":"2026-03-03 12:02:11,482","message":"failed",'
            '"exc_info":"Traceback (most recent call last):\\n  File \\"a.py\\"\\nStockError: Out of stock"}',
            "error",
            "failed: StockError: Out of stock",
            None,
        ),
    ],
)  # fmt: skip
def test_a_line_has_its_time_level_and_words(line: str, level: str, words: str, offset: int | None) -> None:
    record = read(line.encode())
    assert record is not None
    assert record.time is not None
    assert (record.time // 1_000_000 - NOON, record.level, record.message, record.offset) == (0, level, words, offset)
    form = sniff(line.encode() + b"\n", complete=True, newest=date(2026, 3, 4))
    assert (form.kind, form.source) == ("application", "httpd")


@pytest.mark.parametrize(
    "line",
    ["#0 /app/vendor/predis/Client.php(335): x()", "\tat com.example.Cart.add(Cart.java:7)", "[stacktrace]", '"} ', "", "    raise StockError"],
)  # fmt: skip
def test_the_frames_of_a_stack_trace_are_passed_over(line: str) -> None:
    assert read(line.encode()) is None


def test_what_a_trace_ends_with_is_kept() -> None:
    record = read(b"psycopg2.OperationalError: connection refused")
    assert record is not None
    assert (record.kind, record.time) == ("bare", None)


@pytest.mark.parametrize(
    "line",
    [
        "[Tue Mar 03 14:02:11.120001 2026] [core:error] [pid 1:tid 1] AH00126: Invalid URI in request ERROR",
        '192.0.2.7 - - [03/Mar/2026:14:02:11 +0100] "GET /ERROR HTTP/1.1" 200 12',
        "2026-03-03 12:02:11 0 [ERROR] InnoDB: Out of space",
        "2026-03-03 12:02:11 the ferry leaves",
        '{"name":"shop","version":"1.0"}',
    ],
)
def test_other_logs_are_what_they_were(line: str) -> None:
    assert sniff(line.encode() + b"\n", complete=True, newest=date(2026, 3, 4)).kind != "application"


@pytest.mark.parametrize(
    ("line", "level", "words"),
    [
        ("2026-03-03 12:02:11 OK shop.example:443 HTTP/1.1 200 OK", "info", "shop.example:443 HTTP/1.1 200 OK"),
        ("[2026-03-03 12:02:11] UNKNOWN - no answer", "warn", "no answer"),
    ],
)
def test_a_check_of_a_monitor_that_went_well_has_its_time(line: str, level: str, words: str) -> None:
    record = read(line.encode())
    assert record is not None
    assert record.time == NOON * 1_000_000
    assert (record.level, record.message) == (level, words)
