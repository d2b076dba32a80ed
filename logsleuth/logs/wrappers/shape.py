"""A shipper's record, peeled: the line, its time, host, file and level, from where its shape says they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.bounded import number
from logsleuth.logs.httpd.record import LEVELS
from logsleuth.logs.wrappers.moments import stamp_of
from logsleuth.logs.wrappers.objects import first_at, text_at, value_at
from logsleuth.logs.wrappers.peeled import Peeled

if TYPE_CHECKING:
    from logsleuth.logs.wrappers.objects import Fields
    from logsleuth.logs.wrappers.wrapper import Shape

LEVEL_NAMES: dict[str, str] = {name: name for name in LEVELS} | {
    "emergency": "emerg", "panic": "emerg", "critical": "crit", "fatal": "crit", "severe": "error", "err": "error",
    "warning": "warn", "informational": "info", "information": "info", "trace": "trace1",
    **dict(zip("01234567", LEVELS, strict=False)),
}  # fmt: skip
"""Names that shippers give to levels, and syslog's numbers (RFC 5424, 6.2.1)."""
PID = re.compile(r"(?P<pid>\d{1,10})(?::tid (?P<tid>\d{1,19}))?\Z", re.ASCII)
"""Also as Fluentd's apache_error parser takes it from a head of httpd 2.4."""
TAG_END = re.compile(r"(?:\[\d*\])?:?\Z")
LOG_NAME = re.compile(r"(?i)log|error|access|apache|httpd|std(?:out|err)")
"""A part of a stream's name that names a log and no host."""
LONGEST_NAME = 255
"""Characters of a host's, container's or file's name that are kept."""


def peel_record(shape: Shape, fields: Fields) -> Peeled | None:
    """A record of this shape, peeled; None: it is of another."""
    if shape.envelope:
        inside = value_at(fields, shape.envelope)
        if not isinstance(inside, dict):
            return None
        fields = inside
    if any(value_at(fields, mark) is None for mark in shape.marks):
        return None
    message = first_at(fields, shape.message)
    if not isinstance(message, str):
        return None
    if message.startswith(" ["):  # rsyslog keeps the space behind the tag
        message = message[1:]
    time, offset, precision = stamp_of(first_at(fields, shape.time)) or (None, None, 0)
    if time is not None and offset is None and shape.utc:
        offset = 0
    module, level = _module_and_level(text_at(fields, shape.level), text_at(fields, shape.module))
    found = PID.match(text_at(fields, shape.pid) or "")
    tid = text_at(fields, shape.tid) or (found["tid"] if found else None)
    return Peeled(
        message.strip("\r\n"),
        time, offset, precision,
        program=_tag(text_at(fields, shape.program)),
        pid=int(found["pid"]) if found else None,
        host=_name(text_at(fields, shape.host)) or host_in(text_at(fields, shape.stream)),
        level=level,
        module=module,
        tid=number(tid, 19) if tid else None,
        client=_client(text_at(fields, shape.client), text_at(fields, shape.port)),
        split=shape.split,
        extra=_extra(shape, fields),
    )  # fmt: skip


def _module_and_level(level: str | None, module: str | None) -> tuple[str | None, str | None]:
    """Both, where a parser left them together as httpd 2.4 writes them: `core:error`."""
    if level is not None and ":" in level:
        module, level = level.split(":", 1)
    return module or None, LEVEL_NAMES.get((level or "").lower())


def _tag(text: str | None) -> str | None:
    """A program's name, of a syslog tag with its pid and colon."""
    return TAG_END.sub("", text) if text and text != "-" else None


def _name(text: str | None) -> str | None:
    return text[:LONGEST_NAME] if text and text != "-" else None


def host_in(stream: str | None) -> str | None:
    """The host that a stream's name begins with: 'web01' of 'web01/apache2/error.log'."""
    if stream is None:
        return None
    parts = stream.split("/")
    while len(parts) > 1 and LOG_NAME.search(parts[-1]):
        parts.pop()
    return _name("/".join(parts))


def _client(client: str | None, port: str | None) -> str | None:
    if client is None or port is None:
        return client
    return f"[{client}]:{port}" if ":" in client else f"{client}:{port}"


def _extra(shape: Shape, fields: Fields) -> dict[str, str]:
    found = {"container": _name(text_at(fields, shape.container)), "file": _name(text_at(fields, shape.file))}
    return {key: value for key, value in found.items() if value is not None}
