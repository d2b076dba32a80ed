"""What clients saw, in a sentence for each access log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logsleuth.report.words import plural
from logsleuth.story.traffic import FEWER

if TYPE_CHECKING:
    from logsleuth.story.traffic import Seen, Stretch


def told(seen: Seen, path: str) -> str:
    """How many requests there were within, how many failed, and how it was before."""
    within, before = seen.within, seen.before
    told = f"{path}: {_stretch(within)}"
    if before is not None:
        told += f"; before it {_rate(before)}, {_share(before)} of them failed"
        if within.rate < FEWER * before.rate:
            told += ". An answer that is never given is not logged: so much less traffic is part of the damage"
    return f"{told}."


def _stretch(stretch: Stretch) -> str:
    failed = f"{_share(stretch)} of them ({stretch.failed:,})" if stretch.failed else "none of them"
    requests = f"{plural(stretch.requests, 'request')} within ({_rate(stretch)})"
    return f"{requests}, {failed} answered with an error of the server"


def _rate(stretch: Stretch) -> str:
    if stretch.rate >= 1:
        return f"{stretch.rate:.0f} a second"
    return f"{stretch.rate * 60:.0f} a minute"


def _share(stretch: Stretch) -> str:
    share = 100 * stretch.share
    return "none" if not stretch.failed else f"{share:.0f} %" if share >= 1 else "less than 1 %"
