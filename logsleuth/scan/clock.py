"""Times whose zone the line names, turned into the local time that the other logs are written in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUARTER = 900 * 1_000_000
"""Microseconds; zones change their offset at whole quarters of an hour."""


class WallClock:
    """The clock of one zone, with what it needs to remember."""

    def __init__(self, zone: tzinfo = UTC) -> None:
        self._zone = zone
        self._offsets: dict[int, int] = {}

    def local(self, time: int, offset: int) -> int:
        """Local microseconds of a time that was written `offset` seconds east of UTC."""
        utc = time - offset * 1_000_000
        quarter = utc // QUARTER
        shift = self._offsets.get(quarter)
        if shift is None:
            try:
                there = (EPOCH + timedelta(microseconds=quarter * QUARTER)).astimezone(self._zone)
            except OverflowError:  # the first or last day that a calendar knows
                return utc
            shift = self._offsets[quarter] = int((there.utcoffset() or timedelta()).total_seconds()) * 1_000_000
        return utc + shift
