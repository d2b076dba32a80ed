"""A certificate whose time ended just before an outage: its end set that off, and nobody did anything."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from logsleuth.causes.model import Trigger
from logsleuth.regexes import regex
from logsleuth.signals.tuning import SOON_US, TOGETHER_US
from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.incidents.model import Incident
    from logsleuth.signals.model import Signal

UNTIL: Final = "until"
"""The capture of a certificate's end date, as OpenSSL writes it (ASN1_TIME_print): Nov 24 09:12:40 2025 GMT."""
BY_DATE: Final = regex(
    r"(?i)(?:certificate|\bcert|\bCRL|license|ticket|token|password)\b[^\n]{0,60}\b(?:has expired|is expired|expired\b)"
)
"""What a line says of something whose time ended."""
DATE: Final = regex(r"\A([A-Z][a-z]{2})  ?(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4}) GMT\Z")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def expired(incident: Incident, first: Signal | None) -> Iterable[Trigger]:
    """The end date that the first line of the likeliest cause names, where the outage began with it."""
    if first is None:
        return
    sighting = first.moments[0].sighting
    said = dict(sighting.fields)
    end = time_of(said.get(UNTIL, ""))
    if end is not None and -TOGETHER_US <= incident.onset - end <= SOON_US:
        whose = f"The certificate of {said['subject']}" if "subject" in said else "The certificate"
        yield Trigger(min(end, incident.onset), "state", f"{whose} expired", (sighting,), first.name)


def comes_by_date(incident: Incident, first: Signal | None) -> bool:
    """Whether the likeliest cause comes by its date, with or without a change: what ran before ran on with it.

    A start that was refused for it was somebody's.
    """
    return first is not None and not incident.was_down and BY_DATE.search(first.moments[0].sighting.text) is not None


def time_of(date: str) -> int | None:
    """UTC microseconds of a date in OpenSSL's words; None: it is none."""
    found = DATE.match(date)
    if found is None or found[1] not in MONTHS:
        return None
    day, hour, minute, second, year = map(int, found.group(2, 3, 4, 5, 6))
    try:
        moment = datetime(year, MONTHS.index(found[1]) + 1, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return int(moment.timestamp()) * SECOND
