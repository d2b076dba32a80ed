"""The compiled scan, where there is one: the same Tally as the reference gives, entry by entry.

What is counted stays in the compiled part until all blocks are done, and becomes a Tally then.
"""

from __future__ import annotations

import importlib
import os
import sys
import weakref
from contextlib import suppress
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

from logsleuth.library.index import index_of
from logsleuth.logs.open.block import PAD
from logsleuth.scan import tally as bounds
from logsleuth.scan.bykey import Answers, AnswersByKey, KeyCounts
from logsleuth.scan.clock import EPOCH, WallClock
from logsleuth.scan.series import Counts, Durations, Moment, Series
from logsleuth.scan.sighting import Sighting
from logsleuth.scan.tally import LogTally, PatternTally, PidTally, Sign, Signs, Tally, TemplateTally, Traffic

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logsleuth.library.pattern import Pattern
    from logsleuth.logs.httpd.layout.machine import Machine
    from logsleuth.logs.httpd.record import Reader
    from logsleuth.logs.open.block import Block
    from logsleuth.scan.matcher import Matcher
    from logsleuth.scan.options import ScanOptions

SWITCH = "LOGSLEUTH_CORE"
"""Environment variable; 0: the reference is used, even if there is a compiled scan."""
INTERFACE = 13
"""What core/src/python.rs must say as well: a compiled scan that was left over from another version is not used."""


@lru_cache(maxsize=1)
def compiled() -> Any:  # noqa: ANN401 - a module that may be missing
    """The compiled scan's module, or None."""
    if os.environ.get(SWITCH) == "0":
        return None
    try:
        made = importlib.import_module("logsleuth._core")
    except ImportError:
        return None
    return made if made.INTERFACE == INTERFACE else None


def scan_in_use() -> Literal["compiled", "reference"]:
    """Which of the two scans counts lines; those of some formats Python reads for either."""
    return "reference" if compiled() is None else "compiled"


class CoreLibrary:
    """A matcher's patterns, as the compiled scan needs them."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        self.patterns = matcher.library.patterns
        self.idle: list[CoreScan] = []
        """Scans that were taken from, and may be used again."""
        self.made = compiled().Library(index_of(matcher.library).scan, _asked(matcher))


Answer = tuple[int, tuple[tuple[str, str], ...], int]
"""The line on which a match starts, its fields, and the pid that it is about."""


def _asked(matcher: Matcher) -> Callable[[int, int, bytes], Answer | None]:
    """What only Python can match: regexes of contributed patterns that are not linear.

    The compiled part holds this, and the matcher that part: so this must not hold the matcher, or none would ever end.
    """
    weakly = weakref.ref(matcher)

    def ask(p: int, m: int, text: bytes) -> Answer | None:
        there = weakly()
        hit = there.confirm(p, m, text) if there is not None else None
        return None if hit is None else (hit.line, hit.fields, hit.subject)

    return ask


class CoreScan:
    """What one thread counts. Blocks of several logs may be added."""

    def __init__(self, library: CoreLibrary) -> None:
        self._library = library
        self._made = compiled().Scan(
            [
                bounds.MOMENTS_A_PATTERN, bounds.MOMENTS_OF_NOISE, bounds.PIDS_A_PATTERN, bounds.CLIENTS_A_PATTERN,
                bounds.SECONDS_SERVED, bounds.MOMENTS_A_TEMPLATE, bounds.TEMPLATES, bounds.SIGNS, bounds.SIGN_WIDTH,
                bounds.WIDEST_SIGN, bounds.SAMPLES, bounds.STEPS, bounds.SECONDS_OF_TRAFFIC, bounds.KEYS_OF_TRAFFIC,
                bounds.DURATIONS,
            ]
        )  # fmt: skip

    @classmethod
    def of(cls, matcher: Matcher) -> CoreScan:
        """One for these patterns; what was taken from is used again, since it has its regexes at hand."""
        if not isinstance(matcher.compiled, CoreLibrary):
            matcher.compiled = CoreLibrary(matcher)
        idle = matcher.compiled.idle
        return idle.pop() if idle else cls(matcher.compiled)

    def update(self, block: Block, options: ScanOptions, access: object, records: object) -> None:
        """Add what a block owns; `access`, `records`: what `core_access` and `core_records` made of the options."""
        window = options.window
        self._made.update(
            self._library.made, block.log, block.base, block.data, PAD, block.own_begin, block.own_end,
            source=options.source, access=access, records=records, vhost=options.vhost,
            since=window.since, until=window.until, span=min(options.span, 1 << 31),
        )  # fmt: skip

    def merge(self, other: CoreScan) -> None:
        """Add what another thread counted, and leave nothing there."""
        self._made.merge(other._made)
        self._library.idle.append(other)

    def take(self) -> Tally:
        """What was counted, leaving nothing."""
        raw = self._made.take(self._library.made, partial(tuple.__new__, Sighting))
        self._library.idle.append(self)
        named, patterns, templates = self._library.patterns, raw["patterns"], raw["templates"]
        width, signs = raw["signs"]
        timeouts = dict(self._library.matcher.timeouts)
        self._library.matcher.timeouts.clear()
        return Tally(
            # each is let go of as soon as it is made ours: the peak of memory is here
            patterns={named[number].id: _pattern(named[number], patterns.pop(number)) for number in list(patterns)},
            templates={
                key: TemplateTally(_series(bounds.MOMENTS_A_TEMPLATE, templates.pop(key))) for key in list(templates)
            },
            logs={number: _log(one) for number, one in raw["logs"].items()},
            signs=Signs(width, {key: Sign(*sign) for key, sign in signs.items()}),
            served=Counts(bounds.SECONDS_SERVED, *raw["served"]),
            traffic={number: _traffic(one) for number, one in raw["traffic"].items()},
            timeouts=timeouts,
        )


def let_go(matcher: Matcher) -> None:
    """Free what a large scan keeps at hand for the next one: the states of its regexes, and pools of freed memory."""
    if isinstance(matcher.compiled, CoreLibrary):
        matcher.compiled.idle.clear()
        give_back()


def give_back() -> None:
    """Give the system back what the compiled scan has freed: Python, which has an allocator of its own, cannot use it.

    glibc keeps it in a pool for each thread; of 100 MB of log that is up to 50 MB, until the end. Others keep little.
    """
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415 - for large logs alone

    with suppress(AttributeError):  # musl has no such function
        ctypes.CDLL(None).malloc_trim(0)


def core_access(options: ScanOptions) -> object | None:
    """What the compiled scan reads an access log with; None: some format has parts that only Python reads."""
    made = compiled()
    if made is None or options.source != "access":
        return None
    from logsleuth.logs.others.access.converters import converters_of  # noqa: PLC0415 - most runs read error logs alone
    from logsleuth.logs.others.access.layout import access_layout  # noqa: PLC0415

    if converters_of(options.access):
        return None
    clock = WallClock(options.zone)
    layouts = [access_layout(text) for text in options.access]
    given = [
        ([(piece.kind, piece.text.encode(), piece.group) for piece in layout.pieces], layout.took_unit)
        for layout in layouts
    ]
    try:
        return cast("object", made.Access(given, partial(_east_of_utc, clock)))
    except ValueError:
        return None


class CoreRecords(Protocol):
    """How the compiled scan reads a log in another format than httpd's defaults."""

    @property
    def reads(self) -> bool:
        """Whether it reads nearly all lines without asking Python."""


def core_records(options: ScanOptions) -> CoreRecords | None:
    """What the compiled scan reads the lines of another format with; None: it cannot count them."""
    made, reader = compiled(), options.reader
    if made is None or reader is None or options.by_host or options.source == "access":
        return None
    wrapper, newest = options.plain or ("", EPOCH)
    clock = WallClock(options.zone)
    ask, shift = partial(_asked_line, reader, clock), partial(_east_of_utc, clock)
    machines, errors = _machines(options.layouts) if options.layouts else ([], [])
    try:
        records = made.Records(wrapper, (newest.year, newest.month, newest.day), machines, errors, shift, ask)
    except ValueError:  # a time without a day, say
        records = made.Records(wrapper, (newest.year, newest.month, newest.day), [], [], shift, ask)
    return cast("CoreRecords", records)


def _machines(layouts: Sequence[str]) -> tuple[list[Machine], list[bytes]]:
    """The machines of ErrorLogFormats, and what errors are in words; none if Python must read one of these formats."""
    from logsleuth.logs.httpd.layout.layout import layout  # noqa: PLC0415 - few logs are in formats of their own
    from logsleuth.logs.httpd.layout.machine import machine_of  # noqa: PLC0415
    from logsleuth.logs.httpd.layout.shapes import error_words  # noqa: PLC0415

    machines = [machine for argument in layouts if (machine := machine_of(layout(argument))) is not None]
    return (machines, [word.encode() for word in error_words()]) if len(machines) == len(layouts) else ([], [])


def _asked_line(reader: Reader, clock: WallClock, raw: bytes) -> tuple[object, ...] | None:
    """What core/src/python.rs wants to know of a line; None: it is passed over."""
    from logsleuth.scan.lines import record_line  # noqa: PLC0415 - most logs are in httpd's default formats

    line = record_line(0, 0, raw, reader(raw), clock)
    if line.passed:
        return None
    return line.time if line.dated else None, line.kind, line.pid, line.tid, line.client, line.rest, line.damaged


def _east_of_utc(clock: WallClock, utc: int) -> int:
    """Microseconds."""
    return clock.local(utc, 0) - utc


def _series(cap: int, raw: tuple[int, dict[int, tuple[int, Sighting, int]]]) -> Series:
    width, buckets = raw
    return Series(cap, width, {number: Moment(*moment) for number, moment in buckets.items()})


def _pattern(
    pattern: Pattern, raw: tuple[Any, Any, dict[int, tuple[int, Sighting, Sighting]], tuple[int, dict[str, int]]]
) -> PatternTally:
    series, last, by_pid, (total, kept) = raw
    cap = bounds.MOMENTS_OF_NOISE if pattern.is_outlined else bounds.MOMENTS_A_PATTERN
    return PatternTally(
        _series(cap, series),
        last,
        {pid: PidTally(*found) for pid, found in by_pid.items()},
        KeyCounts(bounds.CLIENTS_A_PATTERN, total, kept),
    )


def _traffic(raw: tuple[Any, ...]) -> Traffic:
    counts = [Counts(bounds.SECONDS_OF_TRAFFIC, *one) for one in raw[:4]]
    took = Durations(bounds.DURATIONS, *raw[4])
    answers = [
        AnswersByKey(bounds.KEYS_OF_TRAFFIC, Answers(*total), {key: Answers(*one) for key, one in kept.items()})
        for total, kept in raw[5:]
    ]
    return Traffic(counts[0], counts[1], counts[2], counts[3], took, answers[0], answers[1], answers[2])


def _log(raw: dict[str, Any]) -> LogTally:
    return LogTally(**raw)
