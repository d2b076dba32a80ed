"""Which backend a failure is of: one that has always been dead says nothing of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from logsleuth.timeline.model import Moment, Series

TARGETS = ("backend", "server", "host", "address")
"""Captures that name the backend, in patterns about one."""


def target_of(moment: Moment) -> str:
    """The backend that a line names; empty: none."""
    fields = dict(moment.sighting.fields)
    return next((fields[name] for name in TARGETS if fields.get(name)), "")


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
