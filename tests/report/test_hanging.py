"""Requests that hung are known by their lines, which come after those of requests that arrived minutes later."""

from dataclasses import replace
from pathlib import Path

from logsleuth.logs.open.log import open_logs
from logsleuth.report.compose.log.again import Again, AskedAgain
from logsleuth.report.compose.requests.hanging import Hung, hung_among, said_of, waits
from logsleuth.timeline.clock import Clock
from logsleuth.units import MINUTE, SECOND

NOON = 1_772_539_200 * SECOND
"""2026-03-03 12:00:00 UTC."""


def line(minute: int, second: int, method: str = "GET", status: int = 200) -> str:
    stamp = f"03/Mar/2026:12:{minute:02}:{second:02} +0000"
    return f'192.0.2.{second} - - [{stamp}] "{method} /a HTTP/1.1" {status} 9 "-" "Mozilla/5.0"\n'


READ = [line(minute, second) for minute in range(30) for second in range(0, 60, 20)]
"""Pages that are answered at once, in the order in which they arrive."""
SENT = [line(minute, 30, "POST") for minute in range(5, 25)]
"""Forms that arrive one a minute."""
AFTER = [line(minute, second) for minute in range(30, 40) for second in range(0, 60, 20)]
BEGIN = NOON + 5 * MINUTE


def asked(folder: Path, lines: list[str]) -> list[AskedAgain]:
    path = folder / "access.log"
    path.write_text("".join(lines))
    logs, _ = open_logs([str(path)])
    return list(Again(logs).requests(0, Clock.named("UTC"), NOON, NOON + 60 * MINUTE))


def hung(folder: Path, lines: list[str], *, failed: int = 0) -> Hung | None:
    every = asked(folder, lines)
    within = [one for one in every if BEGIN <= one.time < NOON + 30 * MINUTE]
    others = [one for one in every if one not in within]
    hit = {id(one) for one in [one for one in within if one.method == "POST"][:failed]}
    return hung_among(within, others, hit, set(map(id, within)))


def test_a_line_after_those_of_requests_that_arrived_later_waited_for_as_long(tmp_path: Path) -> None:
    late, first, last = asked(tmp_path, [line(9, 0), line(2, 0), line(9, 5)])  # by when they arrived
    assert waits([first, late, last]) == {id(first): 0, id(late): 7 * MINUTE, id(last): 0}
    slow = first._replace(took=3 * SECOND)
    assert waits([slow]) == {id(slow): 3 * SECOND}


def test_forms_whose_lines_come_when_it_is_over_had_hung(tmp_path: Path) -> None:
    found = hung(tmp_path, [*READ, *SENT, *AFTER])
    assert found == Hung(20, 0, 24 * MINUTE + 10 * SECOND, "POST")
    assert said_of(found) == (
        "20 requests hung: answered up to 24 min 10 s after they had arrived; no POST was answered in time."
    )


def test_those_that_failed_in_the_end_are_named(tmp_path: Path) -> None:
    found = hung(tmp_path, [*READ, *SENT, *AFTER], failed=5)
    assert found is not None
    assert found.failed == 5
    assert said_of(replace(found, method="")).endswith("arrived, 5 of them with an error.")
    assert said_of(replace(found, method="", failed=20)).endswith("arrived, all of them with an error.")


def test_a_few_or_lines_that_are_as_late_at_other_times_are_no_sign(tmp_path: Path) -> None:
    assert hung(tmp_path, [*READ, *SENT[:5], *AFTER]) is None
    assert hung(tmp_path, [*READ, *AFTER]) is None
    joined = [line(59, 0), *READ, *SENT, *AFTER]  # another log's line came first
    assert hung(tmp_path, joined) is None


def test_where_others_of_their_method_were_served_that_is_not_said(tmp_path: Path) -> None:
    served = [*READ[:30], line(9, 50, "POST"), *READ[30:], *SENT, *AFTER]
    found = hung(tmp_path, served)
    assert found is not None
    assert found.method == ""
