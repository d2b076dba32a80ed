"""Links between patterns: each leads to something that exists, and none leads back to where it began."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.authoring.lint.finding import Finding, Task, finding
from logsleuth.spelling import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def check_links(task: Task) -> Iterator[Finding]:
    """`leads_to` and `refines` name ids, aliases or groups that exist; `beside` names ids."""
    ids = {pattern.id for pattern in task.library.patterns}
    named: dict[str, set[str]] = {}
    for pattern in task.library.patterns:
        for name in (pattern.id, *pattern.aliases, *pattern.groups):
            named.setdefault(name, set()).add(pattern.id)
    for pattern in task.chosen:
        for key, names in (("leads_to", pattern.leads_to), ("refines", pattern.refines)):
            for name in names:
                if name not in named:
                    hint = suggestion(name, named, "no pattern has this id, alias or group")
                    yield finding(pattern, "link", f"'{key}' names '{name}', which does not exist: {hint}")
                elif named[name] == {pattern.id}:
                    yield finding(pattern, "link", f"'{key}' names the pattern itself")
        for name in (name for case in pattern.explain.cases for name in case.beside):
            if name not in ids:
                hint = suggestion(name, ids, "no pattern has this id")
                yield finding(pattern, "link", f"'beside' names '{name}', which does not exist: {hint}")


def check_cycles(task: Task) -> Iterator[Finding]:
    """What a pattern leads to never leads back to it."""
    reached = {pattern.id: pattern.leads_to for pattern in task.library.patterns}
    ids = _ids_by_name(task)
    for pattern in task.chosen:
        path = _way_back(pattern.id, reached, ids)
        if path:
            yield finding(pattern, "cycle", f"'leads_to' comes back to where it began: {' -> '.join(path)}")


def _ids_by_name(task: Task) -> dict[str, list[str]]:
    ids: dict[str, list[str]] = {}
    for pattern in task.library.patterns:
        for name in (pattern.id, *pattern.aliases, *pattern.groups):
            ids.setdefault(name, []).append(pattern.id)
    return ids


def _way_back(start: str, reached: Mapping[str, tuple[str, ...]], ids: Mapping[str, list[str]]) -> list[str]:
    """The shortest path of ids from a pattern back to itself; empty if there is none."""
    paths, seen = [[start]], set()
    for path in paths:
        for name in reached.get(path[-1], ()):
            for target in ids.get(name, ()):
                if target == start:
                    return [*path, target] if len(path) > 1 else []  # a link to itself is told by check_links
                if target not in seen:
                    seen.add(target)
                    paths.append([*path, target])
    return []


def check_names(task: Task) -> Iterator[Finding]:
    """An alias is nobody else's id or alias; a packaged file stands where its id says."""
    owner: dict[str, str] = {}
    for pattern in task.library.patterns:
        for name in (pattern.id, *pattern.aliases):
            owner.setdefault(name, pattern.id)
    for pattern in task.chosen:
        for name in pattern.aliases:
            if owner[name] != pattern.id:
                yield finding(pattern, "name", f"alias '{name}' is also a name of {owner[name]}")
