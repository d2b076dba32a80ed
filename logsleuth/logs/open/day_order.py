"""Whether `05/06/2014` is in June or in May, where a log does not show it: the other logs of the same run do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logsleuth.logs.open.log import Log


def in_the_order_of_the_others(logs: Sequence[Log], begins: Callable[[Log], int | None]) -> list[Log]:
    """The logs; of one whose dates can be read in two ways, the way in which it starts nearest to another log.

    `begins`: when a log starts (local microseconds), read as its format says.
    """
    known = [log.begins for log in logs if not _is_open(log) and log.begins is not None]
    return [_nearest(log, known, begins) if _is_open(log) and known else log for log in logs]


def _is_open(log: Log) -> bool:
    return log.format.kind == "dated" and len(log.format.layouts) > 1


def _nearest(log: Log, known: Sequence[int], begins: Callable[[Log], int | None]) -> Log:
    readings = []
    for layout in log.format.layouts:
        found = replace(log, format=replace(log.format, layouts=(layout,)))
        if (start := begins(found)) is not None:
            readings.append((min(abs(start - other) for other in known), replace(found, begins=start)))
    return min(readings, key=lambda one: one[0])[1] if readings else log
