"""Ways to give the same error log differently: a change is a function from a log's text to a text that tells the same.

What a change really takes away (the pids in 2.2's format, the part of the log that is cut off) is gone; all else
that the verdict says should stay.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import datetime, timedelta

Change = Callable[[str], str]

TIME = re.compile(
    r"^\[(?P<day>\w{3} \w{3} \d\d \d\d:\d\d:\d\d)(?P<fraction>\.\d{1,6})? (?P<year>\d{4})\]", re.MULTILINE
)
ISO = re.compile(r"^\[(?P<day>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?P<fraction>\.\d{1,6})?", re.MULTILINE)
LINE_24 = re.compile(
    r"^\[(?P<day>\w{3} \w{3} \d\d \d\d:\d\d:\d\d)(?:\.\d{6})? (?P<year>\d{4})\] \[(?:[\w-]*:)?(?P<level>[a-z]+\d?)\] "
    r"(?:\[pid \d+(?::tid \d+)?\] )?(?P<errno>\((?:EAI |OS |os )?\d+\)[^:\[]*: )?"
    r"(?:\[(?:client|remote) (?P<client>[^\]]*?)(?::\d+)?\] )?(?P<text>.*)$",
    re.MULTILINE,
)
PIDS = re.compile(r"(?P<before>\[pid |\(pid=|child pid |child process |\(pid )(?P<pid>\d+)")
CODE = re.compile(r"^(AH|WSGI)\d{4,6}: ")

DENIED = (
    "[authz_core:error] [pid {pid}] [client {client}] AH01630: client denied by server configuration: /srv/www/{word}"
)
TRACEBACK = (
    "[wsgi:error] [pid {pid}] [client {client}] mod_wsgi (pid={pid}): Exception occurred processing WSGI script "
    "'/srv/other/app.wsgi'.",
    "[wsgi:error] [pid {pid}] [client {client}] Traceback (most recent call last):",
    '[wsgi:error] [pid {pid}] [client {client}]   File "/srv/other/app.wsgi", line 12, in application',
    "[wsgi:error] [pid {pid}] [client {client}] KeyError: 'basket'",
)
SLOW_SCRIPT = (
    "[proxy_fcgi:error] [pid {pid}] (70007)The timeout specified has expired: [client {client}] AH01075: Error "
    "dispatching request to : (polling)"
)
NOTICE = (
    "[php:notice] [pid {pid}] [client {client}] PHP Notice:  Undefined index: q in /srv/other/search.php on line 41"
)
MISSING = (
    "[core:error] [pid {pid}] [client {client}] AH00037: Symbolic link not allowed or link target not accessible: "
    "/srv/www/{word}"
)
PROBE = "[core:error] [pid {pid}] [client {client}] AH00126: Invalid URI in request GET /../../{word} HTTP/1.1"
CHATTER: dict[str, tuple[str, ...]] = {
    "denied": (DENIED,),
    "mixed": (DENIED, MISSING, PROBE, NOTICE),
    "chronic": (DENIED, NOTICE, *TRACEBACK, SLOW_SCRIPT),
}
"""What a server may write all day without being ill, by kind."""


def shifted(text: str, by: timedelta = timedelta(days=93, hours=7, minutes=11)) -> str:
    """The same at another time of the year."""

    def later(found: re.Match[str]) -> str:
        time = datetime.strptime(f"{found['day']} {found['year']}", "%a %b %d %H:%M:%S %Y") + by
        return f"[{time:%a %b %d %H:%M:%S}{found['fraction'] or ''} {time:%Y}]"

    def later_iso(found: re.Match[str]) -> str:
        return f"[{datetime.fromisoformat(found['day']) + by}{found['fraction'] or ''}"

    return ISO.sub(later_iso, TIME.sub(later, text))


def workers_elsewhere(text: str, by: timedelta = timedelta(hours=-7)) -> str:
    """The same, by workers that set another time zone while they serve their first request (tzset())."""
    seen: set[str] = set()

    def line(text: str) -> str:
        pid = PIDS.search(text)
        if pid is None or pid["before"] != "[pid ":
            return text
        if pid["pid"] in seen:
            return shifted(text, by)
        if "[client " in text:
            seen.add(pid["pid"])
        return text

    return "".join(map(line, text.splitlines(keepends=True)))


def renumbered(text: str, by: int = 40000) -> str:
    """Other pids."""
    return PIDS.sub(lambda found: found["before"] + str(int(found["pid"]) + by), text)


def as_22(text: str) -> str:
    """What httpd 2.2 would have written: no module, pid, port, code or fraction; the client before the errno."""

    def line(found: re.Match[str]) -> str:
        client = f"[client {found['client']}] " if found["client"] else ""
        head = f"[{found['day']} {found['year']}] [{found['level']}] "
        return head + client + (found["errno"] or "") + CODE.sub("", found["text"])

    return LINE_24.sub(line, text)


def thinned(text: str, keep: int = 3) -> str:
    """Of lines that say the same but for numbers in the same minute, every third: a server with less traffic.

    Lines of tracebacks, which belong together, are left as they are.
    """
    seen: dict[tuple[str, str], int] = {}
    kept = []
    for line in text.splitlines():
        found = TIME.match(line)
        if found and "[client " in line and "[wsgi:" not in line:
            key = (found["day"][:-3], re.sub(r"[\d.:]+", "0", line[found.end() :]))
            number = seen[key] = seen.get(key, -1) + 1
            if number % keep:
                continue
        kept.append(line)
    return "\n".join(kept) + "\n"


def with_chatter(text: str, kind: str, lines: int = 50_000, seed: int = 1, around: timedelta = timedelta()) -> str:
    """The log with so many lines of chatter, evenly spread over its time and as much as `around` before and after."""
    rng = random.Random(seed)
    dated = [(time, line) for time, line in times_of(text)]
    known = [time for time, _ in dated if time is not None]
    if not known:
        return text
    begin, end = min(known) - around, max(known) + around
    group = CHATTER[kind]
    blocks: list[tuple[datetime, int, str]] = [
        (time or begin, number, line) for number, (time, line) in enumerate(_filled(dated, begin))
    ]
    made = 0
    while made < lines:
        time = begin + (end - begin) * rng.random()
        pid = 60_000 + rng.randrange(16)
        client = f"198.51.100.{rng.randrange(1, 250)}:{rng.randrange(30000, 60000)}"
        word = f"{rng.randrange(1 << 20):x}"
        body = (
            group
            if kind == "chronic" and rng.random() < 0.2
            else (rng.choice(group[:2] if kind == "chronic" else group),)
        )
        stamp = f"[{time:%a %b %d %H:%M:%S}.{time.microsecond:06d} {time:%Y}] "
        block = "\n".join(stamp + part.format(pid=pid, client=client, word=word) for part in body)
        blocks.append((time, 0, block))
        made += len(body)
    blocks.sort(key=lambda block: (block[0], block[1]))
    return "\n".join(line for _, _, line in blocks) + "\n"


def _filled(dated: list[tuple[datetime | None, str]], begin: datetime) -> list[tuple[datetime, str]]:
    """Lines without a time stand under their predecessor's."""
    filled, last = [], begin
    for time, line in dated:
        last = max(time, last) if time is not None else last
        filled.append((last, line))
    return filled


def times_of(text: str) -> list[tuple[datetime | None, str]]:
    """Each line with its local time; None: it has none."""
    rows: list[tuple[datetime | None, str]] = []
    for line in text.splitlines():
        time = None
        if found := TIME.match(line):
            micros = int((found["fraction"] or ".0")[1:].ljust(6, "0"))
            time = datetime.strptime(f"{found['day']} {found['year']}", "%a %b %d %H:%M:%S %Y").replace(
                microsecond=micros
            )
        elif found := ISO.match(line):
            time = datetime.fromisoformat(found["day"])
        rows.append((time, line))
    return rows


def cut_begin(text: str, at: datetime) -> str:
    """What is written from a local time on."""
    rows = times_of(text)
    first = next((number for number, (time, _) in enumerate(rows) if time is not None and time >= at), len(rows))
    return "".join(f"{line}\n" for _, line in rows[first:])


def cut_end(text: str, at: datetime) -> str:
    """What is written until a local time."""
    rows = times_of(text)
    first = next((number for number, (time, _) in enumerate(rows) if time is not None and time > at), len(rows))
    return "".join(f"{line}\n" for _, line in rows[:first])


def joined(
    texts: list[str], seed: int = 1, begin: datetime = datetime(2026, 3, 2, 1), apart: timedelta = timedelta(days=2)
) -> str:
    """Several logs one after the other in one, days apart."""
    rng = random.Random(seed)
    parts = []
    for number, text in enumerate(texts):
        first = next(time for time, _ in times_of(text) if time is not None)
        start = begin + apart * number + timedelta(hours=rng.randrange(12), minutes=rng.randrange(60))
        parts.append(shifted(text, start - first))
    return "".join(part if part.endswith("\n") else part + "\n" for part in parts)
