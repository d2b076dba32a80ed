"""What a file is, told from its first bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.logs.format.sniff import Format, sniff

HTTPD_24 = "[Fri Sep 04 14:30:04.123456 2009] [core:error] [pid 9:tid 9] [client 192.0.2.7:1] AH00126: Invalid URI\n"
HTTPD_22 = "[Fri Sep 04 14:30:04 2009] [error] [client 192.0.2.7] File does not exist: /srv/x\n"
VHOST = "[Fri Sep 04 14:30:04 2009] [core:error] [pid 9] [www.example.org:443] [client 192.0.2.7:1] Invalid URI\n"
COMPACT = "[2009-09-04 14:30:04.123456] [core:error] [pid 9] [client 192.0.2.7:1] Invalid URI\n"
RAW = "*** Error in `/usr/sbin/apache2': free(): invalid pointer ***\n"

KINDS: dict[str, tuple[str, str, str]] = {
    "2.4": (HTTPD_24 * 3, "httpd", "httpd-2.4"),
    "2.2": (HTTPD_22 * 3, "httpd", "httpd-2.2"),
    "2.2 among a few newer": (HTTPD_22 * 9 + HTTPD_24, "httpd", "httpd-2.2"),
    "compact times": (COMPACT * 3, "httpd", "httpd-custom"),
    "server names": (VHOST * 3, "httpd", "httpd-custom"),
    "levels without modules": (
        "[Fri Sep 04 14:30:04.123456 2009] [error] [pid 9] boom\n" * 3,
        "httpd",
        "httpd-custom",
    ),
    "mostly raw output of children": (RAW * 19 + HTTPD_24, "httpd", "httpd-2.4"),
    "CRLF": (HTTPD_24.replace("\n", "\r\n") * 3, "httpd", "httpd-2.4"),
    "one line without newline": (HTTPD_24.strip(), "httpd", "httpd-2.4"),
    "empty": ("", "httpd", "empty"),
    "blank": ("\n \r\n\t\n", "httpd", "empty"),
    "failed start": (
        "AH00526: Syntax error on line 3 of /etc/apache2/apache2.conf:\nInvalid command 'Foo'\n",
        "httpd",
        "console",
    ),
    "failed start, port taken": (
        "(98)Address already in use: AH00072: make_sock: could not bind to address [::]:80\n",
        "httpd",
        "console",
    ),
    "access log": (
        '192.0.2.7 - - [04/Sep/2009:14:30:04 +0200] "GET / HTTP/1.1" 200 512 "-" "curl"\n' * 3,
        "access",
        "access",
    ),
    "access log with user": (
        '192.0.2.7 - alice [04/Sep/2009:14:30:04 -0700] "POST /x HTTP/1.1" 500 12\n' * 3,
        "access",
        "access",
    ),
    "nginx": (
        "2009/09/04 14:30:04 [error] 31#31: *7 connect() failed (111: Connection refused) while connecting\n" * 3,
        "nginx",
        "nginx",
    ),
    "PHP-FPM": (
        "[04-Sep-2009 14:30:04] WARNING: [pool www] server reached pm.max_children setting (5)\n" * 3,
        "fpm",
        "fpm",
    ),
    "PHP-FPM with microseconds": ("[04-Sep-2009 14:30:04.123456] NOTICE: fpm is running, pid 7\n" * 3, "fpm", "fpm"),
    "kernel, in the system's log": (
        "Sep  4 14:30:04 web1 kernel: [12.3] apache2[9]: segfault at 0 ip 00007f sp 00007f error 4\n" * 3,
        "kernel",
        "kernel",
    ),
    "kernel, as dmesg -T prints it": (
        "[Fri Sep  4 14:30:04 2009] Out of memory: Killed process 9 (apache2) total-vm:1kB\n" * 3,
        "kernel",
        "kernel",
    ),
    "syslog": ("Sep  4 14:30:04 web1 sshd[9]: Accepted publickey for alice\n" * 3, "syslog", "syslog"),
    "syslog with ISO times": (
        "2009-09-04T14:30:04.123456+02:00 web1 systemd[1]: Started The Apache HTTP Server.\n" * 3,
        "syslog",
        "syslog",
    ),
    "binary": ("\x7fELF" + "\0\1\2" * 500, "binary", "binary"),
    "control characters": ("\x01\x02\x03\x04" * 500, "binary", "binary"),
    "prose": ("It was a dark and stormy night.\n" * 3, "other", "other"),
    "JSON": ('{"time": "2009-09-04T14:30:04Z", "level": "error"}\n' * 3, "dated", "dated"),
    "a head quoted in prose": (f"He said: {HTTPD_24}" * 3, "httpd", "console"),
}


@pytest.mark.parametrize(("sample", "kind", "name"), KINDS.values(), ids=KINDS)
def test_formats_are_told_apart(sample: str, kind: str, name: str) -> None:
    found = sniff(sample.encode("latin-1"), complete=True)
    assert (found.kind, found.name) == (kind, name)
    assert found.reason


@pytest.mark.parametrize(
    ("kind", "source"),
    [("httpd", "httpd"), ("nginx", "nginx"), ("fpm", "fpm"), ("kernel", "syslog"), ("syslog", "syslog"),
     ("access", "access"), ("changes", "changes"), ("binary", None), ("other", None)],
)  # fmt: skip
def test_a_format_tells_which_patterns_are_tried_on_it(kind: str, source: str | None) -> None:
    assert Format(kind, kind, "for the test").source == source  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sample", "vhost"),
    [
        (VHOST * 3, True),
        (VHOST * 2 + VHOST.replace("[www.example.org:443] ", ""), True),
        (VHOST + VHOST.replace("[www.example.org:443] ", "") * 2, False),
        (VHOST.replace("[client 192.0.2.7:1] ", "") * 3, False),
        (HTTPD_24 * 3, False),
    ],
    ids=["always", "mostly", "seldom", "a bracketed word without a client may be message", "never"],
)
def test_server_names_are_seen_where_a_client_stands_behind_most_of_them(sample: str, vhost: bool) -> None:
    assert sniff(sample.encode(), complete=True).vhost == vhost


def test_the_reason_tells_the_share_of_lines_that_have_a_head() -> None:
    found = sniff((HTTPD_24 * 3 + RAW + "\n").encode(), complete=True)
    assert found.reason == "3 of 4 sampled lines have a head, 3 of them httpd-2.4"


@pytest.mark.parametrize("complete", [True, False])
def test_what_a_container_prints_is_both_its_logs_however_few_errors_there_are(complete: bool) -> None:
    asked = '192.0.2.7 - - [04/Sep/2009:14:30:04 +0200] "GET / HTTP/1.1" 200 512 "-" "curl"\n'
    found = sniff((HTTPD_24 + asked * 500).encode(), complete=complete)
    assert (found.kind, found.others, found.pasted) == ("httpd", ("access",), True)


@pytest.mark.parametrize(("complete", "lines"), [(True, 2), (False, 1)])
def test_a_last_line_that_the_sample_cuts_off_is_not_counted(complete: bool, lines: int) -> None:
    found = sniff((HTTPD_24 + HTTPD_24[:50]).encode(), complete=complete)
    assert found.reason.startswith(f"{lines} of {lines} sampled lines")


@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_are_something(sample: bytes, complete: bool) -> None:
    assert sniff(sample, complete=complete).reason
