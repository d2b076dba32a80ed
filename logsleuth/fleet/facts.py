"""What the fleet's story needs of one host: its incidents in short, and the traits by which hosts differ."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logsleuth.fleet.mechanism import mechanism_of
from logsleuth.fleet.model import HostFacts, HostIncident

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from logsleuth.causes.model import Diagnosis
    from logsleuth.fleet.model import Trait
    from logsleuth.story import Story
    from logsleuth.timeline.model import Timeline

BANNER = "httpd.start.resuming"
"""The pattern of the line with which a server says what it is made of, such as
`Apache/2.4.62 (Debian) mod_wsgi/5.0.0 Python/3.12 configured`."""
PRODUCT = re.compile(r"(?P<name>[A-Za-z][\w.+-]{0,40})/(?P<version>[\w.+~-]{1,40})")
PLATFORM = re.compile(r"\((?P<name>[A-Za-z][\w .+-]{0,40})\)")
HTTPD = frozenset({"Apache", "httpd"})
MOST_TRAITS = 16
CHIEF_VHOST = 0.5
"""Share of the requests that one virtual host must have to be what a host serves."""


def facts_of(name: str, story: Story, traits: Iterable[Trait] = ()) -> HostFacts:
    """The facts of a host; `traits`: those that its log's lines do not name, such as its main virtual host."""
    timeline = story.lives.timeline
    ends = _ends(timeline)
    return HostFacts(
        name=name,
        first=ends[0] if ends else None,
        last=ends[1] if ends else None,
        traits=tuple(dict([*_traits(timeline), *traits]).items())[:MOST_TRAITS],
        incidents=tuple(_incident(name, number, diagnosis) for number, diagnosis in enumerate(story.diagnoses)),
    )


def _ends(timeline: Timeline) -> tuple[int, int] | None:
    """UTC microseconds of the first and last line of any log of a host."""
    spans = [(timeline.start, timeline.end)] if timeline.dated else []
    spans += [(t.all.begins[0], t.all.begins[-1]) for t in timeline.traffic.values() if t.all]
    return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None


def _incident(host: str, number: int, diagnosis: Diagnosis) -> HostIncident:
    incident = diagnosis.incident
    return HostIncident(
        host=host,
        number=number,
        mechanism=mechanism_of(diagnosis),
        severity=diagnosis.severity,
        onset=incident.onset,
        end=incident.recovery.time if incident.recovery else None,
        last=incident.end,
        lost=len(diagnosis.workers.lost),
    )


def _traits(timeline: Timeline) -> Iterator[Trait]:
    """What the last banner says, and the module that wrote it."""
    series = timeline.series.get(BANNER)
    if series is None or not series.moments:
        return
    sighting = series.moments[-1].sighting
    words = sighting.words.rpartition(" configured -- ")[0].rpartition("] ")[2]
    for found in PRODUCT.finditer(words):
        name = found["name"]
        yield ("httpd" if name in HTTPD else name), found["version"]
    if platform := PLATFORM.search(words):
        yield "platform", platform["name"]
    if sighting.module.startswith("mpm_"):
        yield "MPM", sighting.module.removeprefix("mpm_")
