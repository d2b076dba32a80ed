"""Sentences that a stranger found false or misleading, held to logs in which they would be."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import logsleuth
from logsleuth.report.model import IncidentReport, Report
from tests.report.statements import contradictions, problems

START = datetime(2026, 11, 29, 0, 20, tzinfo=UTC)
UP = "AH00489: Apache/2.4.62 (Unix) configured -- resuming normal operations"
HANDSHAKE = (
    "[client 127.0.0.1:9443] AH02039: Certificate Verification: Error (20): unable to get local issuer certificate",
    "(502)Unknown error 502: [client {client}] AH01084: pass request body failed to 127.0.0.1:9443 (127.0.0.1)",
    "[client {client}] AH00898: Error during SSL Handshake with remote server returned by /api/a",
)


def client(n: int) -> str:
    return f"192.0.2.{1 + n * 7 % 40}"


def error(second: float, text: str, level: str = "error") -> str:
    """A line in the layout of 2.2, a number of seconds after the start."""
    return f"[{START + timedelta(seconds=second):%a %b %d %H:%M:%S %Y}] [{level}] {text}\n"


def access(second: float, n: int, status: int, path: str = "/api/a", minutes_late: int = 0) -> str:
    at = START + timedelta(seconds=second, minutes=minutes_late)
    return f'{client(n)} - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "GET {path} HTTP/1.1" {status} 512 "-" "curl/8.5.0"\n'


def site(folder: Path, errors: Iterable[str], status: Callable[[int], int | None], seconds: int = 1200) -> Report:
    """The report of a site with a request a second, for each of which `status` names the answer; None: no line."""
    requests = [access(n, n, code) for n in range(seconds) if (code := status(n)) is not None]
    (folder / "error.log").write_text("".join([error(0, UP, "notice"), *errors]))
    (folder / "access.log").write_text("".join(requests))
    return logsleuth.analyze([folder / "error.log", folder / "access.log"])


def only(report: Report) -> IncidentReport:
    (incident,) = report.incidents
    assert problems(report) == []
    return incident


def test_a_kind_of_cause_is_ruled_out_only_if_no_line_reports_it(tmp_path: Path) -> None:
    """A certificate that is refused is the cause; that backends fail because of it is not ruled out thereby."""
    broken = range(400, 520)
    errors = [error(n, line.format(client=client(n))) for n in broken for line in HANDSHAKE]
    incident = only(site(tmp_path, errors, lambda n: 502 if n in broken else 200))
    cited = {one.id: one.path for one in incident.evidence}
    assert incident.summary[0].startswith("All 120 requests failed.")
    assert {Path(cited[ref]).name for ref in incident.summary_evidence[0]} == {"access.log"}
    said = " ".join(incident.ruled_out)
    assert "a full disk" in said
    assert "backends" not in said
    wrong = replace(incident, ruled_out=(said.replace("a full disk", "failing backends"),))
    assert contradictions(wrong) == ["ruled out, and in the evidence"]


FULL = "AH00161: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting"


def test_requests_that_have_no_line_are_the_harm(tmp_path: Path) -> None:
    """All workers hang: none of the few requests that have a line failed, and hardly any was answered."""
    incident = only(site(tmp_path, [error(404, FULL)], lambda n: 200 if n < 400 or n >= 590 else None))
    assert incident.severity == "critical"
    first = incident.summary[0]
    assert first.startswith(("No request was answered", "Most requests were not answered"))
    assert ", where at least 182 were to be expected" in first
    assert not any("none of" in fact.text for fact in incident.impact)
    assert any("has no request for 3 min 11 s, " in fact.text for fact in incident.impact)


def test_fewer_requests_are_no_harm_where_they_cease_for_good(tmp_path: Path) -> None:
    """Of requests that end with the day, none is missing."""
    incident = only(site(tmp_path, [error(404, FULL)], lambda n: 200 if n < 400 or n in {590, 900, 1199} else None))
    assert "not answered" not in incident.summary[0]
    assert "nothing was answered" not in incident.summary[0]


def test_the_time_before_is_no_longer_than_the_log(tmp_path: Path) -> None:
    broken = range(60, 400)
    errors = [error(n, line.format(client=client(n))) for n in broken for line in HANDSHAKE]
    incident = only(site(tmp_path, errors, lambda n: 502 if n in broken else 200))
    assert [fact.text for fact in incident.impact if " before: " in fact.text] == [
        "In the 1 min before: 0 of 60 requests failed."
    ]


def test_all_clients_are_counted_though_one_line_of_a_second_is_kept(tmp_path: Path) -> None:
    """Each second three requests of other clients fail; of each second the first line is kept."""
    lines = [
        f"[client 198.51.100.{1 + n // 3}] AH01079: failed to make connection to backend: 127.0.0.1" for n in range(300)
    ]
    (tmp_path / "error.log").write_text(
        "".join(
            [error(0, UP, "notice"), *(error(400 + n // 3, line) for n, line in enumerate(lines)), error(4000, "x")]
        )
    )
    incident = only(logsleuth.analyze([tmp_path / "error.log"], tz="UTC"))
    assert incident.clients == len({line.split("]")[0] for line in lines})
    assert any(f"name {incident.clients} different clients" in fact.text for fact in incident.impact)
