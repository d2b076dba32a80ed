"""Every number that signals, incidents and causes depend on, with its unit and reason.

`benchmarks/sensitivity.py` halves and doubles each of them over labelled logs; a number that changes no verdict is
deleted. `tests/labelled/NAME.toml` has two small logs for each: one that gets a wrong verdict if the number is halved,
one if it is doubled. Facts about httpd (how long a shutdown takes) are in the files in `lives/` that use them, the
weights of the evidence in `causes/evidence.py`.
"""

from __future__ import annotations

import math
from typing import Final

from logsleuth.units import HOUR, MINUTE, SECOND

FALSE_ALARMS_PER_DAY: Final = 0.001
"""Accepted false alarms per day of log, for all kinds of messages together: one in a thousand days."""
BY_CHANCE: Final = 0.05
"""Probability below which something is not a coincidence: a restart this close to the onset, a line just before it, a
silence this long between failures."""
SCALES_S: Final = (2, 8, 32, 128, 512, 2048, 8192)
"""Seconds: failures this close together count as one stretch; all are tried. Finer steps find nothing more."""
LEAST_MOMENTS: Final = 3
"""Moments (seconds with failures) that a signal needs: two failures close together are a coincidence in any log."""

LEAST_CLIENTS: Final = 3.0
"""Effective clients: a failure that fewer have is their own fault, if as many others are served without it."""
LEAST_EXPECTED: Final = 20
"""Requests expected: of fewer, most may be missing by chance."""
CROWD: Final = 8.0
"""Effective clients refused for the same reason: scanners come a few at a time."""

MANY: Final = 0.05
"""Share of requests that must fail for an incident to be more than minor."""
MOST: Final = 0.5
"""Share that counts as most of the requests, workers, time of an incident, or lines that name a client."""
ALMOST_ALL: Final = 0.8
"""Share that counts as everybody, or all the time: of clients refused, of the overlap of two stretches."""
TIMES_AS_MANY: Final = 3.0
"""A fault increases or decreases if one half of its time has this many times as many lines as the other."""
EVEN: Final = 0.1
"""Share by which gaps may differ from their mean: lines at such regular intervals come from a probe or a timer."""

TOGETHER_US: Final = 2 * SECOND
"""Microseconds: lines this close report the same event (the parent checks its children once a second)."""
JOIN_US: Final = 30 * SECOND
"""Microseconds: lines this close to a stretch, a start or a stop may belong to it."""
LEAST_WAIT_US: Final = 2 * SECOND
"""Microseconds: a page that takes no longer is slow for nobody, however much quicker it used to be."""
SOON_US: Final = 10 * MINUTE
"""Microseconds: what follows later is another event. Somebody who sees an outage restarts the server sooner."""
SHORT_LOG_US: Final = 30 * MINUTE
"""Microseconds: a log this short was probably cut out for inspection, and does not show what is usual."""
AROUND_US: Final = HOUR
"""Microseconds before an onset and after an end in which changes, clients that were served, and the answers to waiting
requests are looked for."""
LASTING_US: Final = 6 * HOUR
"""Microseconds: a fault that lasts from the first to the last line of a longer log is chronic."""

NEAR_GAPS: Final = -math.log(BY_CHANCE)
"""Mean gaps: a failure this close belongs to the others; after a silence this long they are over. Follows from
`BY_CHANCE`: failures at random times pause for this long once in twenty gaps."""
