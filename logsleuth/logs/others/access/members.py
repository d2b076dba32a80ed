"""Access lines that are JSON objects: which member is the time, the request, its status, inferred from the lines.

A line is made one of httpd's usual formats and then read as such. Sites name the members as they like (`req`, `st`,
`us`), other servers nest them (Caddy: `request.uri`), so a member is known by what is in it first, and by its name
where several could be meant.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping, Sequence

ABSENT: Final = frozenset({"-", "", "null"})
"""How loggers write that there is no value."""
MARK: Final = "JSON members "
"""What the name of such a format begins with; its members follow."""
MOST_LINES: Final = 200
"""Lines by which members are known."""
LEAST_LINES: Final = 3
NEARLY_ALL: Final = 0.9
MOST: Final = 0.5
"""Shares of the lines that must have a time and a status, and a request: connections without one are lines, too."""
SOME: Final = 0.1
"""Share of the lines in which a member must have a value to be taken for a client, a host or a duration."""
LONGEST: Final = 64 << 10
"""Bytes of a line that is looked at."""
MOST_MEMBERS: Final = 200
DEEPEST: Final = 3
"""Objects within objects."""
CLF: Final = regex(r"\[?(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\]?")
ISO: Final = regex(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,]\d{1,9})?(Z|[+-]\d\d:?\d\d)?")
EPOCH: Final = regex(r"(\d{10})(?:\.\d{1,9}|\d{3}|\d{6}|\d{9})?")
METHODS: Final = "GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE|PROPFIND|REPORT|MKCOL|PURGE"
REQUEST: Final = regex(rf"(?:{METHODS}) \S.*")
METHOD: Final = regex(METHODS)
PATH: Final = regex(r"/\S*|https?://\S+")
STATUS: Final = regex(r"[1-5]\d\d")
CLIENT: Final = regex(
    r"(?:\d{1,3}(?:\.\d{1,3}){3}|\[?[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}\]?)(?::\d{1,5})?(?:, ?\S+)*"
)
DURATION: Final = regex(r"\d{1,14}(?:\.\d{1,15})?(?:[eE]-\d{1,2})?")
HOST: Final = regex(r"(?=[^/]*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?(?::\d{1,5})?")
STATUS_NAME: Final = regex(
    r"(?i)(?:.*[._-])?(?:s|\w*status(?:[_-]?code)?|st|code|sc[_-]status|resp(?:onse)?(?:[_-]?code)?|rc)"
)
TOOK_NAME: Final = regex(
    r"(?i)(?:.*[._-])?(?:us|usecs?|micros(?:ec(?:ond)?s?)?|ms|msecs?|millis(?:ec(?:ond)?s?)?|d|dur(?:ation)?|took|time|rt|t"
    r"|elapsed|latency|secs?|seconds|\w*(?:duration|latency|elapsed|time[_-]?taken|(?:request|response|resp|req)[_-]?time)\w*)"
    r"(?:[_-]?(?:us|ms|ns|s|sec|micros|millis))?"
)
HOST_NAME: Final = regex(r"(?i)(?:.*[._-])?(?:v?host(?:name)?|vhost|server(?:[_-]?name)?|domain|site|authority)")
AGENT_NAME: Final = regex(r"(?i)(?:.*[._-])?(?:ua|agent|(?:http[_-])?user[_-]?agent)(?:[._-]?\w{1,8})?")
REFERER_NAME: Final = regex(r"(?i)(?:.*[._-])?(?:http[_-])?ref(?:err?er)?")
USER_NAME: Final = regex(r"(?i)(?:.*[._-])?(?:user|remote[_-]?user|user[_-]?(?:id|name)|login)")
UNITS: Final = (
    (regex(r"(?i)(?:.*[._-])?(?:\w*[_-])?(?:us|usecs?|micros\w*)"), 1.0),
    (regex(r"(?i)(?:.*[._-])?(?:\w*[_-])?(?:ms|msecs?|millis\w*)"), 1_000.0),
    (regex(r"(?i)(?:.*[._-])?(?:\w*[_-])?(?:ns|nanos\w*)"), 0.001),
)
"""What a name says of the unit, and how many microseconds it has."""
USUAL: Final[tuple[tuple[float, float | None], ...]] = (
    (5_000_000, 0.001), (3_000, 1.0), (500, None), (1, 1_000.0), (0, 1_000_000.0),
)  # fmt: skip
"""Of whole numbers without a unit: the median from which on, and how many microseconds each counts; None: not known."""
TEXT: Final = {ord('"'): '\\"', ord("\\"): "\\\\", **{n: f"\\x{n:02x}" for n in (*range(32), 127)}}
"""How a text is written between the quotes of a line."""


class Members(NamedTuple):
    """The paths of the members that matter; empty: there is no such."""

    status: str
    request: str = ""
    """Method, path and protocol in one."""
    method: str = ""
    path: str = ""
    time: str = ""
    """Empty: only the wrapper around the lines says it."""
    client: str = ""
    host: str = ""
    took: str = ""
    unit: float = 1.0
    """Microseconds."""
    agent: str = ""
    referer: str = ""
    user: str = ""
    is_local: bool = False
    """Its times name no zone."""

    @property
    def is_dated(self) -> bool:
        """One of them is the time; else only the wrapper says it."""
        return bool(self.time)

    @property
    def sentence(self) -> str:
        """How they were understood, as the rest of a sentence."""
        parts = [
            ("time", self.time), ("request", self.request or f"{self.method} and {self.path}"), ("status", self.status),
            ("client", self.client), ("host", self.host), ("duration", self.took),
        ]  # fmt: skip
        return "with " + ", ".join(f"{what} in {key}" for what, key in parts if key)

    @property
    def name(self) -> str:
        """The name of the format, from which they can be had again."""
        return MARK + json.dumps(self._asdict())

    def usual_line(self, line: str) -> bytes | None:
        """The same request in httpd's usual format, with how long it took at its end; None: the line is none."""
        found = object_in(line)
        if found is None or (status := found.get(self.status)) is None or STATUS.fullmatch(status) is None:
            return None
        clock = _clock(found.get(self.time, "")) if self.time else NO_TIME
        if clock is None:
            return None
        request = found.get(self.request, "-") if self.request else _request(self, found)
        host = found.get(self.host, "").partition(":")[0] if self.host else ""
        client = found.get(self.client, "-").partition(",")[0].strip() if self.client else "-"
        head = f"{host or '-'}: "
        texts = (request, found.get(self.referer) or "-", found.get(self.agent) or "-")
        quoted = [text.translate(TEXT) for text in texts]
        user = (found.get(self.user) or "-").translate(TEXT).replace(" ", "_") if self.user else "-"
        took = _took(self, found)
        made = f'{head}{_word(client)} - {user} [{clock}] "{quoted[0]}" {status} 0 "{quoted[1]}" "{quoted[2]}" {took}'
        return made.encode("utf-8", "backslashreplace")


@lru_cache(maxsize=16)
def members_named(name: str) -> Members | None:
    """What a format's name says; None: it is another format."""
    return Members(**json.loads(name.removeprefix(MARK))) if name.startswith(MARK) else None


def members_of(lines: Iterable[str], *, dated: bool = False) -> Members | None:
    """The members of access lines; None: they are none. `dated`: something around them says the time."""
    objects = [found for line in islice(lines, MOST_LINES) if (found := object_in(line)) is not None]
    columns: dict[str, list[str]] = {}
    for one in objects:
        for key, value in one.items():
            if value not in ABSENT:
                columns.setdefault(key, []).append(value)
    often, some = NEARLY_ALL * len(objects), SOME * len(objects)
    statuses = _fitting(columns, STATUS, often)
    status = _named(statuses, STATUS_NAME) or (statuses[0] if len(statuses) == 1 else "")
    request, method, path = (_first(_fitting(columns, shape, MOST * len(objects))) for shape in (REQUEST, METHOD, PATH))
    time = _first([key for shape in (CLF, ISO, EPOCH) for key in _fitting(columns, shape, often)])
    is_known = status and (request or (method and path)) and (time or dated)
    if not is_known or len(objects) < LEAST_LINES:
        return None
    took = _named([key for key in _fitting(columns, DURATION, some) if key not in {status, time}], TOOK_NAME)
    unit = _unit(took, columns.get(took, ()))
    clients = _fitting(columns, CLIENT, some)
    return Members(
        status,
        request,
        "" if request else method,
        "" if request else path,
        time,
        max(clients, key=lambda key: len(set(columns[key])), default=""),  # behind a proxy one address is all clients'
        _named(_fitting(columns, HOST, some), HOST_NAME),
        took if unit else "",
        unit or 1.0,
        _named(list(columns), AGENT_NAME),
        _named(list(columns), REFERER_NAME),
        _named([key for key in columns if key not in {status, method}], USER_NAME),
        any((iso := ISO.fullmatch(value)) is not None and not iso[3] for value in columns.get(time, ())),
    )


def _fitting(columns: Mapping[str, Sequence[str]], shape: re.Pattern[str], least: float) -> list[str]:
    """The members that have a value in enough lines, nearly always one of this shape."""
    return [
        key
        for key, values in columns.items()
        if len(values) >= max(least, 1)
        and sum(shape.fullmatch(value) is not None for value in values) >= NEARLY_ALL * len(values)
    ]


def _named(keys: Sequence[str], name: re.Pattern[str]) -> str:
    """The first of these members with such a name; empty: none has."""
    return next((key for key in keys if name.fullmatch(key)), "")


def _first(keys: Sequence[str]) -> str:
    return keys[0] if keys else ""


def _unit(name: str, values: Sequence[str]) -> float | None:
    """Microseconds of a unit of a duration: by its name, else by what is usual; None: it may be one or the other."""
    for named, micros in UNITS:
        if named.fullmatch(name):
            return micros
    if sum("." in value or "e" in value for value in values) > SOME * len(values):
        return 1_000_000.0  # nginx's $request_time, Caddy's duration
    middle = sorted(map(float, filter(DURATION.fullmatch, values)))[len(values) // 2 :][:1] or [0.0]
    return next((micros for least, micros in USUAL if middle[0] >= least), None)


def object_in(line: str) -> dict[str, str] | None:
    """The members of a line's object by their path, with their values as text; None: it is no object."""
    if not line.startswith("{") or len(line) > LONGEST:
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    flat: dict[str, str] = {}
    _flatten(found, "", flat, 0)
    return flat if isinstance(found, dict) and flat else None


def _flatten(value: object, path: str, flat: dict[str, str], depth: int) -> None:
    if len(flat) >= MOST_MEMBERS:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            if depth < DEEPEST:
                _flatten(inner, f"{path}.{key}" if path else str(key), flat, depth + 1)
    elif isinstance(value, list):
        if value and isinstance(value[0], str):  # a header, as Go's servers print it
            flat[path] = value[0]
    elif isinstance(value, bool):
        return
    elif value is not None:
        flat[path] = repr(value) if isinstance(value, float) else str(value)


NO_TIME: Final = "01/Jan/1970:00:00:00 +0000"
"""Takes the place of the time that only a wrapper says."""


def _word(client: str) -> str:
    return client.partition(" ")[0] or "-"


def _request(members: Members, found: Mapping[str, str]) -> str:
    method, path = found.get(members.method, ""), found.get(members.path, "")
    return f"{method} {path}" if method and path else "-"


def _took(members: Members, found: Mapping[str, str]) -> str:
    """Microseconds."""
    text = found.get(members.took, "") if members.took else ""
    return f"{float(text) * members.unit:.0f}" if DURATION.fullmatch(text) else "-"


@lru_cache(maxsize=4096)
def _clock(text: str) -> str | None:
    """A time as %t prints it; None: it is no time."""
    if (found := CLF.fullmatch(text)) is not None:
        return str(found[1])
    try:
        if (found := ISO.fullmatch(text)) is not None:
            zone = "+0000" if found[3] in (None, "Z") else found[3].replace(":", "")
            moment = datetime.fromisoformat(f"{found[1]}T{found[2]}").replace(tzinfo=UTC)
            return f"{moment:%d}/{MONTHS[moment.month - 1]}/{moment:%Y:%H:%M:%S} {zone}"
        if (found := EPOCH.fullmatch(text)) is not None:
            moment = datetime.fromtimestamp(int(found[1]), UTC)
            return f"{moment:%d}/{MONTHS[moment.month - 1]}/{moment:%Y:%H:%M:%S} +0000"
    except (ValueError, OverflowError):
        return None
    return None


MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
