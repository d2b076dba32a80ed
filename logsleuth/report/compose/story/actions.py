"""What to do: advice that fits the state. What a restart has ended does not ask for another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.causes.advised import advised
from logsleuth.causes.model import By
from logsleuth.library.at_work import for_next_time
from logsleuth.library.commands import together
from logsleuth.library.platforms import advice, commands, sentence
from logsleuth.library.slot import SLOT
from logsleuth.report.compose.findings.as_it_ended import DONE
from logsleuth.report.compose.log.named import besides, of_each, sets_for
from logsleuth.report.compose.log.platform import around
from logsleuth.report.compose.log.read_before import still_to_ask
from logsleuth.report.compose.story.filled import values_of
from logsleuth.report.compose.story.what_now import MADE_WORSE, what_now
from logsleuth.report.model import Actions
from logsleuth.report.words import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logsleuth.causes.model import Diagnosis
    from logsleuth.library.commands import Command
    from logsleuth.library.platforms import Platform
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.story.exhibits import Exhibits

DONE_BY_HAND: Final = frozenset({
    "changes.ban", "changes.change", "changes.command", "changes.configuration-tool", "changes.connection-killed",
    "changes.package", "packages.server-changed",
})  # fmt: skip
"""Patterns of what somebody does against an outage. A service that starts as it ends may only have come back."""
AFTER_WHAT_WAS_DONE: Final = frozenset({By.CHANGE, By.START, By.WITH_A_RESTART, By.AT_A_RESTART})
"""Ends of which the logs show what was done."""
LONGEST_QUOTE: Final = 200
"""Characters of what was done that are quoted."""


def actions(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits, there: Platform, site: str) -> Actions:
    """What confirms the causes, what to do now, and what prevents the next one. `site`: the one that was hit, or ''."""
    confirm: list[Command] = []
    fixes: list[str] = []
    prevent: list[str] = []
    time = around(diagnosis.incident.onset, diagnosis.incident.over, exhibits.clock)
    reason = diagnosis.reason
    if reason is not None and reason.explain is not None:
        named, log = dict(reason.named), exhibits.logs[reason.sightings[0].log].path
        confirm += commands(reason.explain.confirm, named | time, log, there)
        fixes.append(advice(reason.explain.fix, named, there))
        prevent.append(advice(reason.explain.prevent, named, there))
    for cause, in_full in advised(diagnosis):
        values = besides(cause, diagnosis, site) | values_of(cause.signal, diagnosis, as_prose=False)
        explain = cause.explain
        log = exhibits.logs[cause.signal.moments[0].sighting.log].path
        for template in still_to_ask(explain.confirm, lives.timeline):
            for captures in sets_for(template, cause.signal):
                confirm += commands([template], values | captures | time, log, there)
        if not in_full:
            continue
        each = {slot: together(of_each(slot, cause.signal)) for slot in SLOT.findall(explain.fix)}
        fixes.append(advice(explain.fix, values | {slot: said for slot, said in each.items() if said}, there))
        prevent.append(advice(explain.prevent, values, there))
    fixes[:0] = [sentence(one.fix, there) for one in diagnosis.triggers]
    if reason is not None:
        fixes.insert(0, sentence(reason.fix, there))
    fixes = list(dict.fromkeys(filter(None, fixes)))
    now = tuple(sentence(text, there) for text in what_now(diagnosis, lives, fixes))
    is_over = diagnosis.incident.recovery is not None
    return Actions(
        confirm=tuple(dict.fromkeys(for_next_time(confirm) if is_over else confirm)),
        now=now,
        again=_again(diagnosis, [fix for fix in fixes if fix not in now]),
        prevent=tuple(dict.fromkeys(filter(None, prevent))),
    )


def _again(diagnosis: Diagnosis, fixes: Iterable[str]) -> tuple[str, ...]:
    """What to do if it comes back; of one that goes on, all that is to be done is to be done now."""
    if diagnosis.incident.recovery is None:
        return ()
    return (*_as_it_ended(diagnosis), *fixes, *([MADE_WORSE] if diagnosis.worsened else ()))


def _as_it_ended(diagnosis: Diagnosis) -> Iterator[str]:
    """What somebody did as it ended: the first thing to try, whatever its kind of outage calls for."""
    ended = diagnosis.ended_by
    if ended is None or not ended.text or ended.by not in AFTER_WHAT_WAS_DONE:
        return
    is_unknown = ended.pattern is None and DONE.search(ended.text) is not None
    if ended.pattern in DONE_BY_HAND or is_unknown:
        yield f"Try first what was done as it ended this time: “{cut(ended.text, LONGEST_QUOTE)}”."
