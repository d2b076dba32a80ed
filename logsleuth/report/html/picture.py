"""The small pictures of the first screen, drawn without any script: failures over time, workers lost, the whole log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.answers import last_moment
from logsleuth.values import dataclass

if TYPE_CHECKING:
    from logsleuth.report.model import IncidentReport, Report, WholeLog

WIDTH, HEIGHT = 480, 48
"""Units of the drawing; it is stretched to the page."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Shapes to draw, in units of WIDTH × HEIGHT."""

    bars: tuple[tuple[float, float, float, float], ...]
    """x, y, width, height."""
    steps: str
    """The path of the workers lost; empty: none."""
    begin: float
    """Where the onset lies."""
    end: float | None
    """Where the recovery lies."""


def overview(incident: IncidentReport) -> Overview:
    """The incident's failures as bars, and its lost workers as a line of steps."""
    count = max(len(incident.errors), 1)
    width, most = WIDTH / count, max([*incident.errors, 1])
    bars = []
    for number, failures in enumerate(incident.errors):
        if failures:
            height = max(round((HEIGHT - 4) * failures / most, 1), 2.0)
            bars.append((round(number * width, 1), round(HEIGHT - height, 1), round(width - 1, 1), height))
    over = incident.recovery_time
    return Overview(
        tuple(bars),
        _steps(incident, width),
        _at(incident, incident.onset),
        None if over is None else _at(incident, over),
    )


@dataclass(frozen=True, slots=True)
class WholePicture:
    """The whole log, in the same units."""

    bars: tuple[tuple[float, float, float, float], ...]
    bands: tuple[tuple[float, float], ...]
    """x and width of each incident."""


def whole_picture(report: Report, whole: WholeLog) -> WholePicture:
    """The failures of the whole log as bars, and its incidents as bands behind them."""
    width, most = WIDTH / len(whole.failures), max(*whole.failures, 1)
    heights = [round((HEIGHT - 4) * failures / most, 1) for failures in whole.failures]
    bars = tuple(
        (round(number * width, 1), round(HEIGHT - height, 1), round(width, 1), height)
        for number, height in enumerate(heights)
        if height
    )
    span = max(whole.end - whole.begin, 1)
    bands = []
    for incident in report.incidents:
        first, last = ((time - whole.begin) / span * WIDTH for time in (incident.onset, last_moment(incident)))
        bands.append((round(first, 1), round(max(last - first, 2.0), 1)))
    return WholePicture(bars, tuple(bands))


def _at(incident: IncidentReport, time: int) -> float:
    span = max(incident.errors_step * len(incident.errors), 1)
    return round(min(max((time - incident.errors_from) / span, 0.0), 1.0) * WIDTH, 1)


def _steps(incident: IncidentReport, width: float) -> str:
    if not any(incident.curve):
        return ""
    most = max(*incident.curve, incident.pool or 0, 1)
    heights = [round(HEIGHT - 2 - (HEIGHT - 6) * lost / most, 1) for lost in incident.curve]
    return (
        f"M0 {heights[0]}"
        + "".join(f"H{round(number * width, 1)}V{height}" for number, height in enumerate(heights))
        + f"H{WIDTH}"
    )
