"""Where httpd's own logs name no reason, another program's words of the same time do, if many programs use them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from logsleuth.causes.model import Reason
from logsleuth.report.compose.bursts import Burst
from logsleuth.report.compose.in_other_logs import of_other_logs
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
    told = of_other_logs(diagnosis(FAILED), found)
    assert told.category == category
    assert (told.reason.confidence if told.reason is not None else None) == sure


def test_a_reason_that_is_known_stays(tmp_path: object) -> None:
    known = replace(diagnosis(FAILED), reason=Reason(0, "A known one", (line(),), "high"))
    assert of_other_logs(known, [burst(NO_LDAP)]) is known
