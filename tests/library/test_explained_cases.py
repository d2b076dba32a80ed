"""Which words of a pattern explain some of its lines: those of one case only where it is all lines' case."""

import pytest

from logsleuth.library.load import shipped_library
from logsleuth.library.parse import parse_pattern
from logsleuth.library.pattern import Case, Explain
from logsleuth.library.rows import pattern_of, row_of
from logsleuth.values import replace

REFUSED = Explain(cause="nothing listens")
SILENT = Explain(cause="no answer")
EITHER = Explain(
    cause="either",
    cases=(
        Case(("error", "errno"), ("refused", "111"), (), REFUSED),
        Case(("error",), ("timed out", "refused"), (), SILENT),
    ),
)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([{"error": "Connection refused"}], REFUSED),  # the first case that fits, of two
        ([{"errno": "111", "host": "db"}], REFUSED),  # by another capture
        ([{"error": "Connection timed out"}], SILENT),
        ([{"errno": "1111"}], EITHER),  # another number, in which the one of the case stands
        ([{"error": "[Errno 111] x"}], REFUSED),
        ([{"error": "Connection refused"}, {"errno": "111"}], REFUSED),
        ([{"error": "Connection refused"}, {"error": "Connection timed out"}], EITHER),
        ([{"error": "Connection refused"}, {"error": "No route to host"}], EITHER),
        ([{"error": "No route to host"}], EITHER),
        ([{"host": "refused"}], EITHER),  # a capture that the case does not name
        ([{}], EITHER),
        ([], EITHER),
    ],
)
def test_the_case_of_all_lines_speaks_for_them(lines: list[dict[str, str]], expected: Explain) -> None:
    assert EITHER.of(lines) is expected


CRASHED = Explain(cause="it crashed")
KILLED = Explain(cause="it was killed")
ENDED = Explain(cause="it ended", cases=(
    Case(("why",), ("heap",), ("child.segfault",), CRASHED), Case((), (), ("oom", "child.killed"), KILLED),
))  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "beside", "expected"),
    [
        ([{"why": "heap"}], {"child.segfault"}, CRASHED),  # what it says and what comes with it
        ([{"why": "heap"}], set(), ENDED),
        ([{}], {"child.segfault"}, ENDED),
        ([{}], {"child.killed"}, KILLED),  # one of those that may come with it
        ([{"why": "heap"}, {}], {"child.segfault", "oom"}, ENDED),  # two cases
        ([{}, {"why": "x"}], {"oom"}, KILLED),
    ],
)
def test_what_comes_with_the_lines_decides_the_case(
    lines: list[dict[str, str]], beside: set[str], expected: Explain
) -> None:
    assert ENDED.of(lines, beside) is expected


AT_A_CHANGE = Explain(cause="what was changed")
ON_A_MAC = Explain(cause="what macOS has")
WHEREVER = Explain(cause="anything", cases=(
    Case((), (), (), ON_A_MAC, ("macos",), ("change",)), Case((), (), (), AT_A_CHANGE, known=("packages", "change")),
))  # fmt: skip


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (set(), WHEREVER),
        ({"surge"}, WHEREVER),
        ({"change"}, AT_A_CHANGE),
        ({"macos"}, WHEREVER),  # both are asked for
        ({"macos", "change"}, ON_A_MAC),
    ],
)
def test_what_the_logs_show_beside_the_lines_decides_the_case(known: set[str], expected: Explain) -> None:
    assert WHEREVER.of([{}], on=known) is expected


def test_cases_are_kept_between_runs() -> None:
    text = """
id = 'shop.till.jammed'
title = 'x'
role = 'cause'
[[match]]
contains = 'jammed by'
regex = 'jammed by (?P<what>coins|oil)'
[explain]
cause = 'either'
[[explain.when]]
fields = ['what']
contain = ['oil']
beside = ['shop.pump.leaks']
known = ['kernel-log']
title = 'Oil in the till'
cause = 'oil'
confirm = ['ls']
"""
    pattern = parse_pattern(text, "")
    kept = pattern_of(row_of(pattern))
    assert kept.explain == pattern.explain
    oil = kept.explain.of([{"what": "oil"}], ["shop.pump.leaks"], ["kernel-log"])
    assert (oil.title, oil.confirm) == ("Oil in the till", ("ls",))
    assert kept.explain.title == ""


@pytest.mark.parametrize(
    ("name", "captured", "beside", "words"),
    [
        ("wsgi.daemon.truncated-headers", {}, "httpd.child.segfault", "crashed with a segmentation fault"),
        ("wsgi.daemon.truncated-headers", {}, "wsgi.daemon.request-timeout", "time limit of their own"),
        ("wsgi.daemon.truncated-headers", {}, "httpd.stop.sigterm", "ended by a restart"),
        ("wsgi.daemon.response-timeout", {}, "wsgi.daemon.deadlock-timer", "hung as a whole"),
        ("perl.reload-aborted", {}, "perl.module-missing", "A module that it needs is missing, as"),
        ("perl.reload-aborted", {}, "perl.compile-error", "does not compile"),
        ("perl.permission", {"path": "/srv/x"}, "kernel.selinux-denied", "SELinux forbids it, as"),
        ("systemd.main-killed", {}, "kernel.oom-killed", "Memory ran out"),
        ("systemd.backend-ended", {"status": "9/KILL"}, "systemd.backend-oom-killed", "for lack of memory"),
        ("systemd.database-ended", {"status": "9/KILL"}, "kernel.oom-killed-neighbour", "for lack of memory"),
        ("modsecurity.pcre-limits", {}, "modsecurity.denied", "Requests were refused"),
        ("fpm.max-children", {}, "fpm.slow", "its slow log has the stack"),
    ],
)
def test_what_comes_with_the_lines_of_a_pattern_names_which_of_its_faults_it_is(
    name: str, captured: dict[str, str], beside: str, words: str
) -> None:
    pattern = shipped_library().get(name)
    assert pattern is not None
    assert shipped_library().get(beside) is not None
    explain = pattern.explain.of([captured], {beside})
    assert words in f"{explain.summary} {explain.cause}"
    assert words not in f"{pattern.explain.of([captured]).summary} {pattern.explain.of([captured]).cause}"


@pytest.mark.parametrize(
    ("name", "known", "words"),
    [
        # what would fit any crash does not fit one that began with packages, or that no change began
        ("httpd.child.segfault", "packages", "versions that belong together"),
        ("kernel.segfault", "packages", "versions that belong together"),
        ("httpd.child.segfault", "steady", "look for an update of it"),
        ("database.postgres.connection-refused", "told-to-stop", "its own log says why a start fails"),
        ("proxy.connect-refused", "told-to-stop", "its own log says why a start fails"),
        ("proxy.connect-timeout", "alike", "look at what they share"),
        ("cgi.premature-end", "steady", "with a request that failed"),
        ("php.fatal.memory", "steady", "Find what those requests have in common"),
        ("php.fatal.execution-time", "steady", "See what it computes for so long"),
    ],
)
def test_advice_follows_what_the_logs_show_beside_a_pattern(name: str, known: str, words: str) -> None:
    pattern = shipped_library().get(name)
    assert pattern is not None
    assert words in pattern.explain.of([{}], on={known}).fix
    assert words not in pattern.explain.of([{}]).fix


def test_a_case_is_shown_by_its_own_words() -> None:
    general = Explain(cause="either", fix="Undo it.", prevent="Test it.")
    case = Case((), (), (), Explain(cause="either", fix="Refuse it.", prevent=""), known=("surge",))
    assert list(case.apart_from(general)) == [("now", "Refuse it."), ("later", "")]


def test_nobody_is_sent_to_the_error_log_that_was_read() -> None:
    pattern = shipped_library().get("access.failed")
    assert pattern is not None
    assert pattern.explain.of([{}], on={"error-log"}).fix == ""
    assert "error log" in pattern.explain.of([{}]).fix


def test_lines_of_several_cases_that_are_summed_up_alike_have_that_sum() -> None:
    sum_up = replace(
        EITHER, cases=tuple(replace(c, explain=replace(c.explain, summary="it says {error}")) for c in EITHER.cases)
    )
    of_both = sum_up.of([{"error": "Connection refused"}, {"error": "Connection timed out"}])
    assert (of_both.summary, of_both.cause) == ("it says {error}", EITHER.cause)
    assert sum_up.of([{"error": "Connection refused"}, {"error": "No route to host"}]) is sum_up
