"""One line, its fields: the shapes that httpd and its modules write, and those made to deceive."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from logsleuth.logs.httpd.record import Errno, Record
from logsleuth.logs.httpd.tokenize import tokenize

H22 = "[Fri Sep 04 14:30:04 2009] "
H24 = "[Fri Sep 04 14:30:04.123456 2009] "
WSGI = H24 + "[wsgi:error] [pid 4711:tid 140262760249088] "
CORE = H24 + "[core:error] [pid 4711:tid 4711] "


def micros(text: str) -> int:
    """Local microseconds since 1970 of an ISO time."""
    since = datetime.fromisoformat(text).replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return round(since.total_seconds() * 1_000_000)


SECOND = micros("2009-09-04 14:30:04")

IN_22: dict[str, Any] = {"time": SECOND}
IN_24: dict[str, Any] = {"time": SECOND + 123456, "precision": 6}
IN_WSGI: dict[str, Any] = IN_24 | {"module": "wsgi", "level": "error", "pid": 4711, "tid": 140262760249088}
IN_CORE: dict[str, Any] = IN_24 | {"module": "core", "level": "error", "pid": 4711, "tid": 4711}

Row = tuple[str, dict[str, Any], str]
"""A line, its fields but the message, and its message."""


def told(line: str, *, vhost: bool = False) -> Record:
    return tokenize(line.encode("utf-8", "surrogateescape"), vhost=vhost)


HEADS: dict[str, Row] = {
    "2.2": (H22 + "[error] boom", IN_22 | {"level": "error"}, "boom"),
    "2.2 notice": (
        H22 + "[notice] caught SIGTERM, shutting down",
        IN_22 | {"level": "notice"},
        "caught SIGTERM, shutting down",
    ),
    "2.2 debug names its source": (
        H22 + "[debug] mod_rewrite.c(1643): foo",
        IN_22 | {"level": "debug", "extra": {"source": "mod_rewrite.c:1643"}},
        "foo",
    ),
    "1.3 with a day that is padded by a space": (
        "[Fri Sep  4 14:30:04 2009] [error] boom",
        IN_22 | {"level": "error"},
        "boom",
    ),
    "2.4 with threads": (WSGI + "boom", IN_WSGI, "boom"),
    "2.4 prefork without tid": (
        H24 + "[mpm_prefork:notice] [pid 9] boom",
        IN_24 | {"module": "mpm_prefork", "level": "notice", "pid": 9},
        "boom",
    ),
    "2.4.60 prefork with the kernel's tid": (
        H24 + "[core:error] [pid 9:tid 9] boom",
        IN_24 | {"module": "core", "level": "error", "pid": 9, "tid": 9},
        "boom",
    ),
    "macOS tids are as wide as pointers": (
        H24 + "[core:error] [pid 9:tid 18446744073709551] boom",
        IN_24 | {"module": "core", "level": "error", "pid": 9, "tid": 18446744073709551},
        "boom",
    ),
    "module that does not name itself": (
        H24 + "[:error] [pid 9] boom",
        IN_24 | {"level": "error", "pid": 9},
        "boom",
    ),
    "module printed as a dash": (
        H24 + "[-:emerg] [pid 9] boom",
        IN_24 | {"level": "emerg", "pid": 9},
        "boom",
    ),
    "level warn": (H24 + "[ssl:warn] [pid 9] boom", IN_24 | {"module": "ssl", "level": "warn", "pid": 9}, "boom"),
    "level trace8 with source": (
        H24 + "[ssl:trace8] [pid 9] ssl_engine_io.c(2202): [client 192.0.2.7:40112] bytes",
        IN_24
        | {
            "module": "ssl", "level": "trace8", "pid": 9, "client": "192.0.2.7", "client_port": 40112,
            "extra": {"source": "ssl_engine_io.c:2202"},
        },
        "bytes",
    ),
    "level trace1 with source in a folder": (
        H24 + "[http2:trace1] [pid 9:tid 12] h2/h2_session.c(88): quiet",
        IN_24
        | {"module": "http2", "level": "trace1", "pid": 9, "tid": 12, "extra": {"source": "h2/h2_session.c:88"}},
        "quiet",
    ),
    "debug from C++": (
        H24 + "[pagespeed:debug] [pid 9] log_message_handler.cc(61): quiet",
        IN_24 | {"module": "pagespeed", "level": "debug", "pid": 9, "extra": {"source": "log_message_handler.cc:61"}},
        "quiet",
    ),
    "debug with source, errno, client and code": (
        H24 + "[proxy:debug] [pid 9] proxy_util.c(2209): (70007)The timeout specified has expired: "
        "[client 192.0.2.7:1] AH00943: late",
        IN_24
        | {
            "module": "proxy", "level": "debug", "pid": 9, "client": "192.0.2.7", "client_port": 1,
            "errno": Errno(70007, "The timeout specified has expired"), "code": "AH00943",
            "extra": {"source": "proxy_util.c:2209"},
        },
        "late",
    ),
    "empty %T swallows the bracket": (
        H24 + "[core:error] [pid 123:tid message",
        IN_24 | {"module": "core", "level": "error", "pid": 123},
        "message",
    ),
    "empty %T before a number": (
        H24 + "[core:error] [pid 123:tid 404 of them",
        IN_24 | {"module": "core", "level": "error", "pid": 123},
        "404 of them",
    ),
    "empty %T before a client": (
        H24 + "[core:error] [pid 123:tid [client 192.0.2.7:1] boom",
        IN_24 | {"module": "core", "level": "error", "pid": 123, "client": "192.0.2.7", "client_port": 1},
        "boom",
    ),
    "compact time": (
        "[2009-09-04 14:30:04] [core:error] [pid 9] boom",
        IN_22 | {"module": "core", "level": "error", "pid": 9},
        "boom",
    ),
    "compact time with microseconds": (
        "[2009-09-04 14:30:04.123456] [core:error] [pid 9] boom",
        IN_24 | {"module": "core", "level": "error", "pid": 9},
        "boom",
    ),
    "compact time with zone": (
        "[2009-09-04 14:30:04.123456 +0200] [core:error] [pid 9] boom",
        IN_24 | {"module": "core", "level": "error", "pid": 9},
        "boom",
    ),
    "ctime with zone": (
        "[Fri Sep 04 14:30:04.123456 2009 -0500] [core:error] [pid 9] boom",
        IN_24 | {"module": "core", "level": "error", "pid": 9},
        "boom",
    ),
    "ISO time with a T and milliseconds": (
        "[2009-09-04T14:30:04.5] [core:error] [pid 9] boom",
        {"time": SECOND + 500_000, "precision": 1, "module": "core", "level": "error", "pid": 9},
        "boom",
    ),
    "leap second": (
        "[Fri Sep 04 14:30:60 2009] [error] boom",
        {"time": SECOND + 56_000_000, "level": "error"},
        "boom",
    ),
    "last moment of a year": (
        "[Thu Dec 31 23:59:59.999999 2009] [core:error] [pid 9] boom",
        {"time": micros("2009-12-31 23:59:59.999999"), "precision": 6, "module": "core", "level": "error", "pid": 9},
        "boom",
    ),
    "leap day": (
        "[Wed Feb 29 00:00:00.000000 2012] [core:error] [pid 9] boom",
        {"time": micros("2012-02-29"), "precision": 6, "module": "core", "level": "error", "pid": 9},
        "boom",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("line", "fields", "message"), HEADS.values(), ids=HEADS)
def test_heads_of_every_era_are_understood(line: str, fields: dict[str, Any], message: str) -> None:
    assert told(line) == Record("record", message, **fields)


CLIENTS: dict[str, Row] = {
    "2.2 prints no port": (
        H22 + "[error] [client 192.0.2.7] boom",
        IN_22 | {"level": "error", "client": "192.0.2.7"},
        "boom",
    ),
    "2.2 IPv6": (
        H22 + "[error] [client 2001:db8::1:8080] boom",
        IN_22 | {"level": "error", "client": "2001:db8::1:8080"},
        "boom",
    ),
    "2.4 IPv4 with port": (
        CORE + "[client 192.0.2.7:40112] boom",
        IN_CORE | {"client": "192.0.2.7", "client_port": 40112},
        "boom",
    ),
    "2.4 IPv6 with port": (
        CORE + "[client 2001:db8::1:40112] boom",
        IN_CORE | {"client": "2001:db8::1", "client_port": 40112},
        "boom",
    ),
    "2.4 IPv6 of zeros with port": (
        CORE + "[client :::80] boom",
        IN_CORE | {"client": "::", "client_port": 80},
        "boom",
    ),
    "2.4 IPv4 in IPv6 with port": (
        CORE + "[client ::ffff:192.0.2.7:40112] boom",
        IN_CORE | {"client": "::ffff:192.0.2.7", "client_port": 40112},
        "boom",
    ),
    "IPv6 without port": (CORE + "[client 2001:db8::1] boom", IN_CORE | {"client": "2001:db8::1"}, "boom"),
    "IPv6 loopback without port": (CORE + "[client ::1] boom", IN_CORE | {"client": "::1"}, "boom"),
    "mod_remoteip prints port 0": (
        CORE + "[client 198.51.100.9:0] boom",
        IN_CORE | {"client": "198.51.100.9", "client_port": 0},
        "boom",
    ),
    "remote is the client of a mod_wsgi daemon": (
        WSGI + "[remote 192.0.2.7:40112] boom",
        IN_WSGI | {"client": "192.0.2.7", "client_port": 40112},
        "boom",
    ),
    "a host name": (
        CORE + "[client www.example.org:40112] boom",
        IN_CORE | {"client": "www.example.org", "client_port": 40112},
        "boom",
    ),
    "no client known": (CORE + "[client ] boom", IN_CORE, "boom"),
}

ERRNOS: dict[str, Row] = {
    "2.4: errno before client": (
        CORE + "(13)Permission denied: [client 192.0.2.7:1] AH00132: file permissions deny server access: /srv/x",
        IN_CORE
        | {"errno": Errno(13, "Permission denied"), "client": "192.0.2.7", "client_port": 1, "code": "AH00132"},
        "file permissions deny server access: /srv/x",
    ),
    "2.2: errno after client": (
        H22 + "[error] [client 192.0.2.7] (13)Permission denied: file permissions deny server access: /srv/x",
        IN_22 | {"level": "error", "errno": Errno(13, "Permission denied"), "client": "192.0.2.7"},
        "file permissions deny server access: /srv/x",
    ),
    "2.2 debug: source, client, errno": (
        H22 + "[debug] mod_proxy.c(12): [client 192.0.2.7] (104)Connection reset by peer: gone",
        IN_22
        | {
            "level": "debug", "errno": Errno(104, "Connection reset by peer"), "client": "192.0.2.7",
            "extra": {"source": "mod_proxy.c:12"},
        },
        "gone",
    ),
    "errno without client": (
        CORE + "(11)Resource temporarily unavailable: AH00159: fork: Unable to fork new process",
        IN_CORE | {"errno": Errno(11, "Resource temporarily unavailable"), "code": "AH00159"},
        "fork: Unable to fork new process",
    ),
    "resolver's": (
        CORE + "(EAI 2)Name or service not known: AH00547: Could not resolve host name x",
        IN_CORE | {"errno": Errno(2, "Name or service not known", "EAI"), "code": "AH00547"},
        "Could not resolve host name x",
    ),
    "operating system's": (
        CORE + "(OS 64)The specified network name is no longer available.  : AH00341: winnt_accept: failed",
        IN_CORE
        | {"errno": Errno(64, "The specified network name is no longer available.  ", "OS"), "code": "AH00341"},
        "winnt_accept: failed",
    ),
    "operating system's in hex": (
        CORE + "(os 0x80090308)Unrecognized resolver error: boom",
        IN_CORE | {"errno": Errno(0x80090308, "Unrecognized resolver error", "os")},
        "boom",
    ),
    "APR's timeout": (
        CORE + "(70007)The timeout specified has expired: [client 192.0.2.7:1] AH01102: error reading status line",
        IN_CORE
        | {
            "errno": Errno(70007, "The timeout specified has expired"), "client": "192.0.2.7", "client_port": 1,
            "code": "AH01102",
        },
        "error reading status line",
    ),
    "APR's end of file": (
        CORE + "(70014)End of file found: [client 192.0.2.7:1] AH01110: error reading response",
        IN_CORE
        | {"errno": Errno(70014, "End of file found"), "client": "192.0.2.7", "client_port": 1, "code": "AH01110"},
        "error reading response",
    ),
    "with parentheses in its words": (
        CORE + "(20014)Internal error (specific information not available): [client 192.0.2.7:1] boom",
        IN_CORE
        | {
            "errno": Errno(20014, "Internal error (specific information not available)"), "client": "192.0.2.7",
            "client_port": 1,
        },
        "boom",
    ),
    "negative": (CORE + "(-3)Unknown error -3: boom", IN_CORE | {"errno": Errno(-3, "Unknown error -3")}, "boom"),
    "with zeros before the number": (CORE + "(013)odd: boom", IN_CORE | {"errno": Errno(13, "odd")}, "boom"),
    "without words": (CORE + "(120001): boom", IN_CORE | {"errno": Errno(120001, "")}, "boom"),
    "a number in parentheses without colon is no errno": (CORE + "(13) things", IN_CORE, "(13) things"),
    "PHP's own form stays in the message": (
        CORE + "[client 192.0.2.7:1] PHP Notice:  errno=28 No space left on device",
        IN_CORE | {"client": "192.0.2.7", "client_port": 1},
        "PHP Notice:  errno=28 No space left on device",
    ),
}  # fmt: skip

CODES: dict[str, Row] = {
    "five digits": (
        CORE + "AH00052: child pid 5 exit signal",
        IN_CORE | {"code": "AH00052"},
        "child pid 5 exit signal",
    ),
    "six digits by mistake": (CORE + "AH010117: OCSP", IN_CORE | {"code": "AH010117"}, "OCSP"),
    "mod_wsgi 6": (WSGI + "WSGI0109: Unable to", IN_WSGI | {"code": "WSGI0109"}, "Unable to"),
    "seven digits are none": (CORE + "AH0000052: boom", IN_CORE, "AH0000052: boom"),
    "four digits are none": (CORE + "AH0052: boom", IN_CORE, "AH0052: boom"),
    "only at the begin": (CORE + "see AH00052: boom", IN_CORE, "see AH00052: boom"),
    "only one": (CORE + "AH00052: AH00051: boom", IN_CORE | {"code": "AH00052"}, "AH00051: boom"),
    "needs its space": (CORE + "AH00052:boom", IN_CORE, "AH00052:boom"),
    "with nothing behind": (CORE + "AH00052: ", IN_CORE | {"code": "AH00052"}, ""),
    "stderr of a script, old layout": (
        CORE + "[client 192.0.2.7:1] AH01215: Can't locate Foo.pm: /srv/cgi/a.pl",
        IN_CORE | {"client": "192.0.2.7", "client_port": 1, "code": "AH01215"},
        "Can't locate Foo.pm: /srv/cgi/a.pl",
    ),
}

MESSAGES: dict[str, Row] = {
    "empty": (CORE, IN_CORE, ""),
    "empty behind a client": (
        WSGI + "[remote 192.0.2.7:1] ",
        IN_WSGI | {"client": "192.0.2.7", "client_port": 1},
        "",
    ),
    "empty, with the last space stripped": (CORE.rstrip(), IN_CORE, ""),
    "empty in 2.2": (H22 + "[error] ", IN_22 | {"level": "error"}, ""),
    "indented": (
        WSGI + '[remote 192.0.2.7:1]   File "/srv/app.py", line 3, in f',
        IN_WSGI | {"client": "192.0.2.7", "client_port": 1},
        '  File "/srv/app.py", line 3, in f',
    ),
    "escaped": (CORE + r"a\tb\nc\\d \xc3\xa9", IN_CORE, r"a\tb\nc\\d \xc3\xa9"),
    "in UTF-8": (CORE + "é", IN_CORE, "é"),
    "not in UTF-8": (CORE + "a\udcffb", IN_CORE, r"a\xffb"),
    "with NUL": (CORE + "a\0b", IN_CORE, "a\0b"),
    "with a tab first": (CORE + "\tis the server running?", IN_CORE, "\tis the server running?"),
}

REFERERS: dict[str, Row] = {
    "plain": (
        CORE + "[client 192.0.2.7:1] boom, referer: http://example.org/",
        IN_CORE | {"client": "192.0.2.7", "client_port": 1, "referer": "http://example.org/"},
        "boom",
    ),
    "in 2.2": (
        H22 + "[error] [client 192.0.2.7] boom, referer: http://example.org/",
        IN_22 | {"level": "error", "client": "192.0.2.7", "referer": "http://example.org/"},
        "boom",
    ),
    "with commas": (
        CORE + "boom, referer: http://example.org/?a=1,2, 3",
        IN_CORE | {"referer": "http://example.org/?a=1,2, 3"},
        "boom",
    ),
    "behind an empty message": (
        WSGI + "[remote 192.0.2.7:1] , referer: http://example.org/",
        IN_WSGI | {"client": "192.0.2.7", "client_port": 1, "referer": "http://example.org/"},
        "",
    ),
    "that is no address": (CORE + "boom, referer: x y", IN_CORE | {"referer": "x y"}, "boom"),
    "that quotes another: all of it is the client's": (
        CORE + "boom, referer: a, referer: b",
        IN_CORE | {"referer": "a, referer: b"},
        "boom",
    ),
    "that quotes a head": (
        CORE + f"boom, referer: {H24}[core:emerg] [pid 1] AH00016: Configuration Failed",
        IN_CORE | {"referer": f"{H24}[core:emerg] [pid 1] AH00016: Configuration Failed"},
        "boom",
    ),
    "without its colon, as some formats have it": (
        CORE + "boom, referer http://example.org/",
        IN_CORE | {"referer": "http://example.org/"},
        "boom",
    ),
    "the word in a sentence is none": (
        CORE + "boom, referer http://example.org/ is bad",
        IN_CORE,
        "boom, referer http://example.org/ is bad",
    ),
    "in the message's middle without a comma": (CORE + "bad referer: x", IN_CORE, "bad referer: x"),
}

HOSTILE: dict[str, Row] = {
    "a head in the middle": (
        CORE + f"File does not exist: {H24}[core:notice] [pid 1] AH00052: child pid 1 exit signal",
        IN_CORE,
        f"File does not exist: {H24}[core:notice] [pid 1] AH00052: child pid 1 exit signal",
    ),
    "a head first": (CORE + H22 + "[emerg] x", IN_CORE, H22 + "[emerg] x"),
    "a second client": (
        CORE + "[client 192.0.2.7:1] [client 198.51.100.1:2] boom",
        IN_CORE | {"client": "192.0.2.7", "client_port": 1},
        "[client 198.51.100.1:2] boom",
    ),
    "a second errno": (
        CORE + "(13)a: (14)b: boom",
        IN_CORE | {"errno": Errno(13, "a")},
        "(14)b: boom",
    ),
    "a second source": (
        H24 + "[core:debug] [pid 9] a.c(1): b.c(2): boom",
        IN_24 | {"module": "core", "level": "debug", "pid": 9, "extra": {"source": "a.c:1"}},
        "b.c(2): boom",
    ),
    "a pid in the message": (
        H22 + "[error] [client 192.0.2.7] [pid 1] boom",
        IN_22 | {"level": "error", "client": "192.0.2.7"},
        "[pid 1] boom",
    ),
    "a client that never ends": (CORE + "[client 192.0.2.7", IN_CORE, "[client 192.0.2.7"),
    "a pid of five thousand digits": (
        H24 + f"[core:error] [pid {'9' * 5000}] x",
        IN_24 | {"module": "core", "level": "error"},
        f"[pid {'9' * 5000}] x",
    ),
    "an errno of five thousand digits": (CORE + f"({'9' * 5000})a: x", IN_CORE, f"({'9' * 5000})a: x"),
    "digits of another script": (
        H24 + "[core:error] [pid ٣] x",
        IN_24 | {"module": "core", "level": "error"},
        "[pid ٣] x",
    ),
    "a port beyond all ports": (
        CORE + "[client 192.0.2.7:123456] x",
        IN_CORE | {"client": "192.0.2.7:123456"},
        "x",
    ),
}

SHAPES = {
    f"{group}: {name}": row
    for group, rows in (
        ("client", CLIENTS), ("errno", ERRNOS), ("code", CODES), ("message", MESSAGES), ("referer", REFERERS),
        ("hostile", HOSTILE),
    )
    for name, row in rows.items()
}  # fmt: skip


@pytest.mark.parametrize(("line", "fields", "message"), SHAPES.values(), ids=SHAPES)
def test_what_follows_the_head_is_taken_apart(line: str, fields: dict[str, Any], message: str) -> None:
    assert told(line) == Record("record", message, **fields)


def test_a_hyphen_stands_before_the_level_where_a_start_has_no_server_name() -> None:
    line = "[2020-03-03 14:02:11.061163] [{}] [mpm_event:notice] [pid 7:tid 9] AH00493: SIGUSR1 received."
    named, nameless = told(line.format("www.example.org")), told(line.format("-"))
    assert (nameless.kind, nameless.code, nameless.pid, nameless.extra) == ("record", "AH00493", 7, {})
    assert named == replace(nameless, extra={"vhost": "www.example.org"})


@pytest.mark.parametrize(
    ("name", "line", "vhost", "client", "message"),
    [
        (
            "name and port",
            "[www.example.org:443] [client 192.0.2.7:1] boom",
            "www.example.org:443",
            "192.0.2.7",
            "boom",
        ),
        ("name alone", "[example] boom", "example", None, "boom"),
        ("no name", "[client 192.0.2.7:1] boom", None, "192.0.2.7", "boom"),
    ],
)
def test_a_server_name_after_the_pid_is_no_message(
    name: str, line: str, vhost: str | None, client: str | None, message: str
) -> None:
    record = told(CORE + line, vhost=True)
    assert (record.extra.get("vhost"), record.client, record.message) == (vhost, client, message), name


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("[example] boom", "[example] boom"),
        ("[www.example.org:443] [client 192.0.2.7:1] boom", "boom"),
        ("[two words] [client 192.0.2.7:1] boom", "[two words] [client 192.0.2.7:1] boom"),
    ],
)
def test_in_other_formats_only_a_client_behind_it_makes_a_server_name(rest: str, message: str) -> None:
    assert told(CORE + rest).message == message


HEADLESS: dict[str, tuple[str, dict[str, Any], str]] = {
    "startup code": (
        "AH00558: httpd: Could not reliably determine the server's fully qualified domain name",
        {"code": "AH00558"},
        "httpd: Could not reliably determine the server's fully qualified domain name",
    ),
    "startup errno and code": (
        "(98)Address already in use: AH00072: make_sock: could not bind to address [::]:80",
        {"errno": Errno(98, "Address already in use"), "code": "AH00072"},
        "make_sock: could not bind to address [::]:80",
    ),
    "startup without code": (
        "no listening sockets available, shutting down",
        {},
        "no listening sockets available, shutting down",
    ),
    "2.2 startup": (
        "(98)Address already in use: make_sock: could not bind to address [::]:80",
        {"errno": Errno(98, "Address already in use")},
        "make_sock: could not bind to address [::]:80",
    ),
    "glibc": (
        "*** Error in `/usr/sbin/apache2': free(): invalid pointer: 0x00007f ***",
        {},
        "*** Error in `/usr/sbin/apache2': free(): invalid pointer: 0x00007f ***",
    ),
    "malloc": ("malloc(): corrupted top size", {}, "malloc(): corrupted top size"),
    "Python": ("Fatal Python error: Segmentation fault", {}, "Fatal Python error: Segmentation fault"),
    "PHP": ("PHP Fatal error:  Uncaught Error in /x.php:3", {}, "PHP Fatal error:  Uncaught Error in /x.php:3"),
    "empty": ("", {}, ""),
    "tail of a line": ("] [pid 9] boom", {}, "] [pid 9] boom"),
    "bracket alone": ("[", {}, "["),
    "level without time": ("[error] boom", {}, "[error] boom"),
}


@pytest.mark.parametrize(("line", "fields", "message"), HEADLESS.values(), ids=HEADLESS)
def test_a_line_without_a_head_is_bare(line: str, fields: dict[str, Any], message: str) -> None:
    assert told(line) == Record("bare", message, **fields)


@pytest.mark.parametrize(
    "line",
    [
        H24,
        H24 + "[core:error",
        H24 + "[core:fatal] boom",
        H24 + "[core:ERROR] [pid 9] boom",
        H24[:30],
        "[Fri Sep 04 14:30",
        "[Fri Sep 04 24:30:04 2009] [error] no such hour",
        "[Fri Sep 04 14:60:04 2009] [error] no such minute",
        "[Fri Sep 04 14:30:61 2009] [error] no such second",
        "[Wed Feb 29 14:30:04 2009] [error] no such day",
        "[Fri Sex 04 14:30:04 2009] [error] no such month",
        "[Fri Sep 04 14:30:04 0000] [error] no such year",
        "[Fri Sep ٠٤ 14:30:04 2009] [error] digits of another script",
        "[2009-13-04 14:30:04] [core:error] no such month",
        "[2009-09-04 14",
    ],
)
def test_a_damaged_head_is_told_and_its_line_kept_whole(line: str) -> None:
    assert told(line) == Record("unparsed", line)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (CORE + "(13)Permission denied: [client ::1:1] AH00132: x, referer: y", "(13)Permission denied: AH00132: x"),
        (H22 + "[error] [client 192.0.2.7] (13)Permission denied: no", "(13)Permission denied: no"),
        (CORE + "(EAI 2)Name or service not known: AH00547: x", "(EAI 2)Name or service not known: AH00547: x"),
        (CORE + "(os 0x00000308)odd: x", "(os 0x00000308)odd: x"),
        (H24 + "[core:debug] [pid 9] core.c(7): [client 192.0.2.7:1] AH02815: mem", "AH02815: mem"),
        ("AH00558: httpd: Could not", "AH00558: httpd: Could not"),
    ],
)  # fmt: skip
def test_patterns_see_errno_code_and_message_in_the_order_of_either_era(line: str, text: str) -> None:
    assert told(line).text == text
