"""The reader of an access log: each request is counted; those that were not just answered are kept as records."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from logsleuth.logs.httpd.record import LONGEST_KEY, Record, Request
from logsleuth.logs.httpd.tokenize import EPOCH
from logsleuth.logs.others.access.converters import converter_named, converters_of
from logsleuth.logs.others.access.layout import EPOCHS, FRACTIONS, VHOST_COMBINED, access_layout

if TYPE_CHECKING:
    from logsleuth.logs.httpd.record import Reader
    from logsleuth.logs.others.access.converters import Converter
    from logsleuth.logs.others.access.layout import AccessLayout

LEVELS = {b"5": "error", b"4": "warn"}
"""By the first digit of the status; all others are info, but for redirects."""
REDIRECTS = frozenset({b"301", b"302", b"303", b"307", b"308"})
"""Statuses that send the client elsewhere; 304 answers it."""
SEGMENT = re.compile(rb"[A-Za-z-]+ (?:[a-z]+://[^/ ]*)?(/[^/?#; ]*)")
"""Method, scheme and host if there, and the first segment of the path."""
PLAIN = "%d/%b/%Y:%H:%M:%S %z"
USUAL = ("",)
USUAL_TIME = re.compile(
    rb"(?P<day>\d\d/[A-Z][a-z]{2}/\d{4}):(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d):(?P<second>[0-5]\d) "
    rb"(?P<zone>[+-](?:0\d|1[0-4])[0-5]\d)"
)
"""What %t prints without a format of its own, which is nearly every line: strptime takes four times as long."""
NOTHING = (b"-", b"")
"""What httpd, and nginx, print for the request of a connection on which none came…"""
TIMED_OUT = b"408"
"""…until it timed out; a request that cannot be read gets 400."""
SWITCHED = b"101"
"""The status of a connection that speaks another protocol from then on."""
TOLD = frozenset({"error", "warn", "notice"})
"""Levels of requests that are kept as records: failed, refused, or redirected."""
SLOW = 2_000_000
"""Microseconds: a request that takes as long is kept as a record, however it was answered: somebody waited for it."""
LONGEST_REQUEST = 200
"""Characters of a request line that are kept: clients choose its length."""
LONGEST_TOOK = 1 << 45
"""Microseconds, a year: what says more than that is no duration."""

MOST_DIGITS = 15
"""Of what says how long a request took, its point included."""

Moment = tuple[int, int | None, int, str]
"""Microseconds since 1970 as written, seconds east of UTC or None, digits of the fraction; and the level."""


LONGEST = 32 << 10
"""Bytes of a line that are looked at: a request, its referer and its agent are of 8 KiB at most."""


def access_reader(formats: tuple[str, ...], *, whole: bool = False) -> Reader:
    """A reader of lines in any of these LogFormats, the first that fits; `whole`: also what served requests say."""
    converters = converters_of(formats)
    layouts = tuple(access_layout(argument) for argument in formats if converter_named(argument) is None)
    read = partial(_read, layouts, whole)
    return partial(_read_converted, converters, partial(_read, (_converted(),), whole), read) if converters else read


@lru_cache(maxsize=1)
def _converted() -> AccessLayout:
    """The format that a line in no LogFormat is made one of."""
    return access_layout(VHOST_COMBINED.replace("%O", "%x") + r" \"%{x}n\" \"%{x}n\" %D")


def usual_text(formats: tuple[str, ...], line: bytes) -> bytes:
    """A line as httpd's usual formats have it, if it is in none that a LogFormat makes; else itself."""
    converters = converters_of(formats)
    if not converters:
        return line
    text = line.decode("utf-8", "backslashreplace").rstrip("\r")
    return next((made for one in converters if (made := one.usual_line(text)) is not None), line)


def _read_converted(converters: tuple[Converter, ...], read: Reader, otherwise: Reader, line: bytes) -> Record | None:
    """A line in no LogFormat, or one in a usual format."""
    text = line.decode("utf-8", "backslashreplace").rstrip("\r")
    found = next(((one, made) for one in converters if (made := one.usual_line(text)) is not None), None)
    if found is None:
        return otherwise(line)
    converter, made = found
    record = read(made)
    if record is not None and (converter.is_local or not converter.is_dated):
        record.offset = None
    if record is not None and not converter.is_dated:
        record.time = None  # a wrapper says it
    return record


def _read(layouts: tuple[AccessLayout, ...], whole: bool, line: bytes) -> Record:
    for layout in layouts:
        found = layout.regex.match(line, 0, LONGEST)
        if found is None:
            continue
        moment = _moment(layout.times, found.group(*layout.wanted))
        if moment is None:
            continue
        time, offset, precision, level = moment
        request = _request(layout, found)
        record = Record("foreign", "", time, precision, level, offset=offset, request=request)
        if "took" in layout.regex.groupindex:
            record.took = took_of(found["took"], layout.took_unit)
        if whole or (request.asks and (level in TOLD or (record.took or 0) >= SLOW)):
            _tell(record, found.groupdict())
        return record
    return Record("unparsed" if line.strip() else "bare", line.decode("utf-8", "backslashreplace"))


def _request(layout: AccessLayout, found: re.Match[bytes]) -> Request:
    """Who asked whom for what, as far as the format says."""
    names = layout.regex.groupindex
    client, vhost, line = (found[name] or b"" if name in names else b"" for name in ("client", "vhost", "request"))
    asks = "request" not in names or line not in NOTHING or found["status"] != TIMED_OUT
    switches = found["status"] == SWITCHED
    return Request(_key(client), _key(vhost).lower(), first_segment(line), asks, switches)


@lru_cache(maxsize=4096)
def _key(text: bytes) -> str:
    """A key as it is counted; httpd prints `-` for what is not there."""
    return "" if text == b"-" else text.decode("utf-8", "backslashreplace")[:LONGEST_KEY]


@lru_cache(maxsize=4096)
def first_segment(request: bytes) -> str:
    """The first segment of the path in a request line such as `GET /shop/cart?id=1 HTTP/1.1`: `/shop`.

    A request that names a whole URL (to a proxy) is read behind its host; one without a path has no segment.
    """
    found = SEGMENT.match(request)
    return _key(found[1]) if found else ""


def took_of(text: bytes, unit: int) -> int | None:
    """Microseconds that a request took, from what %D, %T or nginx's $request_time says; None: it does not say.

    `unit`: microseconds of a unit. A part of a unit, which nginx prints, is read to the millionth.
    """
    whole, point, part = text.partition(b".")
    if len(text) > MOST_DIGITS or not whole.isdigit() or (point and not part.isdigit()):
        return None
    took = int(whole) * unit + int(part[:6].ljust(6, b"0")) * unit // 1_000_000
    return took if took <= LONGEST_TOOK else None


def _tell(record: Record, fields: dict[str, bytes | None]) -> None:
    """What a kept request's line says. The request is quoted, and its own quotes escaped, so it can't forge more."""
    text = {name: value.decode("utf-8", "backslashreplace") for name, value in fields.items() if value is not None}
    request = text.get("request", "-")
    if len(request) > LONGEST_REQUEST:
        request = request[:LONGEST_REQUEST].rstrip("\\") + "…"
    record.message = f'"{request}" {text["status"]}'
    if record.took is not None:
        record.message += f" after {record.took / 1_000_000:.3f} s"
    if vhost := text.get("vhost"):
        record.extra["vhost"] = vhost
    record.client = text.get("client")
    pid = text.get("pid", "")
    record.pid = int(pid) if pid.isascii() and pid.isdigit() and len(pid) <= 10 else None


def _of_day(usual: re.Match[bytes]) -> int:
    """Seconds since midnight."""
    return 3600 * int(usual["hour"]) + 60 * int(usual["minute"]) + int(usual["second"])


@lru_cache(maxsize=64)
def _offset(zone: bytes) -> int:
    """Seconds east of UTC."""
    seconds = 3600 * int(zone[1:3]) + 60 * int(zone[3:5])
    return -seconds if zone.startswith(b"-") else seconds


@lru_cache(maxsize=64)
def _midnight(day: bytes) -> int | None:
    """Microseconds since 1970 of a day such as 03/Mar/2026; None: there is no such day."""
    try:
        return (datetime.strptime(day.decode(), "%d/%b/%Y").replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _moment(formats: tuple[str, ...], texts: tuple[bytes, ...]) -> Moment | None:
    """The time that the items of a line print together, and the level of its status; many lines share both."""
    *clocks, status = texts
    level = LEVELS.get(status[:1], "notice" if status in REDIRECTS else "info")
    if formats == USUAL and (usual := USUAL_TIME.fullmatch(clocks[0])) is not None:
        midnight = _midnight(usual["day"])
        return None if midnight is None else (midnight + _of_day(usual) * 1_000_000, _offset(usual["zone"]), 0, level)
    names, values, micros, precision, epoch = [], [], 0, 0, None
    for name, text in zip(formats, clocks, strict=True):
        value = text.decode("utf-8", "replace")
        if name in EPOCHS:
            epoch = int(value[:20]) * EPOCHS[name]
        elif name in FRACTIONS:
            micros, precision = int(value[:6]) * FRACTIONS[name], 6 if FRACTIONS[name] == 1 else 3
        else:
            names.append(name or PLAIN)
            values.append(value)
    if epoch is not None:
        return (epoch + micros, 0, precision, level) if epoch < 1 << 56 else None
    try:
        time = datetime.strptime(" ".join(values), " ".join(names).replace("%T", "%H:%M:%S").replace("%F", "%Y-%m-%d"))
    except (ValueError, re.error):  # re.error: a directive stands twice
        return None
    offset = time.utcoffset()
    wall = time.replace(tzinfo=UTC)
    seconds = None if offset is None else int(offset.total_seconds())
    return (wall - EPOCH) // timedelta(microseconds=1) + micros, seconds, precision, level
