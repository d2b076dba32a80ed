"""Opening what the user named: paths, folders, globs, '-', addresses in stores, compressed files, archives."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

from logsleuth.bounded import day_of
from logsleuth.errors import LogsleuthError
from logsleuth.logs.format.reader import reader_of
from logsleuth.logs.format.rewrite import Rewritten, rewritten
from logsleuth.logs.format.sniff import (
    SAMPLE,
    Format,
    in_its_own_zones,
    known_by_its_words,
    sniff,
    with_zone_of_workers,
)
from logsleuth.logs.httpd.layout.given import LayoutsOf, layouts_fit, no_layouts
from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.logs.open.archives import BLOCK, TOO_LARGE, archive_kind, tar_members, zip_members
from logsleuth.logs.open.block import read_lines, stream_read
from logsleuth.logs.open.day_order import in_the_order_of_the_others
from logsleuth.logs.open.expand import expand
from logsleuth.logs.open.folders import is_error_log
from logsleuth.logs.open.hosts import LONGEST_HOST, HowKnown, Named, hosts_of
from logsleuth.logs.open.place import LocalFile, is_there
from logsleuth.logs.open.rotation import in_order, without_copies
from logsleuth.logs.open.unpack import compression_of, open_packed, open_piped
from logsleuth.logs.open.years import in_the_year_of_the_others
from logsleuth.logs.zones.workers import followed
from logsleuth.regexes import regex
from logsleuth.values import dataclass, field, replace

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from logsleuth.logs.open.archives import Member
    from logsleuth.logs.open.place import Place

MARKED = 4096
"""Bytes by which a copy is known: two hosts that start in the same second may share their first lines."""
COMPANIONS = frozenset({"packages", "changes", "dated"})
"""Logs that say nothing of a server by themselves."""
UNREADABLE = "unreadable"
"""The name of a format of which nothing is known."""
FIRST_LINES = 1000
"""Lines among which a first time is looked for."""
LARGEST_ARCHIVE = 1 << 30
"""Bytes of all logs of an archive that are held."""
LARGEST_HOLE = 1 << 30
"""Bytes of NULs before the first line."""
WIDTH_OF_HOLE = 64
"""How many of them remain in the sample."""
LIKE_LOG = regex(r"(?i)log|err|access|messages|journal|dmesg|apache|httpd|\.(?:txt|out|jsonl?|csv)(?:\.|$)")
"""Names of files in an archive that are looked into."""


@dataclass(frozen=True, slots=True)
class Log:
    """One file or stream that is to be read."""

    path: str
    """As the user named it, without credentials; '-' is standard input."""
    size: int | None
    """Bytes as they are stored; None for streams."""
    newest: date
    """The day of the file's last change: for times that name no year."""
    compression: str | None
    format: Format
    begins: int | None = None
    """Local microseconds of the first line that has a time; None: no line of the sample has one, or a stream."""
    mark: bytes = b""
    """The first bytes, which a copy shares."""
    place: Place | None = None
    """Where its bytes are; None: they are held, or are a stream's, or cannot be read any more."""
    head: bytes = field(default=b"", repr=False)
    """What was already read from a stream that cannot be read twice."""
    stream: BinaryIO | None = field(default=None, repr=False)
    """That stream; None for files."""
    data: bytes | None = field(default=None, repr=False)
    """All its bytes, where it is a file in an archive."""
    hosts: tuple[str, ...] = ()
    """The hosts that wrote it, as far as its path or the first of its lines name them."""
    host_known: HowKnown | None = None
    """What names them; None: nothing does."""

    @property
    def host(self) -> str | None:
        """The host that wrote it; None: no host is named, or several are."""
        return self.hosts[0] if len(self.hosts) == 1 else None

    @property
    def is_plain(self) -> bool:
        """A file or object that is read as it is: any part of it can be read on its own."""
        return (
            self.place is not None
            and self.compression is None
            and self.format.rewrite is None
            and is_there(self.place)
        )  # fmt: skip

    @property
    def is_held(self) -> bool:
        """Whether this process alone has it: standard input, or a file that was taken out of an archive."""
        return self.stream is not None or self.data is not None

    @property
    def is_local(self) -> bool:
        """Whether reading it costs no request to another machine."""
        return self.place is None or isinstance(self.place, LocalFile)

    def open(self) -> BinaryIO:
        """The decompressed bytes, from the first. Raises OSError if it was rotated away or replaced since."""
        stream = self._open_raw()
        name = self.format.rewrite
        return stream if name is None else cast("BinaryIO", Rewritten(name, stream))

    def _open_raw(self) -> BinaryIO:
        if self.stream is not None:
            return cast("BinaryIO", _Joined(self.head, self.stream))
        if self.place is None:
            return io.BytesIO(self.data or b"")
        return _open(self.place, self.compression)


def open_logs(
    paths: Sequence[str],
    layouts: LayoutsOf = no_layouts,
    access_formats: tuple[str, ...] = (),
    known: Callable[[Sequence[str]], int] | None = None,
    host_rule: re.Pattern[str] | None = None,
) -> tuple[list[Log], list[str]]:
    """The logs among these paths that are read, and a sentence on each that is left out.

    Directories stand for the error logs in them (by their names); globs are expanded. The logs of
    neighbours (see `sniff.SOURCES`) are read beside an Apache error log, or alone. `layouts` tells the
    ErrorLogFormats of a path; `access_formats` are LogFormats that access logs may be in. `known` counts the lines
    that are known by their words; it is asked where all would be refused without it. `host_rule`: see `hosts_of`. One
    of several that cannot be read is left out. Raises LogsleuthError if a path does not exist, if the only one cannot
    be read, or if none of them could hold anything of an Apache.
    """
    logs, left_out = [], []
    looked = list(look_at(paths, layouts, access_formats, host_rule))
    if known is not None and all(log.format.source is None for log in looked):
        looked = [replace(log, format=known_by_its_words(log.format, _sample_of(log), known)) for log in looked]
    for log in looked:
        path = log.path
        if log.format.source is not None:
            logs += [log, *_others(log)]
        else:
            left_out.append(f"{path}: {log.format.reason}")
    if all(log.format.kind in COMPANIONS for log in logs):
        if (closed := next((log for log in looked if log.format.name == UNREADABLE), None)) is not None:
            raise LogsleuthError(f"{closed.path}: {closed.format.reason}")
        raise LogsleuthError(
            *_nothing_left(
                [*left_out, *(f"{log.path}: {log.format.reason}" for log in logs)],
                text=any(log.format.kind != "binary" for log in looked),
            )
        )
    dated = in_the_order_of_the_others(logs, lambda log: _begins(log, log.newest))
    logs, copies = without_copies(in_the_year_of_the_others(dated, _begins, _ends))
    return in_order(logs), [*left_out, *copies]


def look_at(
    paths: Sequence[str],
    layouts: LayoutsOf = no_layouts,
    access_formats: tuple[str, ...] = (),
    host_rule: re.Pattern[str] | None = None,
) -> Iterator[Log]:
    """Each file that is meant, whatever it is. Raises LogsleuthError as `open_logs` does."""
    places = expand(paths)
    hosts = hosts_of([place.name for place in places], host_rule)
    for place, host, logs in zip(places, hosts, _looked_at(places), strict=True):
        for log in logs:
            given = layouts(place.name, host.host if host is not None else "")
            read = _in_one_zone(with_access(with_layouts(log, given), access_formats))
            yield _of_host(read, host) if host_rule is None else _ruled(read, host_rule)


def _looked_at(places: Sequence[Place]) -> Iterator[Iterable[Log]]:
    """What is at each of these places."""
    if len(places) == 1:
        yield _look(places[0])
    elif all(isinstance(place, LocalFile) for place in places):
        yield from map(_look_or_pass_over, places)
    else:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - most logs are files on this machine

        from logsleuth.logs.open.stores.patience import AT_ONCE  # noqa: PLC0415

        with ThreadPoolExecutor(AT_ONCE) as pool:
            yield from pool.map(_look_or_pass_over, places)


def _of_host(log: Log, named: Named | None) -> Log:
    """The same log with its host: what its lines name goes before its path."""
    if log.host_known is not None:
        return log
    if log.hosts:
        return replace(log, host_known="lines")
    return log if named is None else replace(log, hosts=(named.host,), host_known=named.known)


def _ruled(log: Log, rule: re.Pattern[str]) -> Log:
    """The same log with the host that the user's own rule finds in its path, or with none, whatever its lines name."""
    (named,) = hosts_of([log.path], rule)
    return replace(log, hosts=(named.host,) if named else (), host_known=named.known if named else None)


def _others(log: Log) -> Iterator[Log]:
    """The same text once more, for what other programs say in it; a long stream can't be read twice."""
    if log.stream is None or len(log.head) < SAMPLE:
        for form in others_of(log.format):
            other = replace(log, format=form, mark=form.kind.encode() + b" in " + log.mark)
            yield other if other.begins is not None else replace(other, begins=_begins(other, other.newest))


def others_of(form: Format) -> tuple[Format, ...]:
    """What a log is read as besides, for what other programs say in it."""
    return tuple(
        Format(
            kind, kind, "the other programs' lines", wrapper=form.wrapper if kind == "access" else None,
            rewrite=form.rewrite, pasted=form.pasted, day=form.day,
            layouts=form.access if kind == "access" else (),
            access=form.access if kind == "access" else form.layouts if form.kind == "access" else (),
        )
        for kind in form.others
    )  # fmt: skip


def _nothing_left(left_out: Sequence[str], *, text: bool) -> tuple[str, str]:
    """What is wrong with logs of which none is an error log, and the way out; `text`: at least one is a text."""
    first = left_out[0] if left_out else "no file was named"
    more = f" (and {len(left_out) - 1} more that are not)" if len(left_out) > 1 else ""
    way_out = "name an Apache error log, such as /var/log/apache2/error.log"
    if left_out and text:
        way_out += ", or the format of this one with --log-format or --httpd-conf"
    return f"{first}{more}", way_out


def _look_or_pass_over(place: Place) -> list[Log]:
    """Open one place of several: what is wrong with it must not keep the others from being read."""
    try:
        return list(_look(place))
    except LogsleuthError as error:
        why = str(error).replace(place.name, "it")
        return [Log(place.name, 0, date.min, None, Format("binary", UNREADABLE, why), data=b"")]


def _look(place: Place) -> Iterator[Log]:
    """Open a place once, to see what is there: a log, or an archive of several. Raises LogsleuthError."""
    name = place.name
    try:
        found = place.look()
        if found.size is None:
            yield from _look_at_stream(name, found.place.open())
            return
        with found.place.open() as raw:
            compression = compression_of(raw.read(6))
            raw.seek(0)
            with raw if compression is None else open_packed(found.place.open, compression) as stream:
                sample = _sample(stream)
                damage = getattr(stream, "damage", None)
                if damage is not None and not sample:
                    raise LogsleuthError(f"{name} is a damaged {compression} file: {damage}", "fetch it again")
                if archive_kind(sample[:BLOCK]) is not None:
                    yield from _in_archive(found.place, compression)
                    return
                later: Sequence[bytes] = ()
                if compression is None and len(sample) == SAMPLE:
                    from logsleuth.logs.open.sampling import further_samples  # noqa: PLC0415 - most logs are short

                    later = further_samples(stream, found.size, SAMPLE)
    except OSError as error:
        raise place.unreadable(error) from None
    newest = day_of(found.changed)
    form = sniff(sample, complete=len(sample) < SAMPLE, newest=newest, later=later)
    yield Log(
        name, found.size, newest, compression, form,
        begins=_first_time(sample, form, newest), mark=sample[:MARKED], place=found.place,
        hosts=_hosts_in(sample, form, newest),
    )  # fmt: skip


def _in_archive(place: Place, compression: str | None) -> Iterator[Log]:
    """The logs in an archive."""
    with _open(place, compression) as stream:
        kind = archive_kind(stream_read(stream, BLOCK))
    if kind == "zip":
        with place.open() as file:
            yield from _logs_of(zip_members(file, _may_be_log), place.name, kind)
        return
    with _open(place, compression) as stream:
        yield from _logs_of(tar_members(stream, _may_be_log), place.name, "tar")


def _logs_of(found: Iterator[Member], archive: str, kind: str) -> Iterator[Log]:
    """The files of an archive of which a line is understood, or whose names say error log."""
    logs, held = [], 0
    for member in found:
        log = _log_of(member, archive, kind)
        if log.format.source is not None or is_error_log(member.name):
            held += len(member.data)
            logs.append(log if held <= LARGEST_ARCHIVE else _unread(log, TOO_LARGE))
    if not logs:
        raise LogsleuthError(f"{archive} is an archive without an error log", "name the log itself, such as error.log")
    hosts = hosts_of([log.path for log in logs])
    for log, host in zip(logs, hosts, strict=True):
        yield _of_host(log, host)


def _may_be_log(name: str) -> bool:
    return LIKE_LOG.search(name) is not None


def _log_of(member: Member, archive: str, kind: str | None) -> Log:
    """A file in an archive as a log."""
    path, sample = f"{archive}:{member.name}", member.data[:SAMPLE]
    newest = day_of(member.changed)
    if not member.data and member.problem:
        return Log(path, 0, newest, kind, Format("binary", "binary", member.problem), data=b"")
    form = sniff(sample, complete=len(sample) < SAMPLE, newest=newest)
    if member.problem:
        form = replace(form, reason=f"{form.reason}; {member.problem}")
    return Log(
        path, len(member.data), newest, kind, form, begins=_first_time(sample, form, newest), mark=sample[:MARKED],
        data=member.data, hosts=_hosts_in(sample, form, newest),
    )  # fmt: skip


def _unread(log: Log, problem: str) -> Log:
    return replace(log, format=Format("binary", "binary", problem), data=b"")


def with_layouts(log: Log, layouts: tuple[str, ...]) -> Log:
    """The same log, to be read by these ErrorLogFormats if they fit its lines."""
    if not layouts or log.format.kind in ("binary", "empty"):
        return log
    sample = _sample_of(log)
    form = with_zone_of_workers(layouts_fit(sample, layouts, log.format), [sample], log.newest)
    begins = None if log.stream is not None else _first_time(sample, form, log.newest)
    return replace(log, format=form, begins=begins)


def _in_one_zone(log: Log) -> Log:
    """The same log, read through once where its workers write in another zone: their first lines may not be in it."""
    zone = log.format.workers
    if zone is None:
        return log
    read = reader_of(in_its_own_zones(log.format), log.newest) or partial(tokenize, vhost=log.format.vhost)
    if log.stream is not None:
        whole = followed(log.head.split(b"\n"), zone, read)
    else:
        with log.open() as stream:
            whole = followed(read_lines(stream), zone, read)
    return replace(log, format=replace(log.format, workers=whole))


def with_access(log: Log, formats: tuple[str, ...]) -> Log:
    """The same log, to be read by these LogFormats if they fit its lines."""
    if not formats or log.format.kind in ("httpd", "binary", "empty"):
        return log
    sample = _sample_of(log)
    from logsleuth.logs.others.access.given import access_fits  # noqa: PLC0415 - few name LogFormats

    form = access_fits(sample, formats, log.format)
    begins = None if log.stream is not None else _first_time(sample, form, log.newest)
    return replace(log, format=form, begins=begins)


def _sample_of(log: Log) -> bytes:
    """The first bytes of a log that was looked at already."""
    if log.stream is not None:
        return log.head
    if log.data is not None:
        return log.data[:SAMPLE]
    if log.place is None:
        return b""
    with _open(log.place, log.compression) as stream:
        return _sample(stream)


def _begins(log: Log, newest: date) -> int | None:
    """When the first line of a log was written, if the log was last changed on this day."""
    return None if log.stream is not None else _first_time(_sample_of(log), log.format, newest)


def _ends(log: Log) -> int | None:
    """When the last line of a plain file was written, as its last bytes show; None: they do not, or it is none."""
    if not log.is_plain or not log.size:
        return None
    try:
        with log.open() as stream:
            stream.seek(max(log.size - SAMPLE, 0))
            last = stream_read(stream, SAMPLE).split(b"\n")[-FIRST_LINES:]
    except OSError:  # it can no longer be read, which is reported when it is scanned
        return None
    read = reader_of(log.format, log.newest) or tokenize
    times = [record.time for line in last if (record := read(line)) is not None and record.time is not None]
    return max(times, default=None)


def _first_time(sample: bytes, form: Format, newest: date) -> int | None:
    """When the first line of a log that has a time was written."""
    if form.source is None:
        return None
    if form.rewrite is not None:
        sample = rewritten(form.rewrite, sample)
    read = reader_of(form, newest) or tokenize
    records = (read(line) for line in sample.split(b"\n", FIRST_LINES)[:FIRST_LINES])
    return next((record.time for record in records if record is not None and record.time is not None), None)


def workers_in(log: Log) -> set[int]:
    """The processes that wrote the first lines of a log."""
    read = reader_of(log.format, log.newest) or partial(tokenize, vhost=log.format.vhost)
    records = [read(line) for line in _sample_of(log).split(b"\n", FIRST_LINES)[:FIRST_LINES]]
    return {record.pid for record in records if record is not None and record.pid}


def _hosts_in(sample: bytes, form: Format, newest: date) -> tuple[str, ...]:
    """The hosts that the lines of a wrapped log name."""
    if form.wrapper is None and not form.pasted:
        return ()
    if form.rewrite is not None:
        sample = rewritten(form.rewrite, sample)
    read = reader_of(form, newest) or tokenize
    records = [read(line) for line in sample.split(b"\n", FIRST_LINES)[:FIRST_LINES]]
    named = (record.host[:LONGEST_HOST] for record in records if record is not None and record.host)
    return tuple(dict.fromkeys(named))


def _look_at_stream(path: str, stream: BinaryIO) -> Iterator[Log]:
    """A stream can be read but once: what is read to see what it is, is kept. A tar in it is held in memory."""
    head = stream_read(stream, SAMPLE)
    compression = compression_of(head[:6])
    if compression is not None:
        stream = open_piped(cast("BinaryIO", _Joined(head, stream)), compression)
        head = stream_read(stream, SAMPLE)
    if archive_kind(head[:BLOCK]) == "tar":
        yield from _logs_of(tar_members(cast("BinaryIO", _Joined(head, stream)), _may_be_log), path, "tar")
        return
    form = sniff(head, complete=len(head) < SAMPLE)
    today = datetime.now(UTC).date()
    hosts = _hosts_in(head, form, today)
    yield Log(path, None, today, compression, form, head=head, stream=stream, hosts=hosts)


def _sample(stream: BinaryIO) -> bytes:
    """The first bytes; a compressed file cut off within them gives what there is.

    A file that was truncated under a writer that goes on where it was begins with a hole: it is passed over.
    """
    sample = stream_read(stream, SAMPLE)
    if not sample or sample.strip(b"\0"):
        return sample
    for _ in range(LARGEST_HOLE // SAMPLE):
        sample = stream_read(stream, SAMPLE)
        if len(sample) < SAMPLE or sample.strip(b"\0"):
            break
    return bytes(WIDTH_OF_HOLE) + sample[: SAMPLE - WIDTH_OF_HOLE]


def _open(place: Place, compression: str | None) -> BinaryIO:
    return place.open() if compression is None else open_packed(place.open, compression)


class _Joined(io.RawIOBase):
    """What was read ahead of a stream, and then the stream."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    @property
    def damage(self) -> str | None:
        """Why a compressed stream ends early."""
        damage: str | None = getattr(self._rest, "damage", None)
        return damage

    def read(self, size: int = -1) -> bytes:
        if self._head:
            part, self._head = self._head[:size], self._head[size:]
            return part
        return self._rest.read(size)
