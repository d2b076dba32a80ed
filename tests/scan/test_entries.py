"""Which lines are one traceback, however many workers write at the same time."""

from __future__ import annotations

import pytest

from logsleuth.logs.open.block import PAD, Block
from logsleuth.scan.entries import Entry, join
from logsleuth.scan.head import HeadReader
from logsleuth.scan.lines import default_lines

FAR = 1 << 30
CGI_OLD, CGI_NEW = "AH01215: ", "AH01215: stderr from /srv/cgi/a.py: "

STREAMS = {
    # two threads of one mod_wsgi daemon, and another daemon
    "a": "[Fri Sep 04 14:30:{:02d}.123456 2009] [wsgi:error] [pid 11:tid 901] [remote 192.0.2.1:40001] ",
    "b": "[Fri Sep 04 14:30:{:02d}.123456 2009] [wsgi:error] [pid 11:tid 902] [remote 192.0.2.1:40002] ",
    "c": "[Fri Sep 04 14:30:{:02d}.123456 2009] [wsgi:error] [pid 12:tid 901] [remote 192.0.2.1:40001] ",
    # the same thread, serving another client
    "d": "[Fri Sep 04 14:30:{:02d}.123456 2009] [wsgi:error] [pid 11:tid 901] [remote 192.0.2.1:40009] ",
    # outside of a request
    "n": "[Fri Sep 04 14:30:{:02d}.123456 2009] [wsgi:error] [pid 11:tid 901] ",
    # prefork and CGI
    "p": "[Fri Sep 04 14:30:{:02d}.123456 2009] [cgi:error] [pid 13] [client 192.0.2.1:40001] ",
    # 2.2: nothing but the client tells who writes
    "x": "[Fri Sep 04 14:30:{:02d} 2009] [error] [client 192.0.2.1] ",
    "y": "[Fri Sep 04 14:30:{:02d} 2009] [error] [client 192.0.2.2] ",
    "z": "[Fri Sep 04 14:30:{:02d} 2009] [error] [client 2001:db8:85a3:8d3:1319:8a2e:370:7348] ",
    "-": "",
}
SHORT = {
    "T": "Traceback (most recent call last):",
    "F": '  File "/srv/app.py", line 3, in f',
    "G": "    return g()",
    "AGAIN": "During handling of the above exception, another exception occurred:",
    "CAUSE": "The above exception was the direct cause of the following exception:",
}


def entries_of(log: str, span: int = FAR) -> list[Entry]:
    """Join a log written in short: `a T` is thread a's `Traceback…`; `+3` lets three seconds pass."""
    second, written = 4, []
    for line in log.strip().splitlines():
        stream, _, text = line.strip().partition(" ")
        if stream.startswith("+"):
            second += int(stream[1:])
            continue
        for short, long in SHORT.items():
            text = text.replace(f"<{short}>", long) if f"<{short}>" in text else long if text == short else text
        written.append(STREAMS[stream].format(second) + text.replace("_", "", text == "_"))
    data = "\n".join([*written, ""]).encode()
    lines = default_lines(Block(0, 0, data + bytes(PAD), 0, len(data)), HeadReader())
    return sorted(join(lines, span), key=lambda entry: entry.lines[0].nth)


def numbers(entry: Entry) -> tuple[int, ...]:
    """Which lines an entry is made of."""
    return tuple(line.nth for line in entry.lines)


def shown(entries: list[Entry]) -> list[str]:
    """Each entry as its line numbers and the line that names its exception."""
    texts = [entry.text.split(b"\n")[entry.exception].decode() for entry in entries]
    return [f"{' '.join(map(str, numbers(entry)))}: {text}" for entry, text in zip(entries, texts, strict=True)]


CASES: dict[str, tuple[str, list[str]]] = {
    "one": ("a T\n a F\n a G\n a ValueError: 1", ["0 1 2 3: ValueError: 1"]),
    "an exception without words": ("a T\n a F\n a KeyboardInterrupt", ["0 1 2: KeyboardInterrupt"]),
    "what stands before and behind does not belong": (
        "a boom\n a T\n a F\n a ValueError: 1\n a boom",
        ["1 2 3: ValueError: 1"],
    ),
    "two threads interleaved": (
        "a T\n b T\n a F\n b F\n b G\n a G\n b KeyError: 2\n a ValueError: 1",
        ["0 2 5 7: ValueError: 1", "1 3 4 6: KeyError: 2"],
    ),
    "two processes interleaved": (
        "a T\n c T\n c F\n a F\n a ValueError: 1\n c KeyError: 2",
        ["0 3 4: ValueError: 1", "1 2 5: KeyError: 2"],
    ),
    "an errno is httpd's own word": ("a T\n a F\n a (13)Permission denied: boom\n a ValueError: 1", ["0 1 3: ValueError: 1"]),
    "lines of others between": ("a T\n c boom\n - glibc\n a F\n x boom\n a ValueError: 1", ["0 3 5: ValueError: 1"]),
    "2.2, two clients": (
        "x T\n y T\n x F\n y F\n x ValueError: 1\n y KeyError: 2",
        ["0 2 4: ValueError: 1", "1 3 5: KeyError: 2"],
    ),
    # behind a proxy all clients are one, and nothing tells two processes apart
    "2.2, one client, two processes": (
        "x T\n x T\n x F\n x F\n x ValueError: 1\n x KeyError: 2",
        ["0 1 2 3 4: ValueError: 1"],
    ),
    "2.2, IPv6": ("z T\n x boom\n z F\n z ValueError: 1", ["0 2 3: ValueError: 1"]),
    "outside of a request": ("n T\n a boom\n n F\n n ValueError: 1", ["0 2 3: ValueError: 1"]),
    "written without a head": ("- T\n - F\n - ValueError: 1", ["0 1 2: ValueError: 1"]),
    "stderr of a script, old layout": (
        f"p {CGI_OLD}<T>: /srv/cgi/a.py\n p {CGI_OLD}<F>: /srv/cgi/a.py\n p {CGI_OLD}ValueError: 1: /srv/cgi/a.py",
        [f"0 1 2: {CGI_OLD}ValueError: 1: /srv/cgi/a.py"],
    ),
    "stderr of a script, new layout": (
        f"p {CGI_NEW}<T>\n p {CGI_NEW}<F>\n p {CGI_NEW}<G>\n p {CGI_NEW}ValueError: 1\n p {CGI_NEW}boom",
        [f"0 1 2 3: {CGI_NEW}ValueError: 1"],
    ),
    "chained: during handling": (
        "a T\n a F\n a KeyError: 1\n a _\n a AGAIN\n a _\n a T\n a F\n a ValueError: 2",
        ["0 1 2 3 4 5 6 7 8: ValueError: 2"],
    ),
    "chained: direct cause, empty lines dropped": (
        "a T\n a F\n a KeyError: 1\n a CAUSE\n a T\n a F\n a ValueError: 2",
        ["0 1 2 3 4 5 6: ValueError: 2"],
    ),
    "chained twice": (
        "a T\n a F\n a A: 1\n a AGAIN\n a T\n a F\n a B: 2\n a CAUSE\n a T\n a F\n a C: 3",
        ["0 1 2 3 4 5 6 7 8 9 10: C: 3"],
    ),
    "a message of several lines": (
        "a T\n a F\n a OperationalError: no connection\n a \tIs the server running?\n a \\tSurely?\n a boom",
        ["0 1 2 3 4: OperationalError: no connection"],
    ),
    "empty lines at the end belong to nobody": (
        "a T\n a F\n a ValueError: 1\n a _\n a _\n a boom",
        ["0 1 2: ValueError: 1"],
    ),
    "empty lines within": ("a T\n a _\n a F\n a ValueError: 1", ["0 1 2 3: ValueError: 1"]),
    "header of mod_wsgi": (
        "a mod_wsgi (pid=11): Exception occurred processing WSGI script '/srv/a.wsgi'.\n a T\n a F\n a ValueError: 1",
        ["0 1 2 3: ValueError: 1"],
    ),
    "two headers of mod_wsgi": (
        "a mod_wsgi (pid=11): Target WSGI script '/srv/a.wsgi' cannot be loaded as Python module.\n"
        "a mod_wsgi (pid=11): Exception occurred processing WSGI script '/srv/a.wsgi'.\n a T\n a F\n a ValueError: 1",
        ["0 1 2 3 4: ValueError: 1"],
    ),
    "header of mod_wsgi 6": (
        "a WSGI0174: [script /srv/a.wsgi] ValueError exception raised\n a T\n a F\n a ValueError: 1",
        ["0 1 2 3: ValueError: 1"],
    ),
    "header of mod_python, and the request that it describes": (
        "a mod_python (pid=11, interpreter='www', phase='PythonHandler', handler='app'): Application error\n"
        "a ServerName: 'www'\n a DocumentRoot: '/srv'\n a URI: '/wiki'\n a Location: '/'\n a Directory: None\n"
        "a Filename: '/srv/wiki'\n a PathInfo: ''\n a T\n a F\n a ValueError: 1",
        ["0 1 2 3 4 5 6 7 8 9 10: ValueError: 1"],
    ),
    "what only begins like such a description": (
        "a Location: /elsewhere\n a T\n a F\n a ValueError: 1",
        ["1 2 3: ValueError: 1"],
    ),
    "header of Django": ("a Internal Server Error: /admin/\n a T\n a F\n a ValueError: 1", ["0 1 2 3: ValueError: 1"]),
    "header of Django's log format": (
        "a 2009-09-04 14:30:04,123 ERROR django.request Internal Server Error: /\n a T\n a F\n a ValueError: 1",
        ["0 1 2 3: ValueError: 1"],
    ),
    "header of another thread": (
        "b Internal Server Error: /admin/\n a T\n a F\n a ValueError: 1",
        ["1 2 3: ValueError: 1"],
    ),
    "header long before": (
        "a Internal Server Error: /admin/\n +3\n a T\n a F\n a ValueError: 1",
        ["1 2 3: ValueError: 1"],
    ),
    "what introduces nothing": ("a starting up\n a T\n a F\n a ValueError: 1", ["1 2 3: ValueError: 1"]),
    "cut off by the log's end": ("a T\n a F\n a G", ["0 1 2: " + SHORT["G"]]),
    "cut off by death": ("a T\n a F\n +9\n a boom", ["0 1: " + SHORT["F"]]),
    "cut off, and the thread serves another client": ("a T\n a F\n d boom", ["0 1: " + SHORT["F"]]),
    "no line but the first": ("a T", ["0: " + SHORT["T"]]),
    "nobody's exception line": ("a F\n a ValueError: 1", []),
    "back to back in one stream": (
        "a T\n a F\n a ValueError: 1\n a T\n a F\n a KeyError: 2",
        ["0 1 2: ValueError: 1", "3 4 5: KeyError: 2"],
    ),
    "back to back with headers": (
        "a Internal Server Error: /a\n a T\n a F\n a ValueError: 1\n"
        "a Internal Server Error: /b\n a T\n a F\n a KeyError: 2",
        ["0 1 2 3: ValueError: 1", "4 5 6 7: KeyError: 2"],
    ),
    "referer on every line": (
        "a <T>, referer: http://a/\n a <F>, referer: http://a/\n a , referer: http://a/\n a ValueError: 1, referer: http://a/",
        ["0 1 2 3: ValueError: 1"],
    ),
    "a clock that jumps ends it": ("a T\n a F\n +-2\n a ValueError: 1", ["0 1: " + SHORT["F"]]),
    "a slow disk does not": ("a T\n +2\n a F\n +2\n a ValueError: 1", ["0 1 2: ValueError: 1"]),
}  # fmt: skip


@pytest.mark.parametrize(("log", "expected"), CASES.values(), ids=CASES)
def test_the_lines_of_a_traceback_are_found_among_all_others(log: str, expected: list[str]) -> None:
    assert shown(entries_of(log)) == expected


def test_an_entrys_texts_hold_neither_head_nor_client_nor_referer() -> None:
    (entry,) = entries_of("a <T>, referer: http://a/\n a <F>, referer: http://a/\n a ValueError: 1, referer: http://a/")
    assert entry.text.split(b"\n") == [SHORT["T"].encode(), SHORT["F"].encode(), b"ValueError: 1"]


UNINDENTED = {
    "frames": ["a T", 'a File "/srv/app.py", line 3, in f', "a return g()", "a KeyError: 'x'", "a later"],
    "a frame without its source": ["a T", 'a File "/srv/app.py", line 3, in f', "a shop.errors.Gone", "a later"],
    "carets": ["a T", 'a File "/srv/app.py", line 3', "a return g(", "a ^^^^^", "a SyntaxError: '(' was never closed", "a x"],
    "recursion": [
        "a T", 'a File "/srv/app.py", line 3, in f', "a return f()", "a [Previous line repeated 990 more times]",
        "a RecursionError: maximum recursion depth exceeded", "a later",
    ],
}  # fmt: skip


@pytest.mark.parametrize("log", UNINDENTED.values(), ids=UNINDENTED)
def test_a_traceback_without_its_indentation_ends_with_its_exception(log: list[str]) -> None:
    """Web pages and mailers take the leading spaces off."""
    (entry,) = entries_of("\n".join(log))
    assert numbers(entry) == tuple(range(len(log) - 1))
    assert entry.exception == len(log) - 2


def test_no_line_belongs_to_two_entries() -> None:
    steps = ["T", "F", "ValueError: 1", "T", "F", "AGAIN", "T", "F", "KeyError: 2", "T"]
    log = "\n".join(f"{stream} {step}" for step in steps for stream in "abcxyz")
    lines = [line for entry in entries_of(log) for line in numbers(entry)]
    assert len(lines) == len(set(lines)) == len(steps) * 6


def test_an_entry_ends_where_the_span_ends() -> None:
    log = "a Internal Server Error: /admin/\n a T\n" + " a F\n" * 50 + " a ValueError: 1"
    whole, cut_off = entries_of(log)[0], entries_of(log, span=2000)[0]
    assert len(whole.lines) == 53
    assert 1 < len(cut_off.lines) < 53
    assert numbers(cut_off) == numbers(whole)[: len(cut_off.lines)]


def test_a_header_beyond_the_span_is_left_out() -> None:
    log = "a Internal Server Error: /admin/\n" + " b boom\n" * 50 + " a T\n a F\n a ValueError: 1"
    assert numbers(entries_of(log)[0]) == (0, 51, 52, 53)
    assert numbers(entries_of(log, span=2000)[0]) == (51, 52, 53)
