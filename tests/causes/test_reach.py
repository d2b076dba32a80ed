"""Which requests an outage meets, and how grave it is where they are kept out of the access log: on small values."""

from dataclasses import replace

import pytest

from logsleuth.causes.reach import Reach, kept_out, reach_of
from logsleuth.causes.severity import severity_of
from logsleuth.incidents.model import How, Incident, LostWorker, Recovery, Workers
from logsleuth.library.meaning import Meaning
from logsleuth.library.pattern import Worker
from logsleuth.lives.requests import Seen
from logsleuth.signals.model import Signal, Why
from logsleuth.units import SECOND
from tests.lives.build import ANY, REFUSED, line, series

HANDSHAKE = replace(ANY, id="handshake", role="symptom", category="tls-handshake", about="client", severity="minor")
EXPIRED = replace(HANDSHAKE, id="expired", role="cause")
TO_A_BACK_END = replace(EXPIRED, id="proxy", about="backend")
FULL = replace(ANY, id="full", role="capacity", category="worker-exhaustion", about="server")
CRASH = replace(ANY, id="crash", role="death", category="segfault", worker=Worker("crashed"))
NOBODY = Workers((), None, "")


def signal(meaning: Meaning, count: int = 1, why: Why = Why.SURPRISE) -> Signal:
    found = series(meaning, *range(count))
    return Signal(found, found.moments, why)


def incident(*signals: Signal, requests: Seen | None = None) -> Incident:
    return Incident(signals, signals[0].begin, signals[-1].end, None, requests=requests)


def lost(how: str) -> Workers:
    return Workers((LostWorker(41, 0, how, False, line(), 1, "exit_line"),), None, "")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "workers", "reach"),
    [
        (incident(signal(REFUSED, why=Why.NOT_UP)), NOBODY, Reach.DOWN),
        (incident(signal(EXPIRED, 9), requests=Seen(0, 0, 3, 3)), NOBODY, Reach.HANDSHAKE),
        (incident(signal(EXPIRED, 9)), NOBODY, Reach.HANDSHAKE),
        (incident(signal(TO_A_BACK_END, 9), requests=Seen(0, 9, 0, 50)), NOBODY, Reach.SOME),
        (incident(signal(EXPIRED, 9), signal(TO_A_BACK_END, 9), requests=Seen(0, 9, 0, 50)), NOBODY, Reach.SOME),
        (incident(signal(FULL)), NOBODY, Reach.WAITING),
        (incident(signal(FULL), requests=Seen(0, 0, 90, 100)), NOBODY, Reach.WAITING),
        (incident(signal(FULL), requests=Seen(0, 20, 0, 100)), NOBODY, Reach.SOME),
        (incident(signal(ANY), requests=Seen(0, 95, 0, 100)), NOBODY, Reach.ALL),
        (incident(signal(CRASH), requests=Seen(0, 20, 0, 100)), lost("crashed"), Reach.DEATHS),
        (incident(signal(ANY), requests=Seen(0, 20, 0, 100)), lost("crashed"), Reach.SOME),
        (incident(signal(ANY), requests=Seen(0, 20, 0, 100)), lost("hung"), Reach.WORKERS),
        (incident(signal(ANY), requests=Seen(0, 0, 20, 100)), NOBODY, Reach.SOME),
        (incident(signal(ANY), requests=Seen(0, 0, 0, 100)), NOBODY, Reach.UNSEEN),
        (incident(signal(ANY)), NOBODY, Reach.UNKNOWN),
    ],
)
def test_which_requests_meet_an_outage(found: Incident, workers: Workers, reach: Reach) -> None:
    assert reach_of(found, workers, found.signals[0]) is reach


def test_a_failed_handshake_is_counted_once_though_two_lines_report_it() -> None:
    found = incident(signal(EXPIRED, 7), signal(HANDSHAKE, 9), signal(ANY, 40))
    assert kept_out(found, found.signals[0]) == 9
    assert kept_out(found, found.signals[2]) == 0
    assert kept_out(found, None) == 0
    answered = replace(HANDSHAKE, refuses_requests=True)  # 421: the handshake went well
    assert kept_out(incident(signal(answered, 9)), signal(answered, 9)) == 0


@pytest.mark.parametrize(("answered", "severity"), [(3, "critical"), (60, "major"), (200, "minor")])
def test_handshakes_that_fail_are_as_grave_as_their_share_of_all_connections(answered: int, severity: str) -> None:
    found = incident(signal(EXPIRED, 100), requests=Seen(0, 0, answered, answered))
    assert severity_of(found, NOBODY, found.signals[0]) == severity


def test_where_no_log_counts_the_requests_the_message_says_how_grave_it_is() -> None:
    found = incident(signal(EXPIRED, 100))
    assert severity_of(found, NOBODY, found.signals[0]) == "minor"


@pytest.mark.parametrize(
    ("seen", "own", "severity"), [(1, "critical", "critical"), (900, "critical", "major"), (900, "minor", "minor")]
)
def test_what_dying_workers_took_with_them_is_in_no_log_so_that_few_failed_requests_prove_nothing(
    seen: int, own: str, severity: str
) -> None:
    found = incident(signal(replace(CRASH, severity=own)), requests=Seen(0, 0, 0, seen))  # type: ignore[arg-type]
    assert severity_of(found, lost("crashed"), found.signals[0]) == severity


@pytest.mark.parametrize(
    ("seconds", "failed", "severity"),
    [(5, 2, "minor"), (5, 60, "critical"), (300, 2, "critical"), (None, 2, "critical")],
)
def test_a_few_requests_that_failed_for_a_moment_are_no_critical_outage(
    seconds: int | None, failed: int, severity: str
) -> None:
    found = incident(signal(REFUSED), requests=Seen(0, failed, 0, failed))
    over = None if seconds is None else Recovery(found.onset + seconds * SECOND, How.FADED)
    assert severity_of(replace(found, recovery=over), NOBODY, found.signals[0]) == severity
