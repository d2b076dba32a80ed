"""One run of a probe: read new lines, judge everything known, save it, and report it in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from logsleuth.live import saved
from logsleuth.live.document import document
from logsleuth.live.judging import judge_all
from logsleuth.live.plugin_line import details, plugin_line
from logsleuth.live.textfile import exposition
from logsleuth.live.verdict import Status
from logsleuth.logs.follow.siblings import RotatedError
from logsleuth.report.render import write_whole
from logsleuth.values import replace

if TYPE_CHECKING:
    from logsleuth.live.ledger import Ledger, ReadResult
    from logsleuth.live.probe import Probe

Style = Literal["plugin", "json"]
TRIES = 3
"""Attempts if a file is truncated while it is read."""


def check(probe: Probe, now: float, verbose: int = 0, style: Style = "plugin") -> tuple[Status, str]:
    """The status and the text; `now`: seconds since 1970, UTC; `verbose`: 1 adds the evidence, 2 the logs and limits.

    Raises LogsleuthError (exit code 3) if the state cannot be read or written; the next run then starts from the same
    place.
    """
    with saved.locked(probe.state):
        ledger, read, notes = _read(probe, now)
        judgement = judge_all(probe, ledger, now).judgement
        saved.save(probe.state, ledger.state)
    trouble = tuple(read.trouble.values())
    if trouble or (notes and judgement.status is Status.OK):  # a problem in a state that was set aside may persist
        judgement = replace(judgement, status=Status.UNKNOWN)
    if probe.textfile is not None:
        write_whole(probe.textfile, exposition(judgement, probe.logs, now))
    line = plugin_line(
        judgement, int(now * 1_000_000), probe.clock.tz, probe.limits, read.size, trouble, (*read.losses, *notes)
    )
    if style == "json":
        return judgement.status, document(judgement, line, probe.clock)
    return judgement.status, "\n".join((line, *details(judgement, probe, verbose)))


def _read(probe: Probe, now: float) -> tuple[Ledger, ReadResult, tuple[str, ...]]:
    notes: tuple[str, ...] = ()
    for attempt in range(TRIES):
        ledger, remarks = probe.ledger()
        notes += remarks
        try:
            return ledger, ledger.read(probe.logs, now), notes
        except RotatedError:
            if attempt == TRIES - 1:
                raise
    raise AssertionError
