"""A probe's judgement as a file for node_exporter's textfile collector, with the names that `watch --metrics` has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.live.verdict import Judgement

LABEL = 200
"""Characters of a cause: it may be a line of a log."""
UNKNOWN = 3


def exposition(judgement: Judgement | None, logs: Sequence[str], now: float) -> str:
    """The metrics in Prometheus' text format; None: nothing is known. `now`: seconds since 1970."""
    return "".join(f"{line}\n" for line in _lines(judgement, logs, now))


def _lines(judgement: Judgement | None, logs: Sequence[str], now: float) -> Iterator[str]:
    status = UNKNOWN if judgement is None else int(judgement.status)
    yield from _gauge("verdict", "0 fine, 1 warning, 2 critical, 3 nothing is known", {"": status})
    if judgement is None:
        return
    finding = judgement.finding
    yield from _gauge("workers_lost", "Workers that no longer serve", {"": finding.workers_lost if finding else 0})
    if finding is not None and finding.workers_known is not None:
        yield from _gauge("workers_known", "Workers there are, as far as the log shows", {"": finding.workers_known})
    advised = judgement.advice is not None and judgement.advice.restart
    yield from _gauge("restart_advised", "1 if a restart would help and the guard allows it", {"": int(advised)})
    if finding is not None:
        labels = _labels(category=finding.category, cause=finding.title[:LABEL], confidence=finding.confidence)
        yield from _gauge("incident_active", "1 while an incident lasts", {labels: int(judgement.well_since is None)})
    if status != UNKNOWN:
        read = {_labels(log=log): round(now, 3) for log in logs}
        yield from _gauge("last_read_timestamp_seconds", "When the log was last looked at", read)


def _gauge(name: str, meaning: str, values: dict[str, int] | dict[str, float]) -> Iterator[str]:
    yield f"# HELP logsleuth_{name} {meaning}"
    yield f"# TYPE logsleuth_{name} gauge"
    yield from (f"logsleuth_{name}{labels} {value}" for labels, value in values.items())


def _labels(**named: str) -> str:
    """Labels, in which no text ends its quotes or its line."""
    pairs = (f'{name}="{visible(text).translate(QUOTED)}"' for name, text in named.items())
    return f"{{{','.join(pairs)}}}"


QUOTED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})
