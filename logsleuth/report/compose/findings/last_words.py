"""What workers wrote just before they crashed: about which script, and whether their requests are in the access log.

No line says which request killed a worker. But the same process may have written about it a moment before; such lines
are routine, so that no tally keeps all of them, and the log is looked through once more.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.causes.model import ONLY_TOLD, Ground
from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.regexes import regex
from logsleuth.report.compose.findings.sought import MOST_READ
from logsleuth.signals.tuning import ALMOST_ALL, LEAST_MOMENTS, TIMES_AS_MANY, TOGETHER_US
from logsleuth.units import MINUTE, SECOND
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.story.exhibits import Exhibits

SCRIPT: Final = regex(rb"(?<![\w.])/[\w./+-]{1,200}\.(?:php\d?|phtml|pl|py|rb|cgi|fcgi)\b")
LEAST_SHARE: Final = 0.1
"""Share of the dead that must have written about a script."""


class Words(NamedTuple):
    """A line of a worker about a script."""

    pid: int
    time: int
    """Local microseconds, as in a tally."""
    client: str
    script: str


def of_last_words(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> tuple[Ground, ...]:
    """The script about which many workers wrote just before they crashed; empty: there is none."""
    first = diagnosis.first
    if first is None or first.meaning.role != "death" or first.meaning.worker is None:
        return ()
    log = first.moments[0].sighting.log
    dead = [(one.pid, one.sighting.time) for one in diagnosis.workers.lost_workers if one.sighting.log == log]
    words = exhibits.again.found(log, words_in)
    last = last_words(words, dead)
    script = script_of(last, words, dead)
    if not script:
        return ()
    about = [one for one in last if one.script == script]
    missing = _are_missing(about, diagnosis, lives, exhibits)
    said = (
        f"{len(about):,} of the {len(dead):,} that died had just written about {script}"
        f"{', and the requests of these clients are missing from the access log' if missing else ''}."
    )
    return (Ground("last-words", ONLY_TOLD, said),)


def words_in(text: bytes) -> list[Words]:
    """The lines of workers about a script, in order."""
    found: list[Words] = []
    for line in text.split(b"\n"):
        script = SCRIPT.search(line)
        if script is None or len(found) >= MOST_READ:
            continue
        record = tokenize(line)
        if record.pid and record.time is not None:
            client = (record.client or "").rpartition(":")[0] or record.client or ""
            found.append(Words(record.pid, record.time, client, script[0].decode("ascii", "replace")))
    return found


def last_words(words: Sequence[Words], dead: Sequence[tuple[int, int]]) -> list[Words]:
    """Of each worker that died (pid, local microseconds) its last line, if it wrote one within two seconds before."""
    by_pid: dict[int, list[Words]] = {}
    for one in words:
        by_pid.setdefault(one.pid, []).append(one)
    found = []
    for pid, time in dead:
        near = [one for one in by_pid.get(pid, ()) if time - TOGETHER_US <= one.time <= time]
        found += near[-1:]
    return found


def script_of(last: Sequence[Words], words: Sequence[Words], dead: Sequence[tuple[int, int]]) -> str:
    """The script that many of the dead wrote about, far more than chance makes it; empty: there is none."""
    if not last:
        return ""
    script, count = max(Counter(one.script for one in last).items(), key=lambda item: (item[1], item[0]))
    own = [one for one in words if one.script == script]
    span = max(own[-1].time - own[0].time, SECOND)
    workers = len({one.pid for one in words})
    by_chance = len(own) * len(dead) * TOGETHER_US / span / workers
    is_enough = count >= max(LEAST_MOMENTS, LEAST_SHARE * len(dead)) and count >= TIMES_AS_MANY * by_chance
    return script if is_enough else ""


def _are_missing(about: Sequence[Words], diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> bool:
    """Whether the access log has no line of nearly all of these requests: none is written of what killed its worker."""
    seen = diagnosis.incident.requests
    if seen is None:
        return False
    from logsleuth.report.compose.findings.surge import requests_of  # noqa: PLC0415 - most runs have no access log

    begin, end = diagnosis.incident.onset - MINUTE, diagnosis.incident.over + MINUTE
    asked: dict[str, list[int]] = {}
    for one in requests_of(seen.log, begin, end, lives, exhibits):
        asked.setdefault(one.client, []).append(one.line.local)
    missing = sum(_has_none(asked, one) for one in about)
    return bool(asked) and missing >= ALMOST_ALL * len(about)


def _has_none(asked: Mapping[str, Sequence[int]], words: Words) -> bool:
    """Whether a client asked for nothing in the second of a line, or the one before."""
    return not any(-SECOND <= words.time - time < TOGETHER_US for time in asked.get(words.client, ()))
