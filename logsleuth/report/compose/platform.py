"""Which kind of machine the logs of a host come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.library.platforms import platform_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.library.platforms import Platform
    from logsleuth.logs.open.log import Log
    from logsleuth.timeline.model import Timeline

OF_THE_MACHINE: Final = ("httpd.start.resuming", "httpd.start.command-line")
"""Lines that name the platform: the banner and the command line of each start."""


def platform(timeline: Timeline, logs: Sequence[Log]) -> Platform:
    """Where the logs of a host were written, as the server's own lines say it, or else their paths."""
    said = [timeline.series[name] for name in OF_THE_MACHINE if name in timeline.series]
    lines = [series.moments[-1].sighting.text for series in said if series.moments]
    of_windows = next((s for s in timeline.series.values() if s.first_sighting.module == "mpm_winnt"), None)
    return platform_of([*lines, *([of_windows.first_sighting.text] if of_windows else []), *(log.path for log in logs)])
