"""Every number by which signals, incidents and causes are decided: with its unit, its reason, and who notices.

`benchmarks/sensitivity.py` halves and doubles each of them over labelled logs; one that nothing notices is deleted.
`tests/labelled/NAME.toml` holds small labelled logs that notice each, on either side.
Facts of httpd's (how long a shutdown takes) are in the file of the life they belong to, the weights of the evidence in
`causes/evidence.py`.
"""

from __future__ import annotations

import math
from typing import Final

from logsleuth.units import HOUR, MINUTE, SECOND

FALSE_ALARMS_PER_DAY: Final = 0.001
"""Accepted false alarms for each day of log and all its series together: one in a thousand days."""
BY_CHANCE: Final = 0.05
"""Probability below which something is no coincidence: a restart so near to the onset, a line just before it, a silence
so long between failures."""
SCALES_S: Final = (2, 8, 32, 128, 512, 2048, 8192)
"""Seconds: distances at which failures are taken for one stretch. A factor of four apart: finer finds nothing more."""
LEAST_MOMENTS: Final = 3
"""Moments: two failures side by side are a coincidence in any log."""

LEAST_CLIENTS: Final = 3.0
"""Effective clients: what fewer have is their own doing, if as many others are served without the fault."""
CROWD: Final = 8.0
"""Effective clients that are refused alike: scanners come a few at a time."""

MANY: Final = 0.05
"""Share of requests failed from which an incident is more than a nuisance."""
MOST: Final = 0.5
"""Share that is most: of the requests, of the workers, of an incident's time, of the lines that name a client."""
ALMOST_ALL: Final = 0.8
"""Share that is everybody, or all the time: of clients refused, of two stretches that are the same."""
TIMES_AS_MANY: Final = 3.0
"""Times as many in one half of a fault's time as in the other: it rises or falls."""
EVEN: Final = 0.1
"""Share by which equal gaps may differ from their mean: what comes as evenly is a probe's or a timer's."""

TOGETHER_US: Final = 2 * SECOND
"""Microseconds: lines this near report the same event (the parent looks after its children once a second)."""
JOIN_US: Final = 30 * SECOND
"""Microseconds: what is said within this time of a stretch, a start or a stop may belong to it."""
SOON_US: Final = 10 * MINUTE
"""Microseconds: what follows later than this is another event. Who sees that nothing is served restarts it sooner."""
SHORT_LOG_US: Final = 30 * MINUTE
"""Microseconds: a log this short was cut out to be looked at, so that nobody can say what is always there."""
AROUND_US: Final = HOUR
"""Microseconds before an onset, and after an end, that are looked at: for a change before it, for others who are
served, for those who waited to be answered."""
LASTING_US: Final = 6 * HOUR
"""Microseconds: what is there from the first line to the last of a longer log is a standing fault."""

NEAR_GAPS: Final = -math.log(BY_CHANCE)
"""Mean gaps: a failure this near is one of the others; after as long a silence it is over. Follows from `BY_CHANCE`:
failures that go on at random pause for so long once in twenty gaps."""
