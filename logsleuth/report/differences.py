"""What `logsleuth diff` prints: a comparison as text or JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from logsleuth.report.escape import visible
from logsleuth.timeline.clock import Clock, iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logsleuth.diff.compare import Change, Comparison, Stretch

SCHEMA = "logsleuth/diff/1"
HEADINGS = {
    "new": "New",
    "gone": "Gone",
    "more": "More",
    "less": "Less",
}
WIDTH = 160
NAMED = 5
"""Hosts that are named in a line."""


def as_text(comparison: Comparison, tz: str | None, *, everything: bool = False) -> str:
    """For reading. Rows that chance may have made are marked '?'; beyond the surest ten they need `everything`."""
    clock = Clock.named(tz)
    lines = [_stretch("before", comparison.before, clock), _stretch("after ", comparison.after, clock)]
    for kind, heading in HEADINGS.items():
        rows = [change for change in comparison.changes if change.kind == kind]
        if not rows:
            continue
        shown = (
            rows if everything else [*(row for row in rows if row.sure), *(row for row in rows if not row.sure)][:10]
        )
        lines += ["", f"{heading}  {len(rows)}", "       before/h    after/h  chance"]
        for row in shown:
            lines += [*_row(row), *_hosts(row, comparison)]
        if len(shown) < len(rows):
            lines.append(f"   … and {len(rows) - len(shown)} more (--all)")
    lines += _only(comparison)
    same = sum(change.kind == "same" for change in comparison.changes)
    if same == len(comparison.changes):
        lines += ["", "Nothing differs by more than chance."]
    else:
        lines += ["", f"The same but for chance: {same} more kinds of message. '?': too few to be sure of."]
    return "\n".join(lines) + "\n"


def _stretch(name: str, stretch: Stretch, clock: Clock) -> str:
    begin, end = clock.local(stretch.begin), clock.local(stretch.end)
    hours = f"{stretch.hours:.1f} h" if stretch.hours >= 0.1 else f"{stretch.hours * 60:.1f} min"
    times = f"{begin:%Y-%m-%d %H:%M:%S} to {end:%Y-%m-%d %H:%M:%S}"
    hosts = f" of {len(stretch.hosts):,} hosts together" if stretch.hosts else ""
    return f"{name}  {visible(stretch.name)}  {times} {clock.name}, {hours}{hosts}, {stretch.lines:,} lines"


def _hosts(row: Change, comparison: Comparison) -> Iterator[str]:
    """On which hosts it was, where there are several."""
    sides = (("before", row.hosts_before, comparison.before.hosts), ("after", row.hosts_after, comparison.after.hosts))
    text = "; ".join(
        f"{name} on {len(on):,} of {len(all_hosts):,} hosts{_named(on, all_hosts)}"
        for name, on, all_hosts in sides
        if on
    )
    if text:
        yield f"{'':36} {visible(text)}"


def _named(on: Sequence[str], all_hosts: Sequence[str]) -> str:
    if len(on) == len(all_hosts):
        return ""
    return f" ({_listed(on)})"


def _listed(hosts: Sequence[str]) -> str:
    """The first of them by name."""
    return f"{', '.join(hosts[:NAMED])}{f' and {len(hosts) - NAMED:,} more' if len(hosts) > NAMED else ''}"


def _only(comparison: Comparison) -> Iterator[str]:
    """Of many hosts: how rates are to be read, and which hosts have logs on one side only."""
    before, after = comparison.before.hosts, comparison.after.hosts
    if not before and not after:
        return
    yield ""
    yield "Rates are per hour and host."
    if before and after:
        for side, mine, theirs in (("before", before, after), ("after", after, before)):
            if alone := sorted(set(mine) - set(theirs)):
                yield f"Only {side}: {visible(_listed(alone))}."


def _row(row: Change) -> list[str]:
    mark = " " if row.sure else "?"
    head = f" {mark} {_rate(row.before_rate):>12} {_rate(row.after_rate):>10}  {_chance(row.chance):<8}"
    what = f"{row.title} ({row.name})" if row.title else f"{row.level or 'no level'}: {row.name}"
    return [f"{head} {visible(what)[:WIDTH]}", f"{'':36} {visible(row.sighting.text)[:WIDTH]}"]


def _rate(rate: float) -> str:
    return "-" if not rate else f"{rate:,.0f}" if rate >= 100 else f"{rate:.2g}"


def _chance(chance: float) -> str:
    return "<1e-9" if chance < 1e-9 else f"{chance:.0e}" if chance < 0.001 else f"{chance:.2g}"


def as_data(comparison: Comparison) -> dict[str, Any]:
    """As plain data, for JSON; times are UTC, rates an hour."""
    return {
        "schema": SCHEMA,
        "before": _side(comparison.before),
        "after": _side(comparison.after),
        "changes": [
            {
                "kind": row.kind, "pattern": row.name if row.title else None,
                "template": None if row.title else row.name, "title": row.title or None, "level": row.level or None,
                "before": {
                    "count": row.before, "per_hour": round(row.before_rate, 4),
                    **_on(row.hosts_before, comparison.before),
                },
                "after": {
                    "count": row.after, "per_hour": round(row.after_rate, 4),
                    **_on(row.hosts_after, comparison.after),
                },
                "chance": float(f"{row.chance:.3g}"), "sure": row.sure, "example": row.sighting.text,
            }
            for row in comparison.changes
        ],
    }  # fmt: skip


def as_json(comparison: Comparison) -> str:
    """As a JSON document."""
    return json.dumps(as_data(comparison), indent=2, ensure_ascii=True) + "\n"


def _side(stretch: Stretch) -> dict[str, Any]:
    return {
        "name": stretch.name, "begin": iso(stretch.begin), "end": iso(stretch.end),
        "hours": round(stretch.hours, 4), "lines": stretch.lines, **_on(stretch.hosts, stretch),
    }  # fmt: skip


def _on(hosts: Sequence[str], stretch: Stretch) -> dict[str, Any]:
    """The hosts, where there are several."""
    return {"hosts": list(hosts)} if stretch.hosts else {}
