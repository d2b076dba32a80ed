"""Merges saved tallies, for `logsleuth merge`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.errors import LogsleuthError
from logsleuth.scan.hosts import renumbered
from logsleuth.scan.tally import Tally
from logsleuth.values import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logsleuth.fleet.scanned import Scanned
    from logsleuth.logs.open.log import Log


def merged(parts: Iterable[Scanned]) -> tuple[list[Scanned], list[str]]:
    """The hosts of all parts, by name, each once; and a sentence on each duplicate part.

    Raises LogsleuthError if two parts of one host were read in different time zones.
    """
    by_host: dict[str, list[Scanned]] = {}
    copies: list[str] = []
    for part in parts:
        known = by_host.setdefault(part.host.name, [])
        if any(_marks(part) & _marks(other) for other in known):
            copies.append(
                f"{part.host.name or part.logs[0].path}: there are two tallies of the same log; only one is used"
            )
        else:
            known.append(part)
    return [_joined(same) for _, same in sorted(by_host.items())], copies


def _marks(part: Scanned) -> set[tuple[str, bytes, int | None]]:
    """What identifies a host's logs."""
    return {(log.path, log.mark, log.begins) for log in part.logs if log.mark}


def _joined(parts: Sequence[Scanned]) -> Scanned:
    """The parts of one host as one."""
    first = parts[0]
    if len(parts) == 1:
        return first
    if {part.clock.name for part in parts} != {first.clock.name}:
        raise LogsleuthError(
            f"the tallies of {first.host.name} have different time zones: "
            f"{', '.join(sorted({part.clock.name for part in parts}))}",
            "scan its logs together, or name their zone with --tz at each scan",
        )
    tally = Tally()
    logs: list[Log] = []
    for part in parts:
        tally.merge(renumbered(part.tally, {number: number + len(logs) for number in range(len(part.logs))}))
        logs += part.logs
    return replace(
        first,
        host=replace(first.host, numbers=tuple(range(len(logs)))),
        logs=tuple(logs),
        tally=tally,
        remarks=tuple(dict.fromkeys(remark for part in parts for remark in part.remarks)),
        partial=any(part.partial for part in parts),
        settings=next((part.settings for part in parts if part.settings is not None), None),
        seen={key: tuple(times) for part in parts for key, times in part.requests().items()},
    )
