"""Recognises what a file is by its first bytes: an Apache error log and its format, or something else."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, cast

from logsleuth.logs.console.retouching import retouched_among
from logsleuth.logs.format.recognise import SHAPES, Kind
from logsleuth.logs.format.rewrite import HOLE, HOLES, NEWEST_FIRST, both, rewrite_of, rewritten
from logsleuth.logs.httpd.tokenize import CLIENT, HEAD, LOG_ID, ODD_HEAD, VHOST, tokenize
from logsleuth.logs.open.utf16 import CODECS
from logsleuth.logs.wrappers.wrapper import Wrapper  # noqa: TC001 - a saved state is read by these annotations
from logsleuth.logs.zones.workers import WorkerZone, worker_zone_of
from logsleuth.regexes import regex
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logsleuth.logs.console.look import Look
    from logsleuth.logs.others.access.members import Members

SAMPLE = 256 * 1024
COMPRESS = b"\x1f\x9d"
"""How files of the old compress (.Z) begin."""
WRAPPED_LINES = 2000
MOST_NULS = 0.01
MOST_CONTROLS = 0.05
CONTROLS = bytes({*range(1, 32), 0x7F} - {*b"\t\n\r\x1b"})
LEAST_SHARE = 0.05
"""Of the sampled lines, at least this share must have a head: raw output of children may make the rest."""

MOST_ODD = 0.02
"""Of the heads: if more are odd, the log is read line by line, so that none of them is lost."""
TIME_ENDS = {base + zone for base in (25, 32, 20, 27) for zone in (0, 6)}
"""Where the time's bracket closes in ctime and in compact time, without and with microseconds and zone."""

MIXED = frozenset({"other", "access", "nginx", "fpm", "jk", "syslog", "application"})
"""Kinds of texts in which httpd's own lines may stand too."""

CODE = regex(rb"AH\d{5,6}: ")
MOST_JSON = 0.5
"""Share of the lines without a head that are JSON objects where these are requests."""
MOST_REQUESTS = 0.5
"""Share of the lines that are requests where a log is a proxy's."""
BARE_OR_SYSLOG = frozenset({"other", "syslog", "kernel"})
"""What a proxy's log looks like by the beginning of its lines."""
LONGEST_HEAD = 400
CODED_LINES = 100
"""Lines with a code that show well enough whether the usual heads are all there is before it."""
STAMPS = "time stamps"
"""The wrapper that a format of httpd's own may look like."""

SOURCES = {
    "httpd": "httpd", "nginx": "nginx", "fpm": "fpm", "kernel": "syslog", "syslog": "syslog", "access": "access",
    "packages": "packages", "changes": "changes", "jk": "jk", "suexec": "suexec",
    "watchdog": "syslog", "service": "service", "application": "httpd", "dated": "service",
}  # fmt: skip
"""The kinds of logs that are read, and the patterns that are tried on each."""


OF_OLD = "httpd-2.2"
"""The name of the format of the lines of httpd 1.3 to 2.2."""


@dataclass(frozen=True, slots=True)
class Format:
    """What a log's lines look like."""

    kind: Kind
    name: str
    """'httpd-2.4', 'httpd-2.2', 'httpd-custom', or what else it is."""
    reason: str
    """How it was recognised, in a sentence."""
    vhost: bool = False
    """A server name in brackets stands after the pid."""
    line_by_line: bool = False
    """Its heads have no fixed places."""
    layouts: tuple[str, ...] = ()
    """What its lines are read by: the ErrorLogFormats or LogFormats that the caller named, or a list's columns."""
    wrapper: Wrapper | None = None
    """What each line is wrapped in."""
    workers: WorkerZone | None = None
    """The zone that workers write in, where it is not their parent's."""
    rewrite: str | None = None
    """How its entries, which are no lines, are made lines: a name of `rewrite.REWRITES`."""
    others: tuple[Kind, ...] = ()
    """Other programs with lines between httpd's; each is read separately."""
    access: tuple[str, ...] = ()
    """The LogFormats of access lines that are JSON objects and stand among httpd's own; each is read separately."""
    pasted: bool = False
    """Each line is read by its own looks: it may have anything around it, half a head, or be another program's."""
    day: date | None = None
    """The last date with a year in a pasted text, which gives the year of dates without one."""
    elsewhere: frozenset[str] = frozenset()
    """Of a list of changes: the hosts, in lower case, whose changes are not this host's."""

    @property
    def source(self) -> str | None:
        """The source that patterns are scoped by; None: it is not read."""
        return SOURCES.get(self.kind)

    @property
    def skew(self) -> int | None:
        """Seconds that workers' times are ahead of their parent's, which the reading puts right; None: they are not."""
        return None if self.workers is None else self.workers.ahead


UNKNOWN = Format("other", "other", "it is no log of httpd, and in no other format that is known")


def sniff(sample: bytes, *, complete: bool, newest: date | None = None, later: Sequence[bytes] = ()) -> Format:
    """The format of a log that begins with these bytes; `complete`: they are all there are.

    `newest`: the day of the log's last change (default: today). `later`: whole lines from further behind.
    """
    if HOLE.search(sample) is not None:
        return _around_holes(sample, complete=complete, newest=newest)
    if (name := rewrite_of(sample)) is not None and (lines := rewritten(name, sample)) != sample:
        if name in CODECS:
            form = sniff(lines, complete=complete, newest=newest)
            return replace(form, rewrite=both(name, form.rewrite))
        form = _sniff(lines, complete=complete, newest=newest, later=())
        form = replace(form, rewrite=both(name, _prepared(form, lines, newest)))
        return with_zone_of_workers(form, [lines], newest)
    form = _sniff(sample, complete=complete, newest=newest, later=later)
    if form.wrapper is not None:
        form = replace(form, rewrite=_prepared(form, sample, newest))
    return with_zone_of_workers(form, [sample, *later], newest)


def _around_holes(sample: bytes, *, complete: bool, newest: date | None) -> Format:
    """The format of a log in which stretches of NUL bytes stand; without them a binary file is still one."""
    form = sniff(rewritten(HOLES, sample), complete=complete, newest=newest)
    if form.name == "empty":
        return Format("binary", "binary", "it is a binary file, not a log: nothing but NUL bytes")
    return replace(form, rewrite=both(HOLES, form.rewrite))


def _prepared(form: Format, sample: bytes, newest: date | None) -> str | None:
    """The rewriting that entries in a wrapper need, which begin with this sample; None: none."""
    if form.wrapper is None:
        return None
    from logsleuth.logs.wrappers.wrapped import preparation  # noqa: PLC0415 - most logs are in no wrapper

    texts = [line.decode("utf-8", "backslashreplace") for line in sample.split(b"\n", WRAPPED_LINES)[:WRAPPED_LINES]]
    return preparation(form.wrapper, texts, newest or datetime.now(UTC).date())


def with_zone_of_workers(form: Format, samples: Sequence[bytes], newest: date | None) -> Format:
    """The same format, with the zone of its workers where they write in another than their parent."""
    if form.kind != "httpd" or form.pasted or (form.rewrite or "").endswith(NEWEST_FIRST):
        return form
    from logsleuth.logs.format.reader import reader_of  # noqa: PLC0415 - which needs formats itself

    own = reader_of(form, newest or datetime.now(UTC).date())
    zone = worker_zone_of(samples, own or partial(tokenize, vhost=form.vhost), default=own is None)
    return form if zone is None else replace(form, workers=zone)


def in_its_own_zones(form: Format) -> Format:
    """The same format for who reads lines as they come: a worker's zone is known from what is before its line."""
    return form if form.workers is None else replace(form, workers=None)


def _sniff(sample: bytes, *, complete: bool, newest: date | None, later: Sequence[bytes]) -> Format:
    if sample.startswith(COMPRESS):
        return Format("binary", "compress", "it is compressed with compress: pipe it, zcat FILE | logsleuth analyze -")
    if not sample.strip(b"\r\n \t"):
        return Format("httpd", "empty", "the file is empty")
    controls = len(sample) - len(sample.translate(None, CONTROLS))
    if sample.count(0) > MOST_NULS * len(sample) or controls > MOST_CONTROLS * len(sample):
        return Format("binary", "binary", "it is a binary file, not a log")
    lines = sample.split(b"\n")
    if not complete and len(lines) > 1:
        lines.pop()
    lines += [line for part in later for line in part.split(b"\n")]
    begun = [_head(line.decode("utf-8", "replace")) if line else None for line in lines]
    heads = [head for head in begun if head is not None]
    filled = sum(1 for line in lines if line.strip())
    newest = newest or datetime.now(UTC).date()
    if heads and len(heads) >= LEAST_SHARE * filled:
        rest = [line for line, head in zip(lines, begun, strict=True) if head is None and line.strip()]
        usual = (
            _with_json_requests(rest, lines, heads, filled)
            or _pasted(rest, newest, 0 if complete else MOST_ODD * filled, lines)
            or _httpd(lines, heads, filled)
        )
        return (_in_own_format(lines) or usual) if _has_more_of_a_head(lines, vhost=usual.vhost) else usual
    found = _wrapped(lines, newest)
    if found is None or (found.wrapper is not None and found.wrapper.name == STAMPS):
        found = _in_own_format(lines) or found
    if found is None:
        other = _other(sample, filled)
        if other.kind == "other":
            other = _as_json_requests(lines) or other
        if other.kind in BARE_OR_SYSLOG:
            other = _as_haproxy(lines, other.kind) or other
        if other.kind == "access" and not other.layouts:
            from logsleuth.logs.others.access.guess import layouts_of  # noqa: PLC0415 - most runs read error logs alone

            other = replace(other, layouts=layouts_of(lines))
        # a container prints both its logs to one place, and an access log alone never has httpd's heads
        few = 0 if complete or (other.kind == "access" and heads) else MOST_ODD * filled
        return _pasted_among(other, lines, newest, few) or _dated_among(other, lines, newest) or other
    return found


def _dated_among(other: Format, lines: Sequence[bytes], newest: date) -> Format | None:
    """The log of a program that is not known, if its lines have times; None: it is known, or they have none."""
    if other != UNKNOWN:
        return None
    from logsleuth.logs.others.dated import shape_of  # noqa: PLC0415 - few logs are in no known format

    shapes = shape_of([line.decode("utf-8", "backslashreplace") for line in lines[:WRAPPED_LINES]], newest)
    if not shapes:
        return None
    reason = f"it is no log of httpd; its lines have times like {shapes[0]}"
    return Format("dated", "dated", reason, layouts=shapes)


def _json_requests(lines: Sequence[bytes], *, dated: bool = False) -> Members | None:
    """The members of lines of which most are an access log's, as JSON; `dated`: a wrapper says their times."""
    objects = [line.decode("utf-8", "backslashreplace").strip() for line in lines if line[:1] == b"{"]
    if not objects or len(objects) < MOST_JSON * sum(map(bool, lines)):
        return None
    from logsleuth.logs.others.access.members import members_of  # noqa: PLC0415 - few logs are JSON

    return members_of(objects, dated=dated)


def _as_json_requests(lines: Sequence[bytes]) -> Format | None:
    """An access log whose lines are JSON objects; None: it is none."""
    requests = _json_requests(lines)
    if requests is None:
        return None
    return Format("access", "access", f"its lines are JSON objects {requests.sentence}", layouts=(requests.name,))


def _as_haproxy(lines: Sequence[bytes], kind: Kind) -> Format | None:
    """The log of a HAProxy in front of httpd, by itself or as syslog wrote it; None: it is none.

    What else syslog has of it, such as that a server is down, is read separately.
    """
    from logsleuth.logs.others.access.haproxy import NAME, requests_among  # noqa: PLC0415 - few logs are a proxy's

    filled = [line for line in lines[:WRAPPED_LINES] if line.strip()]
    count = requests_among(filled)
    if not count or count < MOST_REQUESTS * len(filled):
        return None
    reason = f"{count} of {len(filled)} sampled lines are requests in HAProxy's HTTP log format"
    return Format("access", "access", reason, layouts=(NAME,), others=() if kind == "other" else ("syslog",))


def _with_json_requests(
    rest: Sequence[bytes], lines: list[bytes], heads: list[re.Match[str]], filled: int
) -> Format | None:
    """An error log among whose lines an access log's stand, as JSON; `rest`: the lines without a head."""
    requests = _json_requests(rest)
    if requests is None:
        return None
    return replace(_httpd(lines, heads, filled), others=("access",), access=(requests.name,))


def _pasted(rest: list[bytes], newest: date, most: float, lines: list[bytes]) -> Format | None:
    """A log of which more than `most` lines need to be read by their looks; `rest`: those without a head."""
    retouched = retouched_among(lines)
    if max(len(rest), retouched) <= most:
        return None
    from logsleuth.logs.console.look import look  # noqa: PLC0415 - most logs have heads alone

    if retouched <= most and look(rest, newest).dressed <= most:
        return None
    return _as_pasted(look(lines, newest))


def _pasted_among(other: Format, lines: list[bytes], newest: date, most: float) -> Format | None:
    """A text without heads, or with few, in which lines are known all the same; `other`: what else it is."""
    from logsleuth.logs.console.look import look  # noqa: PLC0415
    from logsleuth.logs.console.own import is_of_kin  # noqa: PLC0415

    if other.kind == "application" and not any(map(is_of_kin, lines[:WRAPPED_LINES])):
        return None  # a time and a level begin the lines of servers that are kin to httpd, too
    seen = look(lines, newest)
    known = seen.ours if other.kind != "other" else seen.ours + seen.neighbours
    return _as_pasted(seen) if known > most and other.kind in MIXED else None


def known_by_its_words(form: Format, sample: bytes, known: Callable[[Sequence[str]], int]) -> Format:
    """The same format, or that of a paste if `known` knows lines of a text that would be refused."""
    if form.kind not in {"other", "dated"}:
        return form
    texts = [line.decode("utf-8", "backslashreplace").strip() for line in sample.split(b"\n")]
    filled = [text for text in texts if text][:WRAPPED_LINES]
    count = known(filled)
    if not count:
        return form
    return Format(
        "httpd", "console", f"{count} of {len(filled)} sampled lines are recognised by their words", pasted=True
    )


def _as_pasted(seen: Look) -> Format:
    return Format(
        "httpd", "console", seen.sentence(), others=cast("tuple[Kind, ...]", seen.sources), pasted=True, day=seen.newest
    )


def _in_own_format(lines: list[bytes]) -> Format | None:
    """An error log whose lines show by which ErrorLogFormat they were written."""
    if not any(CODE.search(line, 0, LONGEST_HEAD) for line in lines):
        return None
    from logsleuth.logs.httpd.layout.guess import guess_format  # noqa: PLC0415 - few logs are in formats of their own

    texts = [line.decode("utf-8", "backslashreplace").removesuffix("\r") for line in lines[:WRAPPED_LINES]]
    guess = guess_format(texts)
    if guess is None:
        return None
    reason = f"{guess.fit} of {guess.lines} sampled lines fit the ErrorLogFormat inferred from them, {guess.texts[0]}"
    return Format("httpd", "httpd-custom", reason, layouts=guess.texts)


def _has_more_of_a_head(lines: list[bytes], *, vhost: bool) -> bool:
    """Whether httpd's codes stand behind more than the usual heads have, so that no message would be known."""
    coded = [line for line in lines if CODE.search(line, 0, LONGEST_HEAD)][:CODED_LINES]
    return 2 * sum(tokenize(line, vhost=vhost).code is None for line in coded) > len(coded)


def _wrapped(lines: list[bytes], newest: date) -> Format | None:
    """An error log inside a wrapper."""
    texts = [line.decode("utf-8", "backslashreplace") for line in lines[:WRAPPED_LINES] if line.strip()]
    from logsleuth.logs.wrappers.wrapped import access_in, find_wrapper, peel  # noqa: PLC0415 - most logs are in no wrapper

    found = find_wrapper(texts, newest)
    if found is None:
        return None
    wrapper, ours = found
    name = wrapper.title
    reason = f"{ours} of {len(texts)} sampled lines are an error log's, in {name}"
    among = wrapper.shape is None and wrapper.inside is None and "syslog" in name and ours < len(texts)
    others: tuple[Kind, ...] = ("syslog",) if among else ()
    inside = [outer.inner for text in texts if (outer := peel(wrapper, text, newest)) is not None]
    requests = _json_requests([line.encode() for line in inside if line[:1] == "{"], dated=True)
    if requests is not None or any(access_in(wrapper, text, newest) is not None for text in texts):
        others = (*others, "access")
    access = () if requests is None else (requests.name,)
    return Format("httpd", f"httpd in {name}", reason, wrapper=wrapper, others=others, access=access)


def _httpd(lines: list[bytes], heads: list[re.Match[str]], filled: int) -> Format:
    shapes = Counter(_shape(head) for head in heads)
    name, count = shapes.most_common(1)[0]
    vhost = name == "httpd-custom" and _has_vhost(lines)
    share = f"{len(heads)} of {filled} sampled lines have a head, {count} of them {name}"
    odd = sum(not _is_regular(head) for head in heads)
    return Format("httpd", name, share, vhost, line_by_line=odd > MOST_ODD * len(heads))


def _head(line: str) -> re.Match[str] | None:
    head = HEAD.match(line) or ODD_HEAD.match(line)
    return head if head is not None and head["level"] else None  # a time alone: the kernel's lines have that too


def _is_regular(head: re.Match[str]) -> bool:
    """Whether its time field is one that the pass over a whole block reads."""
    digits = len(head["fraction"] or head["ifraction"] or "")
    in_place = head.re is HEAD and digits in (0, 6) and head.string.find("]") in TIME_ENDS
    return in_place and not LOG_ID.match(head.string, head.end())


def _shape(head: re.Match[str]) -> str:
    if head["fraction"] and head["module"] is not None and head["pid"]:
        return "httpd-2.4"
    if head["month"] and head["module"] is None and not head["pid"] and not head["fraction"]:
        return OF_OLD
    return "httpd-custom"


def _has_vhost(lines: list[bytes]) -> bool:
    """Whether there is a bracketed server name between the pid and the client."""
    named = clients = 0
    for line in lines:
        text = line.decode("utf-8", "replace")
        head = HEAD.match(text)
        if head is None:
            continue
        found = VHOST.match(text, head.end())
        named += bool(found and CLIENT.match(text, found.end()))
        clients += bool(CLIENT.match(text, head.end()))
    return named > clients


def _other(sample: bytes, filled: int) -> Format:
    from logsleuth.logs.others.changes import columns_of  # noqa: PLC0415 - most logs are an Apache's

    text = sample.decode("utf-8", "replace")
    first = text.split("\n", 1)[0]
    if columns := columns_of(first):
        return Format("changes", "changes", "it is a list of changes", layouts=columns)
    for kind, begin, reason in SHAPES:
        if len(re.findall(f"^{begin}", text, re.MULTILINE)) >= max(1, LEAST_SHARE * filled):
            return Format(kind, kind, reason)
    if _is_of_a_deploy(text, filled):
        return Format("changes", "changes", "it is a deploy script's log")
    return UNKNOWN


def _is_of_a_deploy(text: str, filled: int) -> bool:
    """Whether most lines have a time and nothing else that is known, and some of them tell of a deploy."""
    from logsleuth.logs.others import deploys  # noqa: PLC0415 - most logs are an Apache's

    dated = re.findall(f"^{deploys.HEAD}.*", text, re.MULTILINE)
    return len(dated) >= max(1, LEAST_SHARE * filled) and re.search(deploys.TELLING, text) is not None
