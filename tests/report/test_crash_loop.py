"""A service that ends again and again behind httpd, as the log of what starts it again has it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import logsleuth
from logsleuth.report.compose.findings.crash_loop import AGAIN, AT_ITS_START, what_to_do

DAY = datetime(2026, 3, 3, 8, tzinfo=UTC)
THROWN = "TypeError: Cannot read properties of undefined (reading 'till')"


def at(seconds: float) -> datetime:
    """So many seconds after the logs begin."""
    return DAY + timedelta(seconds=seconds)


def refused(*seconds: float) -> str:
    """An error log of eight hours in which a backend refuses connections at some seconds."""
    lines = [
        (
            0.0,
            "[mpm_event:notice] [pid 7:tid 7] AH00489: Apache/2.4.62 (Debian) configured -- resuming normal operations",
        )
    ]
    for second in seconds:
        client = f"[client 192.0.2.{1 + int(second) % 200}:40112]"
        failed = "(111)Connection refused: AH00957: http: attempt to connect to 127.0.0.1:3000 (127.0.0.1:3000) failed"
        lines += [
            (second, f"[proxy:error] [pid 11:tid 11] {failed}"),
            (
                second,
                f"[proxy_http:error] [pid 11:tid 11] {client} AH01114: HTTP: failed to make connection to backend: 127.0.0.1",
            ),
        ]
    lines += [(n, f"[core:info] [pid 11:tid 11] [client 192.0.2.9:40112] AH00128: File does not exist: /srv/www/{n}")
              for n in range(60, 8 * 3600, 97)]  # fmt: skip
    return "".join(f"[{at(when):%a %b %d %H:%M:%S.%f %Y}] {text}\n" for when, text in sorted(lines))


def journal(*lines: tuple[float, str]) -> str:
    """A journal of eight hours with some lines besides a job's."""
    jobs = [(float(n), "CRON[99]: (root) CMD (true)") for n in range(0, 8 * 3600, 600)]
    return "".join(f"{at(when):%b %d %H:%M:%S} web1 {text}\n" for when, text in sorted([*jobs, *lines]))


def life(
    begin: float, *, port: int = 3000, unit: str = "till-api.service", last: str = THROWN
) -> list[tuple[float, str]]:
    """A service that ends, and is up again some seconds later."""
    return [
        (begin, f"node[2207]: {last}"),
        (begin, "node[2207]:     at Till.open (/srv/till/dist/till.js:88:36)"),
        (begin + 1, f"systemd[1]: {unit}: Main process exited, code=exited, status=1/FAILURE"),
        (begin + 6, f"systemd[1]: {unit}: Scheduled restart job, restart counter is at 7."),
        (begin + 6, "systemd[1]: Started The till."),
        (begin + 8, f"node[2208]: [till] listening on 127.0.0.1:{port}"),
    ]


def loop(begin: float, end: float, *, port: int = 3000, unit: str = "till-api.service") -> list[tuple[float, str]]:
    """Such lives, one after the other."""
    return [line for second in range(int(begin), int(end), 10) for line in life(second, port=port, unit=unit)]


def told(folder: Path, name: str, other: str, *, of: range = range(10_000, 10_600, 7)) -> tuple[str, str, str]:
    """Why it failed, what is said of the root cause, and what to do."""
    (folder / "error.log").write_text(refused(*of))
    (folder / name).write_text(other)
    report = logsleuth.analyze([folder / "error.log", folder / name], tz="UTC")
    (incident,) = report.incidents
    assert incident.category == "backend-down"
    root = " ".join(link.text for link in incident.chain if link.role in {"root cause", "trigger"})
    actions = incident.actions
    advice = " ".join((*actions.now, *actions.again, *(str(command) for command in actions.confirm)))
    return incident.summary[1], root, advice


def test_the_service_of_that_port_is_the_reason_with_its_last_words(tmp_path: Path) -> None:
    why, root, advice = told(tmp_path, "journal.txt", journal(*loop(9_995, 10_600)))
    assert why.startswith("Likely cause (high confidence): till-api.service was in a crash loop: it was started again")
    assert f"ended 61 times within 10 min (status 1/FAILURE), just after it had written “{THROWN}”" in why
    assert "The backend 127.0.0.1:3000 refused connections" in why
    assert "crash loop" in root
    assert "None found" not in root
    assert "Find what ends till-api.service" in advice
    assert "journalctl -u till-api.service --since" in advice
    assert "Start the backend" not in advice


def test_by_its_time_alone_it_is_less_sure(tmp_path: Path) -> None:
    why, _, _ = told(tmp_path, "journal.txt", journal(*loop(9_995, 10_600, port=4000)))
    assert why.startswith("Likely cause (medium confidence): till-api.service was in a crash loop")


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(loop(9_995, 10_100, port=4000), id="for a part of the time only"),
        pytest.param(loop(10_100, 10_600), id="later than the first failure"),
        pytest.param(loop(9_995, 10_600, unit="apache2.service"), id="httpd itself"),
        pytest.param(life(9_995, port=4000), id="once, at another port"),
        pytest.param(
            [line for second in range(8_000, 13_000, 60) for line in life(second, port=4000)], id="before and after too"
        ),
    ],
)
def test_another_service_is_none_of_its_reasons(lines: list[tuple[float, str]], tmp_path: Path) -> None:
    why, _, advice = told(tmp_path, "journal.txt", journal(*lines))
    assert "till-api" not in why
    assert "Start the backend if it is down" in advice


def test_one_end_of_the_service_of_that_port_is_no_loop(tmp_path: Path) -> None:
    why, _, advice = told(tmp_path, "journal.txt", journal(*life(9_995)), of=range(9_997, 10_003))
    assert "till-api.service ended (status 1/FAILURE), just after it had written" in why
    assert "crash loop" not in why
    assert "Find what ended till-api.service" in advice


def test_without_an_exception_the_last_words_of_the_program_are_told(tmp_path: Path) -> None:
    lines = [line for second in range(9_995, 10_600, 10) for line in life(second, last="no coin 7 in the till")]
    why, _, _ = told(tmp_path, "journal.txt", journal(*(line for line in lines if "    at " not in line[1])))
    assert "just after it had written “no coin 7 in the till”" in why


def test_supervisord_and_kubernetes_report_it_too(tmp_path: Path) -> None:
    ends = "".join(
        f"{at(second):%Y-%m-%d %H:%M:%S},123 INFO exited: till (exit status 1; not expected)\n"
        f"{at(second + 2):%Y-%m-%d %H:%M:%S},123 INFO spawned: 'till' with pid 4711\n"
        for second in range(9_995, 10_600, 10)
    )
    why, _, advice = told(tmp_path, "supervisord.log", ends)
    assert "till was in a crash loop" in why
    assert "supervisorctl tail" in advice
    back_off = "kubelet[9]: Back-off restarting failed container=till pod=till-7d9 (7)"
    why, _, advice = told(tmp_path, "journal.txt", journal(*((s, back_off) for s in range(9_995, 10_600, 10))))
    assert "till was in a crash loop" in why
    assert "kubectl logs --previous -c till" in advice


@pytest.mark.parametrize(
    ("port", "title"), [(3000, "till-api.service is in a crash loop"), (4000, "Backend refuses connections")]
)
def test_the_outage_is_named_after_what_is_surely_behind_it(tmp_path: Path, port: int, title: str) -> None:
    (tmp_path / "error.log").write_text(refused(*range(10_000, 10_600, 7)))
    (tmp_path / "journal.txt").write_text(journal(*loop(9_995, 10_600, port=port)))
    report = logsleuth.analyze([tmp_path / "error.log", tmp_path / "journal.txt"], tz="UTC")
    assert [incident.title for incident in report.incidents] == [title]


@pytest.mark.parametrize(
    ("said", "at_its_start"),
    [
        ("Error: Cannot find module 'express-rate-limit'", True),
        ("ModuleNotFoundError: No module named 'shop'", True),
        ("bin/till: error while loading shared libraries: libssl.so.3: cannot open shared object file", True),
        ("TypeError: Cannot read properties of undefined (reading 'id')", False),
        ("no coin 7 in the till", False),
        ("", False),
    ],
)
def test_a_service_that_lacks_a_part_of_its_code_ends_as_it_starts(said: str, at_its_start: bool) -> None:
    assert what_to_do(said) is (AT_ITS_START if at_its_start else AGAIN)
