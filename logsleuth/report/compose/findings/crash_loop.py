"""A service behind httpd that ended, or ended again and again, as the log of what starts it again reports.

That a service ends while connections are refused proves nothing by itself: there are many on a host. It counts if it
listens on the port to which httpd connects each time that it was started again, or if it ended again and again in the
very time of the outage. What it wrote just before it ended says why. A tally keeps nothing of all this: the log of the
host, of a process manager or of containers is looked through once more.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.causes.model import Reason
from logsleuth.library.meaning import at_a_word
from logsleuth.library.pattern import Explain
from logsleuth.library.thrown import thrown
from logsleuth.regexes import regex
from logsleuth.report.compose.log.again import LARGEST
from logsleuth.report.compose.log.dated import STEP, DatedLog, shape
from logsleuth.signals.tuning import ALMOST_ALL, JOIN_US, LEAST_MOMENTS, MOST, SOON_US, TOGETHER_US
from logsleuth.units import elapsed
from logsleuth.values import NamedTuple, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from logsleuth.causes.model import Confidence, Diagnosis
    from logsleuth.lives.live import Lives
    from logsleuth.report.compose.log.dated import DatedLine
    from logsleuth.report.compose.story.exhibits import Exhibits
    from logsleuth.signals.model import Signal

OF_BACKENDS: Final = frozenset({"backend-down", "backend-reset", "backend-timeout"})
"""The kinds of outages that a service which ended brings about."""
HTTPD: Final = regex(r"(?:apache2?|httpd|apache24)(?:@[\w.\-]{1,60})?(?:\.service)?\Z")
ENDS: Final[Mapping[str, str]] = {
    # systemd: src/core/service.c, service_sigchld_event
    "systemd": (
        r"(?P<service>[\w@.:\\\-]{1,120}\.service): [Mm]ain process exited, code=\w{4,8},? "
        r"status=(?P<status>[1-9]\d{0,2}(?:/[\w+\-]{1,20})?)"
    ),
    "pm2": (
        r"PM2 +(?:log|error)?:? *App \[(?P<service>[^\]:\n]{1,100})(?::\d{1,6})?\] "
        r"exited with code \[(?P<status>\d{1,4})\]"
    ),
    # supervisor/process.py, Subprocess.finish
    "supervisord": (
        r"exited: (?P<service>[\w:.\-]{1,100}) \((?:exit status (?P<status>\d{1,3}); not expected"
        r"|terminated by (?P<signal>SIG\w{2,6})[^)\n]{0,40})\)"
    ),
    "docker": r"(?P<service>[\w.\-]{1,100}) exited with code (?P<status>[1-9]\d{0,2})\b",
    # pkg/kubelet/kuberuntime: back-off of containers
    "kubernetes": r"[^\n]{0,200}[Bb]ack-?off [\w.]{0,12} ?restarting failed container[ =](?P<service>[\w.\-]{1,100})",
    "monit": r"'(?P<service>[\w.\-]{1,60})' process is not running",
}  # fmt: skip
"""How what starts a service again reports that it ended."""
END: Final = tuple((name, regex(source)) for name, source in ENDS.items())
ASK: Final[Mapping[str, tuple[str, ...]]] = {
    "systemd": ("journalctl -u {service} --since -1h", "systemctl status {service}"),
    "pm2": ("pm2 logs {service} --lines 100 --nostream", "pm2 describe {service}"),
    "supervisord": ("supervisorctl tail -8000 {service} stderr", "supervisorctl status {service}"),
    "docker": ("docker logs --tail 100 {service}", "docker ps -a --filter name={service}"),
    "kubernetes": ("kubectl logs --previous -c {service} POD", "kubectl describe pod POD"),
    "monit": ("monit status {service}",),
}  # fmt: skip
"""How each of them is asked."""
LISTENS: Final = regex(
    r"(?i)\b(?:listening|running|started|server) (?:on|at|to)\b:? ?(?:(?:the )?(?:port|address)(?:\(s\)|s)?:? ?)?"
    r"(?:https?://|tcp://)?(?:[\w.*\-]{1,100}:|\[[\da-f:]{2,40}\]:|:)?(?P<port>\d{2,5})(?![\d.])"
)
"""What a service writes when it takes connections."""
PORT: Final = regex(r":(\d{1,5})(?:/|\Z)")
PLAIN_ERROR: Final = regex(r"(?:Uncaught )?Error(?: \[\w{1,60}\])?: \S")
"""Node's own kind of exception, which has no other name."""
OWN_WORDS: Final = frozenset({"systemd", "dockerd", "containerd", "kubelet", "kernel", "monit"})
"""Programs whose words are not those of a service that ended."""
ENDING: Final = regex(rb"exited|restarting failed container|process is not running")
"""One of these is in each line that reports an end."""
MOST_READ: Final = 4 << 20
"""Bytes of the time of an outage that are looked at."""
AROUND: Final = 512 << 10
"""Bytes before and after it that show whether the service ends at other times."""
LONGEST: Final = 160
"""Characters of a message that are quoted."""
AGAIN: Final = Explain(
    fix="Find what ends {service}. To start it does not help: it is started again each time. If it ends over one "
    "message of a queue, one job or one request that it gets again after each start, take that out of its way first; "
    "if it began with a deploy or an upgrade, undo that. httpd need not be restarted.",
    prevent="Handle the error where it is raised, and set aside what has failed several times; alert on how often "
    "{service} was started again, not only on whether it runs.",
)
AT_ITS_START: Final = Explain(
    fix="It ends as it starts, since something that it needs is missing: put back the release before this one, or "
    "install what the message names. To start it does not help: it is started again each time. httpd need not be "
    "restarted.",
    prevent="Start a release once, with all that it will run with, before it takes the place of the old one; alert on "
    "how often {service} was started again, not only on whether it runs.",
)
"""Of a service whose last words say that a part of its code is missing."""
MISSING: Final = regex(
    r"Cannot find (?:module|package)|ERR_MODULE_NOT_FOUND|ModuleNotFoundError|No module named|ClassNotFoundException"
    r"|NoClassDefFoundError|LoadError|GemNotFound|cannot open shared object file|Could not find or load main class"
)
"""How Node, Python, Java, Ruby and the dynamic linker say it."""
ONCE: Final = Explain(
    fix="Find what ended {service} in its own log, and start it if it is not up. httpd need not be restarted.",
    prevent="Let a supervisor start {service} again, and probe the service itself.",
)


class End(NamedTuple):
    """The end of a service, as what starts it again reports it."""

    by: str
    service: str
    status: str
    line: DatedLine


def of_crash_loop(diagnosis: Diagnosis, lives: Lives, exhibits: Exhibits) -> Reason | None:
    """The service that ended, as the reason for a backend that is away; None: no line reports one."""
    first = diagnosis.first
    if first is None or diagnosis.category not in OF_BACKENDS or exhibits.again.read_closely > LARGEST:
        return None
    logs = DatedLog.each(lives, exhibits)
    found = [reason for log in logs for reason in _in_log(log, diagnosis, first)]
    return min(found, key=lambda reason: (reason.confidence != "high", reason.time), default=None)


def _in_log(log: DatedLog, diagnosis: Diagnosis, first: Signal) -> Iterable[Reason]:
    incident = diagnosis.incident
    since, over = incident.onset - SOON_US, incident.over + JOIN_US
    begin = log.place_of(since)
    end = min(log.place_of(over) + STEP, begin + MOST_READ)
    if ENDING.search(log.data, begin, end) is None:
        return
    every = list(log.lines(max(log.data.rfind(b"\n", 0, max(begin - AROUND, 0)) + 1, 0), end + AROUND))
    lines = [one for one in every if since <= one.time <= over]
    ends = _by_service(lines)
    others = _by_service(one for one in every if not since <= one.time <= over)
    ports = _ports(first)
    listens = [one.time for one in lines if (found := LISTENS.search(one.record.message)) and found["port"] in ports]
    for service, inside in ends.items():
        apart = len(others.get(service, ()))
        seen = _seen(inside, listens, diagnosis, first)
        if seen is not None and apart <= (1 - ALMOST_ALL) * len(inside):
            yield _reason(log, inside, _last_words(inside, lines), sure=seen)


def _by_service(lines: Iterable[DatedLine]) -> dict[str, list[End]]:
    ends: dict[str, list[End]] = {}
    for line in lines:
        found = end_of(line)
        if found is not None and not HTTPD.match(found.service):
            ends.setdefault(found.service, []).append(found)
    return ends


def _ports(first: Signal) -> set[str]:
    """The ports to which httpd cannot connect, by what its lines name."""
    values = (value for moment in first.moments for _, value in moment.sighting.fields)
    return {found[1] for value in values if (found := PORT.search(value)) is not None}


def _seen(ends: Sequence[End], listens: Sequence[int], diagnosis: Diagnosis, first: Signal) -> Confidence | None:
    """How sure the ends of a service are those of the backend: by its port, or by their time alone; None: not."""
    begin, end = ends[0].line.time, ends[-1].line.time
    if begin > first.begin + TOGETHER_US:
        return None
    back = sum(_is_any_soon(listens, one.line.time) for one in ends)
    if back >= MOST * len(ends):
        return "high"
    lasts = end - max(begin, diagnosis.incident.onset) >= MOST * (diagnosis.incident.end - diagnosis.incident.onset)
    return "medium" if len(ends) >= LEAST_MOMENTS and lasts else None


def _is_any_soon(times: Sequence[int], time: int) -> bool:
    """Whether one of these moments, which are in order, comes soon after another one."""
    place = bisect_left(times, time)
    return place < len(times) and times[place] <= time + JOIN_US


def _last_words(ends: Sequence[End], lines: Sequence[DatedLine]) -> DatedLine | None:
    """What was written before the first end, where the like comes just before most of them; None: nothing does.

    An exception, or else the last line of a program.
    """
    times = [one.time for one in lines]
    before = [
        [one for one in lines[bisect_left(times, end.line.time - TOGETHER_US) : bisect_right(times, end.line.time)]
         if one.line.offset < end.line.line.offset and one.record.extra.get("program") not in OWN_WORDS]
        for end in ends
    ]  # fmt: skip
    for said in ([_exception(near) for near in before], [near[-1] if near else None for near in before]):
        shapes = Counter(shape(one.record.message.encode()) for one in said if one is not None)
        most, count = shapes.most_common(1)[0] if shapes else (b"", 0)
        if most and count >= ALMOST_ALL * len(ends):
            return next(one for one in said if one is not None and shape(one.record.message.encode()) == most)
    return None


def _exception(lines: Sequence[DatedLine]) -> DatedLine | None:
    named = (one for one in reversed(lines) if thrown(one.record.message) or PLAIN_ERROR.match(one.record.message))
    return next(named, None)


def _reason(log: DatedLog, ends: Sequence[End], said: DatedLine | None, *, sure: Confidence) -> Reason:
    service, by, first, last = ends[0].service, ends[0].by, ends[0].line, ends[-1].line
    is_loop = len(ends) >= LEAST_MOMENTS
    status = f" (status {ends[0].status})" if ends[0].status else ""
    words = f"“{at_a_word(said.record.message, LONGEST)}”" if said is not None else ""
    if is_loop:
        often = f"{len(ends):,} times within {elapsed(first.time, last.time)}"
        said_so = f", just after it had written {words}" if words else ""
        text = f"{service} was in a crash loop: it was started again and again, and ended {often}{status}{said_so}"
    else:
        text = f"{service} ended{status}{f', just after it had written {words}' if words else ''}"
    explain = what_to_do(said.record.message if said is not None else "") if is_loop else ONCE
    lines = [*([said] if said is not None else []), first, *([last] if last is not first else [])]
    return Reason(
        time=min(one.time for one in lines),
        text=text,
        sightings=tuple(log.sighting(one) for one in lines),
        confidence=sure,
        explain=replace(explain, confirm=ASK[by]),
        named=(("service", service),),
        times=tuple(one.line.time for one in ends),
        title=f"{service} {'is in a crash loop' if is_loop else 'ended'}",
    )


def what_to_do(said: str) -> Explain:
    """What to do about a crash loop. `said`: what the service writes just before each of its ends, or ''."""
    return AT_ITS_START if MISSING.search(said) is not None else AGAIN


def end_of(line: DatedLine) -> End | None:
    """The end of a service that a line reports; None: it reports none."""
    words = line.record.message
    for by, end in END:
        if (found := end.match(words)) is not None:
            fields = found.groupdict()
            return End(by, fields["service"], fields.get("status") or fields.get("signal") or "", line)
    return None
