"""What is odd about the times: clocks set back, hours that occur twice or never, workers in other zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from logsleuth.logs.format.reader import reader_of
from logsleuth.logs.httpd.record import Record
from logsleuth.report.words import place, plural
from logsleuth.units import SECOND, duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.incidents.model import Incident
    from logsleuth.logs.open.log import Log
    from logsleuth.scan.sighting import Sighting
    from logsleuth.scan.tally import LogTally, Tally
    from logsleuth.timeline.clock import Clock

LONGEST_REQUEST = 600
"""Seconds: a line that is further behind was hardly written by a request that took so long; the clock was set."""
ACCESS = "access"
"""Name of the format of access logs."""
DAY = 86_400 * 1_000_000
QUARTER = 900
"""Seconds: zones differ by whole quarters of an hour."""
PAUSE = 120
"""Seconds that may pass between the two lines of a step, and make it so much smaller."""
FEW = 3
"""Steps back that a clock may make; more come from several writers."""
MOST_YEARS = 50
"""A log that spans more has a damaged date; its shifts are not listed."""


def notes(tally: Tally, logs: Sequence[Log], clock: Clock, incidents: Sequence[Incident]) -> list[str]:
    """A sentence on each oddity of the logs' times."""
    told = [*_shifts(tally, clock)]
    for number, log in enumerate(logs):
        found = tally.logs.get(number)
        if (skew := log.format.skew) is not None:
            told.append(_put_right(log, skew))
        if found is not None and found.stepped:
            arrivals = [clock.utc(after.time) for _, after in found.steps]
            hung = all(any(one.onset <= time <= one.over for one in incidents) for time in arrivals)
            told.append(_steps(log, found, tally, in_an_outage=hung))
    return told


def _put_right(log: Log, skew: int) -> str:
    return (
        f"{log.path}: workers write in another time zone than their parent (an application that calls tzset(), such as "
        f"Django with its TIME_ZONE, does that): {duration(abs(skew))} {'ahead' if skew > 0 else 'behind'}. Times "
        "in this report are the parent's; quoted lines are as they are in the log."
    )


def _steps(log: Log, found: LogTally, tally: Tally, *, in_an_outage: bool) -> str:
    """What lines with earlier times show. `in_an_outage`: whether their requests arrived while users were failed."""
    is_access = log.format.name == ACCESS
    odd = [step for step in found.steps if not (is_access and _took_as_long(log, *step))]
    if is_access and max((size for size, _ in odd), default=0) <= LONGEST_REQUEST:
        return _begun_earlier(log, found)
    size, after = odd[0]
    where = place(log.path, tally.line_number(after), after.offset)
    if found.stepped <= FEW:
        request = "a request took so long, " if is_access and _read(log, after).took is None else ""
        return (
            f"{where}: the time goes back by {duration(size)} there: {request}the clock was set, daylight saving time "
            "ended, or logs were joined. Lines on either side may be reported in the wrong order."
        )
    quarters = all(-step % QUARTER <= PAUSE for step, _ in odd)
    if is_access and not (quarters and _may_be_of_other_zones(log, found)):
        return _hung(log, found, where, in_an_outage=in_an_outage)
    why = (
        "in whole quarters of an hour: workers write in different time zones (an application that calls tzset(), such "
        "as Django with its TIME_ZONE, does that)"
        if quarters
        else "several servers write to one log, or logs were joined"
    )
    return (
        f"{log.path}: the time jumps back {plural(found.stepped, 'time')}, up to {duration(size)} (first at {where}): "
        f"{why}. Times of such lines are off by that much."
    )


def _took_as_long(log: Log, size: int, after: Sighting) -> bool:
    """Whether a line of an access log says itself that its request took as long as the time goes back.

    A web socket is one request for as long as it is open. `size`: seconds.
    """
    took = _read(log, after).took
    return took is not None and took >= (size - PAUSE) * SECOND


def _may_be_of_other_zones(log: Log, found: LogTally) -> bool:
    """Whether lines of an access log may be in another zone than the rest: not where each names the same one (%t)."""
    usual = _read(log, found.first).offset if found.first is not None else None
    return usual is None or any(_read(log, after).offset != usual for _, after in found.steps)


def _read(log: Log, line: Sighting) -> Record:
    """What a kept line of an access log says."""
    read = reader_of(log.format, log.newest)
    record = read(line.text.encode("utf-8", "backslashreplace")) if read is not None else None
    return record if record is not None else Record("bare", line.text)


def _begun_earlier(log: Log, found: LogTally) -> str:
    """In an access log that is no fault: %t is when a request arrived, and its line is written when it ends."""
    longest = max(size for size, _ in found.steps)
    return (
        f"{log.path} is written when a request ends but dated when it arrived, so its times are not in order: slow "
        f"requests appear up to {duration(longest)} after their time stamp."
    )


def _hung(log: Log, found: LogTally, where: str, *, in_an_outage: bool) -> str:
    """Lines of an access log that are later than a request usually takes, by times that no zone explains."""
    longest = max(size for size, _ in found.steps)
    doubt = " If none can hang for so long, several servers write to one log, or logs were joined."
    return (
        f"{log.path} is written when a request ends but dated when it arrived: some requests took up to "
        f"{duration(longest)} (the first such line is at {where}).{'' if in_an_outage else doubt}"
    )


def _shifts(tally: Tally, clock: Clock) -> Iterator[str]:
    """The days within the logs on which the zone's offset changes."""
    firsts = [log.first.time for log in tally.logs.values() if log.first]
    lasts = [log.last.time for log in tally.logs.values() if log.last]
    if not firsts or max(lasts) - min(firsts) > MOST_YEARS * 366 * DAY:
        return
    for local in range(min(firsts) // DAY * DAY, max(lasts) + 1, DAY):
        before, after = clock.utc(local), clock.utc(local + DAY)
        change = (after - before - DAY) // 1_000_000
        if change:
            day = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=local)).strftime("%Y-%m-%d")
            if change > 0:
                yield (
                    f"On {day} clocks in {clock.name} were set back by {duration(change)}: the log names the times in "
                    "between twice, and they are all read as the first."
                )
            else:
                yield f"On {day} clocks in {clock.name} were set forward by {duration(-change)}."
