"""What would have reported an outage follows from which requests it met; and what is left to do after a restart."""

from dataclasses import replace
from datetime import UTC

import pytest

from logsleuth.causes.model import Cause, Diagnosis, Trigger
from logsleuth.causes.reach import Reach
from logsleuth.incidents.model import How, Incident, LostWorker, Recovery, Workers
from logsleuth.library.meaning import Meaning
from logsleuth.library.pattern import Worker
from logsleuth.lives.live import live
from logsleuth.lives.requests import Seen
from logsleuth.lives.server import Restart
from logsleuth.report.compose.actions import HELPED, HELPED_FOR_NOW, HELPED_SOMEHOW, after_a_restart
from logsleuth.report.compose.asked import AskedThen
from logsleuth.report.compose.detection import (
    BY_A_RESTART,
    CANNOT_FORK,
    FREES_ONLY,
    NO_RESTART,
    NO_RESTART_BY_ITSELF,
    REPLACED,
    REPLACED_ANYWAY,
    _a_page_of,
    alarm_at,
    port_to_ask,
    saved,
    why_no_restart,
)
from logsleuth.report.compose.monitors import Monitor
from logsleuth.report.compose.probe import REFUSES
from logsleuth.report.compose.summary import reach, summary, values_of
from logsleuth.report.compose.whom import HitPage
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Asked, AskedBy, Counts, Moment, Series, Traffic
from logsleuth.units import SECOND
from tests.lives.build import ANY, REFUSED, line, series, timeline

EXPIRED = replace(ANY, id="expired", category="tls-handshake", about="client")
LEAK = replace(ANY, id="leak", category="fd-exhaustion", restart="helps", about="worker")
CRASH = replace(
    ANY, id="crash", role="death", category="segfault", restart="helps", about="worker", worker=Worker("crashed")
)
FULL = replace(ANY, id="full", role="capacity", category="worker-exhaustion", restart="helps", about="server")
HOUR = 3600


def diagnosis(
    meaning: Meaning, *how: str, requests: Seen | None = None, inferred: bool = False, why: Why = Why.SURPRISE
) -> Diagnosis:
    """An hour of this message, and workers lost in these ways."""
    found = series(meaning, *range(0, HOUR + 1, 60))
    signal = Signal(found, found.moments, why)
    lost = [LostWorker(pid, pid * SECOND, state, inferred, line(), 1, "exit_line") for pid, state in enumerate(how, 1)]  # type: ignore[arg-type]
    incident = Incident((signal,), signal.begin, signal.end, None, requests=requests)
    cause = Cause(signal, (), 1.0, "high", ())
    return Diagnosis(
        incident, (cause,), Workers(tuple(lost), 4, "counted"), "major", meaning.category, "high", "high", "pointless"
    )


def said(one: Diagnosis) -> str:
    return saved(one, one.incident.end, live(timeline()), UTC)


def test_a_handshake_is_met_by_any_page_over_https_only() -> None:
    text = said(diagnosis(EXPIRED, requests=Seen(0, 0, 3, 3)))
    assert text.startswith("Any page will do, but only over HTTPS")
    assert "provided that it requests what failed" not in text


def test_a_full_server_and_one_that_is_down_are_met_by_any_request() -> None:
    assert said(diagnosis(FULL)).startswith("While all workers are busy any page will do")
    down = said(diagnosis(REFUSED, why=Why.NOT_UP))
    assert "would raise an alarm" in down or "would have raised an alarm" in down
    assert "provided that it requests what failed" not in down


def met(seen: Seen) -> Reach:
    """What a request has to be to meet an outage of a full server."""
    return reach(diagnosis(FULL, requests=seen))


def test_a_full_server_whose_requests_are_all_answered_is_met_where_they_fail() -> None:
    failing = Seen(0, 60, 0, 100, expected=90)
    assert met(failing) is Reach.SOME
    assert met(replace(failing, expected=900)) is Reach.WAITING
    assert met(replace(failing, failed=0, refused=60)) is Reach.WAITING
    assert met(replace(failing, failed=0, refused=60, turned_away=True)) is Reach.SOME


def test_where_pages_ask_for_a_login_a_probe_has_to_log_in() -> None:
    seen, kept = Seen(0, 90, 80, 180), AskedBy((Asked("/svn", 90, 0, 90),), 1)
    one = diagnosis(ANY, requests=seen)
    answered = live(timeline())
    requests = replace(answered.requests, logs={0: Traffic(Counts(SECOND, []), Counts(SECOND, []), Counts(SECOND, []))})
    then = AskedThen(kept, kept, AskedBy(), kept, asked_who=80)
    lives = replace(answered, requests=requests)
    assert "a probe sees it only if it logs in" in saved(one, one.incident.end, lives, UTC, then)
    few = replace(then, asked_who=3)
    assert "logs in" not in saved(one, one.incident.end, lives, UTC, few)
    assert "logs in" in saved(one, one.incident.end, lives, UTC, replace(few, named_users=True))
    told = summary(one, lives, UTC, then)[0]
    assert told == "90 of 100 requests failed (90 %), not counting 80 that only got a login prompt (401)."


@pytest.mark.parametrize(
    ("named", "told"),
    [
        (("a.php", "b.php", "b.php"), "b.php (also a.php)"),
        (("a.php", "b.php", "c.php"), "a.php (and 2 others)"),
        ((r"A\\\\B.php",), r"A\\B.php"),
        (("11", "12", "12"), "12"),
        ((r"denied\nSQL: select",), "denied […]"),
        ((r"C:\\new",), r"C:\new"),
    ],
)
def test_a_sentence_names_what_most_lines_name_and_says_that_there_are_others(
    named: tuple[str, ...], told: str
) -> None:
    moments = tuple(
        Moment(nth * SECOND, nth * SECOND, 1, line()._replace(fields=(("file", name),), offset=nth))
        for nth, name in enumerate(named)
    )
    signal = Signal(Series(ANY, moments), moments, Why.SURPRISE)
    assert values_of(signal, diagnosis(ANY))["file"] == told


def test_workers_that_are_replaced_are_seen_in_their_own_lines_and_not_by_a_probe() -> None:
    assert said(diagnosis(CRASH, "crashed", requests=Seen(0, 0, 9, 900))) == REPLACED


def test_where_no_log_counts_the_requests_a_probe_promises_nothing() -> None:
    assert "no log shows what share of the requests failed" in said(diagnosis(ANY))


def test_where_some_fail_a_probe_must_make_such_a_request() -> None:
    assert said(diagnosis(LEAK, "hung", requests=Seen(0, 90, 0, 900))).startswith("A probe sees this only when one of")


def test_the_check_knows_of_workers_that_a_line_names_as_living_on() -> None:
    assert alarm_at(diagnosis(LEAK, "hung", "hung")) is not None
    assert alarm_at(diagnosis(LEAK, "hung", "hung", inferred=True)) is None
    assert alarm_at(diagnosis(CRASH, "crashed", "crashed", "crashed")) is None


def test_the_probe_asks_at_the_port_at_which_handshakes_failed() -> None:
    assert port_to_ask(diagnosis(ANY), "8080") == "8080"
    assert port_to_ask(diagnosis(EXPIRED), "80") == "443"
    named = line()._replace(text="AH02008: SSL library error 1 in handshake (server www.example.org:8443)")
    moments = (Moment(0, 0, 1, named, "192.0.2.7"),)
    one = diagnosis(EXPIRED)
    signal = Signal(Series(EXPIRED, moments), moments, Why.SURPRISE)
    at = replace(
        one, incident=replace(one.incident, signals=(signal,)), causes=(replace(one.causes[0], signal=signal),)
    )
    assert port_to_ask(at, "80") == "8443"


def test_why_a_probe_does_not_restart() -> None:
    assert why_no_restart(diagnosis(LEAK)) == ""
    assert why_no_restart(diagnosis(EXPIRED)) == NO_RESTART
    assert why_no_restart(diagnosis(CRASH, "crashed")) == REPLACED_ANYWAY
    assert why_no_restart(diagnosis(replace(LEAK, category="process-limit"))) == CANNOT_FORK
    assert why_no_restart(diagnosis(FULL)) == FREES_ONLY
    assert why_no_restart(diagnosis(FULL, "hung")) == ""
    expired = diagnosis(EXPIRED)
    by_reload = Recovery(0, How.RELOAD, Restart("reload", 0, SECOND, 1, (line(),)))
    ended = replace(expired, incident=replace(expired.incident, recovery=by_reload))
    assert why_no_restart(ended) == NO_RESTART_BY_ITSELF
    lock = replace(REFUSED, category="lock-failure")
    assert why_no_restart(diagnosis(lock, why=Why.NOT_UP)) == REFUSES
    reloaded = Trigger(0, "reload", "A graceful restart", (line(),))
    assert why_no_restart(replace(diagnosis(LEAK), triggers=(reloaded,))) == BY_A_RESTART


@pytest.mark.parametrize(
    ("category", "is_known", "advice"),
    [
        ("stale-egg", True, HELPED), ("stale-egg", False, HELPED_SOMEHOW), ("fd-exhaustion", True, HELPED_FOR_NOW),
        ("segfault", False, HELPED_FOR_NOW), (None, False, HELPED_SOMEHOW),
    ],
)  # fmt: skip
def test_a_restart_that_only_resets_a_fault_leaves_something_to_do(
    category: str | None, is_known: bool, advice: str
) -> None:
    assert after_a_restart(category, is_known=is_known) == advice


def test_where_all_workers_are_busy_the_answers_that_are_logged_are_no_measure() -> None:
    full = diagnosis(FULL, requests=Seen(0, 0, 90, 100))
    over = replace(full, incident=replace(full.incident, recovery=Recovery(full.incident.end + 9 * SECOND, How.FADED)))
    told = summary(over, live(timeline()), UTC)[0]
    assert told.startswith("httpd had no free worker for up to 1 h")
    assert "refused" not in told
    failing = replace(over, incident=replace(over.incident, requests=Seen(0, 20, 0, 100)))
    assert summary(failing, live(timeline()), UTC)[0].startswith("20 of 100 requests failed")


def test_where_a_cause_is_no_message_about_workers_those_lost_are_not_all_that_happened() -> None:
    refused = replace(ANY, about="backend")
    told = summary(diagnosis(refused, "crashed"), live(timeline()), UTC)[0]
    assert told == "Any failure (logged 61 times within 1 h). 1 of 4 workers crashed."
    assert summary(diagnosis(CRASH, "crashed"), live(timeline()), UTC)[0] == "1 of 4 workers crashed."


def test_a_page_below_a_folder_that_failed_whole_stands_for_it_and_one_of_a_monitor_is_not_named_twice() -> None:
    one = diagnosis(ANY, requests=Seen(0, 90, 0, 180))
    lives = live(timeline())
    below = HitPage("/shop/60", 3, 3, folder="/shop")
    text = saved(one, one.incident.end, lives, UTC, None, below)
    assert text.startswith("All requests below /shop failed, those for /shop/60 among them. A probe that requests that")
    kept = AskedBy()
    then = AskedThen(kept, kept, kept, kept, monitors=(Monitor("", "/ping", 9, 9),))
    assert saved(one, one.incident.end, lives, UTC, then, HitPage("/ping", 9, 9)).startswith("A probe that requests")
    assert saved(one, one.incident.end, lives, UTC, then, HitPage("/ping", 20, 20)).startswith("All 20 requests")


@pytest.mark.parametrize(("folder", "page"), [("", "/"), ("/shop", "/shop/PAGE"), ("/checkout.php", "/checkout.php")])
def test_below_a_folder_some_page_is_asked_for_and_of_a_script_itself(folder: str, page: str) -> None:
    assert _a_page_of(folder) == page
