"""Other programs' logs: what they are recognised by, and what each line's fields are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.logs.format.reader import reader_of
from logsleuth.logs.format.sniff import sniff
from logsleuth.logs.httpd.tokenize import EPOCH
from logsleuth.logs.others.access.layout import access_layout
from logsleuth.logs.others.access.reader import access_reader

if TYPE_CHECKING:
    from logsleuth.logs.format.sniff import Format
    from logsleuth.logs.httpd.record import Record

NEWEST = date(2020, 12, 31)
SECOND = "2020-03-03T14:02:11"
SEGFAULT = "apache2[4711]: segfault at 0 ip 00007f sp 00007f error 4 in libphp.so[7f+1000]"

LINES: dict[str, tuple[str, str, str | None, dict[str, object]]] = {
    "common": (
        '192.0.2.7 - - [03/Mar/2020:14:02:11 +0100] "GET / HTTP/1.1" 503 299',
        "access", '"GET / HTTP/1.1" 503', {"level": "error", "client": "192.0.2.7", "offset": 3600},
    ),
    "combined": (
        '192.0.2.7 - alice [03/Mar/2020:14:02:11 -0730] "GET /a?b=\\"c\\" HTTP/1.1" 502 299 "http://x/" "curl/7"',
        "access", '"GET /a?b=\\"c\\" HTTP/1.1" 502', {"offset": -27000},
    ),
    "vhost_combined": (
        'www.example.org:443 2001:db8::7 - - [03/Mar/2020:14:02:11 +0000] "GET / HTTP/2.0" 500 0 "-" "-"',
        "access", '"GET / HTTP/2.0" 500', {"client": "2001:db8::7", "extra": {"vhost": "www.example.org"}},
    ),
    "a user with a space": (
        '2001:db8::7 - a b [03/Mar/2020:14:02:11 +0000] "-" 500 -',
        "access", '"-" 500', {"client": "2001:db8::7"},
    ),
    "served": ('192.0.2.7 - - [03/Mar/2020:14:02:11 +0000] "GET / HTTP/1.1" 200 1', "access", "", {"level": "info"}),
    "refused": ('192.0.2.7 - - [03/Mar/2020:14:02:11 +0000] "GET / HTTP/1.1" 404 1', "access", '"GET / HTTP/1.1" 404', {"level": "warn"}),
    "nginx": (
        "2020/03/03 14:02:11 [crit] 31#32: *7 SSL_do_handshake() failed",
        "nginx", "SSL_do_handshake() failed", {"level": "crit", "pid": 31},
    ),
    "FPM": (
        "[03-Mar-2020 14:02:11] WARNING: [pool www] child 9 exited on signal 11 (SIGSEGV) after 2.1 seconds from start",
        "fpm", "[pool www] child 9 exited on signal 11 (SIGSEGV) after 2.1 seconds from start", {"level": "warning"},
    ),
    "FPM's slow log": (
        "[03-Mar-2020 14:02:11]  [pool www] pid 4711", "fpm", "[pool www] pid 4711", {"pid": 4711},
    ),
    "mod_jk": (
        "[Tue Mar 03 14:02:11.123 2020] [4711:140262760249088] [error] ajp_service::jk_ajp_common.c (2799): down",
        "jk", "ajp_service::jk_ajp_common.c (2799): down", {"level": "error", "pid": 4711},
    ),
    "mod_jk without a fraction": (
        "[Tue Mar 03 14:02:11 2020] [4711:3086] [info] init_jk::mod_jk.c (3383): mod_jk initialized",
        "jk", "init_jk::mod_jk.c (3383): mod_jk initialized", {"level": "info"},
    ),
    "suexec": (
        "[2020-03-03 14:02:11]: uid: (1001/alice) gid: (1001/alice) cmd: x.cgi",
        "suexec", "uid: (1001/alice) gid: (1001/alice) cmd: x.cgi", {},
    ),
    "dpkg": (
        "2020-03-03 14:02:11 upgrade libapache2-mod-php:all 2:7.3+69 2:7.3+70",
        "packages", "upgrade libapache2-mod-php:all 2:7.3+69 2:7.3+70", {},
    ),
    "apt": ("Start-Date: 2020-03-03  14:02:11", "packages", "Start-Date: 2020-03-03  14:02:11", {}),
    "dnf": (
        "2020-03-03T14:02:11Z SUBDEBUG Upgrade: httpd-2.4.37-21.el8.x86_64",
        "packages", "Upgrade: httpd-2.4.37-21.el8.x86_64", {"offset": 0},
    ),
    "dnf with a zone": (
        "2020-03-03T14:02:11+0100 ERROR Failed to open: x", "packages", "Failed to open: x", {"offset": 3600},
    ),
    "yum": (
        "Mar 03 14:02:11 Updated: httpd-2.4.6-90.el7.x86_64", "packages", "Updated: httpd-2.4.6-90.el7.x86_64", {},
    ),
    "zypper": (
        "2020-03-03 14:02:11|install|apache2|2.4.33-3.1|x86_64||repo|1f2e|",
        "packages", "install|apache2|2.4.33-3.1|x86_64||repo|1f2e|", {},
    ),
    "monit": (
        "[2020-03-03T14:02:11+0100] error    : 'node' process is not running",
        "watchdog", "'node' process is not running", {"level": "error", "offset": 3600, "extra": {"program": "monit"}},
    ),
    "monit before 5.26": (
        "[UTC Mar  3 14:02:11] info     : 'node' start: /etc/init.d/node",
        "watchdog", "'node' start: /etc/init.d/node", {"level": "info", "offset": 0},
    ),
    "monit before 5.26, elsewhere": (
        "[CET Mar  3 14:02:11] info     : 'node' trying to restart",
        "watchdog", "'node' trying to restart", {"offset": None},
    ),
    "fail2ban": (
        "2020-03-03 14:02:11,123 fail2ban.actions        [811]: NOTICE  [apache-auth] Ban 192.0.2.7",
        "watchdog", "NOTICE  [apache-auth] Ban 192.0.2.7", {"pid": 811, "extra": {"program": "fail2ban.actions"}},
    ),
    "kernel by syslog": (
        f"Mar  3 14:02:11 web1 kernel: [12345.678901] {SEGFAULT}",
        "kernel", SEGFAULT, {"host": "web1", "extra": {"program": "kernel"}},
    ),
    "dmesg -T": (f"[Tue Mar  3 14:02:11 2020] {SEGFAULT}", "kernel", SEGFAULT, {}),
    "dmesg -T, nothing wrong": ("[Tue Mar  3 14:02:11 2020] eth0: link up", "kernel", "eth0: link up", {}),
    "dmesg --time-format iso": (f"2020-03-03T14:02:11,000000+02:00 {SEGFAULT}", "kernel", SEGFAULT, {"offset": 7200}),
}  # fmt: skip
"""A line; what a log of such lines is; its message, at SECOND; what else it says."""


@pytest.mark.parametrize(("line", "kind", "message", "fields"), LINES.values(), ids=LINES)
def test_a_line_of_a_neighbours_log(line: str, kind: str, message: str, fields: dict[str, object]) -> None:
    form = sniff(f"{line}\n{line}\n".encode(), complete=True, newest=NEWEST)
    assert form.kind == kind
    record = read(form, line)
    assert (record.kind, record.message, time_of(record)) == ("foreign", message, SECOND)
    assert {name: getattr(record, name) for name in fields} == fields


def read(form: Format, line: str) -> Record:
    reader = reader_of(form, NEWEST)
    assert reader is not None
    record = reader(line.encode())
    assert record is not None
    return record


def time_of(record: Record) -> str | None:
    from datetime import timedelta

    return None if record.time is None else f"{EPOCH + timedelta(microseconds=record.time):%Y-%m-%dT%H:%M:%S}"


@pytest.mark.parametrize("said", ["-- MARK --", "last message repeated 3 times"])
def test_what_the_syslog_daemon_says_itself_has_its_time(said: str) -> None:
    form = sniff(b"Mar  3 14:02:11 web1 cron[1]: x\n" * 3, complete=True, newest=NEWEST)
    record = read(form, f"Mar  3 14:02:11 web1 {said}")
    assert (record.kind, record.message, time_of(record), record.host) == ("foreign", said, SECOND, "web1")


def test_kernel_messages_that_cant_be_dated_are_told_how_to() -> None:
    assert "dmesg -T" in sniff(f"[   12.345678] {SEGFAULT}\n".encode(), complete=True).reason


def test_kernel_messages_that_cant_be_dated_are_read_all_the_same() -> None:
    line = "[  153.403934] apache2 invoked oom-killer: gfp_mask=0x201da, order=0"
    record = read(sniff(f"{line}\n".encode(), complete=True), line)
    assert (record.kind, record.time, record.message) == ("foreign", None, line[15:])


def test_the_own_log_of_supervisord() -> None:
    line = "2020-03-03 14:02:11,427 INFO exited: httpd (terminated by SIGSEGV (core dumped); not expected)"
    form = sniff(f"{line}\n".encode(), complete=True)
    record = read(form, line)
    assert (form.kind, record.kind, record.message[:13]) == ("watchdog", "foreign", "exited: httpd")
    assert time_of(record) == SECOND


APT = """
Start-Date: 2020-03-03  14:02:11
Commandline: /usr/bin/unattended-upgrade
Upgrade: libapache2-mod-wsgi-py3:amd64 (4.6.5-1, 4.6.5-2)
End-Date: 2020-03-03  14:02:19
"""


def test_the_lines_of_a_stanza_of_apts_are_understood() -> None:
    form = sniff(APT.encode(), complete=True)
    kinds = [read(form, line).kind for line in APT.splitlines()]
    assert kinds == ["bare", "foreign", "foreign", "foreign", "foreign"]


CHANGES: dict[str, tuple[str, str, str | None]] = {
    "plain": ("time,what", f"{SECOND},v2 out", "change: v2 out"),
    "who and where": ("time,what,who,where", f"{SECOND},v2,alice,web1", "change: v2, who: alice, where: web1"),
    "other names, other order": ("Host;Event;When", f"web1;v2;{SECOND}", "change: v2, where: web1"),
    "quoted": ("time,what", f'"{SECOND}","v2, and ""more"""', 'change: v2, and "more"'),
    "tabs": ("when\twho\tchange", f"{SECOND}\talice\tv2", "change: v2, who: alice"),
    "a column that nobody asked for": ("id,time,what", f"7,{SECOND},v2", "change: v2"),
    "a zone": ("time,what", f"{SECOND}Z,v2", "change: v2"),
    "a blank and a fraction": ("time,what", "2020-03-03 14:02:11.5,v2", "change: v2"),
    "no such time": ("time,what", "yesterday,v2", None),
    "nothing changed": ("time,what", f"{SECOND},", None),
    "no such day": ("time,what", "2020-02-30T14:02:11,v2", None),
}


@pytest.mark.parametrize(("header", "line", "message"), CHANGES.values(), ids=CHANGES)
def test_a_line_of_a_list_of_changes(header: str, line: str, message: str | None) -> None:
    form = sniff(f"{header}\n{line}\n".encode(), complete=True)
    assert form.kind == "changes"
    reader = reader_of(form, NEWEST)
    assert reader is not None
    assert reader(header.encode()) is None
    record = read(form, line)
    if message is None:
        assert record.kind == "unparsed"
    else:
        assert (record.kind, record.message, time_of(record)) == ("foreign", message, SECOND)


def test_a_time_of_hours_and_minutes_is_enough() -> None:
    form = sniff(b"time,what\n2020-03-03 14:02,v2\n", complete=True)
    assert time_of(read(form, "2020-03-03 14:02,v2")) == "2020-03-03T14:02:00"


FORMATS: dict[str, tuple[str, str, str | None]] = {
    "as in httpd.conf": (
        r'LogFormat "%h %l %u %t \"%r\" %>s %b" common',
        '192.0.2.7 - - [03/Mar/2020:14:02:11 +0000] "GET / HTTP/1.1" 500 1', '"GET / HTTP/1.1" 500',
    ),
    "microseconds taken": (
        r"%h %t \"%r\" %>s %b %D", '192.0.2.7 [03/Mar/2020:14:02:11 +0000] "GET / HTTP/1.1" 500 1 2500000',
        '"GET / HTTP/1.1" 500 after 2.500 s',
    ),
    "milliseconds taken": (
        r"%t %>s %{ms}T \"%r\"", '[03/Mar/2020:14:02:11 +0000] 504 60001 "GET / HTTP/1.1"',
        '"GET / HTTP/1.1" 504 after 60.001 s',
    ),
    "seconds taken": (r"%t %s %T", "[03/Mar/2020:14:02:11 +0000] 504 60", '"-" 504 after 60.000 s'),
    "strftime": (r"%{%Y-%m-%d %T}t %>s %r", f"{SECOND.replace('T', ' ')} 500 GET / HTTP/1.1", '"GET / HTTP/1.1" 500'),
    "a time in two items": ("%{%F}t;%{%T}t;%>s", f"{SECOND.replace('T', ';')};500", '"-" 500'),
    "seconds since 1970": ("%{sec}t %>s", "1583244131 500", '"-" 500'),
    "with their fraction": ("%{sec}t.%{usec_frac}t %>s", "1583244131.000001 500", '"-" 500'),
    "begin and end": ("%{begin:sec}t %>s %{User-Agent}i", "1583244131 500 curl", '"-" 500'),
    "headers before the status": (
        r"\"%{X-Forwarded-For}i\" %a %t \"%r\" %>s", '"a \\" 200" 192.0.2.7 [03/Mar/2020:14:02:11 +0000] "-" 500',
        '"-" 500',
    ),
    "conditions and percents": ("%!200,304{Referer}i %% %t %>s", "- % [03/Mar/2020:14:02:11 +0000] 500", '"-" 500'),
    "another format": ("%t %>s", "192.0.2.7 - -", None),
    "no such time": ("%t %>s", "[33/Mar/2020:14:02:11 +0000] 500", None),
}  # fmt: skip


@pytest.mark.parametrize(("form", "line", "message"), FORMATS.values(), ids=FORMATS)
def test_a_log_format_of_ones_own(form: str, line: str, message: str | None) -> None:
    record = access_reader((form,))(line.encode())
    assert record is not None
    if message is None:
        assert record.kind == "unparsed"
    else:
        assert (record.message, time_of(record)) == (message, SECOND)


@pytest.mark.parametrize("form", ["%h %>s", "%t %h", ""])
def test_a_log_format_without_time_or_status_is_refused(form: str) -> None:
    from logsleuth.errors import LogsleuthError

    with pytest.raises(LogsleuthError, match="no time or no status"):
        access_layout(form)


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_no_request_forges_a_status(request: str) -> None:
    quoted = request.replace("\\", "\\\\").replace('"', '\\"')
    line = f'192.0.2.7 - - [03/Mar/2020:14:02:11 +0000] "{quoted}" 200 1 "-" "503"'
    for whole, message in ((False, ""), (True, f'"{quoted}" 200')):
        record = access_reader((r"%h %l %u %t \"%r\" %>s %b",), whole=whole)(line.encode())
        assert record is not None
        assert (record.kind, record.message, record.level) == ("foreign", message, "info")


@given(st.binary(max_size=200), st.sampled_from(sorted(LINES)))
def test_no_line_breaks_a_reader(line: bytes, name: str) -> None:
    text, _, _, _ = LINES[name]
    form = sniff(f"{text}\n".encode(), complete=True, newest=NEWEST)
    reader = reader_of(form, NEWEST)
    assert reader is not None
    reader(line)
    reader(text.encode()[: len(text) // 2] + line)
