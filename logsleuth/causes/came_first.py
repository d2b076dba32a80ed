"""Which came first within a second: the order to restart httpd, or the first failure.

An access log has no fractions of a second, nor has syslog or the error log of httpd before 2.4. A restart that only
seems to come after a failure for that did not fail to help: the failures may well have begun with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.units import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.lives.server.model import Restart
    from logsleuth.signals.model import Signal
    from logsleuth.timeline.model import Moment


def failed_before(restart: Restart, signals: Iterable[Signal]) -> bool:
    """Whether a failure was certainly logged before a restart was ordered, or before it was done without an order."""
    return any(_is_before(signal.moments[0], restart) for signal in signals)


def _is_before(failure: Moment, restart: Restart) -> bool:
    """By their places within one log, by fractions of a second where both have them, else by whole seconds."""
    order, line = restart.sightings[0], failure.sighting
    if failure.time // SECOND != restart.time // SECOND:
        return failure.time < restart.time
    if line.log == order.log:
        return line.offset < order.offset
    are_exact = failure.time % SECOND != 0 and restart.time % SECOND != 0
    return are_exact and failure.time < restart.time
