"""Monitors that already ask for a page, as an access log shows them, and what they were answered in an outage."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.report.compose.probe.probe import PLAIN_PAGE, STATIC
from logsleuth.report.compose.requests.timers import by_timers
from logsleuth.report.words import clock, joined
from logsleuth.signals.tuning import ALMOST_ALL, EVEN
from logsleuth.units import SECOND, duration, median
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import tzinfo

    from logsleuth.report.compose.log.again import AskedAgain

AGENTS: Final = regex(
    r"UptimeRobot|Pingdom|kube-probe|ELB-HealthChecker|GoogleHC|GoogleStackdriverMonitoring|Amazon-Route53-Health-Check"
    r"|StatusCake|Site24x7|Uptime-?Kuma|Better ?(?:Uptime|Stack)|HetrixTools|NodePing|updown\.io|Datadog/?Synthetics"
    r"|Blackbox[- ]Exporter|Consul Health Check|monit/\d|check_http|Zabbix|Freshping|Checkly|Catchpoint|HAProxy"
    r"|PRTG Network Monitor|jetmon|Cloudflare-Healthchecks|Envoy/HC|Edge Health Probe"
    r"|Azure Traffic Manager Endpoint Monitor"
)
"""How monitors name themselves in User-Agent."""
HEALTH: Final = regex(
    r"/(?:[\w.-]{1,40}/){0,3}(?:health(?:z|[-_]?check)?|livez|readyz|ping|heartbeat|alive|server-(?:status|info))"
    r"(?:\.\w{1,5})?"
)
"""Pages that are made to be asked for by monitors."""
BROWSER: Final = "Mozilla/"
"""In the names of browsers: a page that renews itself asks at a steady interval, too."""
HARMLESS: Final = regex(r"/(?:index\.\w{2,5})?\Z|\.html?\Z")
"""A front page, or one that is a file, as monitors ask for that are not told otherwise."""
PRODUCT: Final = regex(r"[A-Za-z][A-Za-z0-9._-]{0,30}")
"""The first word by which a client names itself."""
BY_ITS_OPTION: Final = {"check_http": " (to check_http unless it has the option -f critical)"}
"""How a redirect becomes a failure."""
LEAST: Final = 5
"""Requests of one monitor in an outage, or those due: scanners ask for such pages once or twice."""
LEAST_OF_RHYTHM: Final = 10
"""Requests of one monitor before an outage that show how often it asks."""
LONGEST_PAUSE: Final = 3
"""Times its usual distance: a monitor that now and then pauses for longer has no rhythm."""
GONE_NAMED: Final = 3
"""Such checks whose times are named."""
LEAST_FAILED: Final = 2
"""Failed checks of what is known to be a monitor that are worth a sentence."""
LEAST_MISSING: Final = 3
"""Checks that are in no log, from which on that is no matter of where the outage's edges are."""
TIMED_OUT: Final = "504"
"""The status of an answer that a proxy gives in place of a server that took too long."""
LONGEST_WAIT: Final = 30 * SECOND
"""Microseconds: no monitor waits longer by default; UptimeRobot and Pingdom wait as long, most others 10 s."""


@dataclass(frozen=True, slots=True)
class Monitor:
    """What asks for one page again and again."""

    name: str
    """As it calls itself, and from where it asks if that is no monitor's name; empty: its page says what it is."""
    path: str
    requests: int
    """In the outage."""
    failed: int
    """Those that were answered with an error, or refused, or later than a monitor waits."""
    redirected: int = 0
    due: int = 0
    """Requests that it should have made in the outage, by its rhythm before; 0: it had none, or that is not known."""
    every: int = 0
    """Microseconds from one of its requests to the next, before."""
    silence: tuple[int, int] = (0, 0)
    """(UTC microseconds) The longest time in the outage without a request of it."""
    alarm: int | None = None
    """UTC microseconds at which its second failure in a row was answered; None: there is none."""
    always: str = ""
    """The status of all its answers, in the outage and at other times, if that is an error: it sees no outage."""
    was_well: bool = True
    """It got a good answer at some time outside of the outage, or nothing is known of other times."""
    gone: tuple[int, ...] = ()
    """(UTC microseconds) When a check was due, of one that never left one out before, and is not in the log."""

    @property
    def missing(self) -> int:
        """Checks of which the log has no line: they were not accepted, or timed out before they were answered."""
        lacks = self.due - self.requests
        return lacks if lacks >= max(LEAST_MISSING, (1 - ALMOST_ALL) * self.due) else 0

    @property
    def saw_nothing(self) -> bool:
        """All its checks got a good answer."""
        is_bad = self.failed or self.redirected or self.missing or self.gone or self.always
        return self.requests > 0 and not is_bad

    def said(self, tz: tzinfo) -> str:
        """What it saw."""
        asks = f"The monitor that already asks for {self.path} ({self.name})" if self.name else f"The check {self.path}"
        if self.missing:
            return self._missed(asks, tz)
        if self.always:
            return f"{asks} is answered with {self.always} at all times: it can see no outage."
        if self.redirected > self.failed:
            was = f"was redirected {self.redirected:,} of {self.requests:,} times"
            return f"{asks} {was}: to most monitors a redirect is a good answer{BY_ITS_OPTION.get(self.name, '')}."
        if self.saw_nothing:
            return (
                f"{asks} got a good answer {self.requests:,} times out of {self.requests:,}: it saw nothing of this "
                "outage."
            )
        became = f"failed {self.failed:,} of {self.requests:,} times"
        if not self.failed:
            became = f"got a good answer {self.requests:,} times"
        elif self.failed == self.requests:
            became = f"failed all {self.requests:,} times: it saw this outage"
        by = "" if self.alarm is None else f"; it had two failures in a row by {clock(self.alarm, tz)}"
        return f"{asks} {became}{by}{self._gone(tz)}."

    def _gone(self, tz: tzinfo) -> str:
        """The checks that are in no log, as the rest of a sentence."""
        if not self.gone:
            return ""
        shown = [clock(time, tz) for time in self.gone[:GONE_NAMED]]
        more = len(self.gone) - len(shown)
        times = joined([*shown, *([f"{more:,} more times"] if more else [])])
        one, was, it = ("check", "is", "it was") if len(self.gone) == 1 else ("checks", "are", "they were")
        return f"; the {one} due at {times} {was} not in the log: most likely {it} not answered"

    def _missed(self, asks: str, tz: tzinfo) -> str:
        """That most of its checks have no line."""
        number = f"{self.requests:,} times" if self.requests > 1 else "once" if self.requests else "not once"
        every = "minute" if duration(self.every / SECOND) == "1 min" else duration(self.every / SECOND)
        text = f"{asks} asked every {every} before and is in the log {number} in that time"
        begin, end = self.silence
        lacks = end - begin > LONGEST_PAUSE * self.every and self.requests
        longest = f" (from {clock(begin, tz)} to {clock(end, tz)} not once)" if lacks else ""
        by = "" if self.alarm is None else f", and it had two failures in a row by {clock(self.alarm, tz)}"
        late = duration(LONGEST_WAIT / SECOND)
        missing = "the others were not" if self.requests else "none was"
        of_those = f" ({self.failed:,} of them failed or took more than {late})" if self.failed else ""
        return (
            f"{text}{of_those}, where about {self.due:,} checks were due{longest}: {missing} answered, so it saw "
            f"this outage{by}."
        )


def monitors_among(
    asked: Sequence[AskedAgain],
    before: Iterable[AskedAgain] = (),
    begin: int = 0,
    until: int = 0,
    after: Iterable[AskedAgain] = (),
    refused_with: Collection[int] = (),
) -> tuple[Monitor, ...]:
    """The monitors of an outage's requests, that which asked most often first. Requests are in order of time.

    `before`, `after`: the requests around it; `begin`, `until`: UTC microseconds of its onset, and up to when the log
    goes on; `refused_with`: the client errors (4xx) that were its failures.
    """
    sooner, later = list(before), list(after)
    timers = by_timers((*sooner, *asked, *later))
    periods = earlier, during, afterwards = [_by_monitor(some, timers) for some in (sooner, asked, later)]
    found = []
    for key in {**during, **earlier}:
        own, others = during.get(key, []), [*earlier.get(key, ()), *afterwards.get(key, ())]
        every = _rhythm([one.time for one in earlier.get(key, ())])
        due = max(until - begin, 0) // every if every else 0
        if own or due >= LEAST:
            usual = _usual(own, others, refused_with)
            gone = tuple(due for due in _gone(*(one.get(key, ()) for one in periods)) if begin <= due < until)
            found.append(_monitor(key, own, every, due, (begin, until), usual, gone))
    shown = filter(_is_worth_a_sentence, found)
    return tuple(sorted(shown, key=lambda one: (one.always != "", not one.failed, -one.requests)))


def _is_worth_a_sentence(one: Monitor) -> bool:
    """Whether it asked often, or should have; of one that fails always and has no name it is not known what it is."""
    saw_it = one.name and not one.always and one.failed >= LEAST_FAILED
    return bool(one.requests >= LEAST or one.missing or saw_it) and not (one.always and not one.name)


@dataclass(frozen=True, slots=True)
class _Usual:
    """What a monitor is answered outside of an outage."""

    was_well: bool
    errors: frozenset[str]
    """The statuses of its answers, where none was good."""
    always: str
    """See Monitor.always."""


def _usual(own: Sequence[AskedAgain], others: Sequence[AskedAgain], refused_with: Collection[int]) -> _Usual:
    """What is usual. `own`, `others`: its requests in the outage, and around it; `refused_with`: see above.

    Where it did not ask at other times, a client error is none of the outage if others were not refused with it.
    """
    if others:
        was_well = any(_is_good(one) for one in others)
        errors = frozenset() if was_well else frozenset(one.status for one in others)
    else:
        was_well = True
        errors = frozenset(
            one.status for one in own if one.level == "warn" and one.status and int(one.status) not in refused_with
        )
    statuses = {one.status for one in own} | errors
    is_always = bool(errors) and len(statuses) == 1 and not any(_is_good(one) for one in own)
    return _Usual(was_well, errors, min(statuses) if is_always else "")


def _is_good(one: AskedAgain) -> bool:
    return one.level not in {"error", "warn"}


def _by_monitor(
    asked: Iterable[AskedAgain], timers: Collection[tuple[str, str]]
) -> dict[tuple[str, str], list[AskedAgain]]:
    """Requests of monitors by name and page. `timers`: clients, and their agents, that ask at a steady interval."""
    found: dict[tuple[str, str], list[AskedAgain]] = {}
    for one in asked:
        if PLAIN_PAGE.fullmatch(one.path) is not None and (name := _name(one, timers)) is not None:
            found.setdefault((name, one.path), []).append(one)
    return found


def is_check(one: AskedAgain) -> bool:
    """Whether a request that comes by a timer checks whether httpd is there, as a monitor's or a balancer's does.

    Jobs, bridges, readers of feeds (.xml) and browsers ask by a timer for what they need, with a login or by POST: they
    are clients like all others. But nobody fetches one picture every minute for its own sake.
    """
    if HEALTH.fullmatch(one.path):
        return True
    if one.names_user or BROWSER in one.agent:
        return False
    is_page = HARMLESS.search(one.path) is not None
    is_file = STATIC.search(one.path) is not None and not one.path.endswith(".xml")
    if one.method in {"GET", "OPTIONS"}:
        return is_page or is_file
    return one.method in {"HEAD", ""}  # balancers send OPTIONS *, or what is no request


def _name(one: AskedAgain, timers: Collection[tuple[str, str]]) -> str | None:
    """What a monitor is called; None: the request is of none.

    Scanners ask for pages that are made for monitors, too.
    """
    if agent := AGENTS.search(one.agent):
        return agent[0].partition("/")[0]
    if (one.request.client, one.agent) not in timers or not is_check(one):
        return None
    if HEALTH.fullmatch(one.path):
        return ""
    product = PRODUCT.match(one.agent)
    return f"{product[0]}, from {one.request.client}" if product else f"from {one.request.client}"


def _rhythm(times: Sequence[int]) -> int:
    """Microseconds from one request of a monitor to the next; 0: they are too few, or do not come steadily."""
    if len(times) < LEAST_OF_RHYTHM:
        return 0
    every = (times[-1] - times[0]) // (len(times) - 1)
    longest = max(later - sooner for sooner, later in pairwise(times))
    return every if every >= SECOND and longest <= LONGEST_PAUSE * every else 0


def _gone(before: Sequence[AskedAgain], during: Sequence[AskedAgain], after: Sequence[AskedAgain]) -> tuple[int, ...]:
    """(UTC microseconds) When checks were due that are in no log, of a monitor that left none out before."""
    every = _even([one.time for one in before])
    if not every:
        return ()
    times = [one.time for one in (*before[-1:], *during, *after[:1])]
    return tuple(due for pair in pairwise(times) for due in _left_out(*pair, every))


def _even(times: Sequence[int]) -> int:
    """Microseconds from one request of a timer that leaves none out to the next; 0: they are too few, or uneven."""
    gaps = [later - sooner for sooner, later in pairwise(times)]
    every = round(median(gaps)) if len(times) >= LEAST else 0
    return every if every >= SECOND and all(abs(gap - every) <= max(EVEN * every, SECOND) for gap in gaps) else 0


def _waited(one: AskedAgain) -> int:
    """Microseconds that a monitor waited for an answer at most; a proxy's timeout (504) comes after a long wait."""
    if one.took is None:
        return LONGEST_WAIT if one.status == TIMED_OUT else 0
    return min(one.took, LONGEST_WAIT)


def _left_out(one: int, other: int, every: int) -> Sequence[int]:
    """The moments between two requests at which a timer would have asked (UTC microseconds).

    Two that are no whole number of its steps apart are of a timer that was set again.
    """
    steps = round((other - one) / every)
    return range(one + every, other - every // 2, every) if abs(other - one - steps * every) <= every // 4 else ()


def _monitor(
    key: tuple[str, str],
    own: Sequence[AskedAgain],
    every: int,
    due: int,
    span: tuple[int, int],
    usual: _Usual,
    gone: tuple[int, ...],
) -> Monitor:
    """What a monitor saw of an outage. `span`: from its onset to where it, or the log, ends."""
    times = [span[0], *(one.time for one in own), span[1]]
    failures = [(not _is_good(one) and one.status not in usual.errors) or (one.took or 0) > LONGEST_WAIT for one in own]
    second = next((one for one, both in zip(own[1:], map(all, pairwise(failures)), strict=True) if both), None)
    return Monitor(
        *key,
        len(own),
        sum(failures),
        sum(one.level == "notice" for one in own),
        due,
        every,
        max(pairwise(times), key=lambda pair: pair[1] - pair[0]),
        None if second is None else second.time + _waited(second),
        usual.always,
        usual.was_well,
        gone,
    )
