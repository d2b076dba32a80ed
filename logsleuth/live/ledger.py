"""The logs that a probe follows. New lines are read once, and are added to a tally or held until they are complete."""

from __future__ import annotations

from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from logsleuth.bounded import day_of
from logsleuth.errors import LogsleuthError
from logsleuth.live.named_logs import logs_named
from logsleuth.live.part import Part
from logsleuth.live.state import Followed, State
from logsleuth.logs.follow.fingerprint import skip
from logsleuth.logs.follow.follow import Move, news, read_piece
from logsleuth.logs.follow.siblings import RotatedError, with_inode
from logsleuth.logs.format.reader import reader_of
from logsleuth.logs.format.rewrite import can_do_without
from logsleuth.logs.format.sniff import Format, in_its_own_zones
from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.logs.open.block import BLOCK, SPAN, count_lines, stream_read
from logsleuth.logs.open.log import Log, look_at, others_of
from logsleuth.logs.open.place import LocalFile
from logsleuth.scan.options import ScanOptions
from logsleuth.scan.scanner import Scanner
from logsleuth.scan.tally import Tally
from logsleuth.values import dataclass, replace

if TYPE_CHECKING:
    from datetime import tzinfo

    from logsleuth.logs.follow.follow import News, Piece
    from logsleuth.logs.httpd.layout.given import LayoutsOf
    from logsleuth.scan.matcher import Matcher

TALLY_SPAN_S = 3 * 86400.0
"""Seconds that a tally covers. Two are kept, so at least one span is known, and at most two."""
LOSSES_KEPT = 8
"""Sentences on lost lines that are kept in the state."""
WORTH_COUNTING = 1 << 31
"""Bytes: if reading starts within this, the lines before it are counted; beyond, lines have no numbers."""
NOWHERE = Log("", 0, date.min, None, Format("httpd", "", ""))
"""Stands for files whose tally was dropped."""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What reading the logs once yielded, by their paths."""

    found: dict[str, News]
    trouble: dict[str, str]
    """Why logs cannot be read now: they are missing, or there is no permission."""

    @property
    def size(self) -> int:
        """Bytes that were new."""
        return sum(news.size for news in self.found.values())

    @property
    def moves(self) -> tuple[str, ...]:
        """Sentences on rotations of logs that can be read."""
        return tuple(news.sentence for path, news in self.found.items() if news.sentence and path not in self.trouble)

    @property
    def losses(self) -> tuple[str, ...]:
        """Those of these sentences that report lost lines."""
        return tuple(news.sentence for path, news in self.found.items() if news.lost != 0 and path not in self.trouble)


class Ledger:
    """Reads new lines and adds them up. Everything that must be kept between two runs is in `state`."""

    def __init__(self, state: State, matcher: Matcher, zone: tzinfo, layouts: LayoutsOf, since: int | None) -> None:
        """`since`: local seconds since 1970 from which a new log is read; None: from its first line."""
        self.state = state
        self._zone = zone
        self._layouts = layouts
        self._since = since

        @lru_cache(maxsize=16)
        def scanner(form: Format, newest: date) -> Scanner:
            return Scanner(matcher, ScanOptions(form.vhost, form.source or "httpd", reader_of(form, newest), zone=zone))

        self._scanner = scanner

    def read(self, paths: tuple[str, ...], now: float) -> ReadResult:
        """Read new lines of each log; `paths`: as named, or globs; `now` in seconds since 1970, UTC.

        Raises RotatedError if a file was truncated while it was read: the state is then invalid, so use the saved one.
        """
        self._start_new_tally(now)
        found, trouble = {}, {}
        for path in logs_named(paths, self.state.logs, now):
            try:
                found[path] = self._read_log(path)
                if found[path].move is Move.GONE:
                    trouble[path] = found[path].sentence
            except RotatedError:
                raise
            except LogsleuthError as error:
                trouble[path] = str(error)
        return ReadResult(found, trouble)

    def tally(self) -> Tally:
        """Everything known, including lines that are held; the state does not change."""
        whole = Tally()
        whole.merge(self.state.older)
        whole.merge(self.state.recent)
        for part in self._open():
            for number, form in zip(part.numbers, part.formats, strict=True):
                block = part.rest(number)
                if block is not None:
                    whole.merge(self._scanner(form, part.newest).scan(block))
        return whole

    def files(self) -> list[Log]:
        """The files that the tally refers to by number, at their current paths."""
        logs = [NOWHERE] * self.state.numbers
        for part in (*self.state.closed, *self._open()):
            path, inode = _where(part)
            for number, form in zip(part.numbers, part.formats, strict=True):
                logs[number] = Log(path, part.size, part.newest, None, form, place=LocalFile(path, inode))
        return logs

    def names(self) -> dict[int, str]:
        """For each number of the tally the path of its log, as the user named it."""
        parts = (*self.state.closed, *self._open())
        return {number: part.log for part in parts for number in part.numbers}

    def _open(self) -> list[Part]:
        return [part for followed in self.state.logs.values() for part in followed.open]

    def _read_log(self, path: str) -> News:
        followed = self.state.logs.setdefault(path, Followed())
        found = news(path, followed.bookmark)
        if followed.open and found.before is not None:
            followed.open[-1].path, followed.open[-1].inode = str(found.before.path), found.before.inode
        for piece in found.pieces:
            self._take(path, followed, piece)
        followed.bookmark = found.bookmark_after
        self._close(followed, found)
        if found.lost != 0 and found.move is not Move.GONE:
            self.state.lost = [*self.state.lost, found.sentence][-LOSSES_KEPT:]
        return found

    def _take(self, path: str, followed: Followed, piece: Piece) -> None:
        part = _continued(followed, piece)
        if part is None:
            part = self._first_part(path, piece, at_first=followed.bookmark is None)
            followed.open.append(part)
        part.path, part.inode, part.newest = str(piece.path), piece.file.inode, _day(piece.file.changed)
        missing = piece.end - part.size
        for data in read_piece(replace(piece, start=part.size)):
            # a newline that is added to an incomplete last line is not in the file: it would shift all later offsets
            part.take(data[:missing])
            missing -= len(data)
            if len(part.held) > BLOCK + 4 * SPAN:
                self._settle(part, final=False)
        if part.settled == 0:  # with more lines the format is recognised more reliably
            self._recognise(part, piece.path)
        self._settle(part, final=False)

    def _first_part(self, path: str, piece: Piece, at_first: bool) -> Part:
        """A file that is read for the first time."""
        part = Part(path, str(piece.path), piece.file.inode, _day(piece.file.changed))
        self._recognise(part, piece.path)
        begin = piece.start
        if at_first and self._since is not None and piece.file.compression is None:
            begin = self._offset_of(part, piece, self._since)
        if begin:
            self._pass_over(part, piece, begin)
        return part

    def _offset_of(self, part: Part, piece: Piece, since: int) -> int:
        """The offset of the first line that is new enough, found by bisection."""
        from logsleuth.logs.open.seek import find_stretch  # noqa: PLC0415 - for new logs only

        form = part.formats[0]
        read = reader_of(form, part.newest) or partial(tokenize, vhost=form.vhost)
        with piece.file.open() as stream:
            return find_stretch(stream, piece.end, read, since, None).begin

    def _pass_over(self, part: Part, piece: Piece, begin: int) -> None:
        """Skip what comes before an offset, but hold the bytes that are needed to join lines across it."""
        with piece.file.open() as stream:
            lines = count_lines(stream, begin) if begin <= WORTH_COUNTING else None
            part.base, part.settled = max(begin - 2 * SPAN, 0), begin
            skip(stream, part.base, packed=False)
            part.held = stream_read(stream, begin - part.base)
        for number in part.numbers:
            self.state.recent.pass_over(number, lines)

    def _recognise(self, part: Part, path: Path) -> None:
        """Find a file's format. Raises LogsleuthError (exit code 3) if it is not a log that can be followed."""
        logs = list(look_at([str(path)], lambda _, host: self._layouts(part.log, host)))
        if len(logs) != 1 or logs[0].data is not None:
            raise LogsleuthError(f"{path} can't be followed: it is an archive", "name the log itself", 3)
        (log,) = logs
        form = in_its_own_zones(log.format)
        if can_do_without(form.rewrite):
            form = replace(form, rewrite=None)
        if form.source is None or form.rewrite is not None:
            raise LogsleuthError(f"{path} can't be followed: {log.format.reason}", "name an Apache error log", 3)
        part.formats = (form, *others_of(form))
        more = len(part.formats) - len(part.numbers)
        part.numbers = (*part.numbers, *range(self.state.numbers, self.state.numbers + more))[: len(part.formats)]
        self.state.numbers += max(more, 0)

    def _settle(self, part: Part, final: bool) -> None:
        for number, form in zip(part.numbers, part.formats, strict=True):
            for block in part.settle(number, final):
                self.state.recent.merge(self._scanner(form, part.newest).scan(block))
        part.settled_to(final)

    def _close(self, followed: Followed, found: News) -> None:
        """Finish the files to which nothing more will be written."""
        after = found.bookmark_after
        living = {after.inode, after.left.inode if after.left else None}
        for part in followed.open[:-1]:
            if part.inode not in living or part.inode == followed.open[-1].inode:
                self._settle(part, final=True)
                followed.open.remove(part)
                self.state.closed.append(part)

    def _start_new_tally(self, now: float) -> None:
        """After TALLY_SPAN_S, drop the older tally and start a new one, so that the state stays small."""
        state = self.state
        if now - state.begun < TALLY_SPAN_S:
            return
        if state.begun:
            _carry_lines(state.older, state.recent, self._open())
            state.older, state.recent = state.recent, Tally()
            known = state.older.logs.keys() | state.recent.logs.keys()
            state.closed = [part for part in state.closed if known & set(part.numbers)]
        state.begun = now


def _carry_lines(older: Tally, recent: Tally, parts: list[Part]) -> None:
    """Keep the number of lines that a dropped tally had counted: later lines would get wrong numbers otherwise."""
    for part in parts:
        for number in part.numbers:
            dropped = older.logs.get(number)
            if dropped is not None:
                counted = sum(dropped.blocks.values()) if dropped.numbered else None
                recent.pass_over(number, counted)


def _continued(followed: Followed, piece: Piece) -> Part | None:
    """The part that a piece continues; None: it is the start of another file."""
    fitting = [part for part in followed.open if part.size == piece.start > 0]
    fitting.sort(key=lambda part: part.inode == piece.file.inode)
    return fitting[-1] if fitting else None


def _where(part: Part) -> tuple[str, int]:
    """The path of a file now: rotation may have renamed it since it was closed."""
    try:
        if Path(part.path).stat().st_ino == part.inode:
            return part.path, part.inode
        folder = Path(part.path).parent
        found = with_inode((folder,), folder.stat().st_dev, part.inode)
    except OSError:
        found = None
    return (str(found.path), part.inode) if found else (part.path, part.inode)


def _day(nanoseconds: int) -> date:
    return day_of(nanoseconds / 1e9)
