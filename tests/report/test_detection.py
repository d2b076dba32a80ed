"""What would have reported an outage follows from which requests it met; and what is left to do after a restart."""

from dataclasses import replace
from datetime import UTC

import pytest

from logsleuth.causes.model import Cause, Diagnosis, Reason, Trigger
from logsleuth.causes.reach import Reach
from logsleuth.incidents.model import How, Incident, LostWorker, Recovery, Workers
from logsleuth.library.containers import Container
from logsleuth.library.meaning import Meaning
from logsleuth.library.pattern import Worker
from logsleuth.library.platforms import Platform
from logsleuth.lives.live import live
from logsleuth.lives.requests import Seen
from logsleuth.lives.server.model import Absence, Restart
from logsleuth.report.compose.answers.summary import summary
from logsleuth.report.compose.probe.client_certificates import certificates_refused
from logsleuth.report.compose.probe.client_offers import offers_differ
from logsleuth.report.compose.probe.detection import elsewise, first_sign, target
from logsleuth.report.compose.probe.no_restart import (
    BY_A_RESTART,
    CANNOT_FORK,
    FREES_ONLY,
    IN_VAIN,
    NO_RESTART,
    NOT_EVERY_ONE,
    NOT_KNOWN,
    NOTHING_SHOWS,
    REPLACED_ANYWAY,
    WHO_KNOWS,
    why_no_restart,
)
from logsleuth.report.compose.probe.noticed import REPLACED, Noticing, Stood, alarm_at, needs_login
from logsleuth.report.compose.probe.page import Green, Page
from logsleuth.report.compose.probe.probe import REFUSES, RUNS_ON, Target, probe
from logsleuth.report.compose.requests.asked import AskedThen
from logsleuth.report.compose.requests.monitors import Monitor
from logsleuth.report.compose.requests.visits import Visit, Visits
from logsleuth.report.compose.requests.where import Where
from logsleuth.report.compose.story.filled import values_of
from logsleuth.report.compose.story.reached import reach
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


NOTHING = Green()


def said(one: Diagnosis, page: Page | Green = NOTHING, *monitors: Monitor, logs_in: bool = False) -> str:
    return Noticing(one, one.incident.end, UTC, page, monitors, logs_in).text


def test_a_handshake_is_met_by_any_page_over_https_only() -> None:
    text = said(diagnosis(EXPIRED, requests=Seen(0, 0, 3, 3)))
    assert text.startswith("Any page will do, but only over HTTPS")
    assert "if it requests a page that failed" not in text


@pytest.mark.parametrize(
    ("text", "refused", "by_list"),
    [
        ("AH02276: Certificate Verification: Error (12): CRL has expired [subject: CN=gw]", True, True),
        ("Certificate Verification: Error (20): unable to get local issuer certificate", True, False),
        ("AH02008: SSL library error 1 in handshake (server www.example.org:8443)", False, False),
    ],
)
def test_where_the_server_refuses_its_clients_certificates_a_probe_presents_one(
    text: str, refused: bool, by_list: bool
) -> None:
    of_client, of_other = of_lines(EXPIRED, text), of_lines(replace(EXPIRED, about="backend"), text)
    found = certificates_refused(of_client)
    assert (bool(found), found == "by the list") == (refused, by_list)
    assert not certificates_refused(of_other)
    text = Noticing(of_client, of_client.incident.end, UTC, certificates="by the list").text
    assert text.startswith("The server refused the clients' certificates: only a probe that presents")
    assert "requests a page with such a certificate every minute" in text
    assert text.endswith(
        "An alert on the list's nextUpdate (openssl crl -noout -nextupdate) comes before such an outage."
    )


def of_lines(meaning: Meaning, text: str) -> Diagnosis:
    """The same hour, of which the first line is this one."""
    one = diagnosis(meaning)
    moments = (Moment(0, 0, 1, line()._replace(text=text), "192.0.2.7"), *one.incident.signals[0].moments)
    signal = Signal(Series(meaning, moments), moments, Why.SURPRISE)
    incident = replace(one.incident, signals=(signal,))
    return replace(one, incident=incident, causes=(replace(one.causes[0], signal=signal),))


def test_a_full_server_and_one_that_is_down_are_met_by_any_request() -> None:
    assert said(diagnosis(FULL)).startswith("While all workers are busy any page will do")
    down = said(diagnosis(REFUSED, why=Why.NOT_UP))
    assert "would raise an alarm" in down or "would have raised an alarm" in down
    assert "if it requests a page that failed" not in down


def test_while_httpd_is_down_another_server_may_answer() -> None:
    down = diagnosis(REFUSED, why=Why.NOT_UP)
    stood = Noticing(down, down.incident.end, UTC, stood=Stood("nginx-access.log", 484), port="443")
    assert stood.text.startswith(
        "Another server answered meanwhile: nginx-access.log has 484 requests for the front page (/) in that time, all "
        "answered well. A probe must look for words of the page, and ask at port 443, where this httpd was asked. A probe"
    )
    assert "of the page. A probe" in replace(stood, port="").text


def test_a_probe_sees_that_httpd_is_down_only_while_it_is() -> None:
    down = diagnosis(REFUSED, why=Why.NOT_UP)

    def absent(*seconds: tuple[int, int], last_sign: int | None = None) -> Diagnosis:
        absences = tuple(
            Absence("refused", b * SECOND, (b if last_sign is None else last_sign) * SECOND, e * SECOND, ())
            for b, e in seconds
        )
        return replace(down, incident=replace(down.incident, absences=absences))

    assert "alarm by 00:05:10" in said(absent((0, 100), (180, 900)))
    assert "too slow for this one" in said(absent((0, 100), (180, 290)))
    unseen = said(absent((900, 901), last_sign=0))
    assert unseen.endswith("needs up to 2 min 10 s; the log does not show whether this one lasted as long.")


def test_where_all_workers_are_busy_requests_may_show_that_some_pages_are_answered() -> None:
    full = diagnosis(FULL)
    assert said(full, WHOLE).startswith("All 90 requests for /shop failed.")
    in_part = replace(WHOLE, is_solid=False, is_whole=False, requests=180)
    assert said(full, in_part).startswith("While all workers are busy any page will do")
    answered = Noticing(full, full.incident.end, UTC, Green((), (("/", 40),)))
    assert answered.text.startswith("All 40 requests for the front page (/) got a good status: a check of that")
    # when it was answered is not known
    assert replace(answered, shows_times=False).text.startswith("While all workers are busy any page will do")


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
    seen, kept = Seen(0, 90, 0, 100), AskedBy((Asked("/svn", 90, 0, 90),), 1)
    one = diagnosis(ANY, requests=seen)
    answered = live(timeline())
    requests = replace(answered.requests, logs={0: Traffic(Counts(SECOND, []), Counts(SECOND, []), Counts(SECOND, []))})
    then = AskedThen(seen, AskedBy(), kept, AskedBy(), asked_who=80)
    lives = replace(answered, requests=requests)
    assert needs_login(one, then)
    few = replace(then, asked_who=3)
    assert not needs_login(one, few)
    assert needs_login(one, replace(few, named_users=True))
    assert "a probe sees it only if it logs in" in said(one, logs_in=True)
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
    text = said(diagnosis(LEAK, "hung", requests=Seen(0, 90, 0, 900)))
    assert "minute of 00:00:01, when 1 worker of 4 were lost" in text
    assert "A probe sees this only when one of the lost workers answers it." in text


def test_the_check_knows_of_workers_that_a_line_names_as_living_on() -> None:
    assert alarm_at(diagnosis(LEAK, "hung", "hung")) is not None
    assert alarm_at(diagnosis(LEAK, "hung", "hung", inferred=True)) is None
    assert alarm_at(diagnosis(CRASH, "crashed", "crashed", "crashed")) is None


def test_why_a_probe_does_not_restart() -> None:
    assert why_no_restart(diagnosis(LEAK)) == ""
    assert why_no_restart(diagnosis(EXPIRED)) == NOTHING_SHOWS
    assert why_no_restart(diagnosis(replace(EXPIRED, category=None))) == WHO_KNOWS
    assert why_no_restart(diagnosis(replace(EXPIRED, category="disk-full"))) == NO_RESTART
    # httpd may hold an old address of a backend, and old code of an application
    assert why_no_restart(diagnosis(replace(EXPIRED, category="backend-down"))) == NOTHING_SHOWS
    assert why_no_restart(diagnosis(replace(EXPIRED, category="php-fatal"))) == NOTHING_SHOWS
    assert why_no_restart(diagnosis(CRASH, "crashed")) == REPLACED_ANYWAY
    assert why_no_restart(diagnosis(replace(LEAK, category="process-limit"))) == CANNOT_FORK
    truncated = replace(CRASH, id="truncated", worker=None, category="wsgi-daemon-crash", role="symptom")
    assert why_no_restart(diagnosis(truncated, requests=Seen(0, 9, 0, 90))) == REPLACED_ANYWAY
    assert why_no_restart(diagnosis(FULL)) == FREES_ONLY
    assert why_no_restart(diagnosis(FULL, "hung")) == ""
    expired = diagnosis(EXPIRED)
    by_reload = Recovery(0, How.RELOAD, Restart("reload", 0, SECOND, 1, (line(),)))
    ended = replace(expired, incident=replace(expired.incident, recovery=by_reload))
    assert why_no_restart(ended) == NOT_KNOWN
    # of crashes, too: what started in its place may be what another start put right
    by_stop = Recovery(0, How.RESTART, Restart("stop", 0, SECOND, 1, (line(),)))
    crashed = diagnosis(CRASH, "crashed")
    assert why_no_restart(replace(crashed, incident=replace(crashed.incident, recovery=by_stop))) == NOT_KNOWN
    in_vain = replace(ended.incident, restarts=(Restart("reload", SECOND, 2 * SECOND, 2, (line(),)),))
    assert why_no_restart(replace(ended, incident=in_vain)) == NOT_EVERY_ONE
    # of a kind that a restart ends: a stop and a start that did not is no chance, a graceful restart may be too little
    leak = diagnosis(LEAK)
    tried = replace(leak.incident, restarts=(Restart("stop", SECOND, 2 * SECOND, 2, (line(),)),))
    assert why_no_restart(replace(leak, incident=tried)) == IN_VAIN
    gently = replace(leak.incident, restarts=(Restart("reload", SECOND, 2 * SECOND, 2, (line(),)),))
    assert why_no_restart(replace(leak, incident=gently)) == ""
    lock = replace(REFUSED, category="lock-failure", restart="helps")
    assert why_no_restart(diagnosis(lock, why=Why.NOT_UP)) == REFUSES
    # what is not in its configuration may come back by itself
    absent = replace(REFUSED, restart="does-not-help")
    assert why_no_restart(diagnosis(absent, why=Why.NOT_UP)) == RUNS_ON
    reloaded = Trigger(0, "reload", "A graceful restart", (line(),))
    assert why_no_restart(replace(diagnosis(LEAK), triggers=(reloaded,))) == BY_A_RESTART


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


SEEN = Seen(0, 90, 0, 180)
WHOLE = Page("/shop", 90, 90, first=5 * SECOND, until=HOUR * SECOND)


@pytest.mark.parametrize(
    ("page", "begins"),
    [
        (WHOLE, "All 90 requests for /shop failed. A probe that requests that page"),
        (replace(WHOLE, path="/"), "All 90 requests for the front page (/) failed."),
        (replace(WHOLE, is_written=True), "All 90 GET requests for /shop failed."),
        (replace(WHOLE, slow=90), "All 90 requests for /shop took more than the 10 s that a probe waits."),
        (replace(WHOLE, slow=9), "All 90 requests for /shop failed or took more than the 10 s that a probe waits."),
        (
            replace(WHOLE, path="/shop/60", hit=3, requests=3, folder="/shop"),
            "All requests below /shop failed, those for /shop/60 among them. A probe that requests that",
        ),
        (
            replace(WHOLE, path="/shop/60", folder="/shop", is_asked=False),
            "All 90 requests below /shop failed; at other times /shop/60 there was answered well. A probe that requests",
        ),
        (replace(WHOLE, path="", folder="/shop"), "All 90 requests below /shop failed. A probe that requests a page there"),
        (replace(WHOLE, logs_in=True), "All 90 requests for /shop failed. /shop is answered well with a user name only"),
        (replace(WHOLE, is_whole=False), "From 00:00:05 on, all 90 requests for /shop failed."),
        (replace(WHOLE, until=600 * SECOND), "From 00:00:05 to 00:10:00, all 90 requests for /shop failed."),
        (
            replace(WHOLE, is_solid=False, is_whole=False, requests=180),
            "90 of the 180 requests for /shop failed: a probe of it alerts only if two consecutive checks fail. Others",
        ),
        (
            replace(WHOLE, is_solid=False, is_whole=False, requests=1800),
            "90 of the 1,800 requests for /shop failed: a probe of it, which alerts on the second failure in a row, would "
            "most likely have stayed green. Others were answered: `logsleuth check`",
        ),
        (
            Green((("POST", WHOLE),), (("/shop", 76),)),
            "Only POST requests failed (90 for /shop). A check of a page sends GET and would have stayed green: all 76 "
            "requests for /shop that read it were answered. A script that sends a harmless POST (curl -sf -X POST) would "
            "have seen it too. `logsleuth check`, as below, watches the share that ends with a server error (5xx).",
        ),
        (
            Green((), (("/", 40),)),
            "All 40 requests for the front page (/) got a good status: a check of that alone would have stayed green. `logsleuth",
        ),
        (NOTHING, "A probe sees this only if its own request is among those that fail."),
    ],
)  # fmt: skip
def test_what_is_said_of_the_page_follows_from_the_requests_for_it(page: Page | Green, begins: str) -> None:
    assert said(diagnosis(ANY, requests=SEEN), page).startswith(begins)


def test_the_alarm_comes_two_failures_after_the_first_one_of_the_page() -> None:
    one = diagnosis(ANY, requests=SEEN)
    later = replace(WHOLE, first=600 * SECOND)
    assert "would have raised an alarm by 00:12:10, 47 min 50 s before the log ends." in said(one, later)
    assert "would have raised an alarm" not in said(one, replace(later, until=700 * SECOND))


def test_a_page_whose_monitor_has_said_it_is_not_named_twice() -> None:
    one = diagnosis(ANY, requests=SEEN)
    ping = Monitor("", "/ping", 9, 9)
    asked = replace(WHOLE, path="/ping", hit=9, requests=9)
    assert said(one, asked, ping).startswith(f"{ping.said(UTC)} A probe that requests that page")
    assert "All 20 requests" in said(one, replace(asked, hit=20, requests=20), ping)


def test_a_redirect_is_seen_by_a_probe_that_takes_it_for_a_failure() -> None:
    away = diagnosis(ANY, requests=replace(SEEN, failed=0, redirected=170, sent_away=True))
    text = said(away, WHOLE)
    assert text.startswith(
        "All 90 requests for /shop were redirected. A probe sees this only if it takes a redirect for"
    )
    assert "was redirected 9 of 9 times: to most monitors a redirect is a good answer (to check_http unless" in said(
        away, WHOLE, Monitor("check_http", "/", 9, 0, 9)
    )


def test_a_monitor_that_alone_was_answered_came_by_another_way_than_all_others() -> None:
    watched = Monitor("check_http", "/", 10, 0)
    answered = tuple(Visit(number, "/", "well") for number in range(10))
    others = tuple(Visit(number, "/", "redirected") for number in range(20))
    assert elsewise(Visits((*answered, *others), monitors=(watched,)), "") == "another way"
    # somebody else was answered too, or the monitor itself was not, or too few failed
    served = (*answered, Visit(11, "/", "well"), *others)
    assert elsewise(Visits(served, monitors=(watched,)), "") == ""
    assert elsewise(Visits((*answered, *others), monitors=(replace(watched, failed=1),)), "") == ""
    assert elsewise(Visits((*answered, *others[:9]), monitors=(watched,)), "") == ""


def test_by_the_public_name_no_service_on_this_machine_is_checked() -> None:
    target = Target("80", "/a", "failed", site="www.example.org", is_by_name=True)
    said = probe((), Platform("debian"), target, NO_RESTART)
    assert "check host site with address www.example.org\n" in said
    assert 'port 443 protocol https request "/a"' in said
    assert "check process" not in said
    assert "https://SITE:443/a" in probe((), Platform("windows"), replace(target, site=""), NO_RESTART)


@pytest.mark.parametrize(("container", "address"), [("", "127.0.0.1"), ("docker", "HOST"), ("kubernetes", "HOST")])
def test_a_container_is_asked_by_the_name_of_what_is_in_front_of_it(container: Container, address: str) -> None:
    text = probe((), Platform("unknown", container=container), Target(), "")
    assert f"check host httpd with address {address}\n" in text
    assert ("# Replace HOST" in text) == bool(container)


def test_clients_that_offer_what_the_server_does_not_accept_are_not_seen_by_a_probe() -> None:
    old = diagnosis(replace(EXPIRED, id="ssl.handshake.unsupported-protocol"))
    assert offers_differ(old)
    assert not offers_differ(diagnosis(EXPIRED))
    noticing = Noticing(old, old.incident.end, UTC, elsewise="other offers")
    assert noticing.text == (
        "Only clients were refused that offer TLS versions or ciphers which the server does not accept: a probe offers "
        "current ones, and would have stayed green. Layer 2 alerts on the lines that report it."
    )
    asked = target(noticing, Where("443", is_tls=True), Reach.HANDSHAKE)
    assert (asked.known, asked.is_by_name) == ("stayed green", False)


@pytest.mark.parametrize(("down", "vain"), [(0.9, 0), (1.0, 1), (60.0, 1)])
def test_a_restart_in_the_first_second_of_an_outage_is_no_answer_to_it(down: float, vain: int) -> None:
    began = diagnosis(ANY).incident
    restart = Restart("reload", round(down * SECOND), round((down + 1) * SECOND), 1, (line(),))
    assert len(replace(began, restarts=(restart,)).restarts_in_vain) == vain


def test_the_first_sign_may_be_of_what_is_behind_it() -> None:
    found = diagnosis(FULL)
    onset = found.incident.onset
    assert first_sign(found) == onset
    behind = Reason(onset - 41 * SECOND, "the database reported a fatal error", (line(),), "high")
    assert first_sign(replace(found, reason=behind)) == onset - 41 * SECOND
