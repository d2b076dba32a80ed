"""The probe that would have caught it, and when."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from logsleuth.causes.reach import Reach
from logsleuth.library.meaning import GRAVE
from logsleuth.lives.requests import ANSWERED
from logsleuth.regexes import regex
from logsleuth.report.compose.answers.hung import hung_since
from logsleuth.report.compose.answers.unserved import fell, is_silent
from logsleuth.report.compose.probe.client_certificates import certificates_refused
from logsleuth.report.compose.probe.client_offers import offers_differ
from logsleuth.report.compose.probe.no_restart import why_no_restart
from logsleuth.report.compose.probe.noticed import Noticing, Stood, needs_login
from logsleuth.report.compose.probe.page import LEAST, Green, Page, choose
from logsleuth.report.compose.probe.probe import FRONT_PAGE, HOST, SOME_PAGE, Target, probe
from logsleuth.report.compose.probe.stand_in import (
    NONE,
    StandIn,
    is_for_a_probe,
    named_by,
    page_below,
    stayed_green,
    well_page,
)
from logsleuth.report.compose.probe.watched import watched
from logsleuth.report.compose.requests.referers import led_by, page_of_referers
from logsleuth.report.compose.requests.visits import Visits
from logsleuth.report.compose.requests.where import lines_of, own_logs, taken, where
from logsleuth.report.compose.requests.yardstick import kind_of
from logsleuth.report.compose.story.reached import reach
from logsleuth.report.compose.story.whom import most_hit_path
from logsleuth.report.model import Detection
from logsleuth.units import SECOND
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.causes.model import Diagnosis
    from logsleuth.causes.said_elsewhere import Burst
    from logsleuth.library.platforms import Platform
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.probe.noticed import Elsewise
    from logsleuth.report.compose.probe.probe import Known
    from logsleuth.report.compose.requests.asked import AskedThen
    from logsleuth.report.compose.requests.where import Where
    from logsleuth.report.compose.story.exhibits import Exhibits

WITHOUT_NAME: Final = "as no SNI was provided"
"""In a line of a request that was refused because the handshake named no site, as a proxy's (ssl_engine_kernel.c)."""
FOLDER: Final = regex(r"(?:/[A-Za-z0-9_.-]{1,59}){1,3}")
"""First segments of a path that stand in a configuration as they are."""


def detection(
    diagnosis: Diagnosis,
    lives: Lives,
    exhibits: Exhibits,
    there: Platform,
    then: AskedThen | None,
    of_site: str,
    found: Iterable[Burst] = (),
) -> Detection:
    """What would have reported it, and when.

    `then`: what was asked for meanwhile; `of_site`: the one that was hit; `found`: the bursts of its time.
    """
    incident = diagnosis.incident
    errors = (signal for signal in incident.signals if signal.name != ANSWERED)  # lines of an access log have no level
    grave = [m.time for s in errors for m in s.moments if m.sighting.level in GRAVE | {""} and m.time >= incident.onset]
    visits = visits_of(diagnosis, lives, exhibits, then)
    place = where(diagnosis, lives, exhibits, visits, of_site)
    kinds = frozenset(() if incident.requests is None else (kind_of(incident.requests),))
    logs_in = needs_login(diagnosis, then)
    page = choose(visits, kinds, site=of_site, is_redirect="redirected" in kinds, logs_in=logs_in)
    fallen = incident.was_starved or fell(incident, then)
    only_survivors = bool(fallen) or is_silent(incident, lives) or any(monitor.missing for monitor in visits.monitors)
    if only_survivors and isinstance(page, Green):
        page = Green()
    folder = most_hit_path(incident.requests, lives.requests, then) if isinstance(page, Green) else ""
    below = page_below(folder, visits, of_site, logs_in=logs_in) if FOLDER.fullmatch(folder) else ""
    if FOLDER.fullmatch(folder) and not below:
        folder = ""
    stood = another_server(diagnosis, lives, exhibits, visits)
    port = place.port if stood is not None and place.port != taken(lives.timeline) else ""
    noticing = Noticing(
        diagnosis,
        over_at(diagnosis, lives),
        exhibits.clock.tz,
        page,
        visits.monitors,
        logs_in,
        folder,
        stood,
        port,
        certificates_refused(diagnosis),
        only_survivors,
        visits.shows_times,
        _elsewise(diagnosis, visits, of_site),
        hung_since(incident, lives),
    )
    return Detection(
        first_sign(diagnosis),
        min(grave, default=None),
        probe(
            watched(diagnosis, lives, exhibits, found),
            there,
            target(
                noticing,
                place,
                reach(diagnosis),
                _stand_in(diagnosis, visits, of_site, below, logs_in=logs_in),
            ),
            why_no_restart(diagnosis),
        ),
        noticing.text,
    )


def first_sign(diagnosis: Diagnosis) -> int:
    """UTC microseconds of the first line that shows it: what is behind it may be logged before it fails anybody."""
    incident, reason = diagnosis.incident, diagnosis.reason
    signs = [incident.onset, *(signal.begin for signal in incident.signals)]
    return min(signs if reason is None else [*signs, reason.time])


def _stand_in(diagnosis: Diagnosis, visits: Visits, site: str, below: str, *, logs_in: bool) -> StandIn:
    """The pages that a probe asks for where none is known to have failed as a whole.

    Without requests, a page that is well is the one whose links led to most that failed.
    """
    has_requests = bool(visits.during or visits.elsewhen)
    led = () if has_requests else (found for line in lines_of(diagnosis) if (found := led_by(line)) is not None)
    well = page_of_referers(led) or well_page(visits, site, logs_in=logs_in)
    named = named_by(lines_of(diagnosis))
    if visits.during and not is_for_a_probe(named, visits):
        named = ""
    return StandIn(well, named, below, stayed_green(well, visits, site))


def over_at(diagnosis: Diagnosis, lives: Lives) -> int:
    """UTC microseconds at which the outage was over; of one that goes on, at which the log ends."""
    incident = diagnosis.incident
    return incident.over if incident.recovery is not None else lives.timeline.end


def visits_of(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits, then: AskedThen | None) -> Visits:
    """The requests around the outage: where httpd was down those that any server answered, else those of its own."""
    incident = diagnosis.incident
    numbers = lives.requests.logs if reach(diagnosis) is Reach.DOWN else own_logs(diagnosis, lives)
    logs = [part for number in numbers for part in lives.requests.parts_of(number)]
    if not logs:
        return Visits()
    from logsleuth.report.compose.requests.read_visits import read_visits  # noqa: PLC0415 - most runs have no access log

    by_referer = {one.key for one in then.vhosts.kept} if then is not None and then.by_referer else ()
    over = over_at(diagnosis, lives)
    begin = incident.onset // SECOND * SECOND  # an access log has whole seconds
    refused_with = None if then is None else then.statuses if kind_of(then.seen) == "refused" else ()
    error_size = 0 if then is None else then.seen.error_size
    return read_visits(logs, exhibits, begin, over, by_referer, refused_with, error_size)


def another_server(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits, visits: Visits) -> Stood | None:
    """The server that answered while httpd was down, as its access log shows; None: there is none."""
    if reach(diagnosis) is not Reach.DOWN:
        return None
    own = {part for number in own_logs(diagnosis, lives) for part in (number, *lives.requests.logs[number].parts)}
    down = [(one.begin, one.until(visits.over)) for one in diagnosis.incident.absences]
    front: dict[int, list[bool]] = {}
    for one in visits.during:
        if one.log not in own and one.reads and one.path == FRONT_PAGE and any(b <= one.time <= e for b, e in down):
            front.setdefault(one.log, []).append(one.is_well)
    for log, answers in front.items():
        if len(answers) >= LEAST and all(answers):
            return Stood(PurePath(exhibits.logs[log].path).name, len(answers))
    return None


def without_name(diagnosis: Diagnosis) -> bool:
    """Whether handshakes named no site, and what came by them was refused."""
    return any(WITHOUT_NAME in line for line in lines_of(diagnosis))


def _elsewise(diagnosis: Diagnosis, visits: Visits, site: str) -> Elsewise:
    """How what failed came in otherwise than a probe on the host does."""
    if offers_differ(diagnosis):
        return "other offers"
    return "no name" if without_name(diagnosis) else elsewise(visits, site)


def elsewise(visits: Visits, site: str) -> Elsewise:
    """Whether the checks of a monitor came by another way than all that failed: every good answer for a page is its."""
    for monitor in visits.monitors:
        asked = [o for o in visits.during if o.reads and o.path == monitor.path and (not site or o.site in {"", site})]
        well = sum(one.is_well for one in asked)
        others = len(asked) - well
        if monitor.saw_nothing and others >= max(LEAST, monitor.requests) and well <= monitor.requests:
            return "another way"
    return ""


def target(noticing: Noticing, place: Where, met: Reach, stand_in: StandIn = NONE) -> Target:
    """What the probe requests; `stand_in`: where no requests show a page that failed as a whole."""
    found = _target(noticing, place, met, stand_in)
    is_by_name = noticing.elsewise in {"another way", "no name"} and met is not Reach.DOWN
    return replace(found, is_by_name=is_by_name, is_forwarded=place.is_forwarded)


def _target(noticing: Noticing, place: Where, met: Reach, stand_in: StandIn) -> Target:
    page, login, well = noticing.page, noticing.logs_in, stand_in.well
    waits = met is Reach.WAITING and noticing.meets_any_page
    if waits or met in {Reach.DOWN, Reach.HANDSHAKE}:
        return Target(
            place.port,
            well,
            "stayed green" if noticing.elsewise == "other offers" else "",
            site=place.site,
            is_tls=place.is_tls,
            reads_text=noticing.stood is not None,
            certificates=noticing.certificates,
        )
    if isinstance(page, Page):
        known: Known = "failed" if page.is_solid else "failed in part"
        return Target(
            place.port,
            page.path or f"{page.folder}{SOME_PAGE}",
            known if page.path else "",
            below="" if page.path else page.folder,
            site=place.site or (page.site if HOST.fullmatch(page.site) else ""),
            logs_in=login or page.logs_in,
            is_tls=place.is_tls,
            has_query=page.has_query,
            is_shown=page.is_shown,
            reads_text=noticing.reads_text,
        )
    if not login and (page.methods or (page.answered and not noticing.below)):
        return Target(place.port, well, "stayed green", site=place.site, logs_in=login, is_tls=place.is_tls)
    below = stand_in.below
    folder = noticing.below if below.endswith(SOME_PAGE) else ""
    if not folder and (itself := below or stand_in.named):
        return Target(
            place.port,
            itself,
            "failed in part",
            site=place.site,
            logs_in=login,
            is_tls=place.is_tls,
            is_shown=False,
        )
    is_green = stand_in.stays_green or any(one.path == well and one.saw_nothing for one in noticing.monitors)
    return Target(
        place.port,
        below or well,
        "stayed green" if is_green and not folder else "",
        below=folder,
        site=place.site,
        logs_in=login,
        is_tls=place.is_tls,
    )
