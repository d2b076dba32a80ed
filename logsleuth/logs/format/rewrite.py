"""Logs whose entries are not lines: they are rewritten, one entry a line, before anything else reads them."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, cast

from logsleuth.bounded import read_toml
from logsleuth.logs.console.joined import JOINED, are_joined, parted
from logsleuth.logs.console.sentences import BROKEN, are_broken, mended
from logsleuth.logs.httpd.tokenize import EPOCH
from logsleuth.logs.open.utf16 import CODECS, utf8_lines, utf16_of
from logsleuth.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import BinaryIO

    Rewrite = Callable[[BinaryIO], Iterator[bytes]]

LONGEST = 1 << 20
"""Bytes of one value, or of a line's joined parts, that are kept."""
LARGEST_LIST = 16 << 20
LARGEST_VALUE = 768 << 20
"""What the journal takes for one field (journald's DATA_SIZE_MAX); a size beyond is none."""
PART = regex(rb"(\S+ (stdout|stderr)) ([FP])(?::\S+)? ")
_VERBOSE_HEAD = rb"(\w{2,9}\.? \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? \S{1,8}) \[s=[0-9a-f]{1,40};i="
VERBOSE_HEAD = regex(_VERBOSE_HEAD)
"""The first line of an entry of `journalctl -o verbose`: its time, and its cursor."""
ODD = regex(r"[^\w.\-:]")
WANTED = {
    b"__REALTIME_TIMESTAMP", b"_HOSTNAME", b"SYSLOG_IDENTIFIER", b"_COMM", b"SYSLOG_PID", b"_PID", b"MESSAGE",
}  # fmt: skip


def journal_export(stream: BinaryIO) -> Iterator[bytes]:
    """`journalctl -o export` (systemd's "Journal Export Format"), as the lines of `-o short-iso-precise`."""
    fields: dict[bytes, bytes] = {}
    while line := stream.readline(LONGEST):
        name, equals, value = line.rstrip(b"\n").partition(b"=")
        if not name:
            if fields:
                yield _short(fields)
            fields = {}
            continue
        if not equals:
            value = _sized(stream)
        if name in WANTED:
            fields[name] = value
    if fields:
        yield _short(fields)


def _sized(stream: BinaryIO) -> bytes:
    """A value that is not plain text: its size in eight bytes, itself, a newline."""
    size = int.from_bytes(stream.read(8), "little")
    if size > LARGEST_VALUE:
        return b""
    value = stream.read(min(size, LONGEST))
    left = size - len(value) + 1
    while left > 0 and (passed := stream.read(min(left, LONGEST))):
        left -= len(passed)
    return value


def _short(fields: dict[bytes, bytes]) -> bytes:
    text = {name.decode(): value.decode("utf-8", "backslashreplace") for name, value in fields.items()}
    message = text.get("MESSAGE", "").replace("\r", "\\r").replace("\n", "\\n")
    time = text.get("__REALTIME_TIMESTAMP", "")
    if not time.isdecimal() or len(time) > 16:
        return message.encode()
    moment = (EPOCH + timedelta(microseconds=int(time))).isoformat(timespec="microseconds")
    return f"{moment} {_writer(text)} {message}".encode()


def _writer(text: Mapping[str, str]) -> str:
    """Host, program and pid of an entry of the journal, as its short lines have them."""
    host = ODD.sub("_", text.get("_HOSTNAME", "")) or "-"
    program = ODD.sub("_", text.get("SYSLOG_IDENTIFIER") or text.get("_COMM") or "")[:64] or "-"
    pid = text.get("SYSLOG_PID") or text.get("_PID") or ""
    return f"{host} {program}{f'[{pid}]' if pid.isdecimal() else ''}:"


def journal_verbose(stream: BinaryIO) -> Iterator[bytes]:
    """`journalctl -o verbose`, as the lines of `-o short-full`; empty lines take the place of the fields."""
    head, fields, count = b"", dict[bytes, bytes](), 0
    for line in iter(lambda: stream.readline(LONGEST), b""):
        found = VERBOSE_HEAD.match(line)
        if found is not None:
            yield from _full(head, fields, count)
            head, fields, count = found[1], {}, 1
            continue
        count += 1
        name, equals, value = line.strip().partition(b"=")
        if not head:
            yield line.rstrip(b"\r\n")
        elif equals and name in WANTED:
            fields[name] = value
    yield from _full(head, fields, count)


def _full(head: bytes, fields: dict[bytes, bytes], count: int) -> Iterator[bytes]:
    """One entry and the lines that it had; `head`: its time, empty before the first entry."""
    if not head:
        return
    writer = _writer({name.decode(): value.decode("utf-8", "backslashreplace") for name, value in fields.items()})
    yield b" ".join((head, writer.encode(), fields.get(b"MESSAGE", b"")))
    yield from [b""] * (count - 1)


def cri_parts(stream: BinaryIO) -> Iterator[bytes]:
    """Lines of Kubernetes' that were cut to parts, joined; an empty line replaces each part but the last."""
    open_: dict[bytes, tuple[bytes, bytes]] = {}
    for line in iter(lambda: stream.readline(LONGEST), b""):
        found = PART.match(line)
        if found is None:
            yield line.rstrip(b"\n")
            continue
        head, text = open_.pop(found[2], (found[1], b""))
        text += line[found.end() :].rstrip(b"\n")
        if found[3] == b"P" and len(text) < LONGEST:
            open_[found[2]] = head, text
            yield b""
        else:
            yield head + b" F " + text
    for head, text in open_.values():
        yield head + b" F " + text


def toml_changes(stream: BinaryIO) -> Iterator[bytes]:
    """A list of changes in TOML, as CSV; one that is no TOML is left as it is."""
    data = stream.read(LARGEST_LIST)
    import csv  # noqa: PLC0415 - few logs are TOML

    try:
        tables = read_toml(data.decode("utf-8"))
    except ValueError:
        yield from data.split(b"\n")
        return
    changes = tables.get("change", [])
    yield b"time,what,who,where"
    for change in changes if isinstance(changes, list) else []:
        if isinstance(change, dict):
            row = io.StringIO()
            cells = (str(change.get(name, "")).replace("\n", " ") for name in ("time", "what", "who", "where"))
            csv.writer(row, lineterminator="").writerow(cells)
            yield row.getvalue().encode("utf-8", "backslashreplace")


def without_holes(stream: BinaryIO) -> Iterator[bytes]:
    """Lines without their NUL bytes: what was written last before a power failure is often a hole in the file.

    A head behind the hole begins a line of its own, the first after the failure; the line that the hole tore is lost.
    """
    held = b""
    while piece := stream.readline(LONGEST):
        behind = piece.rpartition(b"\0")[2]
        if behind.startswith(b"[") and HOLE.search(piece):
            held = behind
        else:
            held += piece.translate(None, b"\0")[: LONGEST - len(held)]  # replace takes ten times as long
        if piece.endswith(b"\n"):
            yield held.rstrip(b"\n")
            held = b""
    if held:
        yield held


HOLES = "NUL bytes"
"""The name of that rewriting."""
HOLE = regex(rb"\0{16}", needs=(bytes(16),))
"""More NULs than any encoding of text puts side by side."""
REWRITES: dict[str, Rewrite] = {
    "journal export": journal_export, "journal verbose": journal_verbose, "CRI parts": cri_parts,
    "TOML list": toml_changes, HOLES: without_holes, JOINED: parted, BROKEN: mended,
}  # fmt: skip
PHP_TRACES = "PHP traces"
SIGNS: dict[str, tuple[tuple[bytes, ...], re.Pattern[bytes]]] = {
    "YAML entries": (
        (b"textPayload:", b"jsonPayload:", b"logName:"),
        regex(rb"\A(?:---\r?\n)?(?:[A-Za-z]+:[^\n]*\n|[ -][^\n]*\n){0,60}?(?:textPayload|jsonPayload|logName):"),
    ),
    "journal export": (
        (b"__REALTIME_TIMESTAMP=",),
        regex(rb"\A(?:[A-Z_][A-Z0-9_]*=.*\n){0,3}__REALTIME_TIMESTAMP=\d+\n"),
    ),
    "journal verbose": (
        (b" [s=",),
        regex(rb"\A(?:-- [^\n]*\n|[^\n]*journalctl [^\n]*\n){0,3}" + _VERBOSE_HEAD),
    ),
    "TOML list": ((b"[[change]]",), regex(rb"\A(?:[ \t\r]*(?:#.*)?\n)*\[\[change\]\][ \t\r]*\n")),
    "CRI parts": ((b" P ",), regex(rb"^\d{4}-\S+ (?:stdout|stderr) P ", re.MULTILINE)),
    PHP_TRACES: (
        (b"Stack trace:",),
        regex(rb"^\[\d\d-[A-Z][a-z]{2}-\d{4} [^\]\n]{8,60}\] PHP [^\n]*\n(?:PHP )?Stack trace:", re.MULTILINE),
    ),
}
"""How a log that must be rewritten is recognised by its first bytes: one of these words is in them, and this."""
JSON = regex(rb"(?:\xef\xbb\xbf)?(?:[^\[{\n][^\n]*\n|\n){0,5}\s*+(?:\{\s*+[\"}]|\[\s*+[{\[\"])")
"""How a JSON document begins, perhaps behind the command that printed it; httpd's lines begin with a bracket, too."""
LOOKED_AT = 64 * 1024
"""Bytes whose lines are looked at before anything is imported for lines that were broken."""
WRAPPED = "lines wrapped at "
YAML = "YAML entries"
NEWEST_FIRST = "newest first"
AND = " + "
"""Between the names of rewritings that are done one after the other."""
CSV = regex(rb"(?:\xef\xbb\xbf)?[\"@\w][^\n\[\]{}]{0,4000}[,;\t][^\n\[\]{}]{1,4000}(?:\[UTC\][^\n\[\]{}]{0,4000})*\n")
"""How a table begins: with a line of names."""


def _rewriting(name: str) -> Rewrite:
    """What rewrites logs, by its name."""
    if name in CODECS:
        return partial(utf8_lines, codec=CODECS[name])
    if name.startswith(WRAPPED):
        from logsleuth.logs.console.wrapping import unwrapped, wrapping_named  # noqa: PLC0415 - few logs are pasted

        wrapping = wrapping_named(name)
        return REWRITES[name] if wrapping is None else partial(unwrapped, wrapping=wrapping)
    if name == PHP_TRACES:
        from logsleuth.logs.others.php import joined_traces  # noqa: PLC0415 - few logs are PHP's own

        return joined_traces
    if name in REWRITES:
        return REWRITES[name]
    return _export_rewriting(name)


def _export_rewriting(name: str) -> Rewrite:
    """What makes lines of an export, by its name."""
    from logsleuth.logs.wrappers import documents, entries  # noqa: PLC0415 - few logs are exports

    if name == YAML:
        from logsleuth.logs.wrappers.yaml_entries import yaml_entries  # noqa: PLC0415

        return yaml_entries
    if name == entries.ROWS:
        return entries.rows_as_objects
    if name == NEWEST_FIRST:
        return entries.oldest_first
    if (path := entries.path_named(name)) is not None:
        return partial(entries.split_entries, path=path)
    return partial(documents.records_of, records=documents.records_named(name) or "")


def rewrite_of(sample: bytes) -> str | None:
    """Which rewriting a log that begins so needs; None: none. One in UTF-16 may need another behind that."""
    if (encoding := utf16_of(sample)) is not None:
        return encoding
    for name, (words, sign) in SIGNS.items():
        if any(word in sample for word in words) and sign.search(sample) is not None:
            return name
    if JSON.match(sample) is not None:
        from logsleuth.logs.wrappers.documents import document_of  # noqa: PLC0415 - few logs are documents

        return document_of(sample)
    if not sample.startswith(b"[") and CSV.match(sample) is not None:
        from logsleuth.logs.wrappers.entries import ROWS, has_long_rows  # noqa: PLC0415 - few logs are CSV

        if has_long_rows(sample):
            return ROWS
    return _of_pasting(sample)


def _of_pasting(sample: bytes) -> str | None:
    """Which rewriting undoes what became of a log's lines on its way to us; None: none."""
    if are_joined(sample[:LOOKED_AT]):
        return JOINED
    if _begins_with_heads(sample):
        return None
    from logsleuth.logs.console.wrapping import wrapping_of  # noqa: PLC0415 - most logs have heads on all lines

    wrapping = wrapping_of(sample)
    if wrapping is not None:
        return wrapping.name
    return BROKEN if are_broken(sample) else None


def _begins_with_heads(sample: bytes) -> bool:
    """Whether each of the first lines begins as httpd's heads do: then none goes on in the next one."""
    lines = sample[:LOOKED_AT].split(b"\n")[:-1]
    return bool(lines) and all(line.startswith(b"[") for line in lines)


def can_do_without(name: str | None) -> bool:
    """Whether a log can be read without this rewriting, as a log that is followed must: little of it is lost.

    The first line behind a hole, what was wrapped or stood side by side, and traces' lines, which then are lines of
    their own.
    """
    names = (name or "").split(AND)
    return all(one in (HOLES, PHP_TRACES, JOINED, BROKEN) or one.startswith(WRAPPED) for one in names)


def both(first: str | None, then: str | None) -> str | None:
    """The rewriting that applies these in order; None if there are none."""
    return AND.join(name for name in (first, then) if name) or None


def rewritten(name: str, data: bytes) -> bytes:
    """A sample, rewritten."""
    for one in name.split(AND):
        data = b"\n".join(_rewriting(one)(io.BytesIO(data)))
    return data


class Rewritten(io.RawIOBase):
    """A stream, rewritten as it is read."""

    def __init__(self, name: str, stream: BinaryIO) -> None:
        *before, name = name.split(AND)
        if before:
            stream = cast("BinaryIO", Rewritten(AND.join(before), stream))
        self._stream = stream
        self._lines = _rewriting(name)(cast("BinaryIO", io.BufferedReader(_Source(stream), 1 << 16)))
        self._held = bytearray()

    @property
    def damage(self) -> str | None:
        """Why a compressed log ends early."""
        damage: str | None = getattr(self._stream, "damage", None)
        return damage

    def readable(self) -> bool:
        """Yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes, fewer only at the end."""
        while (size < 0 or len(self._held) < size) and (line := next(self._lines, None)) is not None:
            self._held += line + b"\n"
        part = bytes(self._held if size < 0 else self._held[:size])
        del self._held[: len(part)]
        return part

    def close(self) -> None:
        """Close what is read from, too."""
        self._stream.close()
        super().close()


class _Source(io.RawIOBase):
    """Anything that has `read`, for a buffer."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """As many bytes as there are at once."""
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
