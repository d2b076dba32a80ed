"""The folders of a site, told apart where of the pages below one some failed and others did not."""

from __future__ import annotations

from collections import Counter
from math import sqrt
from typing import TYPE_CHECKING, Final

from logsleuth.report.compose.requests.yardstick import HIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DEEPEST: Final = 3
"""Segments of a path that are told apart."""
MOSTLY, HARDLY = 0.5, 0.1
"""Shares of requests that fail, by which pages below one folder differ."""
LEAST: Final = 2
"""Requests for a page that show whether it failed; one may be chance."""
CHANCE: Final = 2.0
"""Standard deviations by which pages must differ more than chance makes them, where each fails now and then."""


def told_apart(pages: Mapping[tuple[str, str], int]) -> Counter[tuple[str, str]]:
    """Requests by as many segments of their path as it takes to tell what failed from what did not."""
    told: Counter[tuple[str, str]] = Counter()
    groups = [(1, part) for part in _parts(pages, 1).values()]
    while groups:
        depth, part = groups.pop()
        if (found := _split(part, depth)) is not None:
            groups += [(found[0], one) for one in found[1]]
            continue
        named = {page for page, _ in part}
        is_one_page = len(named) == 1 and any(level == HIT for _, level in part)
        key = named.pop() if is_one_page else _folder(next(iter(part))[0], depth)
        for (_, level), count in part.items():
            told[key, level] += count
    return told


def _split(part: dict[tuple[str, str], int], depth: int) -> tuple[int, Iterable[dict[tuple[str, str], int]]] | None:
    """The parts of a folder that differ, and their depth; what all pages below it share tells nothing apart."""
    for deep in range(depth + 1, DEEPEST + 1):
        deeper = _parts(part, deep).values()
        if _differ(deeper):
            return deep, deeper
        if len(deeper) > 1:
            return None
    return None


def _parts(pages: Mapping[tuple[str, str], int], depth: int) -> dict[str, dict[tuple[str, str], int]]:
    """The same requests, by the first segments of their path."""
    parts: dict[str, dict[tuple[str, str], int]] = {}
    for (path, level), count in pages.items():
        parts.setdefault(_folder(path, depth), {})[path, level] = count
    return parts


def _folder(path: str, depth: int) -> str:
    return "/".join(path.split("/")[: depth + 1])


def _differ(parts: Iterable[Mapping[tuple[str, str], int]]) -> bool:
    """Whether of these most requests of one failed, and hardly any of another, more than chance makes it so."""
    counted = []
    for part in parts:
        total = sum(part.values())
        failed = sum(count for (_, level), count in part.items() if level == HIT)
        if total >= LEAST:
            counted.append((failed, total))
    shares = [failed / total for failed, total in counted]
    return bool(shares) and max(shares) >= MOSTLY and min(shares) <= HARDLY and _is_more_than_chance(counted)


def _is_more_than_chance(counted: Sequence[tuple[int, int]]) -> bool:
    """Whether shares vary more than those of throws of one coin (the chi-squared test of homogeneity)."""
    share = sum(failed for failed, _ in counted) / sum(total for _, total in counted)
    varies = sum((failed - total * share) ** 2 / (total * share * (1 - share)) for failed, total in counted)
    expected = len(counted) - 1
    return varies > expected + CHANCE * sqrt(2 * expected)
