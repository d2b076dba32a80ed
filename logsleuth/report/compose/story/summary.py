"""The three sentences that answer first: what users saw, why, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.causes.ended import DEPLOYED
from logsleuth.causes.reach import Reach, kept_out, reach_of
from logsleuth.lives.requests import ANSWERED, gaps
from logsleuth.regexes import regex
from logsleuth.report.compose.log.named import named_most
from logsleuth.report.compose.requests.yardstick import are_refused, kind_of
from logsleuth.report.compose.story.hung import hung_since
from logsleuth.report.compose.story.in_full import goes_on, in_full, quote
from logsleuth.report.compose.story.over import ended
from logsleuth.report.compose.story.whom import scope_of
from logsleuth.report.words import (
    LONGEST_QUOTE,
    brief,
    clock,
    clock_after,
    clock_span,
    cut,
    fill,
    full_stop,
    has_all,
    joined,
    plural,
    within_sentence,
)
from logsleuth.signals.model import Why
from logsleuth.signals.tuning import ALMOST_ALL, MANY
from logsleuth.signals.waiting import answers_are_missing
from logsleuth.timeline.model import between
from logsleuth.units import SECOND, elapsed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from logsleuth.causes.model import Cause, Diagnosis
    from logsleuth.incidents.model import Incident
    from logsleuth.lives.live import Lives
    from logsleuth.lives.requests import Late, Seen
    from logsleuth.lives.server.model import Absence
    from logsleuth.report.compose.requests.asked import AskedThen
    from logsleuth.report.compose.story.exhibits import Exhibits
    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment

ONE_CHILD: Final = regex(r"\bParent: child process (?:\d+ )?exited", needs=("Parent: child process",))
"""What the parent says on Windows, where one child process serves all requests (mpm_winnt)."""
GAP_SHARE = 0.2
"""Share of an incident's time without any answer that is worth a sentence."""
ALSO_SHARE = 0.1
"""The same of the others, where one is."""
LEAST_GAP = 5 * SECOND
HOWS = {
    "poisoned": "went bad",
    "hung": "hung",
    "crashed": "crashed",
    "killed": "were killed",
    "exited": "exited",
}
"""What became of lost workers, as the rest of a sentence."""
MEANS = {
    "poisoned": ": they kept running but failed their requests",
    "hung": ": they kept running but answered nothing",
}
"""What that means, of workers that did not end."""
MOSTLY = 0.5
"""Share of the requests that are refused, from which on that is what users saw."""
LEAST_ASIDE = 0.1
"""Share of the requests that are no part of the harm, from which on counting them would mislead."""
LATE = 0.25
"""Part of an incident without a failed request, from which on the share of those that failed counts from the first."""
PEAK_WORTH = 120
"""Seconds; of a shorter outage the worst minute is nearly all."""
NEW_LINE = regex(r"(?<!\\)\\n")
"""A line break, as httpd writes it."""
BACKENDS_NAMED = 3
"""Backends that are named in a sentence."""
LONGEST_NAME = 60
"""Characters of a path or an address that are shown."""


def summary(diagnosis: Diagnosis, lives: Lives, tz: tzinfo, then: AskedThen | None = None) -> tuple[str, str, str]:
    """What happened, why, how it ended: one plain sentence each, or two. `then`: what was asked for meanwhile."""
    return _happened(diagnosis, lives, tz, then), why(diagnosis), ended(diagnosis, lives)


def proof_of_harm(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> tuple[str, ...]:
    """The ids of the lines that the first sentence rests on."""
    incident = diagnosis.incident
    cited = []
    for signal in incident.signals:
        if signal.why is Why.NOT_UP:
            cited.append(exhibits.cite(signal.moments[0].sighting, signal.name))
    if cited and incident.recovery is not None and incident.recovery.restart is not None:
        cited.append(exhibits.cite(incident.recovery.restart.sightings[-1], None))
    for spell in incident.spells_down[-1:] if cited and len(incident.spells_down) > 1 else ():
        cited += [exhibits.cite(line, None) for line in (spell.lines[0].sighting, spell.up) if line is not None]
    lost, is_down = diagnosis.workers.lost_workers, bool(cited)
    is_counted = incident.requests is not None and not are_refused(incident.requests) and not kept_out_of(diagnosis)
    if is_counted and incident.requests is not None and incident.requests.failed:
        cited += failing_lines(incident, lives, exhibits)
    if lost and not is_down:
        cited += [exhibits.cite(worker.sighting, None) for worker in dict.fromkeys((lost[0], lost[-1]))]
    if not cited or (lost and not is_down and not is_counted and _is_lost_by_the_way(diagnosis, [_workers(diagnosis)])):
        cited = [*exhibits.signal(_loudest(diagnosis), 2), *cited]
    return tuple(dict.fromkeys(cited))


def failing_lines(incident: Incident, lives: Lives, exhibits: Exhibits) -> tuple[str, ...]:
    """The first and last failed request of an incident, of those that the access log keeps a line of."""
    lines = [moment.sighting for moment in failed_requests(incident, lives)]
    return tuple(dict.fromkeys(exhibits.cite(line, ANSWERED) for line in (lines[:1] + lines[-1:])))


def failed_requests(incident: Incident, lives: Lives) -> list[Moment]:
    """The failed requests of an incident of which the access log that counts them keeps a line, in order of time."""
    series, seen = lives.timeline.series.get(ANSWERED), incident.requests
    if series is None or seen is None:
        return []
    parts = lives.requests.logs[seen.log].parts
    return [one for one in between(series.moments, incident.onset, incident.over) if one.sighting.log in parts]


def _happened(diagnosis: Diagnosis, lives: Lives, tz: tzinfo, then: AskedThen | None) -> str:
    """The harm first: requests where they are counted, else the server, its workers, or lines of failures."""
    kinds = (
        _down(diagnosis, lives, tz)
        or _unanswered(diagnosis.incident, lives)
        or _unwritten(diagnosis.incident, lives)
        or _took(diagnosis.incident),
        "" if only_at_its_edges(diagnosis.incident, lives) else _requests(diagnosis, lives, tz, then),
        _workers(diagnosis),
    )
    harm = [sentence for sentence in kinds if sentence]
    if not harm or _is_lost_by_the_way(diagnosis, harm):
        harm.insert(0, _lines(diagnosis))
    return " ".join(harm[:2])


def _is_lost_by_the_way(diagnosis: Diagnosis, harm: Sequence[str]) -> bool:
    """Whether all that is known of the harm is that workers were lost, and the cause is no message about workers."""
    first = diagnosis.first
    return first is not None and first.meaning.worker is None and list(harm) == [_workers(diagnosis)]


def _down(diagnosis: Diagnosis, lives: Lives, tz: tzinfo) -> str:
    """For how long the server was not up."""
    incident = diagnosis.incident
    absent = [signal for signal in incident.signals if signal.why is Why.NOT_UP]
    if not absent:
        return ""
    if len(incident.spells_down) > 1:
        return _down_again_and_again(incident, tz)
    begin = min(signal.begin for signal in absent)
    spell = incident.spells_down[0] if incident.spells_down else None
    if spell is not None and spell.why == "refused" and _was_never_up(spell, lives):
        return _never_started(incident, begin, tz)
    if min(absent, key=lambda signal: signal.begin).meaning.role == "death" and spell is not None and not spell.ordered:
        return _ended_unseen(incident, begin, tz)
    end = incident.over if incident.recovery is not None else spell.end if spell is not None else None
    if end is None:
        return f"Apache went down at {clock(begin, tz)}; nothing in the log shows that it started again."
    return _down_once(incident, lives, begin, end, tz)


def _down_once(incident: Incident, lives: Lives, begin: int, end: int, tz: tzinfo) -> str:
    """It went down, or hung before it did, and came up again."""
    if (hung := hung_since(incident, lives)) is not None:
        span = f"No request was answered for {elapsed(hung, end)}, from {clock_span(hung, end, tz)}"
        return f"{span}: Apache hung, and was down from {clock_after(begin, hung, tz)} on."
    return f"Apache was down for {elapsed(begin, end)}, from {clock_span(begin, end, tz)}."


def _was_never_up(spell: Absence, lives: Lives) -> bool:
    """Whether nothing in the log comes from a server before the start that was refused."""
    no_order = spell.lines[0].kind == "refused" and not spell.ordered
    return no_order and spell.begin - spell.not_before < SECOND and lives.server.up_before(spell.begin) is None


def _never_started(incident: Incident, begin: int, tz: tzinfo) -> str:
    """A start was refused, and the log does not show that a server had been up before."""
    if incident.recovery is None:
        return f"Apache could not start at {clock(begin, tz)}; nothing in the log shows that it started later."
    over, length = clock_after(incident.over, begin, tz), elapsed(begin, incident.over)
    return f"Apache could not start at {clock(begin, tz)}; it was up {length} later, at {over}."


def _ended_unseen(incident: Incident, begin: int, tz: tzinfo) -> str:
    """Of a run that ended without a word only the last sign of life is known: it may have lived on for a while."""
    last = f"its last sign of life is from {clock(begin, tz)}"
    if incident.recovery is None:
        return f"Apache ended without logging it: {last}, and nothing in the log shows that it started again."
    over, length = clock_after(incident.over, begin, tz), elapsed(begin, incident.over)
    return f"Apache was down for at most {length}: {last}, and it was up again at {over}."


def _down_again_and_again(incident: Incident, tz: tzinfo) -> str:
    """How often the server was not up, and whether it is now."""
    spells = incident.spells_down
    first, last = spells[0], spells[-1]
    text = f"Apache went down {len(spells)} times between {clock_span(first.begin, last.begin, tz, 'and')}"
    if last.end is None:
        return f"{text}; nothing in the log shows that it started again after that."
    return f"{text}; it was last started again at {clock_after(last.end, first.begin, tz)}."


def between_edges(incident: Incident, lives: Lives) -> int:
    """Requests of an incident but for those of its first and last second.

    What was answered as the server went down, or came up again, is not of the time in between.
    """
    seen = incident.requests
    if seen is None:
        return 0
    begin, end = (incident.onset // SECOND + 1) * SECOND, incident.over // SECOND * SECOND - 1
    within = lives.requests.seen_by(seen.log, begin, end) if begin < end else None
    return within.seen if within is not None else 0


def only_at_its_edges(incident: Incident, lives: Lives) -> bool:
    """Whether the server was down and what requests there are lie in the seconds in which it went and came."""
    return incident.was_down and incident.requests is not None and not between_edges(incident, lives)


def _unanswered(incident: Incident, lives: Lives) -> str:
    """That most requests have no line at all, where traffic was to be expected."""
    seen = incident.requests
    if seen is None or seen.expected is None or not incident.was_starved:
        return ""
    if len(incident.spells) > 1:
        counted = f"{plural(seen.seen, 'request')} in its {len(incident.spells)} spells"
        expected = f"where at least {seen.expected:,} were to be expected"
        return f"Most requests were not answered: the access log has {counted}, {expected}."
    number = between_edges(incident, lives)
    span, expected = elapsed(incident.onset, incident.over), f"where at least {seen.expected:,} were to be expected"
    if lives.requests.trace.between(incident.onset + SECOND, incident.over - SECOND) > number:
        return f"The access log has {plural(number, 'request') if number else 'no request'} for {span}, {expected}."
    what = "Most requests were not answered" if number else "No request was answered"
    counted = plural(number, "request") if number else "none"
    return f"{what} for {span}: the access log has {counted}, {expected}."


def _unwritten(incident: Incident, lives: Lives) -> str:
    """That the access log was hardly written, where that is part of what went wrong."""
    seen = incident.requests
    if seen is None or seen.expected is None or not incident.lacks_lines:
        return ""
    handled = lives.timeline.served.between(incident.onset, incident.over)
    lines = plural(seen.seen, "line") if seen.seen else "no line"
    span = elapsed(incident.onset, incident.over)
    text = f"The access log has {lines} for {span}, where at least {seen.expected:,} were to be expected"
    if handled <= seen.seen:
        return f"{text}: it could not be written, so what became of the requests is not known."
    wrote = f"{handled:,} lines of the error log name" if handled > 1 else "a line of the error log names"
    return f"{text}, but httpd went on handling requests: {wrote} a client then."


def _took(incident: Incident) -> str:
    """That requests were answered late, where hardly any failed."""
    seen = incident.requests
    return "" if seen is None or seen.late is None or seen.share >= MANY else took_longer(seen.late)


def took_longer(late: Late) -> str:
    """How long requests took, and how long before."""
    if late.peaks is not None:
        slow = f"{100 * late.peaks.slow:.0f} %"
        usual = f"{brief(late.usual)}" if late.share <= MOSTLY else f"four of five within {brief(late.usual)}"
        return f"{slow} of the requests took {brief(late.peaks.late)} or more (before, {usual})."
    if late.share <= MOSTLY:
        return f"Requests took {brief(late.now)} (the median; before, {brief(late.usual)})."
    return f"One request in five took {brief(late.now)} or more (before, {brief(late.usual)} or more)."


def _requests(diagnosis: Diagnosis, lives: Lives, tz: tzinfo, then: AskedThen | None) -> str:
    """How many requests failed of those that were made, and when it was worst."""
    seen = diagnosis.incident.requests
    if seen is not None and (kept := kept_out_of(diagnosis)):
        return f"{kept:,} TLS handshakes failed: what those clients would have requested is in no log."
    if seen is not None and is_waiting(diagnosis):
        fallen = fell(diagnosis.incident, then)
        return f"{_waited(diagnosis.incident, lives)} {fallen}." if fallen else _waited(diagnosis.incident, lives)
    if seen is None:
        return ""
    if seen.sent_away:
        others = f"; {seen.failed:,} failed with a server error (5xx)" if seen.failed else ""
        return f"{_share(seen, seen.redirected, 'were answered with a redirect', tz, then)}{others}{set_aside(then)}."
    if are_refused(seen):
        others = f", and {seen.failed:,} failed with a server error (5xx)" if seen.failed else ""
        aside = set_aside(then) if then is None or then.logins is None else ""  # others than users do not log in
        return f"{_share(seen, seen.refused, 'were refused', tz, then)}{others}{aside}."
    return _failed(diagnosis.incident, lives, tz, then)


def _share(seen: Seen, hit: int, became: str, tz: tzinfo, then: AskedThen | None) -> str:
    """How many requests were hit, of how many: of one part of a site, where that alone was; and since when all were."""
    if then is not None and len(then.statuses) == 1 and became == "were refused":
        became = f"were refused with {min(then.statuses)}"
    if then is not None and then.logins is not None:
        failed, logins = then.logins
        return f"{failed:,} of {plural(logins, 'login')} failed ({_percent(failed, logins)})"
    scope = scope_of(seen, then) if then is not None else None
    if scope is not None:
        return f"All {scope.hit:,} requests {scope.where} {became}, and none of the {scope.others:,} others"
    if hit == seen.seen > 1:
        return f"All {hit:,} requests {became}"
    share = _percent(hit, seen.seen)
    if then is not None and then.whole is not None:
        share += f"; from {clock(then.whole.since, tz)} on all {then.whole.count:,}"
    return f"{hit:,} of {plural(seen.seen, 'request')} {became} ({share})"


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
            (then.always, "for pages that always get such an answer"),
            (then.asked_who, "that only got a login prompt (401)"),
        )
        if number
    ]
    return (f", not counting {joined(parts)}" if parts else "") + as_usual(then)


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


def _failed(incident: Incident, lives: Lives, tz: tzinfo, then: AskedThen | None) -> str:
    """The share of those that failed with a server error; empty: none did."""
    seen = incident.requests
    if seen is None or not seen.failed:
        return ""
    if then is None and (late := _from_its_first_failure(incident, lives, tz)) is not None:
        return late
    became = f"got an error page of {seen.error_size:,} bytes with status 200" if seen.error_size else "failed"
    said = _share(seen, seen.failed, became, tz, then) + set_aside(then)
    if seen.peak is not None and incident.seconds > PEAK_WORTH and seen.failed < seen.seen:
        time, failed, asked = seen.peak
        said += f"; the worst minute was {clock(time, tz)[:5]}, with {failed:,} of {asked:,}"
    return f"{said}."


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


def reach(diagnosis: Diagnosis) -> Reach:
    """Which requests the incident met."""
    return reach_of(diagnosis.incident, diagnosis.workers, diagnosis.first)


def is_waiting(diagnosis: Diagnosis) -> bool:
    """Whether whatever is asked for waits, so that what is answered with an error meanwhile is no measure of it."""
    return reach(diagnosis) is Reach.WAITING


def _waited(incident: Incident, lives: Lives) -> str:
    """For how long nobody was answered, or may have been, where that is over and nothing else says it."""
    if incident.was_starved or incident.recovery is None:
        return ""
    if unanswered := told_gaps(incident, lives):
        longest = f", at most {elapsed(*max(unanswered, key=_length))} at a time" if len(unanswered) > 1 else ""
        return f"Nobody was answered for {elapsed(0, sum(map(_length, unanswered)))}{longest}: no worker was free."
    full = [signal.begin for signal in incident.signals if signal.meaning.role == "capacity"]
    begin = max(min(full, default=incident.onset), incident.onset)
    length = f" for up to {elapsed(begin, incident.over)}" if incident.over - begin >= SECOND else ""
    return f"httpd had no free worker{length}: requests had to wait, and those that gave up are in no log."


def told_gaps(incident: Incident, lives: Lives) -> list[tuple[int, int]]:
    """(UTC microseconds) Stretches without any answer that are worth a sentence: a request that never ends has no line.

    All of them that are long for the incident, where one is a good part of it.
    """
    counted = lives.requests.counted
    if counted is None:
        return []
    whole = incident.over - incident.onset
    found = gaps(lives.requests.logs[counted].all, incident.onset, incident.over)
    found = [gap for gap in found if _length(gap) >= LEAST_GAP and answers_are_missing(lives.requests, *gap)]
    if max(map(_length, found), default=0) < GAP_SHARE * whole:
        return []
    return [gap for gap in found if _length(gap) >= ALSO_SHARE * whole]


def _length(gap: tuple[int, int]) -> int:
    return gap[1] - gap[0]


def fell(incident: Incident, then: AskedThen | None) -> str:
    """To how many the requests fell that were answered, as a sentence without its end; empty: they did not.

    Who gets an error asks for no more of the page: where many requests fail, that is why there are fewer.
    """
    seen = incident.requests
    if seen is None or not incident.lacks_requests or incident.was_starved or seen.share >= MANY:
        return ""
    if then is not None and then.before is not None:
        before = f"there were {then.before.requests:,} in the {elapsed(0, then.before.length)} before"
        return f"Only {plural(seen.seen, 'request')} of users have a line; {before}"
    return f"Only {plural(seen.seen, 'request')} have a line, where at least {seen.expected or 0:,} were to be expected"


def kept_out_of(diagnosis: Diagnosis) -> int:
    """Handshakes that failed, so that the requests behind them are in no log; 0: it is not of that kind."""
    return kept_out(diagnosis.incident, diagnosis.first)


def _percent(part: int, whole: int) -> str:
    share = 100 * part / max(whole, 1)
    if part < whole and share > 99:
        return "more than 99 %"
    return f"{share:.0f} %" if share >= 1 else "less than 1 %"


def _workers(diagnosis: Diagnosis) -> str:
    """How many workers were lost, and how."""
    workers = diagnosis.workers
    lost = workers.lost_workers
    if not lost:
        return ""
    if all(ONE_CHILD.search(worker.sighting.text) for worker in lost):
        how = "crashed" if all(worker.how == "crashed" for worker in lost) else "ended"
        times = f"{len(lost):,} times" if len(lost) > 1 else "once"
        return f"The one child process, which serves all requests, {how} {times}{_within(diagnosis)}."
    concerned = [pool.name for pool in workers.pools if pool.lost]
    where = f" of the {concerned[0]}" if len(concerned) == 1 and concerned[0] else ""
    counts = {how: sum(worker.how == how for worker in lost) for how in sorted({worker.how for worker in lost})}
    if len(counts) == 1:
        how = next(iter(counts))
        fate, means = HOWS.get(how, how), MEANS.get(how, "")
        if len(lost) == 1:
            fate, means = fate.replace("were ", "was "), means.replace("they", "it").replace("their", "its")
    else:
        fate, means = f"were lost ({', '.join(f'{count:,} {how}' for how, count in counts.items())})", ""
    return f"{_which(len(lost), workers.pool)}{where} {fate}{_within(diagnosis)}{means}."


def _which(number: int, pool: int | None) -> str:
    """'13 workers', 'All 4 workers', '3 of 10 workers'."""
    if pool and pool == number > 1:
        return f"All {number:,} workers"
    return f"{number:,} of {pool:,} workers" if pool and pool > number else plural(number, "worker")


def _within(diagnosis: Diagnosis) -> str:
    """In what time they were lost, and how many of the losses are inferred."""
    lost = diagnosis.workers.lost_workers
    inferred = sum(worker.inferred for worker in lost)
    first, last = lost[0].time, lost[-1].time
    span = f" within {elapsed(first, last)}" if last - first >= SECOND else ""
    return f"{span} ({inferred:,} of them inferred)" if 0 < inferred < len(lost) else span


def _loudest(diagnosis: Diagnosis) -> Signal:
    """The cause, where it is known and logged nearly all the time; else what is logged most often.

    What follows from it may write several lines for each request.
    """
    cause = diagnosis.first
    loudest = max(diagnosis.incident.signals, key=lambda signal: (signal.count, signal is cause))
    if cause is None or cause.meaning.known_by == "level" or cause.count == 1:
        return loudest
    return cause if cause.end - cause.begin >= ALMOST_ALL * (loudest.end - loudest.begin) else loudest


def _lines(diagnosis: Diagnosis) -> str:
    """Lines are not requests: without an access log only they can be counted."""
    incident, loudest = diagnosis.incident, _loudest(diagnosis)
    if loudest.is_latched and incident.recovery is None:
        return "The limit on workers was reached; the log does not show for how long requests had to wait."
    last = loudest.moments[-1].last
    span = f" within {elapsed(loudest.begin, last)}" if last - loudest.begin >= SECOND else ""
    return f"{diagnosis.title_of(loudest)} (logged {_times(loudest.count)}{span})."


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def why(diagnosis: Diagnosis) -> str:
    """The likeliest cause, what comes with it, and what fault of its own was there at the same time."""
    if not diagnosis.causes:
        return "No known message explains it; the appendix lists what was never seen before."
    cause = diagnosis.causes[0]
    if cause.signal.meaning.known_by == "level":
        return _of_unknown(cause, diagnosis)
    what = _of_cause(cause, values_of(cause.signal, diagnosis))
    if diagnosis.reason is not None:
        sure = f"Likely cause ({diagnosis.reason.confidence} confidence):"
        return f"{sure} {within_sentence(diagnosis.reason.text)}. {what}"
    if cause.signal.name == ANSWERED:
        return f"The access log shows that requests failed; no known message says why.{_began_with(diagnosis)}"
    is_effect = diagnosis.why == "low" and diagnosis.confidence != "low"
    named = "What failed" if is_effect else "Likely cause"
    said = f"{named} ({diagnosis.confidence} confidence): {within_sentence(what)}"
    if rest := goes_on(cause):
        said += f" The message goes on: {rest}."
    if is_effect and not diagnosis.triggers:
        said += " No known message says what caused it."
    if diagnosis.beside is not None:
        known = "" if diagnosis.beside.meaning.is_thrown else ", which matches no known pattern"
        said += f" It comes with “{quote(diagnosis.beside)}”{known}."
    if diagnosis.alike:
        said += f" {_failed_alike(diagnosis.alike)}"
    other = next((c for c in diagnosis.causes[1:] if _is_a_fault_of_its_own(c)), None)
    return said if other is None else f"{said} At the same time: {within_sentence(other.title)}."


def _began_with(diagnosis: Diagnosis) -> str:
    """The deploy with which it began, as a sentence; empty: no list or log of one has any."""
    deploy = next((one for one in diagnosis.triggers if one.pattern == DEPLOYED), None)
    return f" It began with “{cut(deploy.text, LONGEST_QUOTE)}”." if deploy is not None else ""


def _of_unknown(cause: Cause, diagnosis: Diagnosis) -> str:
    """What a message that no pattern knows says of the reason: the kind that its words name, and these words."""
    is_alone = cause.signal.outside == 0 and not cause.signal.in_others
    seen = "nowhere else" if is_alone else "hardly anywhere else"
    sure = f"({diagnosis.confidence} confidence)"
    if cause.category is not None:
        return f"Likely cause {sure}: {within_sentence(cause.explain.cause)} In its own words: {in_full(cause)}."
    whose = "the application's" if cause.signal.meaning.is_thrown else "the log's"
    return f"In {whose} own words {sure}: {in_full(cause)}. No pattern knows them; they appear {seen} in the log."


def _failed_alike(backends: Sequence[str]) -> str:
    """What it means that no backend stands out."""
    few = len(backends) <= BACKENDS_NAMED
    names = joined(list(backends)) if few else f"All {len(backends)} backends that these lines name"
    need = "both" if len(backends) == 2 else "all of them"
    return (
        f"{names} failed alike, which points to this host, the network between or something that {need} need, not to "
        "one backend."
    )


def _of_cause(cause: Cause, values: Mapping[str, str]) -> str:
    explain = cause.explain
    said = explain.summary or (explain.cause if cause.signal.meaning.known_by == "card" else "")
    return full_stop(fill(said, values) if said and has_all(said, values) else cause.title)


def _is_a_fault_of_its_own(cause: Cause) -> bool:
    return cause.kind == "link not known" and cause.category is not None and cause.confidence != "low"


def values_of(signal: Signal, diagnosis: Diagnosis, *, as_prose: bool = True) -> dict[str, str]:
    """What a pattern's sentences may name: its captures, and the counts of the incident.

    `as_prose`: where the lines name several (backends, files), a sentence says so; a command takes the first.
    """
    values = named_most(signal)
    if as_prose:
        values = {slot: f"{_unescaped(value)}{_others(signal, slot, value)}" for slot, value in values.items()}
    if lost := _lost_as(signal, diagnosis):  # a sentence on "0 workers" would be false: the title is shown in its place
        values["workers"] = f"{lost:,}"
    values["pool"] = str(diagnosis.workers.pool) if diagnosis.workers.pool else "an unknown number of"
    values["count"] = f"{signal.count:,}"
    return values


def _unescaped(value: str) -> str:
    """The first line of a value, without httpd's escapes, which are for its log (ap_escape_logitem)."""
    first = NEW_LINE.split(value, maxsplit=1)[0]
    return first.replace("\\\\", "\\") + (" […]" if first != value else "")


def _others(signal: Signal, slot: str, value: str) -> str:
    """' (also B)' or ' (and 2 others)', where the kept lines of a signal name further values in the same place.

    Of a second only the first line is kept: there may be more.
    """
    named = dict.fromkeys(dict(moment.sighting.fields).get(slot, value) for moment in signal.moments)
    others = [other for other in named if other != value]
    of_names = any(char in value for char in "/.:\\")  # paths, hosts and addresses; counts and words vary by nature
    if not others or not of_names:
        return ""
    if len(others) == 1 and len(others[0]) <= LONGEST_NAME:
        return f" (also {_unescaped(others[0])})"
    least = "" if all(moment.count == 1 for moment in signal.moments) else "at least "
    return f" (and {least}{plural(len(others), 'other')})"


def _lost_as(signal: Signal, diagnosis: Diagnosis) -> int:
    """Workers that were lost in the way that the message reports: others may have crashed meanwhile."""
    reported = signal.meaning.worker
    return sum(reported is None or worker.how == reported.state for worker in diagnosis.workers.lost)
