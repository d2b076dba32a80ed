"""What a second look at the logs shows of a cause: loops, leaks, last words, who took the port. On small values."""

from datetime import UTC

import pytest

from logsleuth.report.compose.findings.last_words import Words, last_words, script_of, words_in
from logsleuth.report.compose.findings.one_by_one import fill_up_alone
from logsleuth.report.compose.findings.taker import holds_the_port
from logsleuth.report.compose.requests.to_itself import Visit, leads_to_itself, visits
from logsleuth.units import SECOND


def test_a_visit_is_the_requests_of_one_client_for_one_page_in_a_row() -> None:
    asked = [("a", "GET /", 0), ("b", "GET /", 0), ("a", "GET /", 1), ("a", "GET /x", 1), ("a", "GET /", 60)]
    found = visits([(client, page, second * SECOND) for client, page, second in asked])
    assert sorted(found) == [Visit("GET /", 1), Visit("GET /", 1), Visit("GET /", 2), Visit("GET /x", 1)]


@pytest.mark.parametrize(
    ("rows", "others", "is_said"),
    [
        ([21] * 30, 20, True),
        ([21, 21, 50, 10], 20, True),
        ([21, 21], 0, False),  # two robots
        ([21] * 30, 900, False),  # most are sent elsewhere
        ([2] * 300, 0, False),
    ],
)
def test_a_redirect_leads_to_itself_if_most_of_its_clients_go_round(
    rows: list[int], others: int, is_said: bool
) -> None:
    said = leads_to_itself([Visit("GET /", one) for one in rows], sum(rows) + others)
    assert bool(said) is is_said
    assert not is_said or "exactly 21" in said


@pytest.mark.parametrize(
    ("seconds", "is_said"),
    [
        ([0, 13, 16, 56], True),
        ([0, 0, 1, 1], False),  # all at once: a limit, or the machine's table
        ([0, 60], False),
        ([0, 3, 6], False),  # within seconds
    ],
)
def test_processes_that_run_out_one_after_another_fill_up_alone(seconds: list[int], is_said: bool) -> None:
    said = fill_up_alone({100 + n: second * SECOND for n, second in enumerate(seconds)}, UTC)
    assert bool(said) is is_said
    assert not is_said or "pid 100 at 00:00:00, 101 at 00:00:13 and 102 at 00:00:16, and 1 more" in said


LINE = (
    "[Tue Mar 03 14:02:{:02}.500000 2020] [php:warn] [pid {}:tid {}] [client 192.0.2.7:40112] PHP Warning:  Undefined "
    "variable $x in /var/www/{} on line 2"
)


def test_the_last_words_of_a_worker_are_of_the_seconds_before_its_death() -> None:
    words = words_in("\n".join([LINE.format(5, 31, 31, "a.php"), LINE.format(9, 32, 32, "b.php"), "x"]).encode())
    assert [(one.pid, one.client, one.script) for one in words] == [
        (31, "192.0.2.7", "/var/www/a.php"),
        (32, "192.0.2.7", "/var/www/b.php"),
    ]
    assert last_words(words, [(31, words[0].time + SECOND), (32, words[1].time + 5 * SECOND), (33, 0)]) == words[:1]
    assert last_words(words, [(31, words[0].time - SECOND)]) == []


def workers(script: str, *times: float) -> list[Words]:
    return [Words(100 + n % 10, int(time * SECOND), "", script) for n, time in enumerate(times)]


def test_a_script_that_many_of_the_dead_wrote_about_is_told_unless_all_workers_write_about_it() -> None:
    dead = [(100 + n % 10, n * 60 * SECOND + SECOND) for n in range(20)]
    guilty = workers("/v.php", *(60 * n for n in range(20)))
    assert script_of(last_words(guilty, dead), guilty, dead) == "/v.php"
    few = guilty[:2]
    assert script_of(last_words(few, dead), few, dead) == ""
    usual = [Words(100 + n % 10, n * SECOND // 10, "", "/v.php") for n in range(12_000)]
    assert script_of(last_words(usual, dead), usual, dead) == ""


@pytest.mark.parametrize(
    ("unit", "end", "said"),
    [
        ("nginx.service", "", "It is probably nginx.service: systemd had started it just before."),
        (
            "nginx.service",
            "systemd: Stopping nginx.service - A high performance web server",
            "It is probably nginx.service: systemd had started it just before, and httpd could start once it was stopped.",
        ),
        (
            "gunicorn.service",
            "Command with sudo by kim: /usr/bin/systemctl stop gunicorn",
            "It is probably gunicorn.service: systemd had started it just before, and httpd could start once it was "
            "stopped.",
        ),
        ("cron.service", "", ""),
        ("", "systemd: Stopping nginx.service", ""),
    ],
)
def test_a_web_server_that_was_started_before_or_whose_stop_made_way_holds_the_port(
    unit: str, end: str, said: str
) -> None:
    assert holds_the_port(unit, end) == said
