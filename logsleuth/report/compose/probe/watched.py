"""Which logs a check reads to see such an outage: those that showed it, as far as they get new lines."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from logsleuth.causes.reach import Reach
from logsleuth.lives.requests import ANSWERED
from logsleuth.regexes import regex
from logsleuth.report.compose.probe.placed import placed
from logsleuth.report.compose.probe.probe import Watched
from logsleuth.report.compose.story.exhibits import log_name
from logsleuth.report.compose.story.reached import reach
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.causes.said_elsewhere import Burst
    from logsleuth.lives.live import Lives
    from logsleuth.logs.open.log import Log
    from logsleuth.report.compose.probe.probe import LogKind
    from logsleuth.report.compose.story.exhibits import Exhibits

MOST: Final = 3
"""Error logs, and those of the system, that a check reads beside the access log."""
JOURNAL: Final = regex(r"\Ajournal|\bjournal json\b", needs=("journal",))
"""The name of what was exported from systemd's journal, or how such a file was recognised."""


def watched(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits, found: Iterable[Burst] = ()) -> Iterable[Watched]:
    """The logs that showed the outage, that of its cause first, and httpd's own error log.

    The access log where its requests show it. `found`: the bursts of its time in other programs' logs.
    """
    causes, others = (cause.signal for cause in diagnosis.causes[:1]), diagnosis.incident.signals
    told = [one.moments[0].sighting for one in (*causes, *others) if one.name != ANSWERED]
    reason = () if diagnosis.reason is None else diagnosis.reason.sightings
    lines = (*told[:1], *reason, *(burst.first for burst in found), *told[1:])
    parts = {part for number in lives.requests.logs for part in lives.requests.parts_of(number)}
    shown = list(dict.fromkeys(line.log for line in lines))
    listed = list(logs_to_watch(shown, exhibits.logs, parts))
    of_server = (series.moments for series in lives.timeline.known() if series.meaning.about == "server")
    of_it = (signal.moments for signal in diagnosis.incident.signals)
    texts = [moment.sighting.text for moments in (*of_server, *of_it) for moment in moments]
    yield from (replace(log, path=placed(log.path, texts)) for log in listed)
    seen = diagnosis.incident.requests
    if (
        seen is not None
        and seen.failed + seen.refused
        and not seen.error_size  # a check judges by the status
        and reach(diagnosis) not in {Reach.HANDSHAKE, Reach.DOWN}
        and not any(log.kind == "access" for log in listed)
    ):
        yield Watched(log_name(seen.log, exhibits.logs, lives.requests.logs[seen.log].parts), "access")


def logs_to_watch(shown: Sequence[int], logs: Sequence[Log], access: Collection[int]) -> Iterable[Watched]:
    """Of the logs that showed an outage those that get new lines; and httpd's own error log, which shows the next one.

    `shown`, `access`: numbers of logs.
    """
    kinds = {number: kind_of(logs[number], is_access=number in access) for number in range(len(logs))}
    live = [number for number in shown if not _is_of_the_journal(logs[number])][:MOST]
    own = [number for number, kind in kinds.items() if kind == "error" and not _is_of_the_journal(logs[number])]
    if not any(kinds[number] == "error" for number in live):
        live += own[:1]
    for number in live:
        yield Watched(logs[number].path, kinds[number])
    if not live:
        yield Watched("", "error")  # where its packages have it


def kind_of(log: Log, *, is_access: bool) -> LogKind:
    """Whose log it is."""
    if is_access:
        return "access"
    wrapper = log.format.wrapper
    if log.format.kind in {"syslog", "kernel"} or (wrapper is not None and "syslog" in wrapper.name):
        return "system"
    return "error" if log.format.source == "httpd" else "other"


def _is_of_the_journal(log: Log) -> bool:
    """Whether it was exported from systemd's journal: such a file gets no new lines, and a check reads files."""
    wrapper = log.format.wrapper
    texts = (PurePath(log.path).name, log.format.reason, wrapper.title if wrapper is not None else "")
    return any(JOURNAL.search(text) for text in texts)
