"""Every number by which signals, incidents and causes are decided: with its unit, its reason, and who notices.

`benchmarks/sensitivity.py` halves and doubles each of them over labelled logs; one that nothing notices is deleted.
Facts of httpd's (how long a shutdown takes) are in the file of the life they belong to.
"""

from __future__ import annotations

from typing import Final

from logsleuth.units import HOUR, MINUTE, SECOND

FALSE_ALARMS_PER_DAY: Final = 0.001
"""Accepted false alarms for each day of log and all its series together: one in a thousand days."""
SCALES_S: Final = (2, 8, 32, 128, 512, 2048, 8192)
"""Seconds: distances at which failures are taken for one stretch. A factor of four apart: finer finds nothing more."""
LEAST_MOMENTS: Final = 3
"""Moments: two failures side by side are a coincidence in any log."""
TIMES_USUAL: Final = 8.0
"""Times the rate of the rest of the log: day and night alone make a rate several times as high."""
STRAY_GAPS: Final = 8.0
"""Mean gaps: a failure so far from the rest of a stretch is there by chance (e^-8, once in three thousand)."""
NEAR_GAPS: Final = 3.0
"""Mean gaps: a failure this near is one of the others; after as long a silence it is over (e^-3, once in twenty)."""
LEAST_TRACE: Final = 30
"""Lines that name a client: with fewer outside of a stretch they say nothing of how busy the server was within."""

LEAST_CLIENTS: Final = 3.0
"""Effective clients: what fewer have in a busy log is their own doing."""
OTHER_CLIENTS: Final = 4
"""Clients seen around a stretch without the fault: with as many, one client's fault is its own."""
BALANCER_SHARE: Final = 0.6
"""Share of all lines that name a client: one client with more is a proxy, which represents many."""
CLOCKWORK_LEAST_US: Final = 4 * SECOND
"""Microseconds: probes ask more seldom than this; a flood has failures every second."""
CROWD: Final = 8.0
"""Effective clients that are refused alike: scanners come one or two at a time."""
ALMOST_ALL: Final = 0.8
"""Share of the clients, or of the requests, that is everybody: some ask only for what they may still have."""
AROUND_US: Final = 30 * MINUTE
"""Microseconds before and after a stretch in which other clients count as seen at the same time."""

SHORT_LOG_US: Final = 30 * MINUTE
"""Microseconds: a log this short was cut out to be looked at, so that nobody can say what is always there."""
LASTING_US: Final = 6 * HOUR
"""Microseconds: what is there from the first line to the last of a longer log is a standing fault."""
CLOCKWORK: Final = 0.05
"""Share by which equal gaps may differ: what comes as evenly is a probe's or a timer's."""

JUST_STARTED_US: Final = 3 * SECOND
"""Microseconds after a start in which a healthy server reports its limit as reached (StartServers at the limit)."""
STALL_US: Final = HOUR
"""Microseconds: the longest time for which all workers are taken to be stuck until those who wait are answered."""
ANSWERED_US: Final = 10 * MINUTE
"""Microseconds: somebody who sees that nothing is served any more restarts the server within this time."""
BY_CHANCE: Final = 0.05
"""Probability below which a restart so near to a line, or to the onset, is no coincidence."""

JOIN_US: Final = 30 * SECOND
"""Microseconds: stretches that touch within this time are one incident..."""
JOIN_SHARE: Final = 0.5
"""...or within this share of the longer one..."""
JOIN_MOST_US: Final = 10 * MINUTE
"""...but never farther apart than this."""
LEAD_US: Final = MINUTE
"""Microseconds before an incident in which rarer lines of the same kind belong to it..."""
BESIDE_SHARE: Final = 0.25
"""...or this share of its duration. As long a silence may pass before the restart that ended it."""
FEW_OUTSIDE: Final = 0.1
"""Share of a series outside of an incident up to which all of it belongs there."""
AS_OFTEN: Final = 0.5
"""Share of the rate within an incident: what goes on beside it as often is no part of it."""
RELAPSE: Final = 2.0
"""Times the longer outage: the same fault again within so long was not cured."""
RELAPSE_MOST_US: Final = 30 * MINUTE
"""Microseconds: a fault that stays away for longer was cured."""
QUIET_LEAST_US: Final = 4 * SECOND
"""Microseconds: the shortest silence that says anything."""

TRIGGER_US: Final = 15 * MINUTE
"""Microseconds before the onset in which a change may have set it off."""
TOGETHER_US: Final = 2 * SECOND
"""Microseconds: lines this near report the same event (the parent reaps its children once a second)."""
