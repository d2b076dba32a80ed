"""`logsleuth diff`: what a change brought."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from logsleuth.cli.commands import cli
from logsleuth.diff.compare import chance_of
from logsleuth.errors import LogsleuthError
from logsleuth.options import Options
from logsleuth.pipeline import scan_to
from tests.middle.shop import BROWSE, HOUR, ODD, PATTERNS, QUEUE, ROOF, Log


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "patterns").mkdir()
    for number, text in enumerate(PATTERNS):
        (tmp_path / "patterns" / f"{number:02}.toml").write_text(text)
    return tmp_path


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["diff", *arguments, "--tz", "UTC", "--patterns", str(folder / "patterns")])


def changes(folder: Path, *arguments: str) -> dict[str, dict[str, object]]:
    result = run(folder, *arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    return {row["pattern"] or row["template"]: row for row in json.loads(result.output)["changes"]}


@pytest.fixture
def two(folder: Path) -> tuple[str, str]:
    before = Log().every(60, 0, 10 * HOUR, BROWSE).every(300, 7, 10 * HOUR, QUEUE).every(600, 3, 10 * HOUR, ODD)
    after = Log().every(60, 0, 5 * HOUR, BROWSE).every(30, 7, 5 * HOUR, QUEUE).add(ROOF, 3 * HOUR)
    (folder / "before.log").write_text(before.text())
    (folder / "after.log").write_text(after.text())
    return str(folder / "before.log"), str(folder / "after.log")


def test_new_gone_more_and_the_same_are_told_by_their_rates(folder: Path, two: tuple[str, str]) -> None:
    rows = changes(folder, *two)
    kinds = {name: (row["kind"], row["sure"]) for name, row in rows.items()}
    assert kinds["shop.queue.long"] == ("more", True)
    assert kinds["shop.roof.down"] == ("new", False)  # one line may be chance, and is told all the same
    assert kinds["shop.customer.browses"] == ("same", False)
    (odd,) = (row for row in rows.values() if row["pattern"] is None)
    assert (odd["kind"], odd["sure"]) == ("gone", True)
    assert rows["shop.queue.long"]["before"] == {"count": 120, "per_hour": pytest.approx(12, abs=0.1)}


def test_the_other_way_round_it_is_the_opposite(folder: Path, two: tuple[str, str]) -> None:
    there, back = changes(folder, *two), changes(folder, *reversed(two))
    opposite = {"new": "gone", "gone": "new", "more": "less", "less": "more", "same": "same"}
    assert {name: opposite[str(row["kind"])] for name, row in there.items()} == {n: r["kind"] for n, r in back.items()}


def test_a_log_and_itself_do_not_differ(folder: Path, two: tuple[str, str]) -> None:
    assert {row["kind"] for row in changes(folder, two[0], two[0]).values()} == {"same"}
    assert "Nothing differs" in run(folder, two[0], two[0]).output


def test_two_stretches_of_one_log(folder: Path) -> None:
    log = Log().every(60, 0, 10 * HOUR, BROWSE).every(60, 5 * HOUR, 10 * HOUR, QUEUE)
    (folder / "error.log").write_text(log.text())
    rows = changes(
        folder, str(folder / "error.log"), "--before", "2026-03-03 06:00..11:00", "--after", "2026-03-03 11:00.."
    )
    assert rows["shop.queue.long"]["kind"] == "new"
    assert rows["shop.queue.long"]["sure"]
    assert rows["shop.customer.browses"]["kind"] == "same"


def test_what_comes_in_clumps_differs_more_by_chance() -> None:
    assert chance_of(100, 140, 10, 10) < 0.01
    assert chance_of(100, 140, 10, 10, clumping=10) > 0.1
    assert chance_of(100, 10, 100, 10) == pytest.approx(1.0)


def test_the_text_is_safe_and_says_when(folder: Path, two: tuple[str, str]) -> None:
    Path(two[1]).write_text(
        Path(two[1]).read_text() + "[Tue Mar 03 10:30:00.000000 2026] [shop:error] [pid 1] \x1b[31mred\n"
    )
    output = run(folder, *two, "--all").output
    assert "\x1b" not in output
    assert "2026-03-03 06:00:00 to 2026-03-03 15:59:00 UTC, 10.0 h" in output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("before.log",), "diff needs two logs, not 1"),
        (("before.log", "--before", "06:00..07:00"), "go together"),
        (("before.log", "--before", "06:00", "--after", "07:00.."), "not a time range"),
        (("before.log", "--before", "2030-01-01..", "--after", "2026-03-03.."), "has no lines in that time"),
    ],
)
def test_mistakes_end_in_one_line(folder: Path, two: tuple[str, str], arguments: tuple[str, ...], message: str) -> None:
    result = run(folder, str(folder / arguments[0]), *arguments[1:])
    assert isinstance(result.exception, LogsleuthError)
    assert message in result.exception.message


def test_logs_in_a_format_of_their_own(folder: Path, two: tuple[str, str]) -> None:
    def kinds(*more: str) -> dict[str, object]:
        return {name: row["kind"] for name, row in changes(folder, *two, *more).items()}

    plain = kinds()
    for name in two:
        lines = Path(name).read_text().replace("[shop:", "shop [").replace("] [pid ", "] - pid ")
        Path(name).write_text(re.sub(r"^\[([^\]]*)\]", r"\1 |", lines, flags=re.M))
    assert isinstance(run(folder, *two).exception, LogsleuthError)
    assert kinds("--log-format", r"%{u}t | %m [%l] - pid %P:tid %T] [client\ %a] %M") == plain


@pytest.fixture
def hosts(folder: Path) -> tuple[str, str]:
    """Four hosts on Monday; on Tuesday two of them have a roof that is down, web4 is gone and web5 is new."""
    for day, names in (("monday", "1234"), ("tuesday", "1235")):
        for name in names:
            log = Log().every(60, int(name), 10 * HOUR, BROWSE)
            if day == "tuesday" and name in "12":
                log = log.every(600, 9, 10 * HOUR, ROOF)
            path = folder / day / f"web{name}" / "error.log"
            path.parent.mkdir(parents=True)
            path.write_text(log.text())
    return str(folder / "monday"), str(folder / "tuesday")


def assert_hosts_are_compared(rows: dict[str, dict[str, object]]) -> None:
    roof, browses = rows["shop.roof.down"], rows["shop.customer.browses"]
    assert (roof["kind"], roof["sure"]) == ("new", True)
    assert roof["after"] == {"count": 120, "per_hour": pytest.approx(3, abs=0.1), "hosts": ["web1", "web2"]}
    assert roof["before"] == {"count": 0, "per_hour": 0, "hosts": []}
    assert browses["kind"] == "same"
    assert browses["before"] == {
        "count": 2400, "per_hour": pytest.approx(60, abs=0.2), "hosts": ["web1", "web2", "web3", "web4"],
    }  # fmt: skip


def test_hosts_in_folders_are_compared_by_rates_per_host(folder: Path, hosts: tuple[str, str]) -> None:
    assert_hosts_are_compared(changes(folder, *hosts))
    output = run(folder, *hosts).output
    assert "39.9 h of 4 hosts together" in output
    assert "after on 2 of 4 hosts (web1, web2)" in output
    assert "Rates are per hour and host." in output
    assert "Only before: web4." in output
    assert "Only after: web5." in output


def test_folders_of_saved_tallies_are_compared_as_their_logs_are(folder: Path, hosts: tuple[str, str]) -> None:
    for day in hosts:
        for log in sorted(Path(day).glob("*/error.log")):
            options = Options((log,), tz="UTC", patterns=(folder / "patterns",))
            (Path(day) / f"{log.parent.name}.tally").write_bytes(scan_to(options, log.parent.name, "none"))
            log.unlink()
    assert_hosts_are_compared(changes(folder, *hosts))
    result = run(folder, *hosts, "--before", "2026-03-03 06:00..07:00", "--after", "2026-03-03 07:00..")
    assert isinstance(result.exception, LogsleuthError)
    assert "which cannot be limited to a time" in result.exception.message


def test_one_hosts_comparison_has_no_word_of_hosts(folder: Path, two: tuple[str, str]) -> None:
    output = run(folder, *two).output
    assert not any(words in output for words in ("hosts together", "per hour and host", "Only before"))
    assert all("hosts" not in json.dumps(row) for row in changes(folder, *two).values())
