"""Which requests an incident met: what the sentences on harm and the probe hold to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.causes.reach import Reach, kept_out, reach_of

if TYPE_CHECKING:
    from logsleuth.causes.model import Diagnosis


def reach(diagnosis: Diagnosis) -> Reach:
    """Which requests the incident met."""
    return reach_of(diagnosis.incident, diagnosis.workers, diagnosis.first)


def is_waiting(diagnosis: Diagnosis) -> bool:
    """Whether whatever is asked for waits, so that what is answered with an error meanwhile is no measure of it."""
    return reach(diagnosis) is Reach.WAITING


def kept_out_of(diagnosis: Diagnosis) -> int:
    """Handshakes that failed, so that the requests behind them are in no log; 0: it is not of that kind."""
    return kept_out(diagnosis.incident, diagnosis.first)
