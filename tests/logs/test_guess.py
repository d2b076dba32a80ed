"""Formats of their own that nobody names: they are told from the lines, and read as if they had been named."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timedelta
from hashlib import sha1
from itertools import count
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.logs.format.sniff import sniff
from logsleuth.logs.httpd.layout.guess import _fields, guess_format
from logsleuth.logs.httpd.layout.layout import compiled
from logsleuth.logs.httpd.layout.reader import layout_reader
from logsleuth.logs.httpd.layout.values import values_of
from tests.logs.writer import Event, write

FORMATS = (
    r"%{cu}t|%P|%T|%-m|%l|%-E|%-a|%M",
    r"%{cu}t [%l] [%-m] [%P:%T] [%v] %E: %a %M",
    r"[%{cu}t] %v [%-m:%l] [pid %P] %E: [client\ %a] %M% ,\ referer\ %{Referer}i",
    r"[%{cu}t] [%-m:%l] [pid %P:tid %T] %E: [client\ %a] %M",
    r"[%{u}t] [%l] [pid %P] %F: %E: [client\ %a] %M% ,\ referer:\ %{Referer}i",
    r"%{%Y-%m-%dT%H:%M:%S%z}t %v %l %-m pid=%P tid=%T %E: client=%a %M",
    r"time=%{cu}t level=%l module=%-m pid=%P client=%-a %E: %M",
    r'{"time":"%{cu}t","level":"%l","module":"%-m","pid":"%P","client":"%-a","error":"%-E","message":"%M"}',
    r'{"sev":"%l","src":"%-m","peer":"%-a","proc":%P,"thr":"%-T","os":"%-E","text":"%M","when":"%{cu}t"}',
    r'{"when":"%{cu}t",\ "vhost":"%-v",\ "level":"%l",\ "module":"%-m",\ "msg":"%M",\ "from":"%-a",\ "pid":"%P"}',
    r"%t %l %m %P %M",
    r"%{c}t;%l;%-m;%P;%-a;%-E;%M",
    r"[%t] [%-m:%l] [pid %P] [%V] %E: [client\ %a] %M",
    r"%{%d/%b/%Y:%H:%M:%S %z}t [%-m:%l] %P %-L %a %E: %M",
    r"apache: %{cu}t %-m.%l[%P]: %E: (%a) %M",
)  # fmt: skip
FIRST = datetime(2026, 3, 3, 14, 2, 11, 120001)


def events() -> list[Event]:
    """What an Apache says in a minute: of itself, of requests, and what a PHP script prints."""
    told = [
        Event("AH00489: Apache/2.4.58 (Unix) configured -- resuming normal operations", level=5, module="mpm_event"),
        Event("AH00094: Command line: 'httpd -D FOREGROUND'", level=5),
    ]
    for number in range(12):
        asked = [
            Event(f"AH00128: File does not exist: /srv/www/{number}", level=6),
            Event("AH01114: HTTP: failed to make connection to backend: 127.0.0.1", module="proxy_http"),
            Event("PHP Warning:  Undefined variable $x in /srv/www/x.php on line 3", level=4, module="php"),
        ]
        for event in asked:
            event.client, event.pid, event.server = (
                f"192.0.2.{number}:4{number:04d}",
                4720 + number % 4,
                "www.example.org",
            )
            event.headers = {"Referer": "https://www.example.org/a"} if number % 3 == 0 else {}
        failed = "AH00957: http: attempt to connect to 127.0.0.1:9001 (127.0.0.1:9001) failed"
        told += [*asked, Event(failed, errno="(111)Connection refused", module="proxy", pid=4720)]
    for number, event in enumerate(told):
        event.time = FIRST + timedelta(seconds=number)
        event.source = "core.c(12)"
        event.request_id = f"aWn3tKx8Q2mR5vB7yZ1c{number:02d}"
    return told


@pytest.mark.parametrize("form", FORMATS)
def test_it_is_read_as_if_it_had_been_named(form: str) -> None:
    written = events()
    lines = [write(form, event) for event in written]
    guess = guess_format(lines)
    assert guess is not None
    assert guess.fit == len(lines)
    read, known = layout_reader(guess.texts), compiled(form)
    for line in lines:
        record, wanted = read(line.encode()), known.read(line)
        assert record is not None
        assert wanted is not None
        for name in ("time", "level", "module", "pid", "client", "client_port", "code", "errno"):
            assert getattr(record, name) == getattr(wanted, name), (guess.texts, line, name)
        assert record.message.startswith(wanted.message.split(", referer")[0])


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_is_taken_for_an_error_log(form: str) -> None:
    text = "\n".join(write(form, event) for event in events()) + "\n"
    found = sniff(text.encode(), complete=True)
    assert found.kind == "httpd"


@pytest.mark.parametrize(
    "ids", ["@s0MT-RN3f49j014BR-bxsAAAA{}", "kjmVIExANnhDwaPTUV-kIAAA{}", "QeHSYTzOGNck5f-VPDLnSrA{}"]
)
def test_ids_of_mod_unique_id_are_known_by_their_looks(ids: str) -> None:
    form = "%{cuz}t [%-m:%l] [pid %P] [%-a] [%-L] %E: %M"
    written = events()
    for number, event in enumerate(written):
        event.request_id = ids.format("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[number])
    guess = guess_format([write(form, event) for event in written])
    assert guess is not None
    assert guess.fit == len(written)


@pytest.mark.parametrize("begun", ["[%{cu}t] [%v] [%-m:%l] [pid %P]", "%{cu}t %v %l %-m pid=%P", "[%{u}t] [%-m:%l]"])
@pytest.mark.parametrize("ids", ["%L", "%{c}L/%L"])
def test_short_ids_of_cores_are_known_by_their_looks(begun: str, ids: str) -> None:
    form = rf"{begun} [{ids}] %F: [client\ %a] %M"
    made = (b64encode(sha1(bytes([number])).digest()[:8]).decode().rstrip("=") for number in count())
    written = [event for event in events() if event.client is not None]
    lines = [write(form.replace("%{c}L", next(made)).replace("%L", next(made)), event) for event in written]
    found = sniff("\n".join(lines).encode(), complete=True)
    assert found.name == "httpd-custom"
    assert all(f"[{ids}]" in layout for layout in found.layouts)
    read = layout_reader(found.layouts)
    records = [read(line.encode()) for line in lines]
    codes = [record.code for record in records if record is not None and record.code is not None]
    assert codes == [event.message[:7] for event in written if event.message.startswith("AH")]


@pytest.mark.parametrize("ids", ["{0:016x}", "{0:032x}", "{1}"])
def test_ids_that_a_proxy_made_are_known_by_their_looks(ids: str) -> None:
    form = r"%{cu}t [%-m:%l] [pid %P] [rid ID] [client\ %a] %E: %M"
    written = [event for event in events() if event.client is not None]
    lines = []
    for number, event in enumerate(written):
        made = UUID(bytes=sha1(bytes([number])).digest()[:16])
        lines.append(write(form.replace("ID", ids.format(made.int >> (64 if "016" in ids else 0), made)), event))
    guess = guess_format(lines)
    assert guess is not None
    assert guess.fit == len(written)
    assert all(r"[rid\ %L]" in text for text in guess.texts)


@pytest.mark.parametrize("form", ["%{cu}t [%-m:%l] P%P T%T %E: %a %M", "%{cu}t [%-m:%l] pid%P/tid%T %E: %a %M"])
def test_a_process_is_known_by_the_letters_before_it(form: str) -> None:
    written = [event for event in events() if event.client is not None]
    guess = guess_format([write(form, event) for event in written])
    assert guess is not None
    assert guess.fit == len(written)
    assert all("%P" in text and "%T" in text for text in guess.texts)


def test_an_id_of_decimal_digits_alone_is_no_process() -> None:
    assert _fields("[pid 4711] [rid 1234567890123456] ") == ["[pid\\ %P]", "[rid\\ %L]"]


@pytest.mark.parametrize("text", ["9" * 12_000, "a9B" * 4_000, "aB" * 6_000])
def test_what_is_longer_than_an_id_is_one_number_or_word(text: str) -> None:
    assert [value for kind, value in values_of(text) if kind != "sign"] == [text]


def test_a_place_for_errors_is_kept_though_none_has_been_seen() -> None:
    form = r"%{cu}t [%-m:%l] [%P] %E: [client\ %a] %M"
    written = [event for event in events() if event.errno is None]
    guess = guess_format([write(form, event) for event in written])
    assert guess is not None
    late = Event("AH00035: access to /a denied", errno="(13)Permission denied", client="192.0.2.1:40001")
    record = layout_reader(guess.texts)(write(form, late).encode())
    assert record is not None
    assert record.errno is not None
    assert (record.errno.number, record.client, record.code) == (13, "192.0.2.1", "AH00035")


@pytest.mark.parametrize(
    "line",
    [
        "2026-03-03 14:02:11,120 ERROR shop.cart: no such basket",
        "2026-03-03 14:02:11 [error] 12#12: AH is no code",
        "AH00094: Command line: 'httpd'",
        "[Tue Mar 03 14:02:11 2026] AH00094: Command line: 'httpd'",
        "what a pity: AH00094: Command line",
        "2026-03-03 14:02:11 core error AH0094: too short",
    ],
)
def test_what_is_no_error_log_of_httpds_is_not_taken_for_one(line: str) -> None:
    assert guess_format([line] * 20) is None


PIECES = st.sampled_from([
    "2026-03-03 14:02:11.120001", "[Tue Mar 03 14:02:11 2026]", "core", "error", ":", "|", " ", "[", "]", "-", "%", "\\", '"',
    "192.0.2.1:40001", "(13)Permission denied", "4711", "AH00094: ", "AH00163: ", "client ", "{", "}", "www.example.org",
])  # fmt: skip


@given(st.lists(st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=12).map("".join), max_size=12))
def test_whatever_the_lines_are_a_guess_reads_them_or_there_is_none(lines: list[str]) -> None:
    guess = guess_format(lines)
    if guess is not None:
        read = layout_reader(guess.texts)
        records = [read(line.encode("utf-8", "replace")) for line in lines if line.strip()]
        assert sum(record is not None and record.kind == "record" for record in records) >= guess.fit / 2


def test_members_of_json_without_a_value_are_left_out_and_the_message_has_one_key() -> None:
    head = '{{"time":"2023-11-08 05:00:{:02}.100988 +0000","lvl":"{}","mod":"{}","pid":{}'
    start = head.format(1, "notice", "core", 1) + ""","msg":"AH00094: Command line: 'apache2 -D FOREGROUND'"}"""
    failed = [
        head.format(second, "error", "php", 20 + second) + ',"client":"192.0.2.7:40112","msg":"PHP Fatal error:  x"}'
        for second in range(2, 12)
    ]
    bare = "AH00558: apache2: Could not reliably determine the server's fully qualified domain name"
    guess = guess_format([bare, start, *failed])
    assert guess is not None
    assert guess.fit == 11
    assert [text.count('"client":"%-a"') for text in guess.texts] == [1, 0]
