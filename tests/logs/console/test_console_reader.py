"""Lines as people paste them: what is around them is taken off, and what is left of a head is read."""

from datetime import date

import pytest

from logsleuth.logs.console.grep import peel_file
from logsleuth.logs.console.reader import read_line
from logsleuth.logs.console.reading import Reading

TODAY = date(2020, 3, 4)
HEAD = "[Tue Mar 03 14:02:11.120001 2020] [core:error] [pid 9:tid 7] "
TAIL = "(2)No such file or directory: [client 192.0.2.7:40112] AH00036: access to / failed"
LINE = HEAD + TAIL


def read(text: str) -> Reading:
    return read_line(text, TODAY)


DRESSED = {
    "indented": "    " + LINE,
    "quoted": "> > " + LINE,
    "coloured": f"\x1b[01;31m\x1b[K{LINE}\x1b[m\x1b[K",
    "coloured, escapes lost": f"[0m{LINE}[0m",
    "grep": "/var/log/apache2/error.log:" + LINE,
    "grep -n": "error.log:12:" + LINE,
    "grep -n, one file": "12:" + LINE,
    "grep -C": "error.log.1-" + LINE,
    "cat -n": "   12\t" + LINE,
    "compose": "web_1  | " + LINE,
    "compose, version 2": "shop-web-1  | " + LINE,
    "a named container": "apache | " + LINE,
    "Heroku": "2020-03-03T14:02:11.130000+00:00 app[web.1]: " + LINE,
    "syslog": "Mar  3 14:02:11 web1 httpd[9]: " + LINE,
    "syslog with its day copied from a web page": "Mar 3 14:02:11 web1 httpd[9]: " + LINE,
    "quoted syslog": "> Mar  3 14:02:11 web1 httpd[9]: " + LINE,
    "a prompt": "root@web1:~# " + LINE,
    "a bullet": "  * " + LINE,
    "quotation marks": f'"{LINE}"',
    "code": f"`{LINE}`",
    "HTML": f"<p>{LINE}</p>",
    "a prefix that nobody knows": "shop/prod #7 >> " + LINE,
    "docker": f'{{"log":"{LINE}\\n","stream":"stderr","time":"2020-03-03T14:02:11.2Z"}}',
    "carriage return": LINE + "\r",
}


@pytest.mark.parametrize("text", DRESSED.values(), ids=DRESSED)
def test_what_is_around_a_line_is_taken_off(text: str) -> None:
    reading = read(text)
    record = reading.record
    assert reading.what == "head"
    assert record is not None
    assert (record.level, record.module, record.pid, record.code) == ("error", "core", 9, "AH00036")
    assert (record.client, record.message) == ("192.0.2.7", "access to / failed")
    assert record.time == 1583244131120001


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("DBD::mysql::st execute failed", None),
        ("DBD:12:text", "text"),
        ("access.log:::1 - - [", "::1 - - ["),
        ("error.log:text", "text"),
    ],
)
def test_a_name_of_perl_is_no_name_of_a_file(text: str, rest: str | None) -> None:
    found = peel_file(text, TODAY)
    assert (found and found.inner) == rest


PARTS: dict[str, tuple[str, str | None, str | None, int | None]] = {
    "no time": ("[core:error] [pid 9:tid 7] " + TAIL, "error", "core", 9),
    "a level alone": ("[error] " + TAIL, "error", None, None),
    "a pid alone": ("[pid 9:tid 7] " + TAIL, None, None, 9),
    "an odd time": ("[14:02:11 09/05/15] [error] " + TAIL, "error", None, None),
    "a time that is torn": ("026] [core:error] [pid 9:tid 7] " + TAIL, "error", "core", 9),
    "a module that is torn": ("re:error] [pid 9:tid 7] " + TAIL, "error", None, 9),
    "a level that is torn": ("ror] [pid 9:tid 7] " + TAIL, None, None, 9),
    "a pid that is torn": ("d 9:tid 7] " + TAIL, None, None, 9),
    "a tid that is torn": ("7] " + TAIL, None, None, None),
}


@pytest.mark.parametrize(("text", "level", "module", "pid"), PARTS.values(), ids=PARTS)
def test_what_is_left_of_a_head_is_read(text: str, level: str | None, module: str | None, pid: int | None) -> None:
    reading = read(text)
    record = reading.record
    assert reading.what == "part"
    assert record is not None
    assert (record.level, record.module, record.pid) == (level, module, pid)
    assert (record.code, record.client, record.message) == ("AH00036", "192.0.2.7", "access to / failed")
    assert record.time is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nt 192.0.2.60:54240] Traceback (most recent call last):", "Traceback (most recent call last):"),
        ("192.0.2.60:60026] from django.core.wsgi import x", "from django.core.wsgi import x"),
        ("[client 192.0.2.60:60283] AH01276: Cannot serve directory /", "Cannot serve directory /"),
    ],
)
def test_what_is_left_of_a_client(text: str, message: str) -> None:
    record = read(text).record
    assert record is not None
    assert record.message == message


@pytest.mark.parametrize("host", ["*", "*<>", "***", "<hostname>", "[redacted]", "{host}", "…", ""])
def test_a_masked_host_is_no_host(host: str) -> None:
    record = read(
        f"Mar 03 14:02:11 {host} apachectl[77]: AH00526: Syntax error on line 3 of /etc/apache2/x.conf:"
    ).record
    assert record is not None
    assert (record.code, record.host, record.time) == ("AH00526", None, 1583244131000000)


def test_a_level_is_no_masked_host() -> None:
    record = read("Mar 03 14:02:11 [error] shop: no such user").record
    assert record is not None
    assert (record.level, record.message) == ("error", "shop: no such user")


def test_the_zone_of_a_units_state_does_not_move_the_lines_below_it() -> None:
    state = read("   Active: failed (Result: exit-code) since Tue 2020-03-03 14:02:11 -03; 5min ago").record
    below = read("Mar 03 14:02:11 web1 systemd[1]: Failed to start The Apache HTTP Server.").record
    assert state is not None
    assert below is not None
    assert (state.time, state.offset) == (below.time, below.offset) == (1583244131000000, None)


@pytest.mark.parametrize("line", ["├─77 /usr/sbin/apache2 -k start", "`-77 /usr/sbin/apache2 -k start", "|-77 httpd"])
def test_a_tree_of_processes_is_systemds(line: str) -> None:
    assert read(f"           {line}").source == "syslog"


@pytest.mark.parametrize("month", ["Mar", "mars", "Mär", "marzo"[:3], "мар", "märz"[:3], "3月", "març", "lip"])
def test_the_journal_in_any_language(month: str) -> None:
    reading = read(f"{month} 03 14:02:11 web1 apachectl[77]: AH00526: Syntax error on line 3 of /etc/apache2/x.conf:")
    record = reading.record
    assert record is not None
    assert (record.code, record.host) == ("AH00526", "web1")
    assert record.pid is None, "the script's pid is no process of the server"
    assert record.time == (None if month == "lip" else 1583244131000000), (
        "`lip` is June in one language, July in another"
    )


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Mar 03 14:02:11 web1 systemd[1]: apache2.service: Failed with result 'exit-code'.", "syslog"),
        ('192.0.2.3 - - [06/Jul/2013:23:00:00 +0000] "GET / HTTP/1.1" 200 4540 "-" "Mozilla/5.0"', "access"),
        ("[15-Feb-2021 08:31:49] NOTICE: fpm is running, pid 5187", "fpm"),
        ("[Tue May 04 10:35:23 2010] [3416:3060] [info] init_jk::mod_jk.c (3183): mod_jk/1.2.30 initialized", "jk"),
        ("[Fri Jul 06 10:01:01 2012]  [jk_ajp_common.c (681)]: ERROR: can't receive the response", "jk"),
        ("2021-02-15 08:31:49,079 INFO exited: apache2 (exit status 1; not expected)", "syslog"),
        ("Active: failed (Result: exit-code) since Sat 2016-12-31 09:40:32 UTC; 3min 56s ago", "syslog"),
    ],
)
def test_neighbours_are_read_as_what_they_are(text: str, source: str) -> None:
    reading = read(text)
    assert (reading.what, reading.source) == ("neighbour", source)


@pytest.mark.parametrize(
    "text", ["", "   ", "```", "> ```", "root@web1:~#", "[root@web1 ~]# apachectl configtest", "$ sudo apachectl start"]
)
def test_prompts_and_fences_are_passed_over(text: str) -> None:
    assert read(text).record is None


@pytest.mark.parametrize(
    ("line", "time", "message"),
    [
        (
            'type=AVC msg=audit(1583244131.120:45): avc:  denied  { open } for  pid=77 comm="httpd"', 1583244131120000,
            'avc:  denied  { open } for  pid=77 comm="httpd"',
        ),
        ("type=AVC msg=audit(03/03/2020 14:02:11.120:45) : avc:  denied", None, "avc:  denied"),
    ],
)  # fmt: skip
def test_the_audit_log(line: str, time: int | None, message: str) -> None:
    reading = read(line)
    assert reading.source == "syslog"
    assert reading.record is not None
    assert (reading.record.time, reading.record.message) == (time, message)


def test_a_start_script_in_another_language() -> None:
    reading = read("Iniciando httpd: httpd: Syntax error on line 3 of /etc/httpd/conf/httpd.conf: Cannot load x")
    assert reading.record is not None
    assert reading.record.message.startswith("httpd: Syntax error on line 3")
