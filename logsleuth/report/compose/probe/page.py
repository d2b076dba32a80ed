"""The page by which a probe would have met an outage, held against the requests of the outage itself.

A probe reads a page (GET), expects a good answer within its time limit, and alerts on the second failure in a row. So
it meets an outage by a page that was well at other times and of which, in the outage, every request to read it failed
for as long as that takes. Where there is none, a check of a page would have stayed green, and the requests say why.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.report.compose.probe.fit import BY_SESSION, MOSTLY, UNKNOWN, answers_by, answers_by_page, ease
from logsleuth.report.compose.probe.probe import ALERTS_AFTER_S, CYCLE_S, FRONT_PAGE, PLAIN_PAGE, STATIC
from logsleuth.units import SECOND
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from logsleuth.report.compose.probe.fit import Answers
    from logsleuth.report.compose.requests.visits import How, Visit, Visits

LEAST: Final = 4
"""Requests for a page that failed without a good answer among them, from which on this is no chance."""
LEAST_SHARE: Final = 0.1
"""Part of an outage's failures from which on a page's are more than what always fails, where no other time is known."""
CHANCE: Final = 0.01
"""How often a run of failures may be chance, where a page fails now and then."""
DEEPEST: Final = 3
"""Segments of a path by which folders are told apart."""
SOON: Final = 0.05
"""Part of an outage by which an alarm may come later where it is by a page that was asked for more often."""
MADE_FOR_IT: Final = regex(
    r"/(?:status|health(?:z|check|_check|-check)?|ping|alive|livez|ready|readyz|heartbeat)(?:\.\w{1,5})?/?\Z"
)
"""Pages that are there for checks: they need no login, and many name what is wrong."""

_Key = tuple[str, str]
"""How a page was asked for, '' for what reads it; and its path."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that a probe can ask for, and what became of the requests for it in the outage."""

    path: str
    """Empty: any below its folder that is answered well while nothing is wrong; the log shows none."""
    hit: int
    """Of a run without a good answer, its requests; else those of the whole outage that failed."""
    requests: int
    first: int
    """UTC microseconds at which the first of them came in."""
    until: int
    """UTC microseconds of the next good answer, or of the end of the outage."""
    last: int = 0
    """UTC microseconds at which the last of them came in; 0: not known."""
    since: int = 0
    """UTC microseconds from which on nothing in its folder was answered well, if that is sooner; 0: it is not."""
    is_solid: bool = True
    """There is a run without a good answer that is no chance; else it failed now and then."""
    is_whole: bool = True
    """Every request for it in the outage failed."""
    slow: int = 0
    """Of the failed ones those that were answered well, and too late for a probe."""
    site: str = ""
    """Whose page it is; empty: there is one site, or it is not known which."""
    folder: str = ""
    """All requests below it were hit, and are counted; empty: the page's own are."""
    is_asked: bool = True
    """It was asked for in the outage; else, of a folder, it was answered well at other times."""
    has_more_below: bool = False
    """Its path is also a folder of other pages."""
    is_written: bool = False
    """It was also asked for in other ways than to read it."""
    has_query: bool = False
    """Hardly any request for it came without a query: without one it may be no page."""
    logs_in: bool = False
    """While nothing is wrong, it is answered well with a user name only."""
    is_shown: bool = True
    """The log shows that it is answered well to a request as a probe makes it."""

    @property
    def alarm(self) -> int | None:
        """UTC microseconds by which the probe had raised an alarm; None: it had not, or only by chance."""
        by = (self.since or self.first) + round(ALERTS_AFTER_S * SECOND)
        return by if self.is_solid and by <= self.until else None

    @property
    def likely(self) -> float:
        """How likely two checks in a row failed, where the page failed now and then."""
        share = self.hit / self.requests
        pairs = max(round((self.until - self.first) / (CYCLE_S * SECOND)) - 1, 0)
        return 1.0 - (1.0 - share * share) ** pairs

    @property
    def shown(self) -> str:
        """As a sentence names it."""
        if self.path == FRONT_PAGE:
            return "the front page (/)" + (f" of {self.site}" if self.site else "")
        itself = " itself" if self.has_more_below else ""
        return f"{self.path}{itself}" + (f" of {self.site}" if self.site else "")


@dataclass(frozen=True, slots=True)
class Green:
    """Why a check of a page would have stayed green; empty: the requests do not show it."""

    methods: tuple[tuple[str, Page], ...] = ()
    """Ways in which pages were asked for of which such requests failed, though to read the pages did not."""
    answered: tuple[tuple[str, int], ...] = ()
    """Pages, and how many requests to read them there were, all of them answered well."""


def choose(
    visits: Visits, counted: Collection[How], *, site: str = "", is_redirect: bool = False, logs_in: bool = False
) -> Page | Green:
    """The page that a probe should ask for, of the site that was hit most by the failures of that page.

    `counted`: answers that count as failures of the outage where it is not known that a page was well at other times.
    `site`: the only one to be asked; '' for any. `is_redirect`: the outage is that pages are redirected. `logs_in`: the
    probe has a user name.
    """
    page = _of_the_site_hit_most(visits, counted, site, is_redirect, logs_in)
    return replace(page, since=_failed_since(page, visits.during)) if isinstance(page, Page) else page


def _failed_since(page: Page, during: Iterable[Visit]) -> int:
    """From when on a probe had met it, though no visitor asked for that page: nothing else in its folder was well."""
    since = 0
    for one in during:
        if one.time >= page.first:
            break
        if page.site in {"", one.site} and _top(one.path) == _top(page.path or page.folder):
            since = 0 if one.is_well else since or one.time
    return since


def _top(path: str) -> str:
    """The first segment of a path."""
    return path.split("/")[min(path.count("/"), 1)]


def _of_the_site_hit_most(
    visits: Visits, counted: Collection[How], site: str, is_redirect: bool, logs_in: bool
) -> Page | Green:
    """The page, of that site if there are several."""
    page = _of_any_site(visits, counted, site, is_redirect, logs_in)
    if site or isinstance(page, Green):
        return page
    sites = {one.site for one in visits.during}
    harmed = [one for one in visits.during if one.reads and not one.is_well and _is_of(page, one.path)]
    of_site, _ = max(Counter(one.site for one in harmed).items(), key=lambda item: (item[1], item[0]), default=("", 0))
    if len(sites) < 2 or not of_site:
        return page
    its_own = _of_any_site(visits, counted, of_site, is_redirect, logs_in)
    return its_own if isinstance(its_own, Page) else page


def _is_of(page: Page, path: str) -> bool:
    """Whether requests for this path are those that were counted for a page."""
    return path.startswith(f"{page.folder}/") if page.folder else path == page.path


def _of_any_site(visits: Visits, counted: Collection[How], site: str, is_redirect: bool, logs_in: bool) -> Page | Green:
    """The page that a probe should ask for; one that asks for a login where no other shows the outage."""
    during = [one for one in visits.during if not site or one.site == site]
    fails = {"failed", "refused", "redirected"} if is_redirect else {"failed", "refused"}
    judged = [one for one in during if one.is_well or one.is_slow or one.how in fails]
    elsewhen = _well_elsewhen([one for one in visits.elsewhen if not site or one.site == site])
    groups = _groups(judged)
    harmed = {key: group for key, group in groups.items() if _has_part(group, elsewhen.get(key), counted)}
    total = sum(not one.is_well for group in harmed.values() for one in group)
    found = {
        key: page
        for key, group in harmed.items()
        if PLAIN_PAGE.fullmatch(key[1])
        and (page := _page(group, visits.over, groups, is_known=key in elsewhen, total=total, site=site)) is not None
    }
    known = answers_by_page(visits, site)
    read = [_as_it_is_answered(page, known) for (method, _), page in found.items() if not method]
    written = {key: page for key, page in found.items() if key[0]}
    monitored = {monitor.path for monitor in visits.monitors if monitor.was_well and not monitor.always}
    to_anybody = [page for page in read if logs_in or not page.logs_in]
    login = {path for path, answers in known.items() if answers.needs_login}
    chosen = (
        _hit_much(to_anybody, monitored, total)
        or (_green(groups, written, login) if written and not _is_reading_hit(harmed, elsewhen, total) else None)
        or _below_a_folder(harmed | _spared(groups), visits.over, site, LEAST_SHARE * total, known, logs_in)
        or _hit_in_part(to_anybody, monitored, total)
        or _best(_easily_asked([page for page in to_anybody if page.is_solid]))
        or _hit_much(read, monitored, total)
        or _hit_in_part(read, monitored, total)
        or _green(groups, {}, login)
    )
    return _asked_by_a_monitor(visits, groups, chosen, site, known) or chosen


def _as_it_is_answered(page: Page, known: Mapping[str, Answers]) -> Page:
    """A page with what is known of its answers while nothing is wrong."""
    answers = known.get(page.path, UNKNOWN)
    is_well = answers.with_query > 0 if page.has_query else answers.is_shown(logs_in=answers.needs_login)
    is_shown = is_well and BY_SESSION.match(page.path) is None
    return replace(page, logs_in=answers.needs_login, is_shown=is_shown)


def _asked_by_a_monitor(
    visits: Visits,
    groups: Mapping[_Key, Sequence[Visit]],
    other: Page | Green,
    site: str,
    known: Mapping[str, Answers],
) -> Page | None:
    """The page of a monitor that saw the outage no later than a probe of another page had; None: there is none.

    To many monitors a redirect is a good answer, to this probe it is none.
    """
    if isinstance(other, Page) and other.path in {monitor.path for monitor in visits.monitors}:
        return None
    by = other.alarm if isinstance(other, Page) else None
    for monitor in sorted(visits.monitors, key=lambda one: one.alarm or 0):
        group = groups.get(("", monitor.path), ())
        hit = [one for one in group if not one.is_well]
        if not hit or not monitor.was_well or monitor.alarm is None or (by is not None and by < monitor.alarm):
            continue
        if known.get(monitor.path, UNKNOWN).is_unfit:
            continue
        is_whole = len(hit) == len(group)
        return Page(
            monitor.path,
            len(hit),
            len(group),
            hit[0].time,
            visits.over,
            is_solid=is_whole,
            is_whole=is_whole,
            slow=sum(one.how == "well" for one in hit),
            site=site,
            has_query=_has_query(group),
        )
    return None


def _has_query(group: Sequence[Visit]) -> bool:
    return sum(one.has_query for one in group) >= MOSTLY * len(group)


def _hit_much(read: Iterable[Page], monitored: Collection[str], total: int) -> Page | None:
    """A page that failed without a good answer: one that a monitor asks for, or with much part in the outage."""
    solid = [page for page in read if page.is_solid]
    known = [page for page in solid if page.path in monitored and page.is_whole]
    return _best(known) or _best(_easily_asked([page for page in solid if page.hit >= LEAST_SHARE * total]))


def _easily_asked(pages: Sequence[Page]) -> Sequence[Page]:
    """Those that anybody is answered and whose path is all of their address, if there are any."""

    def asks(page: Page) -> tuple[bool, bool]:
        return BY_SESSION.match(page.path) is not None, page.has_query

    easiest = min(map(asks, pages), default=None)
    return [page for page in pages if asks(page) == easiest]


def _is_reading_hit(harmed: Mapping[_Key, Sequence[Visit]], elsewhen: Mapping[_Key, bool], total: int) -> bool:
    """Whether requests that read pages have much part in the outage.

    Of pages that were never there, scanners read some at all times.
    """
    really = [one for key, group in harmed.items() for one in group if key in elsewhen or one.how != "refused"]
    return sum(one.reads and not one.is_well for one in really) > LEAST_SHARE * total


def _spared(groups: Mapping[_Key, list[Visit]]) -> dict[_Key, list[Visit]]:
    return {key: group for key, group in groups.items() if any(one.is_well for one in group)}


def _hit_in_part(read: Iterable[Page], monitored: Collection[str], total: int) -> Page | None:
    """A page that failed now and then: often and mostly."""
    often = [page for page in read if page.hit >= LEAST_SHARE * page.requests]
    return max(
        _easily_asked([page for page in often if page.hit >= LEAST_SHARE * total or page.path in monitored]),
        key=lambda one: (STATIC.search(one.path) is None, one.hit * one.hit / one.requests),
        default=None,
    )


def _well_elsewhen(visits: Iterable[Visit]) -> Mapping[_Key, bool]:
    """By page: whether it was well at other times; those that were hardly asked for then are missing."""
    each = answers_by(visits, _key)
    return {key: well for key, answers in each.items() if (well := answers.was_well) is not None}


def _key(one: Visit) -> _Key:
    return ("" if one.reads else one.method, one.path)


def _groups(visits: Iterable[Visit]) -> dict[_Key, list[Visit]]:
    groups: dict[_Key, list[Visit]] = {}
    for one in visits:
        groups.setdefault(_key(one), []).append(one)
    return groups


def _has_part(group: Sequence[Visit], was_well: bool | None, counted: Collection[How]) -> bool:
    """Whether a page failed that was well at other times; where these are not known, by the answers of the outage."""
    if was_well is None:
        return any(one.how in counted for one in group)
    return was_well and not all(one.is_well for one in group)


def _page(
    group: Sequence[Visit],
    over: int,
    groups: Mapping[_Key, Sequence[Visit]],
    *,
    is_known: bool,
    total: int,
    site: str,
) -> Page | None:
    """What became of a page; None: it failed too seldom to say."""
    hit = [one for one in group if not one.is_well]
    if len(hit) < (LEAST if is_known else max(LEAST, LEAST_SHARE * total)):
        return None
    path = group[0].path
    has_more = path != FRONT_PAGE and any(other.startswith(f"{path}/") for _, other in groups)
    is_written = any(other == path and method for method, other in groups)
    run = _run(group, over)
    first, until = (run[0][0].time, run[1]) if run is not None else (hit[0].time, over)
    failed = run[0] if run is not None else hit
    return Page(
        path,
        len(failed),
        len(failed) if run is not None else len(group),
        first,
        until,
        failed[-1].time,
        is_solid=run is not None,
        is_whole=len(hit) == len(group),
        slow=sum(one.how == "well" for one in failed),
        site=site,
        has_more_below=has_more,
        is_written=is_written,
        has_query=_has_query(group),
    )


def _run(group: Sequence[Visit], over: int) -> tuple[list[Visit], int] | None:
    """The first run of failures in which a probe alerts, or that lasts to the end; and the next good answer."""
    runs: list[tuple[list[Visit], int]] = []
    current: list[Visit] = []
    for one in group:
        if not one.is_well:
            current.append(one)
        elif current:
            runs.append((current, one.time))
            current = []
    if current:
        runs.append((current, over))
    failed = sum(len(run) for run, _ in runs)
    solid = [(run, until) for run, until in runs if _is_solid(run, failed, len(group))]
    return next((one for one in solid if one[1] >= over or one[1] - one[0][0].time >= ALERTS_AFTER_S * SECOND), None)


def _is_solid(run: Sequence[Visit], failed: int, requests: int) -> bool:
    """Whether a run of failures is no chance, as often as the page failed outside of it (by Laplace's rule).

    `failed`, `requests`: of the page in the whole outage.
    """
    if len(run) == requests or len(run) < LEAST:
        return len(run) >= LEAST
    share = (failed - len(run) + 1) / (requests - len(run) + 2)
    return run[-1].time - run[0].time >= CYCLE_S * SECOND and requests * share ** len(run) <= CHANCE


def _best(solid: Sequence[Page]) -> Page | None:
    """Of pages that failed without a good answer the one to ask for; None: there are none.

    No file, one that had raised an alarm about as soon as any, and of these one that is made for checks, or hit most.
    """
    alike = [page for page in solid if STATIC.search(page.path) is None] or solid
    alarms = [page.alarm for page in alike if page.alarm is not None]
    soon = min(alarms, default=0)
    soon += max(round(CYCLE_S * SECOND), round(SOON * (max((page.until for page in alike), default=0) - soon)))
    early = [page for page in alike if page.alarm is not None and page.alarm <= soon] or alike
    return max(early, key=lambda page: (MADE_FOR_IT.search(page.path) is not None, page.hit), default=None)


def _below_a_folder(
    groups: Mapping[_Key, Sequence[Visit]],
    over: int,
    site: str,
    least: float,
    known: Mapping[str, Answers],
    logs_in: bool,
) -> Page | None:
    """A page below a folder of which every request to read failed, with the figures of that folder.

    `least`: requests that it has; `known`: how pages are answered while nothing is wrong.
    """
    folders: dict[str, list[Visit]] = {}
    for (method, path), group in groups.items():
        segments = path.split("/")
        for depth in range(1, min(DEEPEST, len(segments) - 2) + 1):
            if not method:
                folders.setdefault("/".join(segments[: depth + 1]), []).extend(group)
    whole = {
        folder: sorted(group)
        for folder, group in folders.items()
        if len(group) >= max(LEAST, least) and PLAIN_PAGE.fullmatch(folder) and not any(one.is_well for one in group)
    }
    if not whole:
        return None
    folder, group = min(whole.items(), key=lambda item: (-len(item[1]), item[0]))
    asked = Counter(one.path for one in group)
    path = _example(folder, asked, known, logs_in=logs_in)
    return Page(
        path,
        len(group),
        len(group),
        group[0].time,
        over,
        slow=sum(one.how == "well" for one in group),
        site=site,
        folder=folder,
        is_asked=path in asked,
    )


def _example(folder: str, asked: Mapping[str, int], known: Mapping[str, Answers], *, logs_in: bool) -> str:
    """A page below a folder that is answered well while nothing is wrong, best one that was asked for; empty: none."""
    fit = [
        path
        for path, answers in known.items()
        if path.startswith(f"{folder}/") and answers.is_shown(logs_in=logs_in) and PLAIN_PAGE.fullmatch(path)
    ]
    return max(
        fit,
        key=lambda path: (
            *ease(path),
            asked.get(path, 0),
            known[path].well,
            path,
        ),
        default="",
    )


def _green(groups: Mapping[_Key, Sequence[Visit]], written: Mapping[_Key, Page], login: Collection[str]) -> Green:
    """`login`: pages that are refused (401) to a request without a user name, such as that of a check."""
    methods = sorted(((method, page) for (method, _), page in written.items()), key=lambda one: -one[1].hit)
    paths = (*(page.path for _, page in methods), FRONT_PAGE)
    read = ((path, groups.get(("", path), ())) for path in dict.fromkeys(paths) if path not in login)
    answered = ((path, len(group)) for path, group in read if len(group) >= LEAST and all(o.is_well for o in group))
    return Green(tuple(methods), tuple(answered))
