"""The probe that would have caught it, and when."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from logsleuth.causes.reach import Reach
from logsleuth.causes.restart import LIVING_ON, only_frees, what_it_does
from logsleuth.library.meaning import GRAVE
from logsleuth.lives.requests import ANSWERED
from logsleuth.lives.workers.pools import FPM
from logsleuth.regexes import regex
from logsleuth.report.compose.exhibits import log_name
from logsleuth.report.compose.probe import FRONT_PAGE, HOST, REFUSES, Target, probe
from logsleuth.report.compose.summary import are_refused, asked_who, reach
from logsleuth.report.compose.watched import watched
from logsleuth.report.compose.whom import most_hit_path, page_to_ask_for, site_hit
from logsleuth.report.model import Detection
from logsleuth.report.words import clock, plural
from logsleuth.units import SECOND, duration, elapsed
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from logsleuth.causes.model import Diagnosis
    from logsleuth.library.platforms import Platform
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.asked import AskedThen
    from logsleuth.report.compose.exhibits import Exhibits
    from logsleuth.report.compose.whom import HitPage

ASKED_TWICE = 130.0
"""Seconds within which a probe that asks every minute, waits ten seconds and alerts on the second failure has alerted:
what fails just after it has asked is asked for one minute later, and again after two."""
HTTPS: Final = "443"
TLS_SERVER: Final = regex(r"in handshake \(server (?P<name>[^):]{1,253}):(?P<port>\d{1,5})\)")
"""Which virtual host a client spoke to when its handshake failed (ssl_engine_io.c, AH02008)."""
FOLDER: Final = regex(r"/[A-Za-z0-9_.-]{1,59}")
"""First segments of a path that stand in a configuration as they are."""
MONITORS = 2
"""Monitors of which it is said what they saw."""
CYCLE = 60.0
"""Seconds between two runs of a check."""
SHARE = 0.25
"""Of the workers: the default of `check --lost`."""
SMALLEST_POOL = 5
"""Workers that there are at least, where the log does not show how many: StartServers' default (prefork.c)."""
NOTICED = "A probe that requests {page} every minute and alerts on its second failure"
SPARES_NOBODY = {
    Reach.HANDSHAKE: (
        "Any page will do, but only over HTTPS, and with what those clients insist on (a valid certificate, their "
        "protocol versions): a probe over plain HTTP sees nothing. "
    ),
    Reach.WAITING: "While all workers are busy any page will do, if the probe has a time limit. ",
}
"""What a probe must do to meet an outage that spares nobody."""
RATE = "Others were answered: `logsleuth check`, as below, watches the share that ends with {status}."
ERRORS, REFUSALS = "a server error (5xx)", "a client error (4xx)"
SENT_AWAY = (
    "A probe sees this only if it follows redirects and checks where they end (curl -sfL --max-redirs 5): to most "
    "probes a redirect is an answer like any other."
)
ONE_PAGE = "A probe sees this only if its own request is among those that fail, for example one for {path}. "
LOGS_IN = (
    "Pages here ask for a login (401), which they still did in the outage: a probe sees it only if it logs in (monit: "
    "username and password). "
)
ANY = "a page"
IN_PART = (
    "{hit} of the {requests} requests for {path} {became}: a probe of it alerts only when two of its own in a row do. "
)
EVERY = "All {requests} requests for {path} {became}. "
FOLDER_WHOLE = "All requests below {folder} {became}, those for {path} among them. "
ANY_PAGE = "A probe sees this only if its own request is among those that fail. "
ONE_WORKER = "A probe sees this only when one of the lost workers answers it. "
NO_RATE = (
    "No request got a server error (5xx), so that their share shows nothing: let a probe request a page that is hit, "
    "with a time limit, and expect it to succeed."
)
REPLACED = (
    "The parent replaces workers that die, so a probe of a page may see nothing: layer 2 alerts on the lines that "
    "report their deaths."
)
UNCOUNTED = (
    " That takes two failures in a row, and no log shows what share of the requests failed: layer 2 also alerts on "
    "the lines that report the failures."
)
RESTART_HELPS = ""
NO_RESTART = "restarting httpd does not end an outage like this one"
NO_RESTART_BY_ITSELF = "a restart does not remove the cause of such an outage"
FREES_ONLY = "a restart frees the workers only until the cause returns, and ends the requests they are working on"
CANNOT_FORK = "while the limit is reached, a new parent could not start any workers"
REPLACED_ANYWAY = "the parent replaces what dies, and a restart adds nothing to that"
BY_A_RESTART = "a restart came just before this outage, and another may not end it"


def detection(
    diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits, there: Platform, port: str, then: AskedThen | None
) -> Detection:
    """What would have reported it, and when. `port`: where httpd listens; `then`: what was asked for meanwhile."""
    incident = diagnosis.incident
    errors = (signal for signal in incident.signals if signal.name != ANSWERED)  # lines of an access log have no level
    grave = [m.time for s in errors for m in s.moments if m.sighting.level in GRAVE | {""} and m.time >= incident.onset]
    over = incident.recovery.time if incident.recovery else lives.timeline.end
    hit = site(diagnosis, lives, exhibits, then)
    page = page_to_ask_for(incident.requests, lives.requests, then, hit)
    folder = most_hit_path(incident.requests, lives.requests, then) if page is None else ""
    below = folder if FOLDER.fullmatch(folder) else ""
    target = Target(
        port_to_ask(diagnosis, then.ports.get(hit, port) if then is not None else port),
        page.path if page else _a_page_of(below),
        "" if page is None else "failed" if page.is_whole else "failed in part",
        below,
        hit,
        logs_in=needs_login(diagnosis, then),
    )
    return Detection(
        incident.onset,
        min(grave, default=None),
        probe(watched(diagnosis, lives, exhibits), there, target, why_no_restart(diagnosis)),
        " ".join((*_by_monitors(then), saved(diagnosis, over, lives, exhibits.clock.tz, then, page))),
    )


def _by_monitors(then: AskedThen | None) -> Iterable[str]:
    """What the monitors saw that were there already."""
    return (monitor.sentence for monitor in then.monitors[:MONITORS]) if then is not None else ()


def _a_page_of(folder: str) -> str:
    """A page below a folder, with a word to be replaced when the probe is set up; of a script, itself."""
    if not folder:
        return FRONT_PAGE
    return folder if "." in folder.rpartition("/")[2] else f"{folder}/PAGE"


def site(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits, then: AskedThen | None) -> str:
    """The one of several sites that the outage hit; empty: there is one, or nothing tells them apart."""
    if reach(diagnosis) is Reach.HANDSHAKE:
        named = (TLS_SERVER.search(line) for line in _first_lines(diagnosis))
        return next((found["name"] for found in named if found and HOST.fullmatch(found["name"])), "")
    if reach(diagnosis) is Reach.DOWN:
        return ""
    logs = {number: log_name(number, exhibits.logs, of.parts) for number, of in lives.requests.logs.items()}
    hit = site_hit(diagnosis.incident.requests, lives.requests, then, logs)
    return hit if HOST.fullmatch(hit) else ""


def why_no_restart(diagnosis: Diagnosis) -> str:
    """Why a probe that sees such an outage should not restart httpd; empty: a restart ends it.

    PHP-FPM's children are none of httpd's.
    """
    incident, lost = diagnosis.incident, diagnosis.workers.lost
    of_others = bool(lost) and all(worker.pool.startswith(FPM) for worker in lost)
    if any(cause.signal.meaning.is_refusal for cause in diagnosis.causes[:1]):
        return REFUSES
    helped = incident.recovery is not None and incident.recovery.restart is not None
    cause = diagnosis.first.meaning if diagnosis.first is not None else None
    if what_it_does(diagnosis.category, cause) != "helps" or of_others:
        return NO_RESTART_BY_ITSELF if helped else NO_RESTART
    if only_frees(diagnosis.category, stuck=any(worker.how in LIVING_ON for worker in lost)):
        return FREES_ONLY
    if diagnosis.category == "process-limit":
        return CANNOT_FORK
    if reach(diagnosis) is Reach.DEATHS:
        return REPLACED_ANYWAY
    after_one = any(trigger.kind in {"restart", "reload"} for trigger in diagnosis.triggers)
    return BY_A_RESTART if after_one and not helped else RESTART_HELPS


@dataclass(frozen=True, slots=True)
class Alarm:
    """The moment from which on the log check says critical."""

    time: int
    """UTC microseconds."""
    lost: int
    pool: int | None


def port_to_ask(diagnosis: Diagnosis, port: str) -> str:
    """Where a probe meets the outage: a handshake that fails is met at the port that its line names, else at 443."""
    if reach(diagnosis) is not Reach.HANDSHAKE:
        return port
    return next((found["port"] for line in _first_lines(diagnosis) if (found := TLS_SERVER.search(line))), HTTPS)


def _first_lines(diagnosis: Diagnosis) -> Iterable[str]:
    """Of each of its signals the first line."""
    return (moment.sighting.text for signal in diagnosis.incident.signals for moment in signal.moments[:1])


def alarm_at(diagnosis: Diagnosis) -> Alarm | None:
    """When the share of lost workers was reached; None: it never was, and what else makes it critical has no moment.

    Only workers that a line names as living on without serving: that others die is first known to be more than chance
    when many have, and the rest is inferred with hindsight.
    """
    pool = diagnosis.workers.pool
    lost = [one for one in diagnosis.workers.lost_workers if one.how in LIVING_ON and not one.inferred]
    least = max(math.ceil((pool or SMALLEST_POOL) * SHARE), 1)
    return Alarm(lost[least - 1].time, least, pool) if len(lost) >= least else None


def saved(
    diagnosis: Diagnosis,
    over: int,
    lives: Lives,
    tz: tzinfo,
    then: AskedThen | None = None,
    page: HitPage | None = None,
) -> str:
    """When it would have been noticed; `over`: UTC microseconds at which it ended, or the log did."""
    met = reach(diagnosis)
    if met is Reach.DEATHS:
        return REPLACED
    if met is Reach.UNSEEN:
        return NO_RATE
    if diagnosis.incident.requests is not None and diagnosis.incident.requests.sent_away:
        return SENT_AWAY
    if page is not None and page.is_whole and met in {Reach.SOME, Reach.ALL}:
        every = (FOLDER_WHOLE if page.folder else EVERY).format(
            requests=f"{page.requests:,}", path=page.shown, folder=page.folder, became=_became(diagnosis)
        )
        every = "" if _is_that_of_a_monitor(page, then) else every
        login = LOGS_IN if needs_login(diagnosis, then) else ""
        return " ".join((*_by_check(diagnosis, over, tz), every + login + _by_probe(diagnosis, over, tz, "that page")))
    if met in {Reach.WORKERS, Reach.SOME} and diagnosis.incident.requests is not None:
        return _by_share(diagnosis, met, lives, then, page)
    return " ".join((*_by_check(diagnosis, over, tz), SPARES_NOBODY.get(met, "") + _by_probe(diagnosis, over, tz)))


def _is_that_of_a_monitor(page: HitPage, then: AskedThen | None) -> bool:
    """Whether only a monitor asked for it, so that it has been said what became of it."""
    return then is not None and any((one.path, one.requests) == (page.path, page.requests) for one in then.monitors)


def needs_login(diagnosis: Diagnosis, then: AskedThen | None) -> bool:
    """Whether a probe without a user name sees nothing: it is only asked for one, as others are in the outage."""
    seen = diagnosis.incident.requests
    if seen is None or then is None or not then.asked_who:
        return False
    return bool(asked_who(seen, then)) or (then.named_users and not are_refused(seen))


def _became(diagnosis: Diagnosis) -> str:
    """What became of the requests that were hit."""
    seen = diagnosis.incident.requests
    return "were refused" if seen is not None and are_refused(seen) else "failed"


def _by_share(diagnosis: Diagnosis, met: Reach, lives: Lives, then: AskedThen | None, page: HitPage | None) -> str:
    """Some requests fail, others do not: what a probe has to ask for."""
    incident = diagnosis.incident
    assert incident.requests is not None, "asked only where they are counted"
    if not incident.requests.failed and not incident.requests.refused:
        return ONE_WORKER.rstrip()
    refused = are_refused(incident.requests) or not incident.requests.failed
    rate = RATE.format(status=REFUSALS if refused else ERRORS)
    if met is Reach.WORKERS:
        return ONE_WORKER + rate
    if needs_login(diagnosis, then):
        return LOGS_IN + rate
    if page is not None:
        became = _became(diagnosis)
        return IN_PART.format(hit=f"{page.hit:,}", requests=f"{page.requests:,}", path=page.shown, became=became) + rate
    path = most_hit_path(incident.requests, lives.requests, then)
    return (ONE_PAGE.format(path=path) if path else ANY_PAGE) + rate


def _by_probe(diagnosis: Diagnosis, over: int, tz: tzinfo, page: str = ANY) -> str:
    """When a probe of a page would have raised an alarm."""
    noticed = NOTICED.format(page=page)
    incident = diagnosis.incident
    end = "it ended" if incident.recovery is not None else "the log ends"
    asked_by = incident.onset + round(ASKED_TWICE * SECOND)
    if asked_by < over:
        sooner = f"{clock(asked_by, tz)}, {elapsed(asked_by, over)} before {end}"
        asked = f"{noticed} would have raised an alarm by {sooner}"
    elif incident.recovery is None:
        asked = f"{noticed} would raise an alarm within {duration(ASKED_TWICE)}"
    else:
        return f"{noticed} needs up to {duration(ASKED_TWICE)}: too slow for this one."
    met = reach(diagnosis)
    if met in {Reach.DOWN, Reach.WAITING, Reach.HANDSHAKE} or page != ANY:
        return f"{asked}."
    return f"{asked}, provided that it requests what failed.{UNCOUNTED if met is Reach.UNKNOWN else ''}"


def _by_check(diagnosis: Diagnosis, over: int, tz: tzinfo) -> Iterable[str]:
    """When `logsleuth check` would have gone critical, where that was in time."""
    alarm = alarm_at(diagnosis)
    if alarm is None or alarm.time + CYCLE * SECOND >= over:
        return
    end = "it ended" if diagnosis.incident.recovery is not None else "the log ends"
    before = elapsed(alarm.time + round(CYCLE * SECOND), over)
    when = f"{clock(alarm.time, tz)}, when {plural(alarm.lost, 'worker')}"
    when += f" of {alarm.pool} were lost" if alarm.pool else " were lost" if alarm.lost > 1 else " was lost"
    critical = f"`logsleuth check`, run every minute, would have gone critical within a minute of {when}"
    yield f"{critical}, {before} before {end}."
