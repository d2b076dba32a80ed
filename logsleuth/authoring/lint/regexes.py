"""Regexes: anchored, modest, and linear on the worst that a client can send."""

from __future__ import annotations

import re
import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from logsleuth.authoring.lint.finding import Finding, Task, finding
from logsleuth.authoring.lint.syntax import REPEATS, branches, code, parse
from logsleuth.authoring.lint.worst_inputs import worst_inputs
from logsleuth.library.linear import why_not_linear

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT = 1.0
"""Seconds that a regex may take for the whole of LARGEST."""
SMALL, LARGER, LARGEST = 4 * 1024, 16 * 1024, 1024 * 1024
"""Characters. From the times for the first two it is told whether the last is worth trying."""
MOST_INPUTS = 48


class _TooLong(Exception):  # noqa: N818 - a signal, not an error
    pass


def check_anchors(task: Task) -> Iterator[Finding]:
    """A regex begins at a line's begin, or else any client can write what it looks for into a URL."""
    for pattern in task.chosen:
        for number, match in enumerate(pattern.matches, 1):
            if match.regex is None:
                problem = f"match {number} has no 'regex': any line that holds the literal matches; anchor one with ^"
                yield finding(pattern, "anchor", problem, match.contains)
            elif not _is_anchored(parse(match.regex)):
                problem = f"match {number}: 'regex' does not begin with ^, so that text in a URL can match it"
                yield finding(pattern, "anchor", problem, match.regex)


def _is_anchored(items: list[Any]) -> bool:
    for kind, value in items:
        if kind is code.AT:
            return value in (code.AT_BEGINNING, code.AT_BEGINNING_STRING)
        if kind in (code.ASSERT, code.ASSERT_NOT):
            continue
        ways = branches(kind, value)
        return bool(ways) and all(map(_is_anchored, ways))
    return False


def check_linear(task: Task) -> Iterator[Finding]:
    """No look-around and no back-reference: the time of a match must not depend on what a client sends."""
    for pattern in task.chosen:
        for number, match in enumerate(pattern.matches, 1):
            for key, source in (("regex", match.regex), ("unless", match.unless)):
                if source is not None and (problem := why_not_linear(source)):
                    yield finding(pattern, "linear", f"match {number}: '{key}': {problem}", source)


def check_greed(task: Task) -> Iterator[Finding]:
    """No repeat without bounds within another, and no two `.*` one after the other."""
    for pattern in task.chosen:
        for number, match in enumerate(pattern.matches, 1):
            items = parse(match.regex or "")
            if _nested(items, within=False):
                problem = (
                    f"match {number}: a repeat within a repeat, neither of them bounded; bound one, such as {{1,80}}"
                )
                yield finding(pattern, "greed", problem, match.regex or "")
            if _greedy(items) > 1:
                problem = f"match {number}: two unbounded '.*'; take a class such as [^']+, or bound them: .{{0,80}}"
                yield finding(pattern, "greed", problem, match.regex or "")


def _nested(items: list[Any], *, within: bool) -> bool:
    for kind, value in items:
        if kind in REPEATS:
            endless = value[1] is code.MAXREPEAT
            if endless and within:
                return True
            if _nested(list(value[2]), within=within or endless):
                return True
        elif any(_nested(branch, within=within) for branch in branches(kind, value)):
            return True
    return False


def _greedy(items: list[Any]) -> int:
    """How many unbounded repeats of any character one way through the items has."""
    count = 0
    for kind, value in items:
        if kind in REPEATS and value[1] is code.MAXREPEAT and [item[0] for item in value[2]] == [code.ANY]:
            count += 1
        elif kind in (code.ASSERT, code.ASSERT_NOT):
            continue
        else:
            count += max(map(_greedy, branches(kind, value)), default=0)
    return count


def check_speed(task: Task) -> Iterator[Finding]:
    """1 MB of the worst that its own shape allows takes less than a second."""
    for pattern in task.chosen:
        for number, match in enumerate(pattern.matches, 1):
            if match.regex is not None and (found := slowest(match.regex)):
                size, seconds, text = found
                problem = f"match {number}: 'regex' takes {seconds:.2f} s for {size:,} characters like this one's"
                yield finding(pattern, "speed", f"{problem}; make it linear", repr(text[:100]))


def slowest(regex: str, limit: float = LIMIT) -> tuple[int, float, str] | None:
    """A size, the seconds it took and the text, for the first input that takes longer than the limit; or None."""
    compiled = re.compile(regex, re.MULTILINE)
    short, long = (worst_inputs(regex, size)[:MOST_INPUTS] for size in (SMALL, LARGER))
    suspects = []
    for nth, text in enumerate(short):
        seconds = seconds_of(compiled, text, limit)
        if seconds >= limit:
            return SMALL, seconds, text
        if nth < len(long) and _foretold(compiled, text, long[nth], limit) > limit / 2:
            suspects.append(nth)
    if suspects:
        largest = worst_inputs(regex, LARGEST)
        for text in (largest[nth] for nth in suspects if nth < len(largest)):
            seconds = seconds_of(compiled, text, limit)
            if seconds >= limit:
                return LARGEST, seconds, text
    return None


def _foretold(compiled: re.Pattern[str], short: str, long: str, limit: float) -> float:
    """Seconds for the largest size, told from two small ones: a part that grows with the size, and one with its square.

    The lower of two readings: a machine that is busy makes some of them long.
    """
    foretold = 0.0
    for _ in range(2):
        one, more = seconds_of(compiled, short, limit), seconds_of(compiled, long, limit)
        factor = LARGER / SMALL
        square = max(more - factor * one, 0) / (factor * factor - factor)
        times = LARGEST / SMALL
        foretold = max(one - square, 0) * times + square * times * times
        if foretold <= limit / 2:
            break
    return foretold


def seconds_of(compiled: re.Pattern[str], text: str, limit: float) -> float:
    """Processor seconds that a search takes; about the limit if it was stopped there."""
    begin = time.process_time()
    try:
        with _stopped_after(limit * 1.1):
            compiled.search(text)
    except _TooLong:
        return max(limit, time.process_time() - begin)
    return time.process_time() - begin


@contextmanager
def _stopped_after(seconds: float) -> Iterator[None]:
    """Stop what runs within after so much processor time, by a signal, which `re` heeds.

    Does nothing where signals cannot be had: outside of POSIX and of the main thread.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: object) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
