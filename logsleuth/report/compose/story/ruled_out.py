"""What was looked for and not found within an incident: a reader need not wonder."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Final

from logsleuth.library.category import (
    BACKENDS,
    CONFIGURATION,
    CRASHES,
    DATABASE,
    GROUPS,
    LIMIT,
    category_of,
)
from logsleuth.library.spoken_of import spoken_of
from logsleuth.regexes import regex
from logsleuth.timeline.model import is_any_between
from logsleuth.units import MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.incidents.model import Incident
    from logsleuth.library.meaning import Meaning
    from logsleuth.lives.live import Lives

APPLICATIONS = regex(
    r"\bPHP (?:Fatal|Parse|Warning|Notice|Deprecated|message)|Traceback|\[(?:php\d?|wsgi|perl|fcgid|proxy_fcgi):",
    needs=("PHP ", "Traceback", "[php", "[wsgi:", "[perl:", "[fcgid:", "[proxy_fcgi:"),
)
"""What an application writes into httpd's error log, or a module that hands its lines on."""


THREADS = "processes, threads or memory"
WITHOUT_THREADS = "processes or memory"
"""Of a full pool the threads are what was exhausted."""
OF_THE_SYSTEM, ALL_OF_THE_SYSTEM = "processes or memory of the system", "processes, threads or memory of the system"
"""Where a pool of processes was full, such as that of FastCGI."""
OWN_POOLS: Final = ("httpd.", "mpm_")
"""How the names of messages about httpd's own workers begin."""


class RuledOut:
    """What is ruled out in the incidents of a run. What all lines say is found out once for all of them."""

    def __init__(self, lives: Lives, left_out: int = 0) -> None:
        """`left_out`: the number of logs that were given and could not be read."""
        every = lives.timeline.series.values()
        self._lives, self._left_out = lives, left_out
        self._reported = {series.name: frozenset(_reported_by(series.meaning)) for series in every}
        self._limits = [series for series in lives.timeline.known() if LIMIT in self._reported[series.name]]

    def statements(self, incident: Incident, besides: str | None) -> tuple[str, ...]:
        """One sentence on the kinds of cause of which no line is seen in the incident or a minute around it.

        Only kinds of which a line would be seen: a server that is down writes of none. `besides`: what logs of other
        programs have in that time, of which a tally keeps little; None: it was not looked at, and nothing is ruled out.
        """
        if incident.was_down or besides is None:
            return ()
        seen = self._seen(incident)
        unseen = {
            *([] if self._would_be_here(incident) else [LIMIT]),
            *([] if self._logs_of_applications else [DATABASE]),
        }
        seen |= set(spoken_of(besides))
        missing = [group for group in GROUPS if group not in seen | unseen]
        if not missing:
            return ()
        unread = (
            "One of the logs given is in no format that is known here; it may hold such a line."
            if self._left_out == 1
            else f"{self._left_out:,} of the logs given are in no format that is known here; they may hold such a line."
        )
        kinds = listed(missing, full=LIMIT in seen, pool=_is_a_pool_full(incident))
        return (
            f"Nothing in the log during the incident, or within a minute of it, points to: {kinds}.",
            *([unread] if self._left_out else []),
        )

    def _seen(self, incident: Incident) -> set[str]:
        """The kinds of cause that lines report, or speak of, in an incident and a minute around it."""
        near = self._lives.lines.between(incident.onset - MINUTE, incident.end + MINUTE)
        seen = {group for signal in incident.signals for group in _reported_by(signal.meaning)}
        seen.update(*(self._reported[name] for name in {series.name for series, _ in near}))
        seen.update(spoken_of("\n".join(line.sighting.words for _, line in near)))
        return seen

    def _would_be_here(self, incident: Incident) -> bool:
        """Whether a full pool would have been logged: the parent's own start is in the log, and nothing of it since."""
        up = self._starts[: bisect_right(self._starts, incident.onset)]
        return bool(up) and not any(is_any_between(one.moments, up[-1], incident.end) for one in self._limits)

    @cached_property
    def _starts(self) -> list[int]:
        """UTC microseconds at which a parent started, in order."""
        server = self._lives.server
        after_absences = (one.end for one in server.absences if one.end is not None)
        restarted = (one.up for one in server.restarts if one.kind in {"start", "stop"} and one.up is not None)
        return sorted({*restarted, *after_absences})

    @cached_property
    def _logs_of_applications(self) -> bool:
        """Whether the logs hold what applications write: else one may have lost its database without a word here."""
        return any(APPLICATIONS.search(one.first_sighting.text) for one in self._lives.timeline.series.values())


def listed(groups: Sequence[str], *, full: bool, pool: bool = False) -> str:
    """Kinds of cause in a sentence; `full`: the pool of workers was; `pool`: one of other processes was."""
    listed = "; ".join(group[:1].lower() + group[1:] for group in groups)
    listed = listed.replace(THREADS, WITHOUT_THREADS) if full else listed
    return listed.replace(WITHOUT_THREADS, OF_THE_SYSTEM).replace(THREADS, ALL_OF_THE_SYSTEM) if pool else listed


def _is_a_pool_full(incident: Incident) -> bool:
    """Whether a pool of processes other than httpd's own was full, such as that of FastCGI."""
    full = (signal for signal in incident.signals if signal.meaning.role == "capacity")
    return any(not signal.name.startswith(OWN_POOLS) for signal in full)


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
