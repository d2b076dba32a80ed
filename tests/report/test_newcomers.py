"""Failures of the requests that set an outage off are told from those of all other clients."""

from pathlib import Path

from logsleuth.logs.open.log import open_logs
from logsleuth.report.compose.log.again import Again, AskedAgain
from logsleuth.report.compose.requests.newcomers import Hit, Newcomers, newcomers
from logsleuth.timeline.clock import Clock
from logsleuth.units import MINUTE, SECOND

NOON = 1_772_539_200 * SECOND
"""2026-03-03 12:00:00 UTC."""


def line(minute: int, second: int, client: str, path: str) -> str:
    return (
        f'{client} - - [03/Mar/2026:12:{minute:02}:{second:02} +0000] "GET {path} HTTP/1.1" 200 9 "-" "Mozilla/5.0"\n'
    )


VISITORS = [
    line(minute, second, f"192.0.2.{minute}", f"/page{second}") for minute in range(40) for second in range(0, 60, 12)
]
CRAWL = [
    line(minute, second, f"198.51.100.{second}", f"/shop/?filter={minute * 60 + second}")
    for minute in range(20, 40)
    for second in range(1, 60, 3)
]


def asked(folder: Path, lines: list[str]) -> list[AskedAgain]:
    path = folder / "access.log"
    path.write_text("".join(sorted(lines, key=lambda text: text.partition("[")[2])))
    logs, _ = open_logs([str(path)])
    return list(Again(logs).requests(0, Clock.named("UTC"), NOON, NOON + 60 * MINUTE))


def test_each_have_their_own_figures(tmp_path: Path) -> None:
    around = asked(tmp_path, [*VISITORS, *CRAWL])
    onset = NOON + 21 * MINUTE
    within = [one for one in around if one.time >= onset]
    hit = {id(one) for one in within if "filter" in one.text.decode() or one.path == "/page12"}
    found = newcomers(around, within, hit, onset, NOON + 40 * MINUTE)
    assert found == Newcomers("for /shop/ with “filter=” in the query", Hit(380, 380, 20, 20), Hit(19, 95, 19, 19))
    assert found.said == (
        "380 of the 380 requests for /shop/ with “filter=” in the query failed, and 19 of the 95 others. "
        "Other clients hit: 19 of 19."
    )


def test_where_no_form_of_request_came_up_there_are_none(tmp_path: Path) -> None:
    around = asked(tmp_path, VISITORS)
    assert (
        newcomers(around, around[100:], {id(one) for one in around[100:]}, NOON + 20 * MINUTE, around[-1].time) is None
    )
