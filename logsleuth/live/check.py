"""One run of a probe: read what is new, judge all that is known, remember it, say it in one line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logsleuth.analysis import judge
from logsleuth.live import saved
from logsleuth.live.plugin_line import plugin_line
from logsleuth.live.verdict import Before, Judgement, Status, judge_now
from logsleuth.logs.follow import Move
from logsleuth.logs.siblings import RotatedError

if TYPE_CHECKING:
    from logsleuth.live.ledger import Ledger
    from logsleuth.live.probe import Probe
    from logsleuth.logs.follow import News
    from logsleuth.scan.sighting import Sighting

TRIES = 3
"""How often we begin anew if a file is cut while it is read."""


def check(probe: Probe, now: float) -> tuple[Status, str]:
    """The status and the line; `now`: seconds since 1970, UTC.

    Raises LogsleuthError (exit code 3) if a log can't be read or the state can't be written: then nothing is known,
    and the next run begins where this one began.
    """
    with saved.locked(probe.state):
        ledger, found, notes = _look(probe, now)
        judgement = judge_all(probe, ledger, now)
        saved.save(probe.state, ledger.state)
    gone = tuple(news.told for news in found.values() if news.move is Move.GONE)
    if gone:
        judgement = replace(judgement, status=Status.UNKNOWN)
    told = (*gone, *(news.told for news in found.values() if news.lost != 0 and news.move is not Move.GONE), *notes)
    new = sum(news.size for news in found.values())
    return judgement.status, plugin_line(judgement, _micros(now), probe.clock.tz, probe.limits, new, told)


def judge_all(probe: Probe, ledger: Ledger, now: float) -> Judgement:
    """What there is to say of all that is known; the state remembers it."""
    verdicts, timeline = judge(ledger.tally(), probe.library, probe.clock, probe.conf)

    def path_of(sighting: Sighting) -> str:
        return ledger.files()[sighting.log].path

    state = ledger.state
    before = Before(state.finding, tuple(state.answers))
    judgement = judge_now(verdicts, timeline, before, _micros(now), probe.limits, path_of)
    state.finding, state.answers = judgement.finding, list(judgement.answers)
    return judgement


def _look(probe: Probe, now: float) -> tuple[Ledger, dict[str, News], tuple[str, ...]]:
    for attempt in range(TRIES):
        ledger, notes = probe.ledger()
        try:
            return ledger, ledger.look(probe.logs, now), notes
        except RotatedError:
            if attempt == TRIES - 1:
                raise
    raise AssertionError


def _micros(now: float) -> int:
    return int(now * 1_000_000)
