"""One compiled `ErrorLogFormat`: from a line's text to a Record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError
from logsleuth.logs.conf.words import next_word
from logsleuth.logs.httpd.layout.items import EXAMPLE, parse_items
from logsleuth.logs.httpd.layout.program import Program
from logsleuth.logs.httpd.layout.times import Moment
from logsleuth.logs.httpd.record import Record
from logsleuth.logs.httpd.tokenize import CODE, errno_of
from logsleuth.values import dataclass, field

if TYPE_CHECKING:
    from logsleuth.logs.httpd.layout.items import Item, Role
    from logsleuth.logs.httpd.layout.program import Value

DIRECTIVE = "errorlogformat"
ROLES: tuple[Role, ...] = ("connection", "request")
TABLES = {"e": "env", "i": "header", "n": "note"}
MAIN: Role = "main"
NAMES = {"v": "vhost", "V": "server", "A": "local", "k": "keepalives"}


@dataclass(frozen=True, slots=True)
class Layout:
    """A format that lines are read by."""

    text: str
    """As httpd sees it, without quotes."""
    role: Role
    items: tuple[Item, ...]
    program: Program = field(repr=False, compare=False)

    @property
    def dated(self) -> bool:
        """Its lines name a time or a level: so a line that it reads is hardly one of another format."""
        return any(item.directive in ("t", "l") for item in self.items)

    def read(self, text: str) -> Record | None:
        """The record that a line holds; None if it is no line of this format."""
        values = self.program.read(text)
        return None if values is None else self._record(values)

    def _record(self, values: list[Value]) -> Record:
        record = Record("record", "")
        moment = Moment(pieces for item, _, pieces in values if item.directive == "t")
        record.time, record.precision, record.offset = moment.micros, moment.precision, moment.offset
        for item, value, _ in values:
            _fill(record, item, value)
        if self.role != "main":
            record.extra["line"] = self.role
        return record


def layout(argument: str) -> Layout:
    """Compile ErrorLogFormat's argument, as it stands in httpd.conf, with quotes or without.

    The directive's name may stand before it, and `connection` or `request`. Raises LogsleuthError if httpd would
    refuse it.
    """
    text, role = argument.strip(), MAIN
    text = _without(text, DIRECTIVE)
    for named in ROLES:
        if (rest := _without(text, named)) != text:
            text, role = rest, named
    if text[:1] in ('"', "'") and text:
        try:
            text, more = next_word(text)
        except ValueError:
            raise LogsleuthError(f"the log format {text} has an opening quote and no closing one", EXAMPLE) from None
        if more:
            raise LogsleuthError(f"the log format '{text}' is followed by '{more}'", EXAMPLE)
    return compiled(text, role)


def compiled(text: str, role: Role = "main") -> Layout:
    """Compile a format's string, as httpd sees it."""
    items = tuple(parse_items(text, role))
    return Layout(text, role, items, Program(items, role))


def _without(text: str, word: str) -> str:
    """The text behind a first word, if it begins with that."""
    first, *rest = text.split(None, 1) or [""]
    return rest[0] if rest and first.strip("\"'").lower() == word else text


def _fill(record: Record, item: Item, value: str) -> None:
    """Put a value where a Record has a place for it."""
    match item.directive:
        case "M":
            found = CODE.match(value)
            record.code = found["code"] if found else None
            record.message = value[found.end() :] if found else value
        case "l":
            record.level = value
        case "m":
            record.module = value
        case "P":
            record.pid = int(value)
        case "T":
            record.tid = record.tid or int(value)
        case "E":
            record.errno = errno_of(value)
        case "a":
            _address(record, item, value)
        case "t":
            if record.time is None:
                record.extra["time"] = value
        case _:
            _further(record, item, value)


def _further(record: Record, item: Item, value: str) -> None:
    """Put a value under its name among a Record's further fields; the referer has a place of its own."""
    name = item.argument or ""
    match item.directive:
        case "F":  # as the default formats' reader writes it: `core.c:12`
            file, _, line = value[:-1].rpartition("(")
            record.extra["source"] = f"{file}:{line}"
        case "L":
            record.extra["connection" if name.lower() == "c" else "request"] = value
        case "i" if name.lower() == "referer":
            record.referer = value
        case letter if letter in TABLES:
            record.extra[f"{TABLES[letter]}.{name}"] = value
        case letter:
            record.extra[NAMES[letter]] = value


def _address(record: Record, item: Item, value: str) -> None:
    """`%a` is who sent the request; `%{c}a` who the connection is with, which may be a proxy before httpd."""
    if record.client is not None and (item.argument or "").startswith("c"):
        record.extra["peer"] = value
        return
    if record.client is not None:
        record.extra["peer"] = f"{record.client}:{record.client_port}"
    host, _, port = value.rpartition(":")  # `%a` never lacks its port, so that the last number of `::1:0` is one
    record.client, record.client_port = host, int(port)
