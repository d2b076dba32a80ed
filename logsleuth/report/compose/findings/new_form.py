"""A form of request that came up just before an outage and makes most of its traffic: a crawler, a campaign.

Each of many addresses may ask but once, and none of them for the same page: what they share is the folder and the name
of a parameter, a page, or how they name themselves. Where nobody had asked so before, and these requests come on top of
the others, they are what the outage is made of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.causes.model import Confidence, Reason, Trigger
from logsleuth.regexes import regex
from logsleuth.report.compose.findings.sought import MOST_READ, is_sought
from logsleuth.report.compose.findings.surge import FOLDER, LONGEST_NAME, requests_of
from logsleuth.report.compose.probe.probe import STATIC
from logsleuth.report.words import clock, cut
from logsleuth.signals.tuning import AROUND_US, LEAST_EXPECTED, MOST, SOON_US, TOGETHER_US
from logsleuth.units import SECOND, duration, elapsed
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.log.again import AskedAgain
    from logsleuth.report.compose.story.exhibits import Exhibits

QUERY: Final = regex(rb'"[A-Za-z-]{1,20} [^? "]{1,2000}\?([^ "]{1,2000})')
"""What is sent to the page that a line asks for."""
PARAMETER: Final = regex(r"(?:^|[&;])([A-Za-z_][\w.\[\]-]{0,40})=")
KINDS: Final = ("query", "page", "place", "agent")
"""Of forms that equally many requests have the one is told that says most of what they are for."""
FEW: Final = 20
"""Addresses that a firewall can block one by one."""


class Form(NamedTuple):
    """What requests have in common, in the words of a report."""

    kind: str
    name: str

    @property
    def words(self) -> str:
        """Behind 'requests'."""
        return f"with the user agent “{self.name}”" if self.kind == "agent" else f"for {self.name}"


class Came(NamedTuple):
    """The requests of a form that came up."""

    form: Form
    own: list[AskedAgain]
    """In order of time."""
    before: int
    """Microseconds of the log before the first of them."""
    others: int
    """All other requests of that time but for pictures and the like."""


def of_new_form(
    diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits, *, by_query_alone: bool
) -> tuple[Reason, Trigger] | None:
    """The form of request that came up with an outage that requests may bring about; None: none did.

    As what is behind the first cause, and as what set it off. `by_query_alone`: a rise of requests that share anything
    else is told already.
    """
    seen, incident = diagnosis.incident.requests, diagnosis.incident
    if seen is None or not is_sought(diagnosis):
        return None
    begin, end = incident.onset - AROUND_US, incident.over + SOON_US
    counted = lives.requests.seen_by(seen.log, begin, end)
    if counted is None or counted.seen > MOST_READ:
        return None
    asked = [one.line for one in requests_of(seen.log, begin, end, lives, exhibits)]
    pages = [one for one in asked if one.request.asks and not STATIC.search(one.path)]
    found = what_came_up(pages, incident.onset, incident.over, by_query_alone=by_query_alone)
    if found is None:
        return None
    reason = _reason(found, diagnosis, exhibits)
    text = f"Requests {found.form.words} came up, which nobody had made before"
    return reason, Trigger(reason.time, "surge", text, reason.sightings[:1])


def what_came_up(pages: Sequence[AskedAgain], onset: int, over: int, *, by_query_alone: bool = False) -> Came | None:
    """The form of most of the requests of an outage that nobody had asked for before; None: there is none.

    `pages`: from long before the outage until some minutes after it, in order of time.
    """
    by_form: dict[Form, list[AskedAgain]] = {}
    for one in pages:
        for form in _queries(one) if by_query_alone else forms_of(one):
            by_form.setdefault(form, []).append(one)
    for form, own in sorted(by_form.items(), key=lambda item: (-len(item[1]), KINDS.index(item[0].kind), item[0])):
        first, last = own[0].time, own[-1].time
        if not onset - SOON_US <= first <= onset + TOGETHER_US or len(own) < LEAST_EXPECTED:
            continue
        before = sum(one.time < first for one in pages)
        meanwhile = sum(first <= one.time <= last for one in pages)
        long, length = first - pages[0].time, max(last - first, SECOND)
        usual = before * length / max(long, SECOND)
        if long < SOON_US or before < LEAST_EXPECTED:
            return None  # too little is known of what came before
        if len(own) >= max(MOST * meanwhile, usual) and last >= onset + MOST * (over - onset):
            return Came(form, own, long, meanwhile - len(own))
    return None


def forms_of(one: AskedAgain) -> tuple[Form, ...]:
    """All forms that a request has."""
    return (*_queries(one), *_others(one))


def _queries(one: AskedAgain) -> Iterable[Form]:
    """The folder that a request asks for something in, with the name of each parameter that is sent."""
    query = QUERY.search(one.text)
    if query is not None:
        names = dict.fromkeys(PARAMETER.findall(query[1].decode("utf-8", "backslashreplace")))
        place = cut(_place(one), LONGEST_NAME)
        yield from (Form("query", f"{place} with “{name}=” in the query") for name in names)


def _place(one: AskedAgain) -> str:
    folder = FOLDER.match(one.path)
    return folder[1] if folder is not None else one.path


def _others(one: AskedAgain) -> Iterable[Form]:
    """What else it shares with others."""
    yield Form("page", cut(one.path, LONGEST_NAME))
    if (place := _place(one)) != one.path:
        yield Form("place", f"what is below {cut(place, LONGEST_NAME)}")
    if one.agent:
        yield Form("agent", cut(one.agent, LONGEST_NAME))


def _reason(found: Came, diagnosis: Diagnosis, exhibits: Exhibits) -> Reason:
    incident, own = diagnosis.incident, found.own
    first, last = own[0], own[-1]
    clients = len({one.request.client for one in own})
    whose = f"{clients:,} addresses" if clients > 1 else "one address"
    share = len(own) / (len(own) + found.others)
    ends = abs(last.time - incident.over) <= SOON_US // 2 and incident.recovery is not None
    text = (
        f"{len(own):,} requests {found.form.words} from {whose}, the first at {clock(first.time, exhibits.clock.tz)}, "
        f"none in the {duration(found.before / SECOND)} before: {share * 100:.0f} % of all requests in that time"
    )
    if ends:
        apart = elapsed(*sorted((last.time, incident.over)))
        text += f"; the last came {apart} {'before' if last.time <= incident.over else 'after'} the outage ended"
    sure: Confidence = "high" if ends and first.time <= incident.onset else "medium"
    lines = tuple(exhibits.again.sighting(one.log, one.line, one.local, exhibits.tally) for one in (first, last))
    return Reason(first.time, text, lines, sure, _fix(found, clients), title=f"A flood of requests {found.form.words}")


def _fix(found: Came, clients: int) -> str:
    """What stops them. No limit for each address holds where each asks only a few times."""
    if clients <= FEW:
        whose = "this address" if clients == 1 else f"these {clients:,} addresses"
        return f"Block {whose}, or refuse requests {found.form.words} until they stop."
    often = len(found.own) / clients
    limit = (
        f"a limit for each address holds little back, as each asks about {often:.0f} times"
        if often < LEAST_EXPECTED
        else "limit how often one address may ask for it"
    )
    return (
        f"If nobody wants them, refuse requests {found.form.words} until they stop (403 or 429, before they reach the "
        f"application), else answer them from a cache; {limit}. A restart does not end them."
    )
