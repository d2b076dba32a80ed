"""When the outage would have been noticed, and by what: sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal

from logsleuth.causes.reach import Reach
from logsleuth.report.compose.answers.shares import asked_who
from logsleuth.report.compose.probe.page import Green, Page
from logsleuth.report.compose.probe.probe import ALERTS_AFTER_S, CYCLE_S, FRONT_PAGE, TIMEOUT_S
from logsleuth.report.compose.requests.yardstick import are_refused
from logsleuth.report.compose.story.reached import reach
from logsleuth.report.words import clock, joined, plural
from logsleuth.units import SECOND, duration, elapsed
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

    from logsleuth.causes.model import Diagnosis
    from logsleuth.report.compose.probe.probe import Certificates
    from logsleuth.report.compose.requests.asked import AskedThen
    from logsleuth.report.compose.requests.monitors import Monitor

MONITORS: Final = 2
"""Monitors of which it is said what they saw."""
METHODS: Final = 2
"""Pages of which it is said that only such requests failed as a check does not send."""
LIKELY: Final = 0.5
"""Chance of two failures in a row from which on a check is not said to have stayed green."""
SHARE: Final = 0.25
"""Of the workers: the default of `check --lost`."""
SMALLEST_POOL: Final = 5
"""Workers that there are at least, where the log does not show how many: StartServers' default (prefork.c)."""
Elsewise = Literal["", "another way", "no name", "other offers"]
"""How what failed came in otherwise than a probe on the host does: by another way than a monitor that was answered; or
over TLS without the name of a site; or with other versions or ciphers of TLS. Empty: nothing shows it."""
NOTICED: Final = "A probe that requests {page} every minute and alerts on its second failure"
ANY: Final = "a page"
ONE_THERE: Final = "a page there"
BY_USERS: Final = (
    "{path} is answered well with a user name only: a probe has to log in (monit: username and password). "
)
SUCH_A_PAGE: Final = "a page with such a certificate"
OVER_HTTPS: Final = (
    "Any page will do, but only over HTTPS, and with what those clients insist on (a valid certificate, their "
    "protocol versions): a probe over plain HTTP sees nothing. "
)
BY_NAME: Final = (
    "Others that asked for the same page at the same time failed: they came another way (through a proxy, by another "
    "name, or over TLS). A probe has to ask as they do, by the public name of the site. "
)
THROUGH_THE_PROXY: Final = (
    "What was refused came without the name of a site in the TLS handshake, as from a proxy: a probe has to ask "
    "through that proxy, for a page that the proxy gets from httpd. One that asks httpd itself sees nothing. "
)
BY_OTHER_OFFERS: Final = (
    "Only clients were refused that offer TLS versions or ciphers which the server does not accept: a probe offers "
    "current ones, and would have stayed green. "
)
LIKE_THE_MONITOR: Final = (
    "A probe sees this only if it connects as those clients did: what the monitor sent was answered. "
)
WITH_CERTIFICATE: Final = (
    "The server refused the clients' certificates: only a probe that presents a client certificate of the same CA sees "
    "this (curl --cert and --key); without one it is refused at all times, or never. "
)
BEFORE_IT: Final = " An alert on the list's nextUpdate (openssl crl -noout -nextupdate) comes before such an outage."
UNACCEPTED: Final = (
    "What is not accepted, or not answered in time, has no line, and fails for a probe of any page that has a time "
    "limit. "
)
WHILE_WAITING: Final = "While all workers are busy any page will do, if the probe has a time limit. "
RATE: Final = "Others were answered: `logsleuth check`, as below, watches the share that ends with {status}."
SHARE_ONLY: Final = "`logsleuth check`, as below, watches the share that ends with {status}."
BY_TEXT: Final = "What failed got status 200: a probe has to look for words of the page. "
OTHERS_ANSWERED: Final = "Others were answered. "
ERRORS, REFUSALS, REDIRECTS = "a server error (5xx)", "a client error (4xx)", "a redirect (3xx)"
SENT_AWAY: Final = (
    "A probe sees this only if it takes a redirect for a failure (monit with status = 200 does) or follows it and "
    "checks where it ends (curl -sfL --max-redirs 5). "
)
LOGS_IN: Final = (
    "Pages here ask for a login (401), which they still did in the outage: a probe sees it only if it logs in (monit: "
    "username and password). "
)
ONE_PAGE: Final = "A probe sees this only if its own request is among those that fail, for example one for {path}. "
ANY_PAGE: Final = "A probe sees this only if its own request is among those that fail. "
IN_PART: Final = "{hit} of the {requests} {asked} for {path} {became}"
IN_A_ROW: Final = ": a probe of it alerts only if two consecutive checks fail. "
UNLIKELY: Final = ": a probe of it, which alerts on the second failure in a row, would most likely have stayed green. "
EVERY: Final = "All {requests} {asked} for {path} {became}. "
FROM_THEN: Final = "From {first}{until}, all {requests} {asked} for {path} {became}. "
FOLDER_WHOLE: Final = "All requests below {folder} {became}, those for {path} among them. "
FOLDER_WITH: Final = "All {requests} requests below {folder} {became}; at other times {path} there was answered well. "
FOLDER_ANY: Final = "All {requests} requests below {folder} {became}. "
ONE_WORKER: Final = "A probe sees this only when one of the lost workers answers it. "
BY_LINES: Final = ": layer 2 alerts on the lines that report them."
THEIR_LINES: Final = "Layer 2 alerts on the lines that report it."
POSTS: Final = "A check of a page sends GET and would have stayed green"
BY_POST: Final = "A script that sends a harmless {method} (curl -sf -X {method}) would have seen it too. "
NO_RATE: Final = "No request got a server error (5xx), so the share of errors shows nothing"
WITH_A_LIMIT: Final = ": let a probe request a page that is hit, with a time limit, and expect it to succeed."
REPLACED: Final = (
    "The parent replaces workers that die, so a probe of a page may see nothing: layer 2 alerts on the lines that "
    "report their deaths."
)
UNCOUNTED: Final = (
    " That takes two failures in a row, and no log shows what share of the requests failed: layer 2 also alerts on "
    "the lines that report the failures."
)
ANOTHER_SERVER: Final = (
    "Another server answered meanwhile: {log} has {count} for the front page (/) in that time, all answered well. A "
    "probe must look for words of the page{port}. "
)
AT_THE_PORT: Final = ", and ask at port {port}, where this httpd was asked"
UNSEEN: Final = "; the log does not show whether this one lasted as long."
"""Of a server of which only the last sign of life and the next start are known."""


@dataclass(frozen=True, slots=True)
class Stood:
    """Another server that answered while httpd was down."""

    log: str
    """The name of its access log."""
    requests: int
    """For the front page, all answered well."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """The moment from which on the log check says critical."""

    time: int
    """UTC microseconds."""
    lost: int
    pool: int | None


def alarm_at(diagnosis: Diagnosis) -> Alarm | None:
    """When the share of lost workers was reached; None: it never was, and what else makes it critical has no moment.

    Only workers that a line names as living on without serving: that others die is first known to be more than chance
    when many have, and the rest is inferred with hindsight.
    """
    pool = diagnosis.workers.pool
    lost = [one for one in diagnosis.workers.lost_workers if one.lives_on and not one.inferred]
    least = max(math.ceil((pool or SMALLEST_POOL) * SHARE), 1)
    return Alarm(lost[least - 1].time, least, pool) if len(lost) >= least else None


@dataclass(frozen=True, slots=True)
class Noticing:
    """What would have noticed an outage."""

    diagnosis: Diagnosis
    over: int
    """UTC microseconds at which it ended, or the log did."""
    tz: tzinfo
    page: Page | Green = Green()
    monitors: tuple[Monitor, ...] = ()
    logs_in: bool = False
    below: str = ""
    """The part of the paths that was hit most, where no page is known; empty: nor is that."""
    stood: Stood | None = None
    port: str = ""
    """Where httpd was asked, if that is not the port of that other server."""
    certificates: Certificates = ""
    """Whether the server refused those of its clients, and because of the revocation list."""
    only_survivors: bool = False
    """Most requests have no line: those that have one are no measure of what a probe would have met."""
    shows_times: bool = True
    """The access log says how long requests took: where whatever is asked for waits, else no answer is a good one."""
    elsewise: Elsewise = ""
    hung_since: int | None = None
    """UTC microseconds from which on nobody was answered, before the server was down; None: it did not hang."""

    @property
    def text(self) -> str:
        """All of it."""
        said = (monitor.said(self.tz) for monitor in self._shown)
        return " ".join((*said, *self._by_check(), self._by_page().rstrip()))

    @property
    def _shown(self) -> Sequence[Monitor]:
        return self.monitors[:MONITORS]

    def _by_page(self) -> str:
        met, page = reach(self.diagnosis), self.page
        if met is Reach.DOWN:
            return self._while_down()
        if met is Reach.HANDSHAKE or self.elsewise == "no name":
            return self._over_tls()
        if isinstance(page, Page) and page.is_solid:
            return self._of_a_page(page)
        if self.only_survivors:
            return UNACCEPTED + self._of_any_page()
        if isinstance(page, Page) and met is not Reach.WAITING:
            return self._in_part()
        return self._without_a_page(met)

    def _over_tls(self) -> str:
        """Nobody was asked for a page: the handshakes failed."""
        if self.elsewise == "no name":
            page = self.page
            return THROUGH_THE_PROXY + (self._of_a_page(page) if isinstance(page, Page) and page.is_solid else "")
        if self.elsewise == "other offers":
            return BY_OTHER_OFFERS + THEIR_LINES
        if not self.certificates and any(monitor.saw_nothing for monitor in self._shown):
            return LIKE_THE_MONITOR
        first = WITH_CERTIFICATE if self.certificates else OVER_HTTPS
        of_all = SUCH_A_PAGE if self.certificates else ANY
        asked = self._by_probe(of_all, _alarm_from(self.diagnosis.incident.onset))
        return first + asked + (BEFORE_IT if self.certificates == "by the list" else "")

    def _without_a_page(self, met: Reach) -> str:
        """No page is known by which a probe would have met it."""
        if met is Reach.DEATHS:
            return REPLACED  # a request that is lost with its worker has no line: the answers show nothing
        green = self._stays_green()
        if met is Reach.UNSEEN:
            return f"{green}{NO_RATE}." if green else NO_RATE + WITH_A_LIMIT
        if met is Reach.WAITING:
            return WHILE_WAITING + self._of_any_page() if self.meets_any_page else green + THEIR_LINES
        if met in {Reach.UNKNOWN, Reach.ALL} and not green:
            login = LOGS_IN if self.logs_in else ""
            return login + self._of_any_page(provided=True) + (UNCOUNTED if met is Reach.UNKNOWN else "")
        return self._in_part()

    @property
    def meets_any_page(self) -> bool:
        """Whether nothing contradicts that whatever is asked for waits, where all workers are busy."""
        if isinstance(self.page, Page):
            return not self.page.is_solid
        return not (self.page.answered and self.shows_times)

    def _of_any_page(self, *, provided: bool = False) -> str:
        return self._by_probe(ANY, _alarm_from(self.diagnosis.incident.onset), provided=provided)

    def _while_down(self) -> str:
        """Nobody was answered, unless by another server."""
        stood = ""
        if self.stood is not None:
            port = AT_THE_PORT.format(port=self.port) if self.port else ""
            count = plural(self.stood.requests, "request")
            stood = ANOTHER_SERVER.format(log=self.stood.log, count=count, port=port)
        for absence in self.diagnosis.incident.absences:
            begin = max(absence.begin, self.diagnosis.incident.onset)
            by = _alarm_from(begin if self.hung_since is None else min(self.hung_since, begin))
            if by <= min(absence.until(self.over), self.over):
                return stood + self._by_probe(ANY, by)
        if absences := self.diagnosis.incident.absences:
            may_be_long = any(one.until(self.over) - one.not_before >= ALERTS_AFTER_S * SECOND for one in absences)
            fits = UNSEEN if may_be_long else ": too slow for this one."
            return stood + NOTICED.format(page=ANY) + f" needs up to {duration(ALERTS_AFTER_S)}{fits}"
        return stood + self._of_any_page()

    def _of_a_page(self, page: Page) -> str:
        """Every request for it failed, from some time on."""
        seen = self.diagnosis.incident.requests
        away = SENT_AWAY if seen is not None and seen.sent_away else ""
        login = LOGS_IN if self.logs_in else BY_USERS.format(path=page.shown) if page.logs_in else ""
        way = BY_NAME if self.elsewise == "another way" else ""
        known = self._every(page) + away + login + (BY_TEXT if self.reads_text else "")
        return way + known + self._by_probe("that page" if page.path else ONE_THERE, page.alarm)

    def _every(self, page: Page) -> str:
        known = {"requests": f"{page.requests:,}", "path": page.shown, "became": self._became(page)}
        known["asked"] = _asked(page)
        if page.folder:
            text = FOLDER_ANY if not page.path else FOLDER_WHOLE if page.is_asked else FOLDER_WITH
            return text.format(folder=page.folder, **known)
        ends_sooner = page.until < self.over - SECOND
        if ends_sooner or not page.is_whole:
            until = f" to {clock(page.last or page.until, self.tz)}" if ends_sooner else " on"
            return FROM_THEN.format(first=clock(page.first, self.tz), until=until, **known)
        if any((one.path, one.requests) == (page.path, page.requests) for one in self.monitors):
            return ""  # it has been said what became of it
        return EVERY.format(**known)

    def _became(self, page: Page) -> str:
        """What became of the requests that were hit."""
        seen = self.diagnosis.incident.requests
        if seen is not None and seen.sent_away:
            return "were redirected"
        failed = "were refused" if seen is not None and _all_refused(self.diagnosis) else "failed"
        late = f"took more than the {TIMEOUT_S} s that a probe waits"
        if page.slow == page.hit:
            return late
        return f"{failed} or {late}" if page.slow else failed

    def _in_part(self) -> str:
        """Some requests fail, others do not: what a probe has to ask for."""
        incident, page = self.diagnosis.incident, self.page
        workers = reach(self.diagnosis) is Reach.WORKERS
        if workers and (incident.requests is None or not incident.requests.failed + incident.requests.refused):
            return ONE_WORKER.rstrip(". ") + BY_LINES
        rate = RATE.format(status=self._status) if self._status else OTHERS_ANSWERED + THEIR_LINES
        if workers:
            return ONE_WORKER + rate
        if self.logs_in:
            return LOGS_IN + rate
        if isinstance(page, Page):
            return (BY_TEXT if self.reads_text else "") + self._of_a_page_in_part(page, rate)
        if green := self._stays_green():
            return green + (SHARE_ONLY.format(status=self._status) if self._status else THEIR_LINES)
        return (ONE_PAGE.format(path=self.below) if self.below else ANY_PAGE) + rate

    def _of_a_page_in_part(self, page: Page, rate: str) -> str:
        if any(one.path == page.path and one.alarm is not None for one in self._shown):
            return rate  # it has been said what became of it
        hit, requests = f"{page.hit:,}", f"{page.requests:,}"
        became = self._became(page)
        known = IN_PART.format(hit=hit, requests=requests, asked=_asked(page), path=page.shown, became=became)
        if page.until < self.over - SECOND:  # no more requests were looked at
            known = f"Until {clock(page.until, self.tz)}, {known}"
        if page.until - page.first < ALERTS_AFTER_S * SECOND:
            return f"{known}. {self._by_probe('that page', None)}"
        return known + (IN_A_ROW if page.likely >= LIKELY else UNLIKELY) + rate

    @property
    def _status(self) -> str:
        """With what those requests ended that failed; empty: the access log does not show it."""
        seen = self.diagnosis.incident.requests
        if seen is None:
            return ""
        if seen.sent_away:
            return REDIRECTS
        return REFUSALS if are_refused(seen) else ERRORS if seen.failed and not seen.error_size else ""

    @property
    def reads_text(self) -> bool:
        """Whether the status of an answer does not show it, but the page does."""
        seen = self.diagnosis.incident.requests
        return seen is not None and seen.error_size > 0

    def _stays_green(self) -> str:
        """Why a check of a page would have seen nothing; empty: the requests do not show it."""
        green = self.page
        if not isinstance(green, Green) or (self.below and not green.methods):
            return ""
        told = ""
        if green.methods:
            names = joined(list(dict.fromkeys(method for method, _ in green.methods)))
            hit = joined([f"{page.hit:,} for {page.path}" for _, page in green.methods[:METHODS]])
            became = self._became(green.methods[0][1])
            told = f"Only {names} requests {became} ({hit}). "
        pages = dict(green.answered)
        paths = [page.path for _, page in green.methods[:METHODS] if page.path in pages] or (
            [FRONT_PAGE] if FRONT_PAGE in pages else []
        )
        if not paths:
            return f"{told}{POSTS}. " if told else ""
        read = joined([f"{pages[path]:,} requests for {_shown(path)}" for path in paths])
        if told:
            answered = f"{told}{POSTS}: all {read} that read it were answered. "
            return answered + BY_POST.format(method=green.methods[0][0])
        return f"All {read} got a good status: a check of that alone would have stayed green. "

    def _by_probe(self, page: str, by: int | None, *, provided: bool = False) -> str:
        """When a probe of a page would have raised an alarm. `by`: UTC microseconds."""
        if any(one.missing or (one.alarm is not None and (by is None or one.alarm <= by)) for one in self._shown):
            return ""  # a probe that was there saw it no later, and it has been said when
        noticed, over = NOTICED.format(page=page), self.over
        recovered = self.diagnosis.incident.recovery is not None
        condition = ", if it requests a page that failed." if provided else "."
        if by is not None and by < over:
            end = "it ended" if recovered else "the log ends"
            before = f"{elapsed(by, over)} before {end}"
            return f"{noticed} would have raised an alarm by {clock(by, self.tz)}, {before}{condition}"
        if not recovered:
            return f"{noticed} would raise an alarm within {duration(ALERTS_AFTER_S)}{condition}"
        return f"{noticed} needs up to {duration(ALERTS_AFTER_S)}: too slow for this one."

    def _by_check(self) -> Iterable[str]:
        """When `logsleuth check` would have gone critical, where that was in time."""
        alarm = alarm_at(self.diagnosis)
        if alarm is None or alarm.time + CYCLE_S * SECOND >= self.over:
            return
        end = "it ended" if self.diagnosis.incident.recovery is not None else "the log ends"
        before = elapsed(alarm.time + round(CYCLE_S * SECOND), self.over)
        when = f"{clock(alarm.time, self.tz)}, when {plural(alarm.lost, 'worker')}"
        when += f" of {alarm.pool} were lost" if alarm.pool else " were lost" if alarm.lost > 1 else " was lost"
        critical = f"`logsleuth check`, run every minute, would have gone critical within a minute of {when}"
        yield f"{critical}, {before} before {end}."


def _alarm_from(begin: int) -> int:
    """UTC microseconds by which a probe has alerted on what fails from one moment on."""
    return begin + round(ALERTS_AFTER_S * SECOND)


def needs_login(diagnosis: Diagnosis, then: AskedThen | None) -> bool:
    """Whether a probe without a user name sees nothing: it is only asked for one, as others are in the outage."""
    seen = diagnosis.incident.requests
    if seen is None or then is None or not then.asked_who:
        return False
    is_login = then.logins is not None or bool(asked_who(seen, then))
    return is_login or (then.named_users and not are_refused(seen))


def _all_refused(diagnosis: Diagnosis) -> bool:
    """Whether what users saw was a client error."""
    seen = diagnosis.incident.requests
    return seen is not None and (are_refused(seen) or not seen.failed)


def _asked(page: Page) -> str:
    """What such requests are called: of those for a page that is also written to, a probe sends one kind only."""
    return "GET requests" if page.is_written else "requests"


def _shown(path: str) -> str:
    return "the front page (/)" if path == FRONT_PAGE else path
