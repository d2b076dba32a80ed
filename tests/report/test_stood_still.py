"""Nobody was spared where an outage met whatever was asked for, though of some pages no request failed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from logsleuth.lives.live import live
from logsleuth.lives.requests import Seen
from logsleuth.report.compose.answers.stood_still import stood_still
from logsleuth.report.compose.story.whom import whom_of
from logsleuth.timeline.model import Asked
from tests.lives.build import ANY, timeline
from tests.report.test_detection import CRASH, FULL, diagnosis
from tests.report.test_whom import ALL, IMG, SHOP, then, traffic

LIVES = live(timeline())
SOME = Seen(log=0, failed=9, refused=0, seen=90, expected=100)


@pytest.mark.parametrize(
    ("meaning", "seen", "stood"),
    [
        (FULL, SOME, True),
        (replace(FULL, about="backend"), SOME, False),  # a pool behind httpd: its own pages are served
        (ANY, SOME, False),
        (CRASH, replace(SOME, seen=10, expected=100), True),  # what was to be expected has no line
        (ANY, None, False),
    ],
)
def test_a_server_that_is_full_or_answers_hardly_anybody_stands_still(
    meaning: object, seen: Seen | None, stood: bool
) -> None:
    assert stood_still(diagnosis(meaning, requests=seen).incident, LIVES) == stood  # type: ignore[arg-type]


def test_where_all_waited_no_page_and_no_client_is_called_spared() -> None:
    known = replace(then(SHOP, IMG), only_askers=True)
    clients = (Asked("192.0.2.1", 9, 0, 9), Asked("192.0.2.2", 9, 0, 9), Asked("192.0.2.3", 9, 0, 0))
    known = replace(known, clients=replace(known.clients, kept=clients, distinct=3))
    spared = " ".join(whom_of(ALL, traffic(SHOP, IMG), known))
    waited = " ".join(whom_of(ALL, traffic(SHOP, IMG), known, apart=False))
    assert "Paths not hit" in spared
    assert "and no other" in spared
    assert waited.startswith("Paths hit: /shop")
    assert "not hit" not in waited
    assert "and no other" not in waited
