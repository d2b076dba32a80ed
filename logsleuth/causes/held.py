"""A statement that kept a database busy through an outage: its line is written when it ends, and says how long it took.

It had begun before the outage did, so that it may have set it off, though nothing was logged then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.causes.model import Trigger
from logsleuth.library.slot import filled
from logsleuth.signals.tuning import AROUND_US, JOIN_US, MOST, TOGETHER_US
from logsleuth.timeline.model import between
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logsleuth.incidents.model import Incident
    from logsleuth.timeline.model import Moment, Series, Timeline

LASTED: Final = "seconds"
"""The capture of a trigger's line that says how long what it reports had lasted, in whole seconds."""
SHOWN: Final = 2
"""Statements that are told: the one that began first, and the first that had to wait for it."""


def held_through(incident: Incident, timeline: Timeline) -> Iterable[Trigger]:
    """The statements that began before an outage and ended with it, or in its second half; those that began first."""
    found = [
        (begun(moment), series, moment)
        for series in timeline.known()
        if series.meaning.role == "trigger"
        for moment in between(series.moments, incident.onset, incident.over + JOIN_US)
        if lasted(moment)
    ]
    length = incident.over - incident.onset
    held = [
        (begin, series, moment)
        for begin, series, moment in found
        if incident.onset - AROUND_US <= begin <= incident.onset + TOGETHER_US
        and moment.time - incident.onset >= MOST * length
    ]
    for begin, series, moment in sorted(held, key=lambda one: (one[0], one[2].time))[:SHOWN]:
        yield Trigger(min(begin, incident.onset), "state", _words(series, moment), (moment.sighting,), series.name)


def lasted(moment: Moment) -> int:
    """Microseconds that had passed when a line was written since what it reports began; 0: it does not say."""
    said = dict(moment.sighting.fields).get(LASTED, "")
    return int(said) * SECOND if said.isdecimal() else 0


def begun(moment: Moment) -> int:
    """When what a line reports began (UTC microseconds)."""
    return moment.time - lasted(moment)


def _words(series: Series, moment: Moment) -> str:
    fields = dict(moment.sighting.fields)
    return filled(series.meaning.explain.of([fields]).summary, fields) or series.title


def at_once(moments: Iterable[Moment]) -> Iterator[Moment]:
    """The lines of what was done in their own moment: what had gone on for long did not begin then."""
    return (moment for moment in moments if not lasted(moment))
