"""What was looked for and not found within an incident: a reader need not wonder."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logsleuth.story.incident import Verdict
    from logsleuth.story.timeline import Timeline

MARGIN = 60 * 1_000_000

CHECKS: tuple[tuple[str, frozenset[str], str], ...] = (
    ("Crashes of workers", frozenset({"segfault", "abort", "wsgi-daemon-crash"}), ""),
    ("Workers at their limit", frozenset({"worker-exhaustion", "scoreboard-full"}),
     " (the line is written once in a parent's life, so this is no proof)"),
    ("Back-ends that fail", frozenset({"backend-down", "backend-timeout", "backend-reset", "backend-overloaded"}), ""),
    ("A full disk", frozenset({"disk-full"}), ""),
    ("Exhausted file descriptors, processes or threads",
     frozenset({"fd-exhaustion", "thread-exhaustion", "process-limit", "memory-exhausted"}), ""),
    ("A refused configuration", frozenset({"config-error", "port-in-use", "tls-config"}), ""),
    ("The database", frozenset({"database-down"}), ""),
)  # fmt: skip


def statements(verdict: Verdict, timeline: Timeline) -> tuple[str, ...]:
    """A sentence for each kind of cause of which no line is seen in the incident or a minute around it."""
    incident = verdict.incident
    begin, end = incident.onset - MARGIN, incident.end + MARGIN
    seen: set[str] = {strand.category for strand in incident.strands if strand.category}
    searched: dict[str, int] = {}
    for track in timeline.tracks.values():
        category = track.pattern.category if track.pattern else None
        if category is None:
            continue
        if any(begin <= moment.time <= end for moment in track.moments):
            seen.add(category)
        searched[category] = searched.get(category, 0) + 1
    return tuple(f"{name}: no line tells of any{caveat}." for name, kinds, caveat in CHECKS if not kinds & seen)
