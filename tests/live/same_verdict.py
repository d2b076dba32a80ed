"""The restart verdict of a log by each command: what the report says, what check advises, what watch shows.

`python -m tests.live.same_verdict FOLDER…` compares them for the error log of each folder in these.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import logsleuth
from logsleuth.live.judging import judge_all, report_on
from tests.live.fed import Feeding

if TYPE_CHECKING:
    from logsleuth.report.model import Report

SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What each command says of one log at its end; 'quiet' where nothing goes on."""

    analyze: str
    check: bool
    watch: str

    @property
    def agree(self) -> bool:
        """One answer: a restart is advised, or it is not."""
        return self.check == (self.analyze == "would-help") and self.watch == self.analyze


def verdicts(log: Path, folder: Path) -> Verdicts:
    """Of a log that is read at the moment in which it ends, by a probe that never saw it before."""
    fed = Feeding(folder / "error.log")
    fed.write(log.read_bytes())
    fed.read()
    report = logsleuth.analyze([log], tz="UTC")
    end = max((facts.last or 0 for facts in report.logs), default=0)
    known = judge_all(fed.probe, fed.ledger, end / SECOND)
    advice = known.judgement.advice
    return Verdicts(_of(report), advice is not None and advice.restart, _of(report_on(known, fed.probe)))


def _of(report: Report) -> str:
    """The verdict on what goes on, the gravest first."""
    return next((incident.restart for incident in report.incidents if incident.recovery_time is None), "quiet")


def main(folders: list[str]) -> int:
    """Compare the verdicts on the logs of each folder; the exit code is 1 if any differ."""
    logs = [log for folder in folders for log in sorted(Path(folder).glob("*/error.log"))]
    differ = 0
    for log in logs:
        with TemporaryDirectory() as folder:
            found = verdicts(log, Path(folder))
        if not found.agree:
            differ += 1
            print(f"{log}: {found}")
    print(f"{len(logs)} logs, {len(logs) - differ} with one verdict")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
