"""What was looked for and not found within an incident: a reader need not wonder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.library.category import (
    BACKENDS,
    CONFIGURATION,
    CRASHES,
    DATABASE,
    DISK,
    EXHAUSTED,
    GROUPS,
    LIMIT,
    category_of,
)
from logsleuth.library.platforms import sentence
from logsleuth.regexes import regex
from logsleuth.timeline.model import between
from logsleuth.units import MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logsleuth.incidents.model import Incident
    from logsleuth.library.meaning import Meaning
    from logsleuth.library.platforms import Platform
    from logsleuth.lives.live import Lives

ONCE = "Not ruled out: httpd's workers at their limit, which it logs only once in the life of a parent."
APPLICATIONS = regex(
    r"\bPHP (?:Fatal|Parse|Warning|Notice|Deprecated|message)|Traceback|\[(?:php\d?|wsgi|perl|fcgid|proxy_fcgi):",
    needs=("PHP ", "Traceback", "[php", "[wsgi:", "[perl:", "[fcgid:", "[proxy_fcgi:"),
)
"""What an application writes into httpd's error log, or a module that hands its lines on."""
WORDS = {
    DISK: regex(r"No space left on device|[Dd]isk quota exceeded", needs=("No space left", "isk quota exceeded")),
    BACKENDS: regex(
        r"\[proxy\w*:(?:error|crit|alert|emerg)\]|\] (?:\(\d+\)[^:]*: )?proxy: |remote server",
        needs=("[proxy", " proxy: ", "remote server"),
    ),
    EXHAUSTED: regex(
        r"Too many open files|Cannot allocate memory|[Oo]ut ?[Oo]f ?[Mm]emory|heap space|Resource temporarily unavail",
        needs=("Too many open", "emory", "heap space", "Resource temporarily"),
    ),
    DATABASE: regex(r"SQLSTATE|\bORA-\d", needs=("SQLSTATE", "ORA-")),
}
"""What a line says of a kind of cause, whatever it is about and whether a pattern knows it: the system's words for an
errno, mod_proxy's, Java's, or a database's."""
OF_DATABASES = regex(
    r"connect[^\n]{0,40}(?:database|mysql|mariadb|postgres)"
    r"|(?:database|mysql|mariadb|postgres)[^\n]{0,40}(?:connect|gone away|refused|denied|shut)",
    needs=("database", "mysql", "mariadb", "postgres"),
)
"""The same of a database that a line names, in small letters."""


def statements(incident: Incident, lives: Lives, there: Platform, *, is_sure: bool) -> tuple[str, ...]:
    """One sentence on the kinds of cause of which no line is seen in the incident or a minute around it.

    Only kinds of which a line would be seen. `is_sure`: the cause is known; then a limit that may have been reached
    unseen is no rival.
    """
    begin, end, timeline = incident.onset - MINUTE, incident.end + MINUTE, lives.timeline
    seen = {group for signal in incident.signals for group in _reported_by(signal.meaning)}
    for series in timeline.series.values():
        lines = between(series.moments, begin, end)
        if lines:
            seen.update(_reported_by(series.meaning))
            text = "\n".join(line.sighting.words for line in lines)
            seen.update(_said_in(text))
    unseen = {
        *([] if _would_be_here(incident, lives) else [LIMIT]),
        *([] if _logs_of_applications(lives) else [DATABASE]),
    }
    missing = [group for group in GROUPS if group not in seen | unseen]
    once = (sentence(ONCE, there),) if LIMIT in unseen - seen and not is_sure else ()
    if not missing:
        return once
    listed = "; ".join(group[:1].lower() + group[1:] for group in missing)
    return (
        f"No known message in it, or within a minute of it, reports any of these: {listed}.",
        *once,
    )


def _said_in(text: str) -> Iterator[str]:
    """The kinds of cause of which some lines speak, whatever they are about."""
    yield from (group for group, words in WORDS.items() if words.search(text))
    if OF_DATABASES.search(text.lower()):
        yield DATABASE


def _reported_by(meaning: Meaning) -> Iterator[str]:
    """The kinds of cause that a message reports, by its category and by what it is about."""
    yield category_of(meaning.category).group
    if meaning.is_refusal:
        yield CONFIGURATION  # whatever it was, httpd refused to start with it
    if meaning.is_failure and (meaning.about == "backend" or meaning.category == "dns-failure"):
        yield BACKENDS  # of one whose name is not found nothing is known
    if meaning.role == "death":
        yield CRASHES
    if meaning.role == "capacity" and meaning.about == "server":
        yield LIMIT


def _logs_of_applications(lives: Lives) -> bool:
    """Whether the logs hold what applications write: else one may have lost its database without a word here."""
    return any(APPLICATIONS.search(s.first_sighting.text) for s in lives.timeline.series.values())


def _would_be_here(incident: Incident, lives: Lives) -> bool:
    """Whether a full pool would have been logged: the parent's own start is in the log, and nothing of it since."""
    starts = [r.up for r in lives.server.restarts if r.kind in {"start", "stop"} and r.up is not None]
    started = max((up for up in starts if up <= incident.onset), default=None)
    limits = (s for s in lives.timeline.known() if LIMIT in _reported_by(s.meaning))
    return started is not None and not any(between(s.moments, started, incident.end) for s in limits)
