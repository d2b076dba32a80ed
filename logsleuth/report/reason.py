"""What stands beside a known consequence and may be its reason: an exception that no pattern knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.story.incident import SECOND

if TYPE_CHECKING:
    from logsleuth.story.incident import Strand, Verdict

TOGETHER = 2 * SECOND
ALIKE = 0.5
"""The one is at least so often seen as the other."""


def reason_beside(verdict: Verdict) -> Strand | None:
    """What no pattern knows, and what begins with the first cause and is seen as often, where that is a consequence."""
    if not verdict.causes or verdict.causes[0].pattern is None or verdict.causes[0].pattern.role != "symptom":
        return None
    first = verdict.causes[0].strand
    for cause in verdict.causes[1:]:
        few, many = sorted((cause.strand.count, first.count))
        near = abs(cause.strand.begin - first.begin) <= TOGETHER
        if cause.pattern is None and near and few >= ALIKE * many:
            return cause.strand
    return None
