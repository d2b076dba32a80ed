"""Which backend a failure is of: one that has always been dead says nothing of the others."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from logsleuth.regexes import regex
from logsleuth.signals.tuning import MOST
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment, Series

TARGETS = ("backend", "server", "host", "address")
"""Captures that name the backend, in patterns about one."""
NAMES = frozenset({*TARGETS, "name"})
"""Those, and the one of what mod_proxy adds in brackets: the host as the configuration has it."""
SCHEME = regex(r"\A[a-z+]{2,12}://")
LOCAL = regex(r"\A(?:127\.0\.0\.1|\[?::1\]?)(?=:|\Z)")


def target_of(moment: Moment) -> str:
    """The backend that a line names; empty: none."""
    fields = dict(moment.sighting.fields)
    return next((fields[name] for name in TARGETS if fields.get(name)), "")


def are_of_one_target(one: Signal, other: Signal) -> bool:
    """Whether most lines of both name the same backend, which nothing shows to have answered in between.

    One that answers too slowly, breaks connections off and then refuses them has one fault.
    """
    if {one.meaning.about, other.meaning.about} != {"backend"}:
        return False
    first, then = sorted((one, other), key=lambda signal: signal.begin)
    if 0 < first.until < then.begin:
        return False
    mine, theirs = _main_targets(first), _main_targets(then)
    return any(_are_the_same(name, known) for name in mine for known in theirs)


def _main_targets(signal: Signal) -> list[str]:
    """The names of a backend that most lines of a signal have: its address, and often what the configuration says."""
    names = Counter(name for moment in signal.moments for name in set(_names_in(moment)))
    return [name for name, lines in names.items() if lines >= MOST * len(signal.moments)]


def _names_in(moment: Moment) -> Iterable[str]:
    """Each name without a scheme; this machine by one of its names."""
    for field, value in moment.sighting.fields:
        if field in NAMES and value:
            yield LOCAL.sub("localhost", SCHEME.sub("", value).rstrip("/*"))


def _are_the_same(one: str, other: str) -> bool:
    """Whether two names may be one backend's: some lines leave out the port."""
    (host, _, port), (name, _, at) = one.partition(":"), other.partition(":")
    return host == name and (port == at or not port or not at)


def by_health(series: Series, is_standing: Callable[[Sequence[Moment]], bool]) -> Iterable[Series]:
    """A series about backends as one for each that was dead all the time, and one for all others.

    `is_standing`: whether moments are there from the first line to the last.
    """
    if series.meaning.about != "backend":
        yield series
        return
    moments: dict[str, list[Moment]] = {}
    for moment in series.moments:
        moments.setdefault(target_of(moment), []).append(moment)
    chronic = {name for name, found in moments.items() if name and len(moments) > 1 and is_standing(found)}
    others = tuple(moment for moment in series.moments if target_of(moment) not in chronic)
    if not chronic or not others:
        yield series
        return
    yield replace(series, moments=others)
    for name in sorted(chronic):
        yield replace(series, moments=tuple(moments[name]), undated=None)
