"""What a log is and what its lines say, as plain data for JSON."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from logsleuth.logs.format.survey import PRECISIONS
from logsleuth.logs.httpd.tokenize import EPOCH
from logsleuth.logs.zones.named import named_zone

if TYPE_CHECKING:
    from logsleuth.logs.format.sniff import Format
    from logsleuth.logs.format.survey import Survey
    from logsleuth.logs.httpd.record import Record


def as_data(one: Survey) -> dict[str, Any]:
    """All that is told of a log."""
    form = one.log.format
    named = named_zone([one.log]) if form.kind == "httpd" else None
    return {
        "path": one.log.path, "format": form.name, "reason": form.reason, "source": form.source,
        "wrapper": form.wrapper.title if form.wrapper and form.wrapper.shape else form.rewrite or _name_of(form),
        "rewritten": form.rewrite, "taken": dict(one.taken), "hosts": list(one.hosts or filter(None, [one.log.host])),
        "workers_ahead_s": form.skew, "compression": one.log.compression,
        "sampled": one.lines, "understood": one.read, "share": round(one.read / one.lines, 4) if one.lines else None,
        "first": time_text(one.first), "last": time_text(one.last),
        "precision": PRECISIONS.get(one.precision, f"{one.precision} digits") if one.first is not None else None,
        "zones": [_zone(offset) for offset in one.offsets], "zone": named.name if named is not None else None,
        "lines": [_fields(record_data(record, one.log.path, 0)) for record in one.shown],
        "also": list(form.others), "whose": dict(one.whose),
        "around": [{"what": what, "lines": lines, "gives": gives or None} for what, lines, gives in one.around],
        "not_understood": [{"line": line, "reason": reason} for line, reason in one.not_understood],
    }  # fmt: skip


def _name_of(form: Format) -> str | None:
    return form.wrapper.title if form.wrapper is not None else None


def _fields(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in ("path", "line") and value not in (None, {})}


def _zone(offset: int) -> str:
    sign = "-" if offset < 0 else "+"
    return f"{sign}{abs(offset) // 3600:02}:{abs(offset) // 60 % 60:02}"


def record_data(record: Record, path: str, number: int) -> dict[str, Any]:
    """A line's fields, as JSON has them."""
    errno = {"number": record.errno.number, "text": record.errno.text} if record.errno else None
    return {
        "path": path, "line": number, "kind": record.kind, "time": time_text(record.time, record.precision),
        "level": record.level,
        "module": record.module, "pid": record.pid, "tid": record.tid, "client": record.client,
        "client_port": record.client_port, "errno": errno, "code": record.code, "message": record.message,
        "referer": record.referer, "host": record.host, "extra": record.extra,
    }  # fmt: skip


def time_text(time: int | None, precision: int = 0) -> str | None:
    """The local time as the log has it: ISO 8601 without a zone, with as many digits of a second."""
    if time is None:
        return None
    moment = (EPOCH + timedelta(microseconds=time)).replace(tzinfo=None)
    whole = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{time % 1_000_000:06d}"[: len(whole) + 1 + precision] if precision else whole
