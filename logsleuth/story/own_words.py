"""What no pattern knows, and how to tell that it matters: what httpd says of itself, and words of failure.

A request may bring about any message that names a client; one that names none is about the server. At level error
and above httpd's MPMs and core say so seldom, and hardly ever when all is well (server/mpm/*, server/core.c).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.story.clients import CODE, client_of

if TYPE_CHECKING:
    from logsleuth.scan.sighting import Sighting
    from logsleuth.story.timeline import Track

GRAVE = frozenset({"emerg", "alert", "crit", "error"})
FATAL = frozenset({"emerg", "alert", "crit"})
SERVER = ("mpm_", "core", "unixd")
"""How the names of the modules begin that are the server itself; 2.2's lines have no module."""
FEW = 10
"""Moments. What is said more often is judged by its rate."""
FAILURE = re.compile(
    r"(?i)error|fail|time[d ]*out|abort|denied|refused|reject|unable|cannot|can't|could ?n[o']t|lost|broken|exceed"
)
"""Words for failures, in messages whose level is no sign of one: what TLS clients run into is at level info."""
HARM = re.compile(
    r"(?i)corrupt|invalid|missing|mismatch|not found|no such|exception|panic|overflow|unavailable|terminat|kill|dead"
    r"|died|illegal|crash|refus|free\(|stack|assert|signal"
)
"""Further words for them, which applications and libraries use."""
OWN_LEVEL = re.compile(
    r"(?:^|[\s\[(|:<'\"])(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|Debug|Info|Notice|Warning)(?=[\s\])|:>'\"])"
)
"""The level that an application gives its message: httpd logs all that it prints at level error."""
FIRST_WORDS = 80


def is_chatter(track: Track) -> bool:
    """Whether the application that says it does not take it for a failure."""
    return (
        track.pattern is None and CODE.search(track.name) is None and bool(OWN_LEVEL.search(track.name[:FIRST_WORDS]))
    )


def is_own_word(track: Track) -> bool:
    """Whether the server says this of itself, as an error."""
    if track.pattern is not None or track.level not in GRAVE:
        return False
    line = track.moments[0].sighting
    return line.dated and _of_itself(line) and (not line.module or line.module.startswith(SERVER))


def is_rare_word(track: Track) -> bool:
    """Whether it is so rare that each time counts."""
    return len(track.moments) <= FEW and is_own_word(track)


def is_last_word(track: Track) -> bool:
    """Whether httpd may have ended with this: words without a time are of a start, or of a configuration read anew."""
    if track.pattern is not None or not 0 < len(track.moments) <= FEW:
        return False
    line = track.moments[0].sighting
    return _of_itself(line) and (not line.dated or track.level in FATAL)


def is_of_failure(track: Track) -> bool:
    """Whether httpd speaks of a failure, though at a level that does not; applications say what they like."""
    said = CODE.search(track.name) and FAILURE.search(track.name)
    return track.level in {"warn", "notice", "info"} and said is not None


def names_a_failure(track: Track) -> bool:
    """Whether there is a word for it in what is said; of a line without a head nothing else tells."""
    return FAILURE.search(track.name) is not None or HARM.search(track.name) is not None


def tells_of_failure(track: Track) -> bool:
    """Whether anybody speaks of a failure, at a level for that."""
    return track.level in GRAVE and names_a_failure(track)


def _of_itself(line: Sighting) -> bool:
    return not client_of(line.words) and bool(CODE.search(line.words))
