"""What another program's log has as an outage ends, where no known line says what ended it.

Somebody sets a boolean, removes semaphores, mounts a file system, reinstalls a package. No pattern can know all of it;
a line that is not routine there and tells of something done, or of something that is there again, is quoted. That it
came just before the end is all that is said of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.causes.ended import patience
from logsleuth.causes.model import By
from logsleuth.causes.services import NEAR_US
from logsleuth.regexes import regex
from logsleuth.report.compose.findings.before import CHANGES, unusual_in
from logsleuth.report.compose.log.dated import DatedLog
from logsleuth.report.words import file_name
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.causes.model import Diagnosis, EndedBy
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.findings.before import Unusual
    from logsleuth.report.compose.story.exhibits import Exhibits

RETURNS: Final = regex(
    r"(?i)\b(?:restored|recovered|re-?enabled|re-?connected|unlocked|repaired|resized|extended|unblocked|reverted)\b"
    r"|\b(?:came|is|are|comes) (?:now )?(?:back|up|online|ready|healthy)\b|back (?:online|to normal)|: ?NodeReady\b"
    r"|\bstarted container\b|\bready to accept connections"
)
"""Words of something that is there again, or was given room."""
DONE: Final = regex(
    r"(?i)\b(?:re-?installed|upgraded|downgraded|rolled back|rollback|switched (?:back|over|off|on)|was changed to"
    r"|set to|disabled|enabled|allowed|deleted|purged|flushed|truncated|cleaned up|ipcrm|setsebool|killed by"
    r"|interrupted|by (?:root|admin\w*)|see ticket|fix(?:ed)?)\b|\balter (?:system|database|user|table)\b|\bsave_?file"
)
"""Words of something that somebody did."""
OF_HTTPD: Final = regex(r"(?i)\bapache|\bhttpd")
"""What the log of another program says of httpd itself."""
UNKNOWN: Final = frozenset({By.ITSELF, By.START, By.WITH_A_RESTART, By.AT_A_RESTART})
"""Ends of which a known line would say more."""


def with_its_end(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Diagnosis:
    """The same diagnosis with what was done or was back as it ended; unchanged where a known line says it, or none."""
    ended = diagnosis.ended_by
    if ended is None or ended.text or ended.by not in UNKNOWN:
        return diagnosis
    found = (
        _before_a_start(diagnosis, lives, exhibits) if ended.by is By.START else _at_the_end(diagnosis, lives, exhibits)
    )
    return diagnosis if not found else replace(diagnosis, ended_by=_told_by(found[-1], ended))


def _told_by(line: Unusual, ended: EndedBy) -> EndedBy:
    """The end with that line."""
    by = By.CHANGE if ended.by is By.ITSELF else ended.by
    text = f"{line.program or file_name(line.path)}: {line.message}"
    return replace(ended, by=by, time=line.time, text=text, sightings=(line.sighting,))


def _at_the_end(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Sequence[Unusual]:
    """Such lines of the two minutes before it ended, and of the time after it in which a failure would have come."""
    incident, ended = diagnosis.incident, diagnosis.ended_by
    restart = ended.restart if ended is not None else None
    over = restart.down if restart is not None and restart.down is not None else incident.over
    return _telling(over - NEAR_US, over + patience(incident), over, lives, exhibits)


def _before_a_start(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Sequence[Unusual]:
    """Such lines of the two minutes before httpd could be started again, but for what is said of the start."""
    up = diagnosis.incident.over
    found = _telling(up - NEAR_US, up, up, lives, exhibits, every=True)
    return [one for one in found if not OF_HTTPD.search(one.sighting.text) or DONE.search(one.sighting.text)]


def _telling(
    begin: int, end: int, near: int, lives: Lives, exhibits: Exhibits, *, every: bool = False
) -> Sequence[Unusual]:
    """The unusual lines from `begin` to `end`, in order of time; `every`: also those that name nothing done.

    `near`: the moment around which they are looked for. All in UTC microseconds.
    """
    lines = (one for log in DatedLog.each(lives, exhibits) for one in unusual_in(log, near, lives, exhibits))
    found = [one for one in lines if begin <= one.time <= end and (every or tells(one.sighting.text))]
    telling = [one for one in found if tells(one.sighting.text)] or found
    return sorted(telling, key=lambda one: (one.time, one.sighting.log, one.sighting.offset))


def tells(text: str) -> bool:
    """Whether a line tells of something done, or that something is there again."""
    return any(words.search(text) is not None for words in (DONE, CHANGES, RETURNS))
