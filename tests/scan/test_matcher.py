"""Which patterns match, on which text, about whom."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.engines.serial import scan_all
from logsleuth.library.parse import parse_pattern
from logsleuth.library.pattern import Library
from logsleuth.logs.open.block import read_blocks
from logsleuth.scan import matcher as matcher_module
from logsleuth.scan.beginnings import Way
from logsleuth.scan.literals import Literals
from logsleuth.scan.matcher import Choice, Hit, Matcher
from logsleuth.scan.scanner import Scanner

if TYPE_CHECKING:
    from logsleuth.scan.tally import Tally

H24 = "[Fri Sep 04 14:30:04.123456 2009] "
WSGI = H24 + "[wsgi:error] [pid 4711:tid 901] [remote 192.0.2.7:40112] "
ERROR = ("wsgi", "error")


def matcher(*patterns: str, trusted: bool = True) -> Matcher:
    """A matcher of patterns given as TOML, named site.p0, site.p1, … in this order."""
    texts = [f"id = 'site.p{n}'\ntitle = 'Pattern {n}'\n{text}" for n, text in enumerate(patterns)]
    return Matcher(Library(tuple(parse_pattern(text, "test", trusted=trusted) for text in texts), "test"))


def pattern(contains: str, regex: str | None = None, more: str = "", role: str = "symptom") -> str:
    """A pattern with one way to match."""
    lines = [f"role = '{role}'", more, "[[match]]", f"contains = '{contains}'"]
    return "\n".join([*lines, f"regex = '''{regex}'''"] if regex else lines)


def hits(made: Matcher, text: str, kind: tuple[str, str] = ERROR, source: str = "httpd") -> list[int]:
    """The numbers of the patterns that match a text, literals found as in a scan."""
    return [hit.pattern for hit in found(made, text, kind, source)]


def found(made: Matcher, text: str, kind: tuple[str, str] = ERROR, source: str = "httpd") -> tuple[Hit, ...]:
    return made.match(text.encode(), kind, source)


def tally_of(made: Matcher, *lines: str) -> Tally:
    """Scan a log of these lines."""
    return scan_all(
        read_blocks(io.BytesIO("\n".join([*lines, ""]).encode("utf-8", "surrogateescape")), 0), Scanner(made)
    )


def counts(tally: Tally) -> dict[str, int]:
    """Pattern to the number of its matches."""
    return {name.removeprefix("site."): pattern.series.count for name, pattern in tally.patterns.items()}


@pytest.mark.parametrize(
    ("scope", "kind", "matches"),
    [
        ("{}", ("wsgi", "error"), True),
        ("{ modules = ['wsgi', ''] }", ("wsgi", "error"), True),
        ("{ modules = ['wsgi', ''] }", ("", "error"), True),
        ("{ modules = ['wsgi'] }", ("core", "error"), False),
        ("{ modules = ['wsgi'] }", ("", "error"), False),
        ("{ levels = ['error', 'crit'] }", ("wsgi", "crit"), True),
        ("{ levels = ['error'] }", ("wsgi", "info"), False),
        ("{ levels = ['error'] }", ("", ""), True),
        ("{ modules = ['wsgi'], levels = ['error'] }", ("wsgi", "warn"), False),
    ],
    ids=[
        "any", "module", "no module", "other module", "module wanted", "level", "other level",
        "a bare line has no level to be wrong", "both must hold",
    ],
)  # fmt: skip
def test_scope_says_whose_lines_a_pattern_is_seen_on(scope: str, kind: tuple[str, str], matches: bool) -> None:
    assert bool(hits(matcher(pattern("boom", more=f"scope = {scope}")), "boom", kind)) == matches


@pytest.mark.parametrize(
    ("scope", "source", "matches"),
    [
        ("{}", "httpd", True),
        ("{}", "nginx", False),
        ("{ sources = ['nginx'] }", "nginx", True),
        ("{ sources = ['nginx'] }", "httpd", False),
        ("{ sources = ['nginx', 'httpd'] }", "httpd", True),
    ],
)
def test_a_pattern_is_httpds_unless_it_names_its_sources(scope: str, source: str, matches: bool) -> None:
    assert bool(hits(matcher(pattern("boom", more=f"scope = {scope}")), "boom", source=source)) == matches


FALLBACK = pattern("boom", more="fallback = true")


@pytest.mark.parametrize(
    ("patterns", "text", "expected"),
    [
        ([FALLBACK, pattern("crash")], "boom and crash", [1]),
        ([FALLBACK, pattern("crash")], "boom", [0]),
        ([FALLBACK, pattern("crash", "crash of .")], "boom and crash", [0]),
        ([FALLBACK, FALLBACK], "boom", [0, 1]),
        ([pattern("boom"), pattern("crash")], "crash, boom", [0, 1]),
        ([pattern("boom"), pattern("boom", "b..m$")], "boom", [0, 1]),
        ([pattern("boom")], "Boom", []),
    ],
    ids=[
        "not where another matches", "where none does", "nor where another is not confirmed", "two fallbacks",
        "in the library's order", "one literal for two", "case matters",
    ],
)  # fmt: skip
def test_a_fallback_counts_only_where_nothing_else_matches(patterns: list[str], text: str, expected: list[int]) -> None:
    assert hits(matcher(*patterns), text) == expected


ENTRY = 'Traceback (most recent call last):\n  File "zipimport.py", line 3, in f\nEOFError'


@pytest.mark.parametrize(
    ("contains", "regex", "text", "expected"),
    [
        ("File does", r"exist: (?P<path>\S+)", "File does not exist: /x", {"path": "/x"}),
        ("child pid", r"pid (?P<pid>\d+)(?: signal (?P<signal>\d+))?", "child pid 7", {"pid": "7"}),
        ("zipimport", r"^EOFError(?P<why>.*)$", ENTRY, {"why": ""}),
        ("zipimport", r"\AEOFError", ENTRY, None),
        ("caf\\xc3", r"(?P<name>caf\S+)", r"caf\xc3\xa9", {"name": r"caf\xc3\xa9"}),
    ],
    ids=["captured", "a group that took no part is no field", "^ and $ are a line's", "\\A is the entry's", "escapes"],
)
def test_the_regex_confirms_and_captures(contains: str, regex: str, text: str, expected: dict[str, str] | None) -> None:
    (hit,) = found(matcher(pattern(contains, regex)), text) or (None,)
    assert (hit and dict(hit.fields)) == expected


def test_a_hit_tells_the_line_of_the_entry_that_it_stands_on() -> None:
    made = matcher(pattern("zipimport", "^EOFError"), pattern("zipimport"), pattern("Traceback"))
    assert [hit.line for hit in found(made, ENTRY)] == [2, 1, 0]


def test_the_first_way_that_matches_is_enough() -> None:
    made = matcher(pattern("boom", "boom (?P<a>a)") + "\n[[match]]\ncontains = 'boom'\nregex = 'boom (?P<b>b)'")
    assert [dict(hit.fields) for text in ("boom a", "boom b", "boom c") for hit in found(made, text)] == [
        {"a": "a"},
        {"b": "b"},
    ]


CAPTURE = pattern("child", r"child (?P<pid>\S+)", "worker = { state = 'crashed', subject = 'pid' }", role="death")
REPORTER = pattern("boom", more="worker = { state = 'poisoned' }")


@pytest.mark.parametrize(
    ("made", "text", "subject"),
    [
        (CAPTURE, "child 12 died", 12),
        (CAPTURE, "child of mine", 0),
        (CAPTURE, "child 12345678901234567890 died", 0),
        (CAPTURE, "child \N{SUPERSCRIPT TWO} died", 0),
        (CAPTURE, "mod_wsgi (pid=5): child 12 died", 12),
        (REPORTER, "boom", -1),
        (REPORTER, "mod_wsgi (pid=5): boom", 5),
        (REPORTER, "mod_wsgi (pid=99999999999): boom", -1),
        (pattern("boom"), "mod_wsgi (pid=5): boom", 5),
        (REPORTER, "mod_python (pid=6, interpreter='www'): boom", 6),
        (REPORTER, "mod_other (pid=7): boom", -1),
    ],
    ids=[
        "a capture", "a capture that is no number", "a number that is no pid", "what only looks like a digit",
        "the capture before mod_wsgi's word", "whoever wrote it", "whom mod_wsgi names", "no pid is that long",
        "no worker said", "whom mod_python names", "a module that is not known to name itself",
    ],
)  # fmt: skip
def test_a_match_is_about_one_pid(made: str, text: str, subject: int) -> None:
    (hit,) = found(matcher(made), text)
    assert hit.subject == subject


def test_a_scan_counts_by_the_pid_that_a_match_is_about() -> None:
    log = tally_of(
        matcher(CAPTURE, REPORTER),
        H24 + "[core:notice] [pid 1] AH00052: child 12 died",
        H24 + "[core:notice] [pid 1] AH00052: child 13 died",
        WSGI + "boom",
        WSGI + "mod_wsgi (pid=5): boom",
        "[Fri Sep 04 14:30:04 2009] [error] mod_wsgi (pid=5): boom",
        "[Fri Sep 04 14:30:04 2009] [error] boom",
    )
    assert {pid: tally.count for pid, tally in log.patterns["site.p0"].by_pid.items()} == {12: 1, 13: 1}
    assert {pid: tally.count for pid, tally in log.patterns["site.p1"].by_pid.items()} == {4711: 1, 5: 2}
    assert log.patterns["site.p1"].series.count == 4


TEXTS = {
    "plain": (WSGI + "boom now", "boom now"),
    "referer": (WSGI + "boom now, referer: http://example.org/", "boom now"),
    "client behind an errno": (
        H24 + "[core:error] [pid 9] (13)Permission denied: [client 192.0.2.7:1] AH00132: boom",
        "(13)Permission denied: AH00132: boom",
    ),
    "errno behind a client": (
        "[Fri Sep 04 14:30:04 2009] [error] [client 192.0.2.7] (13)Permission denied: boom",
        "(13)Permission denied: boom",
    ),
    "source": (H24 + "[core:debug] [pid 9] core.c(7): [client 192.0.2.7:1] AH00001: boom", "AH00001: boom"),
    "startup": ("AH00072: make_sock: boom", "AH00072: make_sock: boom"),
    "escapes": (WSGI + r"boom \xc3\xa9\n", r"boom \xc3\xa9\n"),
    "not UTF-8": (WSGI + "boom \udcff", r"boom \xff"),
}


@pytest.mark.parametrize(("line", "text"), TEXTS.values(), ids=TEXTS)
def test_a_pattern_sees_a_lines_text_and_nothing_else_of_it(line: str, text: str) -> None:
    log = tally_of(matcher(pattern("boom", r"\A(?P<text>(?s:.*))\Z")), line)
    assert log.patterns["site.p0"].last is not None
    assert log.patterns["site.p0"].last.fields == (("text", text),)


FORGED = {
    "referer": WSGI + "nothing, referer: boom",
    "second referer": WSGI + "nothing, referer: x, referer: boom",
    "client": H24 + "[core:error] [pid 9] [client boom] nothing",
    "module": H24 + "[boom:error] [pid 9] nothing",
}


@pytest.mark.parametrize("line", FORGED.values(), ids=FORGED)
def test_a_literal_outside_the_text_proves_nothing(line: str) -> None:
    assert counts(tally_of(matcher(pattern("boom"), pattern("noth")), line)) == {"p1": 1}


def test_a_literal_in_one_lines_referer_does_not_colour_the_same_text_elsewhere() -> None:
    # matches are remembered by text: what stood outside of it must not be remembered with it
    made = matcher(pattern("boom"), pattern("noth"))
    lines = [WSGI + "nothing, referer: boom", WSGI + "nothing", WSGI + "nothing, referer: x"]
    assert counts(tally_of(made, *lines)) == counts(tally_of(made, *reversed(lines))) == {"p1": 3}


def test_a_traceback_quoted_in_a_referer_opens_no_entry() -> None:
    made = matcher(pattern("boom"), pattern("Traceback"))
    log = tally_of(made, WSGI + "nothing, referer: Traceback (most recent call last)", WSGI + "boom")
    assert counts(log) == {"p0": 1}
    assert log.logs[0].joined == 0


RUNAWAY = pattern("aaaa", r"^(?:a+)+$(?<!b)")


def test_a_contributed_regex_that_runs_away_is_stopped_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matcher_module, "TIME_LIMIT", 0.01)
    made = matcher(RUNAWAY, pattern("aaaa"), trusted=False)
    log = tally_of(made, WSGI + "a" * 5000 + "!", WSGI + "aaaa")
    assert counts(log) == {"p0": 1, "p1": 2}
    assert log.timeouts == {"site.p0": 1}


def test_counts_of_stopped_regexes_are_told_once() -> None:
    made = matcher(pattern("boom"), trusted=False)
    made.timeouts["site.p0"] = 3
    scanner = Scanner(made)
    (block,) = read_blocks(io.BytesIO(b"boom\n"), 0)
    assert [scanner.scan(block).timeouts, scanner.scan(block).timeouts] == [{"site.p0": 3}, {}]


@given(
    st.lists(st.text("abA(:1", min_size=1, max_size=9).map(str.encode), min_size=1, max_size=8, unique=True),
    st.text("abA(:1", max_size=40).map(str.encode),
)
def test_every_literal_in_a_text_is_found(literals: list[bytes], text: bytes) -> None:
    assert Literals(literals).within(text) == [n for n, literal in enumerate(literals) if literal in text]


@given(
    st.lists(st.binary(min_size=1, max_size=4), min_size=1, max_size=12, unique=True),
    st.lists(st.integers(0, 11), min_size=1, max_size=40),
    st.binary(max_size=60),
)
def test_of_many_ways_those_are_chosen_whose_literals_are_in_the_text(
    literals: list[bytes], numbers: list[int], text: bytes
) -> None:
    ways = tuple(Way(number % len(literals), p, 0) for p, number in enumerate(numbers))
    chosen = Choice(ways, literals).within(text)
    assert sorted(chosen) == sorted(way for way in ways if literals[way.literal] in text)
