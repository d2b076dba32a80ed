"""Whether a text must be read as a paste: what its lines are, and a sentence on that."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from logsleuth.logs.console.reader import read_line
from logsleuth.logs.httpd.tokenize import EPOCH
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.logs.console.reading import Reading

MOST_LINES = 2000
DAY = 86_400_000_000
"""Microseconds."""
NAMES = {
    "head": "with a whole head", "part": "with a part of one", "message": "known by their words",
    "bare": "not understood",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """What the lines of a text are."""

    lines: int
    counts: Counter[str]
    """By what they are."""
    sources: tuple[str, ...]
    """Whose lines stand among them, besides httpd's."""
    dressings: Counter[str]
    dressed: int
    """Lines that only this reading understands: with something around them, half a head, or another program's."""
    newest: date | None
    """The last day that a line names with its year."""
    yearless: bool = False
    """Lines name month and day, and none a year: it is that of the last change of the file."""

    @property
    def ours(self) -> int:
        """Lines that are httpd's, or of something that it runs."""
        return self.counts["head"] + self.counts["part"] + self.counts["message"]

    @property
    def neighbours(self) -> int:
        """Other programs' lines."""
        return self.counts["neighbour"]

    def sentence(self) -> str:
        """What was seen, for `formats` and reports."""
        said = [f"{self.counts[what]} {NAMES[what]}" for what in NAMES if self.counts[what]]
        if self.neighbours:
            said.append(f"{self.neighbours} of {', '.join(self.sources)}")
        taken = f"; prefix removed: {', '.join(f'{name} ({count})' for name, count in self.dressings.most_common())}"
        year = "; no line names a year, so it is the last one that the file's date allows" if self.yearless else ""
        return f"of {self.lines} sampled lines {', '.join(said)}{taken if self.dressings else ''}{year}"


def look(lines: Sequence[bytes], newest: date) -> Look:
    """Read a sample's lines one by one."""
    texts = [line.decode("utf-8", "backslashreplace") for line in lines[:MOST_LINES] if line.strip()]
    every = [read_line(text, newest) for text in texts]
    named = _newest(every)
    dated = [one for one in every if one.record is not None and one.record.time is not None]
    readings = [reading for reading in every if reading.what != "passed"]
    sources = Counter(one.source for one in readings if one.what == "neighbour")
    return Look(
        len(readings), Counter(one.what for one in readings), tuple(sorted(sources)),
        Counter(name for one in readings for name in one.dressings), sum(map(_is_dressed, every)), named,
        yearless=named is None and len(dated) > 0,
    )  # fmt: skip


def _is_dressed(reading: Reading) -> bool:
    """Whether a line needs this reader: around it is something, or it is a prompt, or its head is none of httpd's."""
    return bool(reading.dressings) or reading.what in ("head", "part", "neighbour", "passed")


def _newest(readings: Sequence[Reading]) -> date | None:
    """The last day that a line names with its year: syslog's heads name none, unless they name a zone as well."""
    days = [
        date.fromordinal(EPOCH.toordinal() + one.record.time // DAY)
        for one in readings
        if one.record is not None
        and one.record.time is not None
        and (one.what == "head" or "syslog" not in one.dressings or one.record.offset is not None)
    ]
    return max(days, default=None)
