"""Where httpd's own logs name no reason, another program's words of the same time do, if many programs use them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from logsleuth.causes.model import Reason
from logsleuth.causes.said_elsewhere import Burst, with_their_reason
from logsleuth.report.compose.findings.bursts import quoted
from logsleuth.units import MINUTE
from tests.lives.build import ANY, line
from tests.report.test_detection import diagnosis

FAILED = replace(ANY, id="access.failed", role="symptom", category=None, names="failure")
NO_LDAP = "nslcd: failed to bind to LDAP server ldap://ldap1/: Can't contact LDAP server: Connection refused"


def burst(message: str, time: int = 0, others: int = 0) -> Burst:
    return Burst("syslog", message, 22, others, 99 * MINUTE, line(), time)


@pytest.mark.parametrize(
    ("found", "category", "sure"),
    [
        ([burst(NO_LDAP)], "backend-down", "medium"),
        ([burst(NO_LDAP, 6 * MINUTE)], "backend-down", "low"),  # it was first said long after the onset
        ([burst("widgetd: till 7 is jammed"), burst("mysqld: Too many connections", MINUTE)], "database-down", "low"),
        ([burst("widgetd: till 7 is jammed")], None, None),
        ([], None, None),
    ],
)
def test_words_that_many_programs_use_are_the_reason(
    found: list[Burst], category: str | None, sure: str | None
) -> None:
    told = with_their_reason(diagnosis(FAILED), found, quoted)
    assert told.category == category
    assert (told.reason.confidence if told.reason is not None else None) == sure


def test_a_reason_that_is_known_stays(tmp_path: object) -> None:
    known = replace(diagnosis(FAILED), reason=Reason(0, "A known one", (line(),), "high"))
    assert with_their_reason(known, [burst(NO_LDAP)], quoted) is known


@pytest.mark.parametrize(
    ("message", "is_told"),
    [
        ("java.lang.OutOfMemoryError: Java heap space", True),
        ("widgetd: could not write /var/spool/w: No space left on device", True),
        ("httpc: Connection refused", False),  # that a backend is away is known already
        ("widgetd: till 7 is jammed", False),
    ],
)
def test_where_httpd_knows_only_that_a_backend_failed_it_what_made_it_fail_is_told(message: str, is_told: bool) -> None:
    known = diagnosis(replace(ANY, id="proxy.reset", role="symptom", category="backend-reset", names="failure"))
    told = with_their_reason(known, [burst(message)], quoted)
    assert (told.reason is not None) is is_told
    assert told.category == "backend-reset"
