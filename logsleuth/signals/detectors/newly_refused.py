"""Many clients begin to be refused at one place of the site: with a change of the configuration, or instead of served.

Scanners are refused all day, by many rules and at odd paths. A virtual patch, an update of a rule set, or a `Require`
that was deployed to one location refuses those who use it, and nobody else: among all refusals it is not even one in
ten. So they are counted for each rule and each folder of what was asked for, and held against their own past just
before the change. What changed need not be in any log: an application behind httpd that a deploy left broken answers
with 404. Then as many fewer must be served as are refused. The table `if_new` of a pattern says what its message means
then; the captures `rule` and `path`, where it has them, which rule refused what.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

from logsleuth.signals.baseline import find_stretches
from logsleuth.signals.chance import budget
from logsleuth.signals.clients import are_a_crowd, are_users, effective
from logsleuth.signals.detectors.everybody import NO_TRACE
from logsleuth.signals.instead import are_refused_instead, is_gone
from logsleuth.signals.model import Signal, Why
from logsleuth.signals.places import folders_of, was_served
from logsleuth.signals.tuning import (
    AROUND_US,
    BY_CHANCE,
    JOIN_US,
    LEAST_CLIENTS,
    LEAST_EXPECTED,
    NEAR_GAPS,
    TIMES_AS_MANY,
)
from logsleuth.timeline.model import TIME, between
from logsleuth.units import SECOND
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.signals.scene import Scene
    from logsleuth.timeline.model import Moment, Series

CHALLENGE = "401"
"""The status with which each visit to what wants a password begins, and which asks for it."""
Place = tuple[str, str]
"""A rule, and a folder below which it refuses; empty: any."""


@dataclass(frozen=True, slots=True)
class Found:
    """Refusals of one place that begin with a change."""

    place: Place
    moments: tuple[Moment, ...]
    surprise: float
    usual: float


def newly_refused(scene: Scene) -> Iterable[Signal]:
    """For each kind of refusal, the places at which it begins to meet many clients with a change."""
    changes = _changes(scene)
    if not changes and scene.lives.requests.own is None:
        return
    for series in scene.lives.timeline.known():
        meaning = series.meaning.if_new
        if meaning is None:
            continue
        chosen = _most_surprising(_found(scene, series, changes))
        # what is refused at other places, or was at other times, is no sign of this
        moments = sorted((moment for found in chosen for moment in found.moments), key=TIME)
        whole = replace(series, meaning=meaning, moments=tuple(moments), clients=None)
        for found in chosen:
            yield Signal(whole, found.moments, Why.SURPRISE, found.surprise, found.usual)


def _changes(scene: Scene) -> list[int]:
    """UTC microseconds of each start and reload, and of each change that a log reports: a deploy, a package."""
    reported = (
        moment.last
        for series in scene.lives.timeline.known()
        if series.meaning.role == "trigger"
        for moment in series.moments
    )
    return sorted({*scene.lives.server.ups, *reported})


def _found(scene: Scene, series: Series, changes: Sequence[int]) -> Iterable[Found]:
    places = _by_place(series.moments)
    begin, end = _seen(scene)
    least = budget(end - begin, len(places))
    for place, moments in places.items():
        for stretch in find_stretches(moments, begin, end, NO_TRACE, least):
            some = moments[stretch.first : stretch.last]
            within = _from_a_change_on(scene, series, moments, some, changes) or _instead_of_served(scene, place, some)
            if within and was_served(scene.lives.requests, within) is not False:
                yield Found(place, within, stretch.surprise, stretch.usual)


def _seen(scene: Scene) -> tuple[int, int]:
    """(first, last) UTC microseconds that the logs tell of: an access log goes on where an error log has no line."""
    timeline, own = scene.lives.timeline, scene.lives.requests.own
    begins = own.all.begins if own is not None else []
    return min([timeline.start, *begins[:1]]), max([timeline.start + timeline.span, *begins[-1:]])


def _by_place(moments: Sequence[Moment]) -> dict[Place, list[Moment]]:
    """The moments of each rule and of each folder; without those that hardly anybody meets, at few places."""
    places: dict[Place, list[Moment]] = {}
    for moment in moments:
        fields = dict(moment.sighting.fields)
        for folder in folders_of(fields.get("path", "")):
            places.setdefault((fields.get("rule", ""), folder), []).append(moment)
    for rule, folder in list(places):
        above = (rule, folder.rpartition("/")[0])
        if above[1] and len(places[above]) == len(places[rule, folder]):
            del places[above]  # all of it is in this one folder, which names the place better
    return {place: some for place, some in places.items() if are_a_crowd(some) or _is_all_over(place, some)}


def _is_all_over(place: Place, moments: Iterable[Moment]) -> bool:
    """Whether the whole site is refused, in many of its parts: few addresses that ask for all of it may be proxies'."""
    if place != ("", ""):
        return False
    parts = Counter(folders_of(dict(moment.sighting.fields).get("path", ""))[:2][-1] for moment in moments)
    return effective(parts.values()) >= LEAST_CLIENTS


def _from_a_change_on(
    scene: Scene, series: Series, every: Sequence[Moment], stretch: Sequence[Moment], changes: Sequence[int]
) -> tuple[Moment, ...]:
    """What follows the first change with which the refusals of a stretch begin; empty: they begin with none.

    `every`: all of that place.
    """
    first = bisect_left(changes, stretch[0].time - AROUND_US)
    for change in changes[first : bisect_left(changes, stretch[-1].time)]:
        after = tuple(moment for moment in stretch if moment.time >= change)
        begins = after and are_a_crowd(after) and _begin_with(scene, change, every, after)
        if begins and _shows_who_was_let_in(scene, series, change, stretch):
            return after
    return ()


def _instead_of_served(scene: Scene, place: Place, stretch: Sequence[Moment]) -> tuple[Moment, ...]:
    """A stretch in which as many fewer requests are served as are refused, or a part is gone for users; empty: none."""
    traffic, begin, end = scene.lives.requests.own, stretch[0].time, stretch[-1].last
    is_crowd = are_a_crowd(stretch)
    if traffic is None or not (is_crowd or _is_all_over(place, stretch)):
        return ()
    if are_refused_instead(traffic, begin, end):
        return tuple(stretch)
    lines = [moment for moment in stretch if dict(moment.sighting.fields).get("status") not in {None, CHALLENGE}]
    part = "/" + place[1][1:].partition("/")[0]
    refused = sum(moment.count for moment in lines)
    gone = is_crowd and are_users(traffic, stretch) and is_gone(traffic, part, refused, begin, end)
    return tuple(stretch) if gone else ()


def _begin_with(scene: Scene, change: int, every: Sequence[Moment], after: Sequence[Moment]) -> bool:
    """Whether refusals begin with a change: as soon as requests come, and far oftener than just before it.

    As many of them as chance leaves alone are held against as long a time before.
    """
    gap = (after[-1].time - after[0].time) / max(len(after) - 1, 1)
    lag = after[0].time - change
    if lag > min(max(JOIN_US, NEAR_GAPS * gap), AROUND_US):
        return False
    some = after[:LEAST_EXPECTED]
    length = max(some[-1].time - change, SECOND)
    if change - length < _told_since(scene, some[0]):
        return False
    before = len(between(every, change - length, change - 1))
    return TIMES_AS_MANY * before * _busier(scene, change, length) <= len(some)


def _shows_who_was_let_in(scene: Scene, series: Series, change: int, stretch: Sequence[Moment]) -> bool:
    """Whether the time before a change shows what clients met, as long a time as the refusals last after it.

    An access log says it better (`_busier`).
    """
    after = [moment for moment in stretch if moment.time >= change][:LEAST_EXPECTED]
    if scene.lives.requests.own is not None or not after:
        return True
    others = [one.moments for one in scene.lives.timeline.series.values() if one.name != series.name]
    return not nobody_asked_before(others, change, max(after[-1].time - change, SECOND))


def nobody_asked_before(others: Sequence[Sequence[Moment]], change: int, length: int) -> bool:
    """Whether clients are only heard of from a change on, in other lines too: then none could be refused before it.

    So begins a log that is pieced together, a site that goes on-line, and a morning. `others`: the moments of each
    other kind of message; `length`: microseconds before the change, and after it, in which they are counted.
    """
    before = _of_clients(others, change - length, change - 1)
    # that all of them fall into the later of two equal times is hardly chance
    return before == 0 and math.pow(0.5, _of_clients(others, change, change + length)) <= BY_CHANCE


def _of_clients(series: Iterable[Sequence[Moment]], begin: int, end: int) -> int:
    """Lines that name a client, of all these series, between two moments (UTC microseconds)."""
    return sum(bool(moment.client) for moments in series for moment in between(moments, begin, end))


def _told_since(scene: Scene, moment: Moment) -> int:
    """UTC microseconds from which on such lines would be seen: a log rotated with a change shows none before it."""
    own = scene.lives.requests.traffic_of(moment.sighting.log)
    return own.all.begins[0] if own is not None and own.all else scene.lives.timeline.start


def _busier(scene: Scene, change: int, length: int) -> float:
    """How many times as many requests came after a change as before it: a night has few, and few that are refused.

    At least 1; 1 where no access log tells.
    """
    own = scene.lives.requests.own
    if own is None:
        return 1.0
    before, after = own.all.between(change - length, change - 1), own.all.between(change, change + length)
    return max(after / before, 1.0) if before else 1.0


def _most_surprising(found: Iterable[Found]) -> list[Found]:
    """Those of which none has a moment of another: the most surprising, and of equals the narrowest place."""
    chosen: list[Found] = []
    taken = set[tuple[int, int, int]]()
    for one in sorted(found, key=lambda one: (-one.surprise, -len(one.place[0]), -len(one.place[1]), one.place)):
        own = {moment.sighting.place for moment in one.moments}
        if taken.isdisjoint(own):
            taken |= own
            chosen.append(one)
    return sorted(chosen, key=lambda one: one.moments[0].time)
