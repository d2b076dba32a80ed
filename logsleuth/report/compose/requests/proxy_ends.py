"""How failed requests ended that HAProxy took: its HTTP log has a code for each.

The codes are of four letters, of which the first two say who ended it and in which phase (doc/configuration.txt,
"Session state at disconnection").
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.logs.others.access.haproxy import LINE, LONGEST
from logsleuth.report.words import joined, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NO_SERVER: Final = "<NOSRV>"
"""What the log has in the place of the server where none was asked."""
MEANINGS: Final[Mapping[str, str]] = {
    "SC": "the server, or the system on the way to it, refused the connection",
    "sC": "no connection to the server came about in time (timeout connect)",
    "sQ": "no server had a free place in time (timeout queue)",
    "sH": "the server did not answer in time (timeout server)",
    "SH": "the server broke off before it answered",
    "sD": "the server sent nothing more in time (timeout server)",
    "SD": "the server broke off in the middle of its answer",
    "PH": "HAProxy refused the server's answer, as invalid or by a rule",
    "PR": "HAProxy refused the request, by a rule or a limit",
    "RC": "HAProxy had no resources left for a connection",
}
"""How a session ended, by the first two letters of its code; what clients break off is no failure of a server."""
NAMED: Final = 3


def ends_by_haproxy(lines: Iterable[bytes]) -> str:
    """What HAProxy's codes say of requests that failed, in a sentence; empty: they say nothing, or the log is not its.

    `lines`: as the log has them.
    """
    counted: Counter[tuple[str, bool]] = Counter()
    for line in lines:
        found = LINE.search(line.decode("utf-8", "backslashreplace"), 0, LONGEST)
        if found is not None and found["ended"][:2] in MEANINGS:
            counted[found["ended"][:2], found["server"] == NO_SERVER] += 1
    if not counted:
        return ""
    each = [_said(code, number, nowhere=nowhere) for (code, nowhere), number in counted.most_common(NAMED)]
    return f"By HAProxy's codes, {joined(each)}."


def _said(code: str, number: int, *, nowhere: bool) -> str:
    if code == "SC" and nowhere:
        return f"no server was available (SC with {NO_SERVER}, {plural(number, 'request')})"
    return f"{MEANINGS[code]} ({code}, {plural(number, 'request')})"
