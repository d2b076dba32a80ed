"""How it came about: trigger, root cause, what made it worse, and symptoms, told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.causes.expiry import comes_by_date
from logsleuth.causes.same_object import is_the_same_shortage
from logsleuth.library.category import ACCESS, BACKEND, DATABASES, KERNEL, PACKAGES, SYSTEM, category_of
from logsleuth.library.platforms import sentence
from logsleuth.library.system_words import WORDS_OF
from logsleuth.lives.requests import ANSWERED, is_by_arrival
from logsleuth.lives.server.told import would_show_restarts
from logsleuth.regexes import regex
from logsleuth.report.compose.findings.before import names_a_change, unusual_before
from logsleuth.report.compose.findings.bursts import is_said_along
from logsleuth.report.compose.findings.sought import is_sought
from logsleuth.report.compose.story.in_full import quote
from logsleuth.report.model import Link
from logsleuth.report.words import LONGEST_QUOTE, cut, file_name, joined, plural, within_sentence
from logsleuth.units import SECOND, elapsed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.causes.said_elsewhere import Burst
    from logsleuth.library.platforms import Platform
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.findings.before import Unusual
    from logsleuth.report.compose.story.exhibits import Exhibits
    from logsleuth.scan.sighting import Sighting
    from logsleuth.signals.model import Signal

SYMPTOMS_SHOWN = 6
URL: Final = regex(r"\bhttps?://[^\s\[\]\"'<>]{1,300}")
BY_DATE = "None needed: it expired on its date, whatever else was done at that time."
NAMED = 4
"""Logs that are named where nothing was found in them."""
OF_BACKENDS = frozenset({"fpm", "service"})
"""The sources of backends' logs."""


def chain(
    diagnosis: Diagnosis, found: Sequence[Burst], lives: Lives, exhibits: Exhibits, there: Platform
) -> tuple[Link, ...]:
    """The links, from the trigger to the symptoms. `found`: what other programs' logs have in this time alone."""
    unusual = _unusual(diagnosis, lives, exhibits)
    return (
        *_trigger(diagnosis, unusual, found, lives, exhibits, there),
        *_cause(diagnosis, exhibits),
        *_conditions(diagnosis, exhibits),
        *_symptoms(diagnosis, found, exhibits),
        *_of_the_same_shortage(diagnosis, unusual, exhibits),
        *_bursts(diagnosis, found, exhibits),
    )


def _trigger(
    diagnosis: Diagnosis,
    found: Sequence[Unusual],
    bursts: Sequence[Burst],
    lives: Lives,
    exhibits: Exhibits,
    there: Platform,
) -> Iterable[Link]:
    onset = diagnosis.incident.onset
    for trigger in diagnosis.triggers:
        cited = tuple(exhibits.cite(sighting, trigger.pattern) for sighting in trigger.sightings)
        text = f"Possibly: {within_sentence(trigger.text)}, {_before(trigger.time, onset)}."
        yield Link("trigger", text, trigger.time, False, cited)
    if diagnosis.triggers or _began_with_its_reason(diagnosis):
        yield from _roles(diagnosis, lives, exhibits)
        return
    if comes_by_date(diagnosis.incident, diagnosis.first):
        yield Link("trigger", BY_DATE, None, False, ())
        return
    unusual = [one for one in found if not _is_the_same_shortage(one.sighting, diagnosis)]
    places = " and ".join(_where_to_look(diagnosis, exhibits))
    where = f" Check {sentence(places, there)}." if places else ""
    if unusual:
        last = unusual[-1]
        cited = tuple(exhibits.cite(one.sighting, None) for one in unusual)
        text = (
            f"Not known. {'Before' if last.time <= onset else 'Around'} it, {file_name(last.path)} has "
            f"{'a line' if len(unusual) == 1 else 'lines'} that no pattern knows; the last, "
            f"{_before(last.time, onset)}: “{cut(last.sighting.text, LONGEST_QUOTE)}”.{where}"
        )
        yield Link("trigger", text, last.time, False, cited)
        return
    of_httpd = ["restarts"] if would_show_restarts(lives) else []
    sought = [*of_httpd, "reported changes", *(["a rise in requests"] if is_sought(diagnosis) else [])]
    text = f"None found: checked {_searched(exhibits)} for {joined(sought)}.{where}{_of_that_time(bursts, diagnosis)}"
    yield Link("trigger", text, None, False, ())


def _of_that_time(bursts: Sequence[Burst], diagnosis: Diagnosis) -> str:
    """Which other programs' logs have lines in this time alone, but for those of the same error: they may say it."""
    told = diagnosis.reason.sightings if diagnosis.reason is not None else ()
    apart = [
        one for one in bursts if not (one.others or one.first in told or _is_the_same_shortage(one.first, diagnosis))
    ]
    names = list(dict.fromkeys(one.name for one in apart))
    return (
        f" Lines of {joined(names)} that appear only during the incident may name the cause: see below."
        if names
        else ""
    )


def _unusual(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Sequence[Unusual]:
    """What other programs said before the onset and at hardly any other time, where that can say anything."""
    is_explained = bool(diagnosis.triggers) or _began_with_its_reason(diagnosis)
    if is_explained and diagnosis.category not in WORDS_OF:
        return ()
    return unusual_before(diagnosis.incident, lives, exhibits)


def _roles(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Iterable[Link]:
    """What another program said of a change around an outage that began with a restart: that may have been part of it.

    A machine boots, and the address that httpd listens on comes some seconds later.
    """
    if not diagnosis.triggers or any(one.kind not in {"restart", "reload"} for one in diagnosis.triggers):
        return
    told = {(line.log, line.offset) for one in diagnosis.triggers for line in one.sightings}
    for one in unusual_before(diagnosis.incident, lives, exhibits)[-1:]:
        if names_a_change(one) and (one.sighting.log, one.sighting.offset) not in told:
            text = (
                f"{file_name(one.path)} has, {_before(one.time, diagnosis.incident.onset)}: "
                f"“{cut(one.sighting.text, LONGEST_QUOTE)}”."
            )
            yield Link("trigger", text, one.time, False, (exhibits.cite(one.sighting, None),))


def _began_with_its_reason(diagnosis: Diagnosis) -> bool:
    """Whether what is behind the cause was there before any request failed: then that set it off."""
    return diagnosis.reason is not None and diagnosis.reason.time < diagnosis.incident.onset


def _is_the_same_shortage(line: Sighting, diagnosis: Diagnosis) -> bool:
    first = diagnosis.first
    return first is not None and is_the_same_shortage(line.text, first)


def _of_the_same_shortage(diagnosis: Diagnosis, found: Sequence[Unusual], exhibits: Exhibits) -> Iterable[Link]:
    """The first line of another program that lacks the same: whatever it says, it set nothing off."""
    for one in [line for line in found if _is_the_same_shortage(line.sighting, diagnosis)][:1]:
        text = f"{file_name(one.path)} reports the same: “{cut(one.sighting.text, LONGEST_QUOTE)}”."
        yield Link("symptom", text, one.time, False, (exhibits.cite(one.sighting, None),))


def _bursts(diagnosis: Diagnosis, found: Sequence[Burst], exhibits: Exhibits) -> Iterable[Link]:
    """What other programs' logs have in this time, and hardly at any other."""
    told = diagnosis.reason.sightings if diagnosis.reason is not None else ()
    for burst in (one for one in found if one.first not in told):
        link = "; the same error" if _is_the_same_shortage(burst.first, diagnosis) else ""
        text = f"{burst.how_often}: “{_with_its_url(burst.first.text)}”{link}."
        yield Link("symptom", text, burst.time, False, (exhibits.cite(burst.first, None),))


def _with_its_url(text: str) -> str:
    """A line's beginning, and the URL that it names further on: which page it is about tells most."""
    url = URL.search(text)
    if url is None or url.end() <= LONGEST_QUOTE:
        return cut(text, LONGEST_QUOTE)
    begin = text[: min(LONGEST_QUOTE, url.start())].rstrip()
    return f"{begin}{' … ' if url.start() > LONGEST_QUOTE else ' '}{cut(url.group(), LONGEST_QUOTE)} …"


def _before(time: int, onset: int) -> str:
    if time - onset >= SECOND:
        return f"{elapsed(onset, time)} after the onset"
    return f"{elapsed(time, onset)} before the onset" if onset - time >= SECOND else "just before the onset"


def _searched(exhibits: Exhibits) -> str:
    """The logs that were read, by their names where they are few."""
    names = list(dict.fromkeys(file_name(log.path) for log in exhibits.logs))
    read = joined(names) if len(names) <= NAMED else f"the {len(exhibits.logs):,} logs that were read"
    return f"{read} ({plural(len(exhibits.left_out), 'log')} not read: see below)" if exhibits.left_out else read


def _where_to_look(diagnosis: Diagnosis, exhibits: Exhibits) -> Iterable[str]:
    """Where its trigger may be found: what is known of the very message, else of its kind.

    Of what only failed for a reason that the logs name, both send a reader where that is known already.
    """
    if diagnosis.reason is not None:
        return []
    own = diagnosis.causes[0].explain.trigger if diagnosis.causes else ""
    if own:
        return [own]
    wanted = category_of(diagnosis.category).trigger_seen_in
    return [place for place in wanted if not _is_read(place, diagnosis, exhibits)]


def _is_read(place: str, diagnosis: Diagnosis, exhibits: Exhibits) -> bool:
    """Whether it is one of the logs that were read: nobody needs to be sent there."""
    if place == ACCESS:
        return any(log.format.source == "access" for log in exhibits.logs)
    if place == BACKEND:
        return any(log.format.source in OF_BACKENDS for log in exhibits.logs)
    if place == DATABASES:
        return any(log.format.source == "service" for log in exhibits.logs)
    if place == PACKAGES:
        return any(log.format.source == "packages" for log in exhibits.logs)
    if place == SYSTEM:
        return any(log.format.kind == "syslog" for log in exhibits.logs)
    return place == KERNEL and any("kernel-log" in signal.meaning.shows for signal in diagnosis.incident.signals)


def _cause(diagnosis: Diagnosis, exhibits: Exhibits) -> Iterable[Link]:
    """The root cause, if a line names one; else what is nearest to it."""
    if not diagnosis.causes:
        yield Link("root cause", "No known message names it.", None, False, ())
        return
    signal, reason = diagnosis.causes[0].signal, diagnosis.reason
    title = diagnosis.causes[0].title
    if reason is not None:
        proof = tuple(exhibits.cite(sighting, None) for sighting in reason.sightings)
        yield Link("root cause", f"{reason.text}.", reason.time, True, proof)
        own = exhibits.cite(signal.moments[0].sighting, signal.name)
        yield Link("symptom", f"{title}.", signal.begin, False, (own,))
        return
    shown = diagnosis.beside or signal
    cited = exhibits.cite(shown.moments[0].sighting, shown.name if shown.meaning.known_by != "level" else None)
    if diagnosis.beside is not None:
        text = f"Perhaps {_in_a_sentence(diagnosis.beside)}; it comes with “{title}”."
    elif signal.name == ANSWERED:
        text = "No known message says why these requests failed."
    elif signal.meaning.known_by == "level" and diagnosis.why == "low":
        text = f"Perhaps what this message says, which no pattern knows: “{quote(signal)}”."
    elif diagnosis.why == "low":
        text = f"No known message names it. The nearest: {within_sentence(title)}."
    else:
        sure = {"high": "", "medium": " (likely)", "low": " (perhaps)"}[diagnosis.why]
        text = f"{title}{sure}."
    yield Link("root cause", text, shown.begin, False, (cited,))


def _in_a_sentence(beside: Signal) -> str:
    """What comes with the cause, as a noun within a sentence: its own title starts with a capital."""
    title = beside.title
    before, opened, message = title.partition("“")
    if opened and not before:
        return title
    return f"an unknown message, “{message}" if opened and before.strip() == "Unknown message" else f"“{title}”"


def _conditions(diagnosis: Diagnosis, exhibits: Exhibits) -> Iterable[Link]:
    told = {trigger.pattern for trigger in diagnosis.triggers}
    for cause in diagnosis.causes[1:]:
        if cause.kind == "contributing" and cause.signal.name not in told:
            cited = exhibits.cite(cause.signal.moments[0].sighting, cause.signal.name)
            yield Link("contributing", f"{cause.title}.", cause.signal.begin, False, (cited,))
    for condition in diagnosis.conditions:
        proof = tuple(exhibits.cite(sighting, None) for sighting in condition.sightings)
        yield Link("contributing", condition.text, None, condition.inferred, proof)


def _is_told_of_its_log(signal: Signal, logs: Collection[int]) -> bool:
    """Whether what another program said all the while is quoted from its log. `logs`: those that are quoted."""
    return is_said_along(signal) and signal.moments[0].sighting.log in logs


def _begins_with(signal: Signal, told: Collection[tuple[int, int]]) -> bool:
    """Whether its first line is told already, as what is behind the first cause."""
    first = signal.moments[0].sighting
    return (first.log, first.offset) in told


def _symptoms(diagnosis: Diagnosis, bursts: Sequence[Burst], exhibits: Exhibits) -> Iterable[Link]:
    told = diagnosis.causes[0].signal.lines if diagnosis.causes else frozenset()
    quoted = {(line.log, line.offset) for line in diagnosis.reason.sightings} if diagnosis.reason is not None else set()
    ended_by = diagnosis.ended_by.pattern if diagnosis.ended_by is not None else None
    in_bursts = {burst.first.log for burst in bursts}
    symptoms = [
        one
        for one in diagnosis.symptoms
        if one.signal.name != ended_by and not _is_told_of_its_log(one.signal, in_bursts)
    ]
    others = [one for one in symptoms if not (one.signal.lines <= told or _begins_with(one.signal, quoted))]
    ranked = sorted(others, key=lambda s: (not s.explained, -s.signal.count))[:SYMPTOMS_SHOWN]
    for symptom in sorted(ranked, key=lambda s: s.signal.begin):
        signal = symptom.signal
        late = (signal.begin - diagnosis.incident.onset) / SECOND
        came = "first came in" if is_by_arrival(signal.moments[0]) else "first"
        since = f"{came} {elapsed(diagnosis.incident.onset, signal.begin)} after the onset" if late >= 1 else ""
        lines = plural(signal.count, "line") if signal.count > 1 else ""
        inside = ", ".join(part for part in (lines, since) if part)
        how = "; as a service behind httpd was restarted" if signal.name in diagnosis.of_restarts else ""
        name = signal.name if signal.meaning.known_by != "level" else None
        cited = exhibits.cite(signal.moments[0].sighting, name)
        text = f"{signal.title}{f' ({inside})' if inside else ''}{how}."
        yield Link("symptom", text, signal.begin, False, (cited,))
