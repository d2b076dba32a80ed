"""From the local clock of a log, which names no zone, to UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

from logsleuth.errors import LogsleuthError
from logsleuth.regexes import regex
from logsleuth.spelling import did_you_mean

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIXED = regex(r"(?:UTC)?(?P<sign>[+-])(?P<hours>0\d|1[0-4]):?(?P<minutes>[0-5]\d)", re.ASCII)
"""A zone by its offset alone: 'UTC-06:00', '+0530'."""
STEPPED = regex(r"(?P<before>UTC[^,]*), (?P<after>UTC\S*) from (?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d)Z", re.ASCII)
"""A zone by its offsets before and after clocks were changed: 'UTC+01:00, UTC+02:00 from 2026-03-29T01:00Z'."""
QUARTER = 900 * 1_000_000
"""Zones change their offset at whole quarters of an hour."""


UNKNOWN = "server local time"
"""The name of the zone where nothing names it."""


def zone(name: str | None) -> tzinfo:
    """The zone of this name; None: this machine's. Raises LogsleuthError if there is none.

    UNKNOWN is read as UTC, so that its times keep their distances; nobody is shown an offset of it.
    """
    if name == UNKNOWN:
        return UTC
    if name is None:
        local = datetime.now().astimezone().tzinfo
        return _machine_zone() or local or UTC
    if name.upper() in {"UTC", "Z", "GMT"}:
        return UTC
    if (stepped := STEPPED.fullmatch(name)) is not None:
        return Stepped(name, zone(stepped["before"]), zone(stepped["after"]), datetime.fromisoformat(stepped["at"]))
    if (fixed := FIXED.fullmatch(name)) is not None:
        offset = timedelta(hours=int(fixed["hours"]), minutes=int(fixed["minutes"]))
        return timezone(-offset if fixed["sign"] == "-" else offset)
    known = _by_name(name)
    if known is None:
        raise LogsleuthError(f"unknown time zone '{name}'", _near_zone(name))
    return known


def _by_name(name: str) -> tzinfo | None:
    """The zone of this name in the time zone database; None: there is none."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 - not for logs in UTC, or in an unknown zone

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _near_zone(name: str) -> str:
    """Which zone may have been meant: one with this city, or this name in other letters."""
    from zoneinfo import available_timezones  # noqa: PLC0415 - reads hundreds of files

    wanted = name.strip().replace(" ", "_").lower()
    near = sorted(one for one in available_timezones() if wanted in (one.lower(), one.lower().rpartition("/")[2]))
    return did_you_mean(near[:1], "use a name such as Europe/Berlin or UTC, or -06:00")


def _machine_zone() -> tzinfo | None:
    """The zone that /etc/localtime links to, by name, so that the report can name it."""
    from pathlib import Path  # noqa: PLC0415

    try:
        target = str(Path("/etc/localtime").resolve())
    except OSError:
        return None
    return _by_name(target.split("zoneinfo/", 1)[1]) if "zoneinfo/" in target else None


class Stepped(tzinfo):
    """A zone whose offset changes once; it has no name of its own where only a log's lines tell of it."""

    def __init__(self, key: str, before: tzinfo, after: tzinfo, at: datetime) -> None:
        """`at`: when, in UTC, as a time without a zone."""
        self.key = key
        self._before = before.utcoffset(None) or timedelta()
        self._after = after.utcoffset(None) or timedelta()
        self._at = at

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """The offset of a local time; one that occurs twice is the first of the two, unless it is a fold."""
        if moment is None:
            return None
        wall = moment.replace(tzinfo=None)
        if wall < self._at + min(self._before, self._after):
            return self._before
        if wall >= self._at + self._before:
            return self._after
        return self._after if moment.fold else self._before

    def fromutc(self, moment: datetime) -> datetime:
        """The local time of an instant."""
        later = moment.replace(tzinfo=None) >= self._at
        local = moment + (self._after if later else self._before)
        return local.replace(fold=1) if later and local.replace(tzinfo=None) < self._at + self._before else local

    def dst(self, moment: datetime | None) -> timedelta | None:
        """It is not known whose time was daylight saving time."""
        return None

    def tzname(self, moment: datetime | None) -> str:
        """The offsets and the change."""
        return self.key

    def __str__(self) -> str:
        return self.key

    def __reduce__(self) -> tuple[Any, ...]:
        """What another process makes it of."""
        return Stepped, (self.key, timezone(self._before), timezone(self._after), self._at)


class _Offsets(dict[int, int]):
    """Microseconds that a zone is ahead of UTC, by the quarter of an hour on its clock; each is found out once."""

    def __init__(self, tz: tzinfo) -> None:
        self._tz = tz
        self._fixed = tz.utcoffset(None)
        """The offset of a zone whose clocks are never changed; None: it changes, or nobody knows."""

    def __missing__(self, quarter: int) -> int:
        ahead = self._fixed if self._fixed is not None else self._at(quarter)
        offset = self[quarter] = int(ahead.total_seconds()) * 1_000_000
        return offset

    def _at(self, quarter: int) -> timedelta:
        wall = (EPOCH + timedelta(microseconds=quarter * QUARTER)).replace(tzinfo=self._tz)
        return wall.utcoffset() or timedelta()


class Clock:
    """Reads local microseconds as an instant. Times in an hour that occurs twice are read as the first of the two."""

    def __init__(self, tz: tzinfo, known: str = "named") -> None:
        """`known`: how the zone is known: 'named', 'from ' and a log's name, or 'unknown': `tz` is UTC then."""
        self.tz = tz
        self.known = known
        self.name = UNKNOWN if known == "unknown" else getattr(tz, "key", None) or str(tz)
        self._offsets = _Offsets(tz)

    @classmethod
    def named(cls, name: str | None) -> Clock:
        """The clock of a zone that the user named; of the server's local time if none was. Raises LogsleuthError."""
        return cls(zone(name)) if name else cls(zone(UNKNOWN), known="unknown")

    def utc(self, local: int) -> int:
        """UTC microseconds since 1970 of a local time in microseconds."""
        return local - self._offsets[local // QUARTER]

    def wall(self, moment: datetime | None) -> int | None:
        """Seconds since 1970 on the local clock of an instant; one without a zone is local already."""
        if moment is None:
            return None
        if moment.tzinfo and self.known == "unknown":
            raise LogsleuthError(
                f"the zone of the logs is not known, so {moment.isoformat()} is nowhere in them",
                "write the time as the logs have it, without a zone, or name their zone with --tz",
            )
        try:
            here = moment.astimezone(self.tz) if moment.tzinfo else moment
        except OverflowError:  # in the years 1 and 9999, which no log is of
            here = moment
        return int((here.replace(tzinfo=UTC) - EPOCH).total_seconds())

    def local(self, utc: int) -> datetime:
        """The wall time in this zone of an instant."""
        return (EPOCH + timedelta(microseconds=utc)).astimezone(self.tz)


class Instant(str):
    """A time as text, which loses its zone where that is not known."""

    __slots__ = ()

    @property
    def local(self) -> str:
        """Without the Z of UTC."""
        return self.removesuffix("Z")


def iso(utc: int, *, fraction: bool = False) -> str:
    """ISO 8601 in UTC, to the second (or the microsecond)."""
    moment = EPOCH + timedelta(microseconds=utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ" if fraction else "%Y-%m-%dT%H:%M:%SZ")
