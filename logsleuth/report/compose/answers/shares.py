"""How many of the requests failed, were refused or sent away, as a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.lives.requests import ANSWERED
from logsleuth.report.compose.answers.stood_still import stood_still
from logsleuth.report.compose.answers.unserved import by_proxy, fell, waited
from logsleuth.report.compose.requests.yardstick import are_refused, kind_of
from logsleuth.report.compose.story.reached import is_waiting, kept_out_of
from logsleuth.report.compose.story.scope import led_by, scope_of
from logsleuth.report.words import clock, clock_span, joined, plural
from logsleuth.signals.tuning import LEAST_EXPECTED
from logsleuth.timeline.model import between
from logsleuth.units import elapsed

if TYPE_CHECKING:
    from datetime import tzinfo

    from logsleuth.causes.model import Diagnosis
    from logsleuth.incidents.model import Incident
    from logsleuth.lives.live import Lives
    from logsleuth.lives.requests import Seen
    from logsleuth.report.compose.requests.asked import AskedThen

LEAST_ASIDE = 0.1
"""Share of the requests that are no part of the harm, from which on counting them would mislead."""
LATE = 0.25
"""Part of an incident without a failed request, from which on the share of those that failed counts from the first."""
PEAK_WORTH = 120
"""Seconds; of a shorter outage the worst minute is nearly all."""


def requests(diagnosis: Diagnosis, lives: Lives, tz: tzinfo, then: AskedThen | None) -> str:
    """How many requests failed of those that were made, and when it was worst."""
    seen = diagnosis.incident.requests
    if seen is not None and (kept := kept_out_of(diagnosis)):
        return f"{kept:,} TLS handshakes failed: what those clients would have requested is in no log."
    if seen is not None and is_waiting(diagnosis):
        fallen = fell(diagnosis.incident, then)
        return f"{waited(diagnosis.incident, lives)} {fallen}." if fallen else waited(diagnosis.incident, lives)
    if seen is None:
        return ""
    apart = not stood_still(diagnosis.incident, lives)
    if seen.sent_away:
        others = f"; {seen.failed:,} failed with a server error (5xx)" if seen.failed else ""
        share = share_of(seen, seen.redirected, "were answered with a redirect", tz, then, apart=apart)
        return f"{share}{others}{set_aside(then)}."
    if are_refused(seen):
        others = f", and {seen.failed:,} failed with a server error (5xx)" if seen.failed else ""
        aside = set_aside(then) if then is None or then.logins is None else ""  # others than users do not log in
        share = share_of(seen, seen.refused, "were refused", tz, then, apart=apart)
        return f"{share}{others}{aside}{hanging(then)}{of_spells(diagnosis.incident)}."
    return _failed(diagnosis.incident, lives, tz, then, apart=apart) or by_proxy(diagnosis.incident)


def share_of(seen: Seen, hit: int, became: str, tz: tzinfo, then: AskedThen | None, *, apart: bool) -> str:
    """How many requests were hit, of how many: of one part of a site, where that alone was; and since when all were.

    `apart`: what did not fail was spared.
    """
    if then is not None and len(then.statuses) == 1 and became == "were refused":
        became = f"were refused with {min(then.statuses)}"
    if then is not None and then.logins is not None:
        failed, logins = then.logins
        return f"{failed:,} of {plural(logins, 'login')} failed ({_percent(failed, logins)})"
    scope = scope_of(seen, then) if then is not None and then.fuller is None and apart else None
    if scope is not None:
        counted = f"All {scope.hit:,} requests {scope.where} {became}"
        if scope.hit < scope.requests:
            share = _percent(scope.hit, scope.requests)
            counted = f"{scope.hit:,} of the {scope.requests:,} requests {scope.where} {became} ({share})"
        return f"{counted}, and none of the {scope.others:,} others"
    if then is not None and then.fuller is not None:
        share = _percent(hit, hit + then.fuller.served)
        return f"{plural(hit, 'request')} {became}, beside {then.fuller.served:,} that did not (about {share})"
    if hit == seen.seen > 1:
        return f"All {hit:,} requests {became}"
    share = _percent(hit, seen.seen)
    if then is not None and then.whole is not None:
        share += f"; from {clock(then.whole.since, tz)} on all {then.whole.count:,}"
    led = led_by(seen, then) if then is not None and apart else ""
    return f"{hit:,} of {plural(seen.seen, 'request')} {became} ({share}){led}"


def set_aside(then: AskedThen | None) -> str:
    """Requests that are in none of the counts, as the rest of a sentence; empty: there are none, or it is not known."""
    if then is None:
        return ""
    parts = [
        f"{number:,} {whose}"
        for number, whose in (
            (then.by_monitors, "of monitors"),
            (then.by_jobs, "of this host itself"),
            (then.by_scanners, "of scanners"),
            (then.always, "for pages that get an error at all times"),
            (then.asked_who, "that only got a login prompt (401)"),
        )
        if number
    ]
    return (f", not counting {joined(parts)}" if parts else "") + as_usual(then)


def of_spells(incident: Incident) -> str:
    """That the pauses of an outage do not count, as the rest of a sentence; empty: it had none."""
    return f", all counted in its {len(incident.spells)} spells" if len(incident.spells) > 1 else ""


def hanging(then: AskedThen | None) -> str:
    """Requests that were answered when nobody waited for it any more, as the rest of a sentence; empty: none known."""
    hung = then.hung if then is not None else None
    if hung is None or hung.count == hung.failed:
        return ""
    no_other = f", and no {hung.method} was answered in time" if hung.method else ""
    more = hung.count - hung.failed
    return f"; {more:,} more hung for up to {elapsed(0, hung.longest)}{no_other}"


def as_usual(then: AskedThen | None) -> str:
    """What fails at all times, and did so no more often, as the rest of a sentence; empty: there is none."""
    if then is None or not then.as_usual:
        return ""
    became, become = {
        "failed": ("failed", "fail"),
        "refused": ("were refused", "are refused"),
        "redirected": ("were redirected", "are redirected"),
    }[kind_of(then.seen)]
    return f"; {then.as_usual:,} more {became}, on pages that {become} as often at other times"


def _failed(incident: Incident, lives: Lives, tz: tzinfo, then: AskedThen | None, *, apart: bool) -> str:
    """The share of those that failed with a server error; empty: none did. `apart`: see above."""
    seen = incident.requests
    if seen is None or not seen.failed:
        return ""
    if then is None and (late := _from_its_first_failure(incident, lives, tz)) is not None:
        return late
    if then is not None and (flood := beside_a_flood(then)):
        return flood
    became = f"got an error page of {seen.error_size:,} bytes with status 200" if seen.error_size else "failed"
    said = share_of(seen, seen.failed, became, tz, then, apart=apart) + set_aside(then) + hanging(then)
    said += of_spells(incident)
    if then is not None and then.fuller is not None:
        return f"{said}."
    if seen.peak is not None and incident.seconds > PEAK_WORTH and seen.failed < seen.seen:
        time, failed, asked = seen.peak
        said += f"; the worst minute was {clock(time, tz)[:5]}, with {failed:,} of {asked:,}"
    return f"{said}."


def beside_a_flood(then: AskedThen) -> str:
    """How many requests failed but for those that set the outage off by their number, and of these; empty: none did.

    Who makes them is not known to be a user, and they would hide how many of the others were hit.
    """
    came = then.newcomers
    if came is None or came.own.failed < LEAST_ASIDE * then.seen.failed or came.others.failed < LEAST_EXPECTED:
        return ""
    own, others = came.own, came.others
    share = _percent(others.failed, others.requests)
    return (
        f"{others.failed:,} of {plural(others.requests, 'request')} failed ({share}){set_aside(then)}; of the "
        f"{own.requests:,} requests {came.words} besides, which came up with the outage, {own.failed:,} failed."
    )


def asked_who(seen: Seen | None, then: AskedThen | None) -> int:
    """Requests that were only asked for a user name, where they are many; 0: they are few, or refusal is the outage."""
    if then is None or seen is None or are_refused(seen):
        return 0
    return then.asked_who if then.asked_who >= LEAST_ASIDE * (seen.seen + then.asked_who) else 0


def _from_its_first_failure(incident: Incident, lives: Lives, tz: tzinfo) -> str | None:
    """How many failed from when on, where for much of an incident none did; None: they failed from the start."""
    series = lives.timeline.series.get(ANSWERED)
    seen, over = incident.requests, incident.over
    if series is None or seen is None or len(incident.spells) > 1:
        return None
    kept = between(series.moments, seen.begin, over)
    if not kept or kept[0].time - incident.onset < LATE * (over - incident.onset):
        return None
    first, last = kept[0].time, kept[-1].last
    within = lives.requests.seen_by(seen.log, first, last)
    if within is None or within.failed != seen.failed:
        return None
    counted = f"{within.failed:,} of {plural(within.seen, 'request')} failed ({_percent(within.failed, within.seen)})"
    till = f"from {clock_span(first, last, tz)}"
    return f"{counted} {till}; in the {elapsed(incident.onset, first)} before none did."


def _percent(part: int, whole: int) -> str:
    share = 100 * part / max(whole, 1)
    if part < whole and share > 99:
        return "more than 99 %"
    return f"{share:.0f} %" if share >= 1 else "less than 1 %"
