"""How it came about: trigger, root cause, contributing conditions and symptoms, told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.model import Link
from logsleuth.report.reason import reason_beside
from logsleuth.report.words import duration, plural
from logsleuth.story.incident import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logsleuth.report.exhibits import Exhibits
    from logsleuth.story.incident import Verdict

SYMPTOMS = 6
LINES = 2
PACKAGES = "the packages' log (dpkg.log, dnf.log)"
DEPLOYS = "the list of deploys"
ACCESS = "the access log"
KERNEL = "the kernel's log"
WOULD_SHOW: dict[str, tuple[str, ...]] = {
    "stale-egg": ("the file's times (stat)", DEPLOYS),
    "segfault": (PACKAGES, ACCESS),
    "abort": (PACKAGES, ACCESS),
    "wsgi-daemon-crash": (PACKAGES, DEPLOYS),
    "parent-killed": (KERNEL, "the system's log"),
    "oom-kill": (KERNEL, ACCESS),
    "memory-exhausted": (KERNEL, ACCESS),
    "worker-exhaustion": (ACCESS, "the back-ends' and the database's logs"),
    "scoreboard-full": (ACCESS,),
    "request-too-large": (ACCESS,),
    "slow-client": (ACCESS,),
    "backend-down": ("the back-end's own log", DEPLOYS),
    "backend-timeout": ("the back-end's own log", ACCESS),
    "backend-reset": ("the back-end's own log", DEPLOYS),
    "backend-overloaded": (ACCESS, "the back-end's own log"),
    "wsgi-daemon-timeout": (ACCESS, "a stack trace of the daemon"),
    "wsgi-load-failure": (DEPLOYS, PACKAGES),
    "app-misconfigured": (DEPLOYS,),
    "php-fatal": (DEPLOYS, "the scripts' times (stat)"),
    "php-memory": (ACCESS, DEPLOYS),
    "php-timeout": (ACCESS,),
    "config-error": ("the configuration's times or its version control",),
    "tls-config": ("the configuration's times or its version control",),
    "htaccess-error": ("the .htaccess file's times (stat)", DEPLOYS),
    "rewrite-loop": ("the configuration's times or its version control",),
    "permission-denied": ("the files' times (stat -c %z)", DEPLOYS),
    "disk-full": ("the disk's usage over time", "what else writes to that disk"),
    "database-down": ("the database's own log",),
    "dns-failure": ("the resolver's own log",),
    "port-in-use": ("who holds the port (ss -ltnp)",),
}
"""Where the trigger of such an outage is to be found, if the logs that were read do not show it."""
CONSEQUENCES = frozenset({"capacity", "death", "symptom"})
"""Roles of lines that tell of what something else brought about."""
ANYWHERE = (ACCESS, DEPLOYS, PACKAGES)


def chain(verdict: Verdict, exhibits: Exhibits) -> tuple[Link, ...]:
    """The links, from the trigger to the symptoms."""
    return (
        *_trigger(verdict, exhibits),
        *_cause(verdict, exhibits),
        *_conditions(verdict, exhibits),
        *_symptoms(verdict, exhibits),
    )


def _trigger(verdict: Verdict, exhibits: Exhibits) -> Iterable[Link]:
    for trigger in verdict.triggers:
        cited = tuple(exhibits.cite(sighting, trigger.pattern) for sighting in trigger.sightings)
        before = (verdict.incident.onset - trigger.time) / SECOND
        when = f", {duration(before)} before the onset" if before >= 1 else ""
        yield Link("trigger", f"{trigger.text}{when}.", trigger.time, False, cited)
    if not verdict.triggers:
        shown = " and ".join(WOULD_SHOW.get(verdict.category or "", ANYWHERE))
        yield Link("trigger", f"The log shows none. It would be seen in {shown}.", None, False, ())


def _cause(verdict: Verdict, exhibits: Exhibits) -> Iterable[Link]:
    if not verdict.causes:
        yield Link("root cause", "Unknown: no line names it.", None, False, ())
        return
    cause = verdict.causes[0]
    cited = exhibits.cite(cause.strand.moments[0].sighting, cause.pattern.id if cause.pattern else None)
    sure = {"high": "", "medium": " (likely)", "low": " (perhaps)"}[cause.confidence]
    told = f"{cause.title}{sure}."
    beside = reason_beside(verdict)
    if beside is not None:
        told = f"{beside.title} (perhaps); it goes with “{cause.title}”."
        cited = exhibits.cite(beside.moments[0].sighting, None)
    elif cause.pattern is not None and cause.pattern.role in CONSEQUENCES:
        told = f"No line names it. Nearest to it: {cause.title}."
    yield Link("root cause", told, cause.strand.begin, False, (cited,))


def _conditions(verdict: Verdict, exhibits: Exhibits) -> Iterable[Link]:
    for cause in verdict.causes[1:]:
        if cause.kind == "contributing":
            cited = exhibits.cite(cause.strand.moments[0].sighting, cause.strand.track.name)
            yield Link("contributing", f"{cause.title}.", cause.strand.begin, False, (cited,))
    for condition in verdict.conditions:
        proof = tuple(exhibits.cite(sighting, None) for sighting in condition.sightings)
        yield Link("contributing", condition.text, None, condition.inferred, proof)


def _symptoms(verdict: Verdict, exhibits: Exhibits) -> Iterable[Link]:
    ranked = sorted(verdict.symptoms, key=lambda s: (not s.explained, -s.strand.count))[:SYMPTOMS]
    for symptom in sorted(ranked, key=lambda s: s.strand.begin):
        strand = symptom.strand
        late = (strand.begin - verdict.incident.onset) / SECOND
        since = f" from T+{duration(late)}" if late >= 1 else ""
        how = "" if symptom.explained else "; it goes with it in time, no known mechanism binds it"
        cited = exhibits.cite(strand.moments[0].sighting, strand.pattern.id if strand.pattern else None)
        yield Link(
            "symptom", f"{strand.title}, {plural(strand.count, 'time')}{since}{how}.", strand.begin, False, (cited,)
        )
