"""Who holds a database's connections, all of which are taken: hardly httpd, where starts of it helped next to nothing.

A stop closes all of httpd's connections. If the database refuses new ones a few requests later, others hold them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.causes.ended import quiet_after
from logsleuth.causes.model import ONLY_TOLD, Ground
from logsleuth.report.words import plural
from logsleuth.signals.tuning import LEAST_EXPECTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logsleuth.causes.model import Diagnosis
    from logsleuth.lives.live import Lives

FULL: Final = frozenset({"database.mysql.too-many-connections", "database.postgres.too-many-clients"})
"""The patterns of databases that take no more connections (by default 151 and 100)."""


def of_held_elsewhere(diagnosis: Diagnosis, lives: Lives) -> tuple[Ground, ...]:
    """That it is not httpd, by the requests between each start of it and the next refusal."""
    incident, seen = diagnosis.incident, diagnosis.incident.requests
    first = diagnosis.first
    if first is None or first.name not in FULL or seen is None:
        return ()
    stops = [one for one in incident.restarts_in_vain if one.kind == "stop" and one.up is not None]
    served = []
    for one in stops:
        begin = one.up or one.time
        counted = lives.requests.seen_by(seen.log, begin, begin + quiet_after(one, incident))
        if counted is not None:
            served.append(counted.seen)
    said = who_holds_them(served)
    return (Ground("held-elsewhere", ONLY_TOLD, said),) if said else ()


def who_holds_them(served: Sequence[int]) -> str:
    """A sentence; empty: it may be httpd. `served`: requests from each start of httpd up to the next refusal."""
    if not served or max(served) >= LEAST_EXPECTED:
        return ""
    starts = "The stop and start" if len(served) == 1 else "Each stop and start"
    most = "" if len(served) == 1 else "at most "
    return (
        f"{starts} of httpd closed its connections; {most}{plural(max(served), 'request')} later the database refused "
        "again. So few cannot hold them all: probably something other than httpd does."
    )
