"""Whether several backends failed alike: what ails all of them at once is not one of them, but something they share."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.signals.tuning import LEAST_MOMENTS, MOST

if TYPE_CHECKING:
    from logsleuth.signals.model import Signal

BACKEND: Final = "backend"
"""The capture that names the backend that a line is about."""


def failed_alike(signal: Signal) -> tuple[str, ...]:
    """The hosts of the backends that lines name, if each is named as often as any and most of the time; else none."""
    times: dict[str, list[int]] = {}
    lines = Counter[str]()
    for moment in signal.moments:
        if host := _host(dict(moment.sighting.fields).get(BACKEND, "")):
            times.setdefault(host, []).extend((moment.time, moment.last))
            lines[host] += 1
    if len(lines) < 2 or min(lines.values()) < max(LEAST_MOMENTS, MOST * max(lines.values())):
        return ()
    span = signal.end - signal.begin
    is_of_all_the_time = all(max(seen) - min(seen) >= MOST * span for seen in times.values())
    return tuple(sorted(lines)) if is_of_all_the_time else ()


def _host(backend: str) -> str:
    """A backend without scheme, port and path: two ports of one host are one machine."""
    name = backend.rpartition("://")[2].partition("/")[0]
    return name.partition("]")[0].removeprefix("[") if name.startswith("[") else name.rpartition(":")[0] or name
