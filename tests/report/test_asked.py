"""What was asked for while an outage lasted, read again from its access log."""

from dataclasses import replace
from pathlib import Path

import pytest

from logsleuth.lives.requests import Requests, Seen
from logsleuth.logs.open.log import open_logs
from logsleuth.report.compose.log.again import Again
from logsleuth.report.compose.requests.asked import AskedThen, asked_then
from logsleuth.report.compose.requests.earlier import Before
from logsleuth.report.compose.story.exhibits import Exhibits
from logsleuth.scan.tally import Tally
from logsleuth.timeline.clock import Clock
from logsleuth.timeline.model import Asked, Counts, Traffic
from logsleuth.units import SECOND

NONE = Counts(SECOND, [])
NOON = 1_772_539_200 * SECOND
"""2026-03-03 12:00:00 UTC."""


def asked(folder: Path, lines: list[str], seen: Seen, last: int, width: int = 1, said: int = 0) -> AskedThen | None:
    """`width`: seconds by which all requests are counted; `said`: lines of an error log that report failures."""
    path = folder / "access.log"
    path.write_text("".join(lines))
    logs, _ = open_logs([str(path)])
    some, every = Counts(SECOND, [(NOON, 1)]), Counts(width * SECOND, [(NOON, 1)])
    requests = Requests(NONE, {0: Traffic(every, some, some, parts=frozenset({0}))}, NONE)
    seen = replace(seen, stretches=((seen.begin, NOON + last * SECOND),))
    exhibits = Exhibits(Tally(), logs, Clock.named("UTC"), again=Again(logs))
    return asked_then(seen, seen.begin, requests, exhibits, said)


def line(second: int, path: str, status: int, client: str = "192.0.2.1") -> str:
    return f'{client} - - [03/Mar/2026:12:00:{second:02} +0000] "GET {path} HTTP/1.1" {status} 9 "-" "curl"\n'


LINES = [
    line(1, "/shop/cart", 200), line(10, "/shop/search?q=1", 500), line(11, "/shop/search?q=2", 500, "192.0.2.2"),
    line(12, "/shop/cart", 200), line(13, "/shop/cart", 200), line(14, "/blog/a", 503), line(15, "/blog/b", 500),
    line(16, "/icon", 404), line(40, "/shop/search", 200),
]  # fmt: skip
SEEN = Seen(0, 4, 1, 7, stretches=((NOON + 10 * SECOND, 0),))


def test_only_the_requests_of_that_time_count_and_folders_are_told_apart_where_their_pages_differ(
    tmp_path: Path,
) -> None:
    found = asked(tmp_path, LINES, SEEN, 16)
    assert found is not None
    assert found.paths.kept == (
        Asked("/blog", 2, 0, 2), Asked("/icon", 1, 1, 0), Asked("/shop/cart", 2, 0, 0), Asked("/shop/search", 2, 0, 2),
    )  # fmt: skip
    assert [one.key for one in found.clients.kept] == ["192.0.2.1", "192.0.2.2"]


def test_what_is_only_asked_to_log_in_is_no_failure(tmp_path: Path) -> None:
    who = line(12, "/svn/a", 401)
    wrong = line(13, "/svn/a", 401, "192.0.2.3").replace("- - [", "- jane [")
    sent = line(14, "/svn/send", 500).replace("GET", "POST")
    found = asked(tmp_path, [line(11, "/svn/a", 500), who, wrong, sent], replace(SEEN, failed=2, refused=2, seen=4), 16)
    assert found is not None
    assert found.asked_who == 1
    assert sum(one.requests for one in found.paths.kept) == 3


def test_lines_of_other_days_and_zones_are_told_by_their_time_alone(tmp_path: Path) -> None:
    here = [one.replace("12:00:", "13:00:").replace("+0000", "+0100") for one in LINES]
    before = [one.replace("03/Mar", "02/Mar") for one in LINES]
    impossible = [one.replace("03/Mar", "39/Mar") for one in LINES]
    assert asked(tmp_path, [*before, *here, *impossible], SEEN, 16) == asked(tmp_path, LINES, SEEN, 16) is not None


def test_requests_that_a_long_log_counts_by_more_than_seconds_are_held_against_its_count(tmp_path: Path) -> None:
    assert asked(tmp_path, LINES, replace(SEEN, seen=8), 36, width=8) is None
    found = asked(tmp_path, LINES, replace(SEEN, seen=8), 34, width=20)
    assert found is not None
    assert found.seen.seen == 7  # the first of the eight came before the outage
    assert sum(one.requests for one in found.paths.kept) == 7


def test_what_does_not_agree_with_the_count_is_not_used(tmp_path: Path) -> None:
    assert asked(tmp_path, LINES[1:], SEEN, 16) is not None
    assert asked(tmp_path, LINES[2:], SEEN, 16) is None


@pytest.mark.parametrize("largest", [10, 100_000])
def test_a_large_log_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, largest: int) -> None:
    monkeypatch.setattr("logsleuth.report.compose.log.again.LARGEST", largest)
    assert (asked(tmp_path, LINES, SEEN, 16) is None) == (largest == 10)


REFUSED = Seen(0, 0, 3, 5, stretches=((NOON + 10 * SECOND, 0),), turned_away=True)
REFUSALS = [
    line(10, "/shop/a", 403), line(11, "/shop/b", 403, "192.0.2.2"), line(12, "/shop/c", 200), line(13, "/shop/d", 200),
    line(14, "/.env", 403, "192.0.2.66"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "aside"),
    [((404, 404), 1), ((404,), 0), ((200, 404), 0), ((401, 401), 0)],
    ids=["always", "once", "mostly there", "asked to log in"],
)
def test_pages_that_fail_before_and_after_as_well_are_no_part_of_it(
    before: tuple[int, ...], aside: int, tmp_path: Path
) -> None:
    earlier = [line(second, "/.env", status) for second, status in enumerate(before, 1)]
    found = asked(tmp_path, [*earlier, *REFUSALS], REFUSED, 16)
    assert found is not None
    assert found.always == aside
    assert (found.seen.refused, found.seen.seen) == (3 - aside, 5 - aside)
    assert ("/.env" in {one.key for one in found.paths.kept}) == (not aside)


def test_what_is_refused_for_other_reasons_than_the_outage_s_own_is_no_part_of_it(tmp_path: Path) -> None:
    others = [line(second, f"/old/{second}", 404) for second in range(1, 9)]
    gone = line(15, "/old/15", 404)
    found = asked(tmp_path, [*others, *REFUSALS, gone], replace(REFUSED, refused=4, seen=6), 16)
    assert found is not None
    assert found.statuses == {403}
    assert (found.seen.refused, found.seen.seen) == (3, 6)
    assert "/old" in found.not_served
    assert found.before == Before(0, 5, 6 * SECOND, 0, 5, {"": (0, 5)})


def test_clients_that_ask_for_what_is_never_there_are_scanners(tmp_path: Path) -> None:
    tried = [line(second, path, 404, "192.0.2.9") for second, path in enumerate(["/.env", "/wp-login.php"] * 2, 1)]
    scan = [line(15, "/wp-login.php", 403, "192.0.2.66"), line(16, "/phpmyadmin", 403, "192.0.2.66")]
    found = asked(tmp_path, [*tried, *REFUSALS, *scan], replace(REFUSED, refused=5, seen=7), 16)
    assert found is not None
    assert (found.by_scanners, found.always) == (3, 0)
    assert found.clients.kept == (Asked("192.0.2.1", 3, 1, 0), Asked("192.0.2.2", 1, 1, 0))


def test_monitors_are_no_users(tmp_path: Path) -> None:
    by_monitor = [one.replace('"curl"', '"HAProxy"') for one in (line(13, "/up.txt", 200), line(15, "/up.txt", 200))]
    found = asked(tmp_path, [*REFUSALS, *by_monitor], replace(REFUSED, seen=7), 16)
    assert found is not None
    assert found.by_monitors == 2
    assert found.of_everybody == (0, found.seen.seen + 2)
    assert (found.seen.refused, found.seen.seen) == (3, 5)
    alone = asked(tmp_path, [one.replace('"curl"', '"HAProxy"') for one in REFUSALS], REFUSED, 16)
    assert alone is not None
    assert (alone.by_monitors, alone.seen.refused) == (0, 3)  # nobody else was hit


def test_logins_are_counted_where_they_failed_and_not_the_prompts_before_them(tmp_path: Path) -> None:
    served = line(12, "/intra", 200, "192.0.2.2").replace("- - [", "- jane [")
    twice = [line(second, "/intra", 401, client) for second, client in ((11, "192.0.2.1"), (14, "192.0.2.3")) * 2]
    lines = sorted([*twice, line(11, "/intra", 401, "192.0.2.2"), served, line(15, "/logo.png", 200)])
    found = asked(tmp_path, lines, replace(REFUSED, refused=5, seen=7), 16)
    assert found is not None
    assert (found.logins, found.asked_who) == ((2, 3), 3)
    assert (found.seen.refused, found.seen.seen) == (2, 4)
    assert found.clients.kept[1] == Asked("192.0.2.2", 1, 0, 0)


def test_jobs_of_the_host_itself_are_no_users_unless_a_proxy_there_passes_users_on(tmp_path: Path) -> None:
    jobs = [line(second, "/cron.php", 500, "127.0.0.1") for second in (13, 14)]
    found = asked(tmp_path, [*LINES, *jobs], replace(SEEN, failed=6, seen=9), 16)
    assert found is not None
    assert (found.by_jobs, found.seen.failed) == (2, 4)
    through = line(15, "/cart", 500, "127.0.0.1").replace('"curl"', '"Mozilla/5.0"')
    found = asked(tmp_path, [*LINES, *jobs, through], replace(SEEN, failed=7, seen=10), 16)
    assert found is not None
    assert (found.by_jobs, found.seen.failed) == (0, 7)


def test_a_scanner_that_asks_for_a_page_of_monitors_is_none(tmp_path: Path) -> None:
    scan = [line(14, "/actuator/health", 403, "192.0.2.9"), line(15, "/.env", 403, "192.0.2.9")]
    check = line(13, "/healthz", 200, "192.0.2.8")
    found = asked(tmp_path, [*REFUSALS, check, *scan], replace(REFUSED, refused=5, seen=8), 16)
    assert found is not None
    assert (found.by_monitors, found.seen.refused) == (1, 5)


def test_where_a_page_failed_by_one_method_only_that_is_known(tmp_path: Path) -> None:
    posts = [line(10 + n, "/order", 500).replace("GET", "POST") for n in range(6)]
    gets = [line(10 + n, "/order", 200) for n in range(6)]
    found = asked(tmp_path, [*posts, *gets], Seen(0, 6, 0, 12, stretches=((NOON + 10 * SECOND, 0),)), 16)
    assert found is not None
    assert found.methods_of == {"/order": (("POST", 6, 6), ("GET", 0, 6))}


def of_site(second: int, path: str, status: int, site: str, agent: str = "Mozilla") -> str:
    return line(second, path, status).replace('"-" "curl"', f'"https://{site}/" "{agent}"')


def test_sites_are_told_apart_by_the_page_that_led_to_a_request_where_only_some_failed(tmp_path: Path) -> None:
    seen = Seen(0, 6, 0, 14, stretches=((NOON, 0),))
    hit = [of_site(second, "/a.css" if second == 1 else "/", 500, "a.example") for second in range(1, 7)]
    spared = [of_site(second, "/b.css" if second == 1 else "/", 200, "b.example") for second in range(1, 8)]
    found_by = [of_site(9, "/", 200, "search.example")]  # leads to pages, not to their files
    found = asked(tmp_path, [*hit, *spared, *found_by], seen, 30)
    assert found is not None
    assert found.by_referer
    assert found.vhosts.kept == (Asked("a.example", 5, 0, 5), Asked("b.example", 6, 0, 0))  # pages alone
    served = [hit[0].replace(" 500 ", " 200 "), *hit[1:]]
    files_served = asked(tmp_path, [*served, *spared, *found_by], replace(seen, failed=5), 30)
    assert files_served is not None
    assert files_served.vhosts.kept == found.vhosts.kept
    mixed = [hit[0], *(one.replace(" 500 ", " 200 ") for one in hit[1:4]), *hit[4:], *spared, *found_by]
    in_part = asked(tmp_path, mixed, replace(seen, failed=3), 30)
    assert in_part is not None
    assert in_part.vhosts.kept == ()


def test_folders_whose_pages_fail_now_and_then_are_not_told_apart(tmp_path: Path) -> None:
    by_chance = [line(1 + n % 50, f"/live/{n // 2}", 500 if (n * 7919) % 97 < 48 else 200) for n in range(80)]
    failed = sum(" 500 " in one for one in by_chance)
    found = asked(tmp_path, by_chance, Seen(0, failed, 0, 80, stretches=((NOON, 0),)), 59)
    assert found is not None
    assert found.paths.kept == (Asked("/live", 80, 0, failed),)


def test_requests_of_users_are_told_from_those_without_a_name(tmp_path: Path) -> None:
    lines = [line(11, "/svn/a", 500).replace("- - [", "- jane ["), line(12, "/svn/a", 401)]
    seen = Seen(0, 1, 1, 2, stretches=((NOON, 0),))
    found = asked(tmp_path, lines, seen, 16)
    assert found is not None
    assert found.named_users
    without = asked(tmp_path, [line(11, "/svn/a", 500), lines[1]], seen, 16)
    assert without is not None
    assert not without.named_users


def test_requests_that_name_no_page_have_nothing_in_common(tmp_path: Path) -> None:
    broken = [line(second, "/", 400).replace("GET / HTTP/1.1", "-") for second in (1, 2, 11, 12, 13)]
    found = asked(tmp_path, [*broken, line(14, "/", 200)], Seen(0, 0, 3, 4, stretches=((NOON + 10 * SECOND, 0),)), 16)
    assert found is not None
    assert (found.always, found.seen.refused, found.hits_users) == (0, 3, True)


def test_where_failures_are_answered_with_status_200_their_size_tells_them(tmp_path: Path) -> None:
    sizes = {second: 512 if 20 <= second < 50 else 9000 + second for second in range(60)}
    lines = [line(second, f"/page{second % 3}.php", 200).replace(" 9 ", f" {size} ") for second, size in sizes.items()]
    seen = Seen(0, 0, 0, 30, stretches=((NOON + 20 * SECOND, 0),))
    found = asked(tmp_path, lines, seen, 49, said=30)
    assert found is not None
    assert (found.seen.failed, found.seen.seen, found.seen.error_size) == (30, 30, 512)
    assert [(one.key, one.failed) for one in found.paths.kept] == [(f"/page{n}.php", 10) for n in range(3)]
    nothing = asked(tmp_path, lines, seen, 49)
    assert nothing is not None
    assert (nothing.seen.failed, nothing.seen.error_size) == (0, 0)
