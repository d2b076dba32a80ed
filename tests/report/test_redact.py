"""Addresses out, pseudonyms in: who is meant is hidden, and all else stays as it is."""

from pathlib import Path

import pytest

import logsleuth
from logsleuth.redaction.pseudonyms import Pseudonyms
from logsleuth.report.redact import redacted
from logsleuth.report.render import render

HEAD_24 = "[Tue Mar 03 14:02:11.120001 2020] [core:error] [pid 4711:tid 4711] "
HEAD_22 = "[Tue Mar 03 14:02:11 2009] [error] "


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("203.0.113.7", "host-1"),
        ("203.0.113.7:4711", "host-1:4711"),
        ("(203.0.113.7)", "(host-1)"),
        ("to 192.0.2.5:8080 (192.0.2.5) failed", "to host-1:8080 (host-1) failed"),
        ("203.0.113.7, 198.51.100.2, 203.0.113.7", "host-1, host-2, host-1"),
        ("http://203.0.113.7/x", "http://host-1/x"),
        ("/cache/203.0.113.7/x", "/cache/host-1/x"),
        ("cache_203.0.113.7_x", "cache_host-1_x"),
        ("from 203.0.113.7.", "from host-1."),
        ("10.0.0.0/8", "host-1/8"),
        ("addr=203.0.113.7", "addr=host-1"),
        ("a\\n203.0.113.7\\tb", "a\\nhost-1\\tb"),
    ],
)
def test_ipv4_is_replaced(text: str, redacted: str) -> None:
    assert Pseudonyms().text(text) == redacted


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("2001:db8::1", "host-1"),
        ("[2001:db8::1]:443", "[host-1]:443"),
        ("2001:db8:1:2:3:4:5:6", "host-1"),
        ("2001:db8:1:2:3:4:5:6:40112", "host-1:40112"),
        ("2001:db8::a:b:40112", "host-1:40112"),
        ("fe80::1%eth0", "host-1%eth0"),
        ("2001:DB8::1 2001:db8:0:0::1 2001:db8::1", "host-1 host-1 host-1"),
        ("::ffff:203.0.113.7 and 203.0.113.7", "host-1 and host-1"),
    ],
)
def test_ipv6_is_replaced(text: str, redacted: str) -> None:
    assert Pseudonyms().text(text) == redacted


@pytest.mark.parametrize("address", ["203.0.113.7", "2001:db8::1", "2001:db8:1:2:3:4:5:6", "2001:db8::a:b"])
@pytest.mark.parametrize("port", ["1", "80", "4711", "40112"])
def test_a_client_has_one_name_whatever_its_port(address: str, port: str) -> None:
    names = Pseudonyms()
    assert names.text(f"{HEAD_24}[client {address}:{port}] x") == f"{HEAD_24}[client host-1:{port}] x"
    assert names.text(f"{HEAD_24}[client {address}:50000] x") == f"{HEAD_24}[client host-1:50000] x"
    assert names.text(f"{HEAD_22}[client {address}] x from {address}") == f"{HEAD_22}[client host-1] x from host-1"


def test_a_client_of_24_without_a_port_is_replaced_too() -> None:
    for address in ("2001:db8::1", "fdaa::beef"):
        assert Pseudonyms().text(f"{HEAD_24}[client {address}] x") == f"{HEAD_24}[client host-1] x"


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("a@shop.example", "mail-1"),
        ("<first.last+tag@mail.shop.example>", "<mail-1>"),
        ("a@shop.example b@shop.example a@shop.example", "mail-1 mail-2 mail-1"),
        ("http://user@203.0.113.7:80", "http://user-1@host-1:80"),
    ],
)
def test_mail_addresses_are_replaced(text: str, redacted: str) -> None:
    assert Pseudonyms().text(text) == redacted


def test_hosts_and_mails_are_counted_apart() -> None:
    assert Pseudonyms().text("203.0.113.7 a@x.example 203.0.113.8 b@x.example") == "host-1 mail-1 host-2 mail-2"


def test_a_name_stays_for_as_long_as_the_names_are_kept() -> None:
    names = Pseudonyms()
    assert names.text("203.0.113.7 203.0.113.8") == "host-1 host-2"
    assert names.text("203.0.113.8 203.0.113.9 203.0.113.7") == "host-2 host-3 host-1"
    assert Pseudonyms().text("203.0.113.8") == "host-1"


@pytest.mark.parametrize("text", ["127.0.0.1", "127.0.0.53:53", "::1", "[::1]:80", "0.0.0.0:443", "::", "[::]:80"])
def test_loopback_and_any_address_say_nothing_of_anyone_and_stay(text: str) -> None:
    assert Pseudonyms().text(text) == text
    assert Pseudonyms().text(f"{HEAD_24}[client {text}] x") == f"{HEAD_24}[client {text}] x"


def test_a_client_on_this_machine_stays() -> None:
    for port in (80, 4711, 40112):
        text = f"{HEAD_24}[client ::1:{port}] x"
        assert Pseudonyms().text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Apache/2.4.62 (Debian) OpenSSL/3.0.14 PHP/8.2.7",
        "OpenSSL/1.1.1.1 mod_jk/1.2.49.0",
        "Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
        "libc6 2.36-9+deb12u8",
        "v1.2.3.4",
        "1.2.3.4.5",
        "1.3.6.1.4.1.311.20",
        "999.1.1.1",
        "12.5",
    ],
)
def test_versions_stay(text: str) -> None:
    assert Pseudonyms().text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "14:02:11", "14:02:11.120001", "2020-03-03 14:02:11", "2020-03-03T14:02:11Z", "1:02:03:04", "T+2:22:00",
        "Tue Mar 03 14:02:11.120001 2020",
    ],
)  # fmt: skip
def test_times_stay(text: str) -> None:
    assert Pseudonyms().text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "std::vector",
        "DB::connection()",
        "DB::Cache",
        "Foo::Bar::baz",
        "a::b",
        "pid 4711:tid 4711",
        "x@localhost",
        "@home",
    ],
)
def test_names_of_programs_stay(text: str) -> None:
    assert Pseudonyms().text(text) == text


@pytest.mark.parametrize("head", [HEAD_22, HEAD_24])
def test_the_head_of_a_line_stays(head: str) -> None:
    assert Pseudonyms().text(f"{head}[client 203.0.113.7] x") == f"{head}[client host-1] x"


PATTERN = """
id = 'shop.till.jammed'
title = 'The till is jammed'
role = 'cause'
category = 'backend-down'
severity = 'critical'
[[match]]
contains = 'the till is jammed'
regex = 'the till is jammed by (?P<who>\\S+)'
[explain]
summary = 'It was {who}.'
cause = 'Whatever {who} did.'
confirm = ['ping {who}']
fix = 'Ask {who}.'
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "till.toml").write_text(PATTERN)
    lines = [
        f"[Tue Mar 03 14:02:{second:02}.120001 2020] [shop:error] [pid 7:tid 7] [client 203.0.113.{number}:4711] {text}\n"
        for second in range(8)
        for number, text in ((7, "the till is jammed by 203.0.113.7"), (8, "nobody knows 203.0.113.9 or a@b.example"))
    ]
    (tmp_path / "error.log").write_text("".join(lines))
    return tmp_path / "error.log"


def test_a_report_is_redacted_wherever_text_stands(log: Path) -> None:
    report = logsleuth.analyze([log], tz="UTC", patterns=[log.parent])
    told = redacted(report)
    for style in ("text", "markdown", "json"):
        assert "203.0.113." in render(report, style, full=True, redact="none")
        shown = render(report, style, full=True, redact="default")
        assert "203.0.113." not in shown
        assert "a@b.example" not in shown
        assert shown == render(told, style, full=True, redact="none")
    (incident,) = told.incidents
    assert incident.summary[1].endswith("it was host-1.")
    assert incident.causes[0].explanation == "Whatever host-1 did."
    assert incident.actions.confirm == ("ping host-1",)
    assert "by host-1" in incident.evidence[0].text


def test_redaction_changes_text_only(log: Path) -> None:
    report = logsleuth.analyze([log], tz="UTC", patterns=[log.parent])
    told = redacted(report)
    assert (told.version, told.zone, told.patterns_digest) == (report.version, report.zone, report.patterns_digest)
    for before, after in zip(report.incidents, told.incidents, strict=True):
        assert (before.onset, before.end, before.severity, before.curve) == (
            after.onset,
            after.end,
            after.severity,
            after.curve,
        )
        assert [(e.id, e.line, e.offset) for e in before.evidence] == [(e.id, e.line, e.offset) for e in after.evidence]


def test_only_what_is_made_for_pasting_is_redacted_by_itself(log: Path) -> None:
    report = logsleuth.analyze([log], tz="UTC", patterns=[log.parent])
    assert "203.0.113." not in render(report, "markdown")
    assert "203.0.113." in render(report, "text")
    assert "203.0.113." in render(report, "json")


def test_the_shape_of_a_message_shows_no_more_than_its_line(tmp_path: Path) -> None:
    line = HEAD_24.replace("core", "till") + "TL007: could not reach pay01.zrh.bankprod.internal, till 17 is jammed\n"
    (tmp_path / "error.log").write_text(line * 3)
    report = redacted(logsleuth.analyze([tmp_path / "error.log"]))
    shown = render(report, "json") + render(report, "text", full=True)
    assert "bankprod" not in shown
    assert "is jammed" in shown


def test_a_configuration_names_no_site_that_the_sentences_do_not_name(tmp_path: Path) -> None:
    lines = [
        f"www.secret-shop.example:443 192.0.2.{n % 9} - - [03/Mar/2026:12:{n // 60:02}:{n % 60:02} +0000] "
        f'"GET /a HTTP/1.1" {500 if n > 600 else 200} 9 "-" "-"\n'
        + f'other.example:443 192.0.2.9 - - [03/Mar/2026:12:{n // 60:02}:{n % 60:02} +0000] "GET / HTTP/1.1" 200 9 "-" "-"\n'
        for n in range(1200)
    ]
    (tmp_path / "access.log").write_text("".join(lines))
    report = logsleuth.analyze([str(tmp_path / "access.log")])
    assert "host www.secret-shop.example port 443" in report.incidents[0].detection.probe
    shown = redacted(report).incidents[0].detection.probe
    assert "secret-shop" not in shown
    assert "/usr/local/bin/logsleuth check" in shown
