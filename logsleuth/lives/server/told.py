"""Whether the logs would show a restart of httpd at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from logsleuth.lives.live import Lives
    from logsleuth.timeline.model import Series

PHP: Final = "php"
"""The module that is read into the lines of PHP's own error log (logs/others/php.py)."""


def would_show_restarts(lives: Lives) -> bool:
    """Whether a log of httpd's, or of what runs it, was read: PHP's own error log tells of no start or stop of httpd.

    Lines of mod_php in a log of httpd's name a process or a client.
    """
    timeline = lives.timeline
    if lives.server.ups or lives.server.restarts or lives.server.absences or timeline.neighbours or timeline.served:
        return True
    known = timeline.known()
    return not (known and all(map(_is_of_phps_own_log, known)))


def _is_of_phps_own_log(series: Series) -> bool:
    return series.first_sighting.module == PHP and not series.first_sighting.reporter
