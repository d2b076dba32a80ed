"""A format's machine as plain data, for the compiled scan (`core/src/machine.rs`), which runs it on most lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.logs.httpd.layout.program import LONGEST_LINE, MOST_STEPS, Choice, Constant
from logsleuth.logs.httpd.layout.times import time_regex

if TYPE_CHECKING:
    from logsleuth.logs.httpd.layout.layout import Layout
    from logsleuth.logs.httpd.layout.program import Node

State = tuple[str, int, int, bytes, bool, int]
"""What it is (a directive's letter, 'constant' or 'choice'), where it goes on, where otherwise, the text or the
directive's argument, whether it may be a hyphen, and the level from which on it is printed."""
Stamp = tuple[bytes, bytes, list[tuple[str, int, int]]]
"""What a time looks like, a letter for each byte, these bytes, and its parts by name, with begin and end."""
Machine = tuple[list[State], int, "Stamp | None"]
"""The states, the one where a line begins, and what its time looks like."""

PARTS = re.compile(
    r"(?P<atomic>\(\?>)|\(\?P<(?P<name>\w+)>|(?P<plain>\(\?:)|(?P<close>\))"
    r"|(?P<kind>\\d|\[ \\d\]|\[A-Z\]|\[a-z\]|\[\+-\])(?:\{(?P<times>\d+)\})?"
    r"|\\(?P<escaped>[^A-Za-z0-9])|(?P<text>[^\\\[\](){}|?*+.^$])(?![?*+{])",
    re.ASCII | re.DOTALL,
)
"""What the regex of a time is made of, if it is as wide whatever the time."""
KINDS = {r"\d": b"d", r"[ \d]": b"b", "[A-Z]": b"A", "[a-z]": b"a", "[+-]": b"s"}


def machine_of(layout: Layout) -> Machine | None:
    """The machine of a layout; None: it is not for the compiled scan.

    That reads one time of fixed width, by its day and hour, and any line that httpd writes; and lines which name
    neither time nor level might be anything.
    """
    times = [item.argument for item in layout.items if item.directive == "t"]
    stamp = _stamp(times[0]) if times else None
    too_much = layout.program.spans * LONGEST_LINE > MOST_STEPS
    if not layout.dated or len(times) > 1 or (times and stamp is None) or too_much:
        return None
    return [_state(node) for node in layout.program.nodes], layout.program.start, stamp


def _state(node: Node) -> State:
    if isinstance(node, Constant):
        return "constant", node.then, 0, node.text.encode(), False, 0
    if isinstance(node, Choice):
        return "choice", node.then, node.other, b"", False, 0
    item = node.item
    return item.directive, node.then, 0, (item.argument or "").encode(), item.hyphen, item.level


def _stamp(argument: str | None) -> Stamp | None:
    """What `%{argument}t` prints; None: that is of no fixed width."""
    pattern = time_regex(argument).pattern
    shape, text, at = b"", b"", 0
    parts: list[tuple[str, int, int]] = []
    opened: list[tuple[str, int]] = []
    while at < len(pattern):
        found = PARTS.match(pattern, at)
        if found is None:
            return None
        at = found.end()
        if found["close"]:
            name, begin = opened.pop()
            parts += [(name, begin, len(shape))] if name else []
        elif found["kind"]:
            shape += KINDS[found["kind"]] * int(found["times"] or 1)
            text = text.ljust(len(shape))
        elif sign := found["escaped"] or found["text"]:
            text += sign.encode()
            shape = shape.ljust(len(text), b"=")
        else:
            opened.append((found["name"] or "", len(shape)))
    return shape, text, parts
