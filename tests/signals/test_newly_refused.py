"""A rule that begins to refuse users at one place, amid scanners that are refused all day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path  # noqa: TC003 - pytest reads the annotations
from typing import TYPE_CHECKING

import pytest

import logsleuth
from logsleuth.signals.detectors.newly_refused import nobody_asked_before
from logsleuth.signals.places import folders_of
from logsleuth.timeline.model import Moment
from logsleuth.units import SECOND
from tests.lives.build import line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from logsleuth import Report

HOUR = 3600
START = datetime(2026, 3, 3, tzinfo=UTC)
USERS = [f"198.51.100.{number}" for number in range(1, 60)]
BOTS = [f"203.0.113.{number}" for number in range(1, 60)]
RELOAD = 10 * HOUR
Row = tuple[float, str]


def rule(client: str, path: str, number: int = 1000101) -> str:
    tail = f'[hostname "shop.example.com"] [uri "{path}"] [unique_id "X"]'
    return f'ModSecurity: Access denied with code 403 (phase 2). Match. [file "/etc/a.conf"] [id "{number}"] {tail}'


def scores(client: str, path: str) -> str:
    return rule(client, path, 949110)


def denied(client: str, path: str) -> str:
    return f"AH01630: client denied by server configuration: /srv/www/shop{path}"


def proxied(client: str, path: str) -> str:
    return f"AH01630: client denied by server configuration: proxy:http://192.0.2.5:8080{path}"


def unknown_user(client: str, path: str) -> str:
    return f"AH01618: user {client.replace('.', '')} not found: {path}"


MODULES: dict[Callable[[str, str], str], str] = {
    rule: "security2",
    scores: "security2",
    denied: "authz_core",
    proxied: "authz_core",
}


def refusals(
    says: Callable[[str, str], str], seconds: Sequence[float], path: str, clients: Sequence[str] = USERS
) -> Iterator[Row]:
    module = MODULES.get(says, "auth_basic")
    for nth, second in enumerate(seconds):
        client = clients[nth % len(clients)]
        yield second, f"[{module}:error] [pid {20 + nth % 8}] [client {client}:40000] {says(client, path)}"


def scanners(says: Callable[[str, str], str]) -> Iterator[Row]:
    for nth, second in enumerate(range(100, 20 * HOUR, 130)):
        yield from refusals(says, [second], f"/{nth}.php", [f"192.0.2.{nth % 4}"])


def reload(second: float) -> list[Row]:
    return [
        (second, "[mpm_event:notice] [pid 1:tid 1] AH00493: SIGUSR1 received.  Doing graceful restart"),
        (
            second + 0.3,
            "[mpm_event:notice] [pid 1:tid 1] AH00489: Apache/2.4.62 configured -- resuming normal operations",
        ),
    ]


def missing() -> Iterator[Row]:
    """Users of whom something else is logged all day."""
    for nth, second in enumerate(range(50, 20 * HOUR, 211)):
        client = USERS[nth % 59]
        yield second, f"[core:error] [pid 9] [client {client}:40000] AH00128: File does not exist: /srv/www/favicon.ico"


def report(folder: Path, rows: Sequence[Row], requests: Sequence[tuple[float, str, str, int]] = ()) -> Report:
    """The report on these lines, and on these requests: second, client, path and status."""
    when = [(START + timedelta(seconds=second), text) for second, text in sorted(rows)]
    (folder / "error.log").write_text("".join(f"[{time:%a %b %d %H:%M:%S.%f %Y}] {text}\n" for time, text in when))
    asked = [(START + timedelta(seconds=second), *rest) for second, *rest in sorted(requests)]
    (folder / "access.log").write_text(
        "".join(
            f'{client} - - [{time:%d/%b/%Y:%H:%M:%S +0000}] "POST {path} HTTP/1.1" {status} 196 "-" "x"\n'
            for time, client, path, status in asked
        )
    )
    return logsleuth.analyze(
        [str(folder / name) for name in ("error.log", *(["access.log"] if asked else []))], tz="UTC"
    )


AFTER = [RELOAD + 20.0 + 40 * nth for nth in range(40)]


@pytest.mark.parametrize(
    ("says", "path"),
    [(rule, "/checkout"), (scores, "/api/orders"), (denied, "/product/12"), (proxied, "/api"), (unknown_user, "/wiki")],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_rule_that_begins_to_refuse_users_with_a_reload_is_an_outage(
    tmp_path: Path, says: Callable[[str, str], str], path: str
) -> None:
    rows = [*scanners(says), *missing(), *reload(RELOAD), *refusals(says, AFTER, path), *reload(AFTER[-1] + 30)]
    (incident,) = report(tmp_path, rows).incidents
    assert incident.category == "permission-denied"
    assert incident.onset // SECOND == START.timestamp() + AFTER[0]
    assert len(incident.triggers) == 1
    assert incident.recovery_how == "reload"


QUIET: dict[str, list[Row]] = {
    "without a change": [*refusals(rule, AFTER, "/xmlrpc.php", BOTS)],
    "by one client": [*reload(RELOAD), *refusals(rule, AFTER, "/checkout", USERS[:1])],
    "by a crawler's five machines": [*reload(RELOAD), *refusals(rule, AFTER, "/product/12", BOTS[:5])],
    "some time after a reload": [*reload(RELOAD - 900), *refusals(rule, AFTER, "/xmlrpc.php", BOTS)],
    "all day": [*reload(RELOAD), *refusals(rule, range(200, 20 * HOUR, 150), "/checkout")],
    "more and more, all day": [
        *reload(RELOAD), *refusals(rule, [20 * HOUR * (nth / 500) ** 0.6 for nth in range(1, 500)], "/checkout")
    ],
    "from the first line on": [*reload(60), *refusals(rule, range(70, 2 * HOUR, 60), "/xmlrpc.php", BOTS)],
}  # fmt: skip


@pytest.mark.parametrize("rows", QUIET.values(), ids=[name.replace(" ", "-") for name in QUIET])
def test_what_is_refused_otherwise_is_routine(tmp_path: Path, rows: list[Row]) -> None:
    assert report(tmp_path, [*scanners(rule), *missing(), *rows]).incidents == ()


def test_a_place_where_nobody_was_ever_served_is_asked_for_by_scanners(tmp_path: Path) -> None:
    rows = [*scanners(denied), *missing(), *reload(RELOAD), *refusals(denied, AFTER, "/xmlrpc.php", BOTS)]
    requests = [(second, USERS[nth % 59], "/shop", 200) for nth, second in enumerate(range(0, 20 * HOUR, 60))]
    refused = [(second, BOTS[nth % 59], "/xmlrpc.php", 403) for nth, second in enumerate(AFTER)]
    assert report(tmp_path, rows, [*requests, *refused]).incidents == ()
    served = [(second, USERS[nth % 59], "/xmlrpc.php", 200) for nth, second in enumerate(range(0, RELOAD, 60))]
    assert len(report(tmp_path, rows, [*requests, *refused, *served]).incidents) == 1


def test_a_rule_that_refuses_a_few_all_day_refuses_more_of_them_after_a_restart_in_the_morning(tmp_path: Path) -> None:
    """At night few come and few are refused: the share of the requests is the same."""
    night, day = range(5 * HOUR, RELOAD, 60), range(RELOAD, 16 * HOUR, 4)
    refused = [*range(5 * HOUR + 100, RELOAD, 3000), *range(RELOAD + 100, 16 * HOUR, 200)]
    rows = [*missing(), *reload(RELOAD), *refusals(denied, refused, "/erp/admin")]
    requests = [(float(second), USERS[nth % 59], "/erp", 200) for nth, second in enumerate((*night, *day))]
    requests += [(float(second), USERS[nth % 59], "/erp/admin", 403) for nth, second in enumerate(refused)]
    assert report(tmp_path, rows, requests).incidents == ()
    assert len(report(tmp_path, rows).incidents) == 1


@pytest.mark.parametrize(
    ("seconds", "nobody"),
    [((1, 2, 3, 4, 5), True), ((1, 2, 3, 4), False), ((-3, 1, 2, 3, 4, 5), False), ((-30, 1, 2, 3, 4, 5), True)],
)
def test_where_clients_are_only_heard_of_from_a_change_on_none_could_be_refused_before(
    seconds: Sequence[int], nobody: bool
) -> None:
    change = 100 * SECOND
    others = [Moment(change + n * SECOND, change + n * SECOND, 1, line(offset=n), "192.0.2.1") for n in seconds]
    assert nobody_asked_before([others], change, 20 * SECOND) == nobody


def test_a_log_that_was_rotated_with_a_reload_shows_nothing_of_before(tmp_path: Path) -> None:
    """Pages of which some are not there at all times, in an access log whose older part was not given."""
    requests = [
        (float(second), USERS[nth % 59], "/item/1", 404 if nth % 40 == 7 else 200)
        for nth, second in enumerate(range(0, 20 * HOUR, 5))
    ]
    rows = [*missing(), *reload(RELOAD)]
    assert report(tmp_path, rows, [one for one in requests if one[0] > RELOAD]).incidents == ()
    assert report(tmp_path, rows, requests).incidents == ()


@pytest.mark.parametrize(
    ("path", "folders"),
    [
        ("/", [""]),
        ("/shop/cart?x=/y", ["", "/shop", "/shop/cart"]),
        ("C:/www/shop", ["", "/C:", "/C:/www", "/C:/www/shop"]),
        ("proxy:http://192.0.2.5:8080/shop", ["", "/shop"]),
        ("proxy:http://192.0.2.5:8080", [""]),
        ("", [""]),
    ],
)
def test_the_folders_of_a_path(path: str, folders: list[str]) -> None:
    assert folders_of(path) == folders
    assert len(folders_of("/a" * 100)) == 9
