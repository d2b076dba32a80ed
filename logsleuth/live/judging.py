"""From a ledger to a judgement, and to a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.live.verdict import Before, Judgement, judge_now
from logsleuth.story import understand
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from logsleuth.live.ledger import Ledger
    from logsleuth.live.probe import Probe
    from logsleuth.logs.open.log import Log
    from logsleuth.report.model import Report
    from logsleuth.scan.sighting import Sighting
    from logsleuth.scan.tally import Tally
    from logsleuth.story import Story


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known at one moment, and the judgement on it."""

    tally: Tally
    files: list[Log]
    story: Story
    judgement: Judgement


def judge_all(probe: Probe, ledger: Ledger, now: float) -> Known:
    """Judge what is known at this moment, in seconds since 1970, UTC; the ledger's state remembers the judgement."""
    tally, files, state = ledger.tally(), ledger.files(), ledger.state
    story = understand(tally, probe.library, probe.cards, probe.clock, files, probe.settings)

    def path_of(sighting: Sighting) -> str:
        return files[sighting.log].path

    before = Before(state.finding, tuple(state.answers))
    judgement = judge_now(story, before, int(now * 1_000_000), probe.limits, path_of)
    state.finding, state.answers = judgement.finding, list(judgement.answers)
    return Known(tally, files, story, judgement)


def report_on(known: Known, probe: Probe) -> Report:
    """The report on all that is known, as `analyze` gives it."""
    from logsleuth.report.compose.compose import compose  # noqa: PLC0415 - few incidents, and many looks

    remarks = probe.settings.sentences if probe.settings else ()
    report = compose(
        known.story, known.tally, known.files, probe.library, probe.clock,
        command="logsleuth watch", remarks=remarks,
    )  # fmt: skip
    return replace(report, logs=tuple(log for log in report.logs if log.path))
