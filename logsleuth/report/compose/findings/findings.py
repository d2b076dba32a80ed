"""What the logs show of an incident when they are read once more: what may have set it off, and why.

Each finding has a file of its own; a tally does not keep what they look at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.compose.findings.as_it_ended import with_its_end
from logsleuth.report.compose.findings.crash_loop import of_crash_loop
from logsleuth.report.compose.findings.held_elsewhere import of_held_elsewhere
from logsleuth.report.compose.findings.last_words import of_last_words
from logsleuth.report.compose.findings.matched_rules import of_rules
from logsleuth.report.compose.findings.one_by_one import of_leak
from logsleuth.report.compose.findings.stacks import as_ground, of_stacks
from logsleuth.report.compose.findings.taker import of_taker
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.causes.model import Diagnosis, Ground
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.story.exhibits import Exhibits


def with_findings(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Diagnosis:
    """The same diagnosis with all that was found."""
    is_counted = diagnosis.incident.requests is not None
    if is_counted:  # most runs have no access log
        from logsleuth.report.compose.findings.new_form import of_new_form  # noqa: PLC0415
        from logsleuth.report.compose.findings.slow_clients import of_slow_clients  # noqa: PLC0415
        from logsleuth.report.compose.findings.surge import surge  # noqa: PLC0415
        from logsleuth.report.compose.requests.to_itself import of_loop  # noqa: PLC0415

    reason = diagnosis.reason or (of_slow_clients(diagnosis, lives, exhibits) if is_counted else None)
    rules = of_rules(diagnosis, exhibits)
    reason = of_crash_loop(diagnosis, lives, exhibits) or rules.reason or reason
    stacks = of_stacks(diagnosis, lives, exhibits)
    beside = (as_ground(stacks),) if stacks is not None and reason is not None else ()
    reason = reason or stacks
    rise = None
    if is_counted and reason is None:
        rise = surge(diagnosis, lives, exhibits)
        form = of_new_form(diagnosis, lives, exhibits, by_query_alone=rise is not None)
        reason, rise = form if form is not None else (reason, rise)
    triggers = tuple(sorted((*diagnosis.triggers, *([rise] if rise is not None else [])), key=lambda one: one.time))
    found = with_its_end(replace(diagnosis, triggers=triggers, reason=reason), lives, exhibits)
    grounds = (
        *rules.grounds,
        *(of_loop(diagnosis, lives, exhibits) if is_counted else ()),
        *of_leak(diagnosis, exhibits),
        *of_taker(diagnosis),
        *of_held_elsewhere(diagnosis, lives),
        *of_last_words(diagnosis, lives, exhibits),
        *beside,
    )
    return _with_grounds(found, grounds)


def _with_grounds(diagnosis: Diagnosis, grounds: Sequence[Ground]) -> Diagnosis:
    """With more evidence for the first cause, which changes nothing of its rank: it is the first without it."""
    if not grounds:
        return diagnosis
    first, *others = diagnosis.causes
    return replace(diagnosis, causes=(replace(first, grounds=(*first.grounds, *grounds)), *others))
