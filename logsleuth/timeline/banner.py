"""The banner: the line with which each start of httpd says what the server is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from logsleuth.scan.sighting import Sighting
    from logsleuth.timeline.model import Timeline

BANNER: Final = "httpd.start.resuming"
"""Its pattern; the line is such as `Apache/2.4.62 (Debian) mod_wsgi/5.0.0 Python/3.12 configured -- resuming …`."""


def last_banner(timeline: Timeline) -> Sighting | None:
    """The banner of the last start that the log shows; None: it shows none."""
    series = timeline.series.get(BANNER)
    return series.moments[-1].sighting if series is not None and series.moments else None
