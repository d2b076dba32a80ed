"""Answers of APIs and exports that are one JSON document: read as a stream of records, one JSON object a line.

A new kind is a row of DOCUMENTS. A document that nobody lists is read by the list in whose elements httpd's heads are.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, cast

from logsleuth.logs.wrappers.objects import object_of
from logsleuth.logs.wrappers.tokens import STRAY, values_at
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

HEAD = re.compile(
    rb'"\[(?:[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d'
    rb"|[\w.\-]*:?[a-z]{4,6}\] )"
)
"""How a text of JSON begins that is a line of an error log."""
LOOKED_AT = 64 * 1024
"""Bytes of a sample in which the paths are looked for."""
MOST_PROSE = 5
LONGEST_PROSE = 64 * 1024
MOST_PATHS = 2000
"""Paths of a sample that are looked at."""

Context = dict[str, bytes]
"""The last values at the paths of a document that its records are read with."""


@dataclass(frozen=True, slots=True)
class Document:
    """Where a kind of document has its records."""

    name: str
    records: str
    """Path of the records."""
    around: tuple[str, ...] = ()
    """Paths of what is said once for all records that follow."""
    line: Callable[[bytes, Context], object] | None = None
    """The object that a record becomes; None: it is one already."""


def _loki(record: bytes, around: Context) -> object:
    """A pair of time and line, of a stream with these labels."""
    value = json.loads(record)
    labels: object = next((json.loads(text) for path, text in around.items() if path.endswith(".stream")), {})
    return {"labels": labels, "timestamp": value[0], "line": value[1]}


def _subscribed(record: bytes, around: Context) -> object:
    """An event of CloudWatch, with the stream that it is from."""
    return {**{path: json.loads(text) for path, text in around.items()}, **json.loads(record)}


def _result(record: bytes, around: Context) -> object:
    """A row of Insights, which is a list of fields and values; results of Splunk are objects."""
    value = json.loads(record)
    return {cell["field"]: cell["value"] for cell in value} if isinstance(value, list) else value


def _row(record: bytes, around: Context) -> object:
    """A row of a table whose columns are named before it."""
    columns = json.loads(around["tables[].columns"])
    return dict(zip((column["name"] for column in columns), json.loads(record), strict=False))


def _otlp(record: bytes, around: Context) -> object:
    """A record of OpenTelemetry's logs, with its attributes and those of its resource as plain members."""
    value = json.loads(record)
    resource: dict[str, object] = next((json.loads(text) for text in around.values()), {})
    return {
        "otlp": "logRecord",
        "timeUnixNano": value.get("timeUnixNano") or value.get("observedTimeUnixNano"),
        "severityText": value.get("severityText"),
        "body": _any_value(value.get("body")),
        "attributes": _attributes(value.get("attributes")),
        "resource": _attributes(resource.get("attributes")),
    }


def _attributes(pairs: object) -> object:
    pairs = pairs if isinstance(pairs, list) else []
    return {pair["key"]: _any_value(pair.get("value")) for pair in pairs}


def _any_value(value: object) -> object:
    """OpenTelemetry's AnyValue, which names its type."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    ((kind, inner),) = value.items()
    if kind == "kvlistValue":
        return _attributes(inner.get("values"))
    if kind == "arrayValue":
        return [_any_value(one) for one in inner.get("values", [])]
    return inner


DOCUMENTS: tuple[Document, ...] = (
    Document("Loki's API", "data.result[].values[]", ("data.result[].stream",), _loki),
    Document("Loki's push API", "streams[].values[]", ("streams[].stream",), _loki),
    Document("OTLP", "resourceLogs[].scopeLogs[].logRecords[]", ("resourceLogs[].resource",), _otlp),
    Document("OTLP", "resourceLogs[].instrumentationLibraryLogs[].logRecords[]", ("resourceLogs[].resource",), _otlp),
    Document("OTLP", "resource_logs[].scope_logs[].log_records[]", ("resource_logs[].resource",), _otlp),
    Document("Elasticsearch search", "hits.hits[]"),
    Document("Elasticsearch searches", "responses[].hits.hits[]"),
    Document("Elasticsearch async search", "response.hits.hits[]"),
    Document("Kibana search", "rawResponse.hits.hits[]"),
    Document("CloudWatch events", "events[]"),
    Document("CloudWatch subscription", "logEvents[]", ("logGroup", "logStream"), _subscribed),
    Document("results", "results[]", (), _result),
    Document("Azure query", "tables[].rows[]", ("tables[].columns",), _row),
    Document("Azure records", "records[]"),
    Document("Datadog's API", "data[]"),
    Document("Graylog search", "messages[].message"),
    Document("Google Cloud entries", "entries[]"),
    Document("list", "[]"),
)
"""Those of programs that ship or keep logs, by the paths of their records."""
WITHIN = "JSON document ("
LINES = "JSON objects over several lines"
JOURNAL = frozenset({"MESSAGE", "__REALTIME_TIMESTAMP"})
"""Fields of `journalctl -o json-pretty`, whose messages may be those of start scripts, without any head."""


def document_of(sample: bytes) -> str | None:
    """The name of what a log that begins so must be rewritten by; None: it is no document of several records."""
    _, document_begin = _behind_prose(io.BytesIO(sample[:LOOKED_AT]))
    sample = document_begin.read() + document_begin.read()
    seen = _paths_in(sample)
    for document in DOCUMENTS:
        if document.records in seen:
            return _name(document.records)
    heads = Counter(path for path, head in seen.items() if head)
    if not heads:
        return _over_several_lines(sample) if seen.keys() >= JOURNAL else None
    (path,) = [found for found, _ in heads.most_common(1)]
    at = path.rfind("[]")
    if at >= 0:
        return _name(path[: at + 2])
    return _over_several_lines(sample)


def _over_several_lines(sample: bytes) -> str | None:
    """The name for objects that are written over several lines; None: each is on a line of its own."""
    return None if object_of(sample.lstrip().split(b"\n", 1)[0].decode("utf-8", "replace")) is not None else _name("")


def _name(records: str) -> str:
    return f"{WITHIN}{records})" if records else LINES


def records_named(name: str) -> str | None:
    """The path of the records that such a name says; None: it is another rewriting's."""
    if name == LINES:
        return ""
    return name[len(WITHIN) : -1] if name.startswith(WITHIN) and name.endswith(")") else None


def _paths_in(sample: bytes) -> dict[str, bool]:
    """The paths of a sample's values, and whether a line of an error log is there."""
    seen: dict[str, bool] = {}

    def wanted(path: str) -> bool:
        if len(seen) < MOST_PATHS:
            seen.setdefault(path, False)
        return False

    for _ in values_at(io.BytesIO(sample), wanted):
        pass
    inner = {path[:at] for path in seen for at in range(len(path)) if path[at] in ".["}
    leaves = [path for path in seen if path and path not in inner]
    for path, value in values_at(io.BytesIO(sample), set(leaves).__contains__):
        if path != STRAY and HEAD.match(value):
            seen[path] = True
    return seen


class Behind:
    """A line that was read ahead of a stream, and then the stream."""

    def __init__(self, line: bytes, rest: BinaryIO) -> None:
        self._line, self._rest = line, rest

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        line, self._line = self._line, b""
        return line or self._rest.read(size)


def records_of(stream: BinaryIO, records: str) -> Iterator[bytes]:
    """A document's records, an object a line; what is no JSON, or too long, as it is."""
    document = next((one for one in DOCUMENTS if one.records == records), Document("unlisted", records))
    context: Context = {}
    before, stream = _behind_prose(stream)
    yield from before
    wanted = frozenset((document.records, *document.around))
    for path, value in values_at(stream, wanted.__contains__):
        if path == document.records:
            yield _line(document, value, context)
        elif path == STRAY:
            yield value
        else:
            context[path] = value


def _behind_prose(stream: BinaryIO) -> tuple[list[bytes], BinaryIO]:
    """The lines before a document, such as the command that printed it, and the stream from the document on."""
    before: list[bytes] = []
    while True:
        line = stream.readline(LONGEST_PROSE)
        if not line or line.lstrip(b"\xef\xbb\xbf \t\r")[:1] in (b"{", b"[") or len(before) >= MOST_PROSE:
            return before, cast("BinaryIO", Behind(line, stream))
        if line.strip():
            before.append(line.rstrip(b"\r\n"))


def _line(document: Document, record: bytes, context: Context) -> bytes:
    if document.line is not None:
        try:
            return json.dumps(document.line(record, context), ensure_ascii=False).encode("utf-8", "backslashreplace")
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return record
    return record if record.startswith(b"{") else b'{"line":%s}' % record
