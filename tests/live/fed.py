"""A log that is written piece by piece while a probe looks at it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from logsleuth.library.cards import shipped_cards
from logsleuth.library.load import load_library
from logsleuth.live import saved
from logsleuth.live.guard import Guard
from logsleuth.live.ledger import Ledger
from logsleuth.live.limits import Limits, Lost
from logsleuth.live.probe import Probe
from logsleuth.logs.httpd.layout.given import no_layouts
from logsleuth.report.compose.compose import compose
from logsleuth.scan.matcher import Matcher
from logsleuth.story import understand
from logsleuth.timeline.clock import Clock

if TYPE_CHECKING:
    from logsleuth.report.model import Report

SAMPLES = Path(__file__).parents[2] / "sample_logs"
LIBRARY = load_library([])
CARDS = shipped_cards()
MATCHER = Matcher(LIBRARY)
CLOCK = Clock(UTC)
LIMITS = Limits(Lost.of("25%"), (), 600, Guard.of("3/1h"))


def probe_of(log: Path, limits: Limits = LIMITS) -> Probe:
    return Probe((str(log),), log.with_name("state"), LIBRARY, CARDS, CLOCK, limits, no_layouts)


@dataclass
class Feeding:
    """What a probe knows of a log after each piece; between two looks all that it keeps goes through its state file."""

    log: Path
    rotated: int = 0
    written: list[Path] = field(default_factory=list)
    """The files that rotation has made, oldest first."""

    def __post_init__(self) -> None:
        self.log.write_bytes(b"")
        self.ledger = self._again()

    @property
    def probe(self) -> Probe:
        return probe_of(self.log)

    def write(self, data: bytes) -> None:
        with self.log.open("ab") as stream:
            stream.write(data)

    def read(self) -> None:
        self.ledger.read((str(self.log),), 0.0)

    def remember(self) -> None:
        """Go on in another process."""
        saved.save(self.probe.state, self.ledger.state)
        self.ledger = self._again()

    def rotate(self, how: str) -> None:
        self.rotated += 1
        old = self.log.with_name(f"error.log-2009{self.rotated:04}")
        if how == "copytruncate":
            old.write_bytes(self.log.read_bytes())
            with self.log.open("wb"):
                pass
        else:
            self.log.rename(old)
            self.log.write_bytes(b"")
        self.written.append(old)

    def report(self) -> dict[str, Any]:
        tally = self.ledger.tally()
        files = self.ledger.files()
        story = understand(tally, LIBRARY, CARDS, CLOCK, files)
        return plain(compose(story, tally, files, LIBRARY, CLOCK))

    def _again(self) -> Ledger:
        state, note = saved.load(self.probe.state)
        assert not note
        return Ledger(state, MATCHER, UTC, no_layouts, None)


def plain(report: Report) -> dict[str, Any]:
    """A report without how the format was told: that hangs on which lines of the log were looked at."""
    told = asdict(report)
    for log in told["logs"]:
        del log["format_reason"]
    return told
