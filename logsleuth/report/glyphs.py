"""Pictures made of characters: a line of bars, a worker's life. What they show is said in words beside them, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.report.model import IncidentReport, Lane


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters to draw with."""

    bars: str
    """From the lowest to the highest."""
    serving: str
    failing: str
    lost: str
    incident: str


BLOCKS = Glyphs("▁▂▃▄▅▆▇█", "─", "━", "×", "■")
ASCII = Glyphs("_.-:=+*#", "-", "=", "x", "#")
"""For terminals and encodings that have no others."""

TELLING = 8
"""Lanes that are drawn: more tell no more."""


def spark(values: Sequence[int], top: int | None = None, glyphs: Glyphs = BLOCKS) -> str:
    """A line of bars; a value above nothing never shows as nothing."""
    highest = max(max(values, default=0), top or 0, 1)
    last = len(glyphs.bars) - 1
    return "".join(" " if not v else glyphs.bars[min(int((v / highest) * last + 0.999), last)] for v in values)


def telling(lanes: Sequence[Lane]) -> tuple[Lane, ...]:
    """The first and the last that were lost, and some that were not."""
    lost = [lane for lane in lanes if lane.lost is not None]
    others = [lane for lane in lanes if lane.lost is None]
    spare = min(len(others), 2)
    room = TELLING - spare
    if len(lost) > room:
        lost = [*lost[: room - room // 2], *lost[len(lost) - room // 2 :]]
    return (*lost, *others[:spare])


def lane(life: Lane, incident: IncidentReport, glyphs: Glyphs = BLOCKS) -> str:
    """One worker's life over the same steps as the incident's failures."""
    cells = [" "] * len(incident.errors)

    def step(time: int) -> int:
        return min(max((time - incident.errors_from) // incident.errors_step, 0), len(cells) - 1)

    end = incident.errors_from + incident.errors_step * len(cells)
    if life.lost is not None and not life.lives_on:
        end = min(end, life.lost)  # what is written later is its parent's, or of another process with its pid
    for first, last in life.signs:
        if last >= incident.errors_from and first <= end:
            for number in range(step(first), step(min(last, end)) + 1):
                cells[number] = glyphs.serving
    if life.lost is not None:
        until = max([life.lost, *(last for _, last in life.signs)]) if life.lives_on else life.lost
        for number in range(step(life.lost), step(until) + 1):
            cells[number] = glyphs.failing
        cells[step(life.lost)] = glyphs.lost
    return "".join(cells)
