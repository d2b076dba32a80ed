"""The page by which a probe would have met an outage is chosen by the requests of the outage itself."""

from dataclasses import replace

import pytest

from logsleuth.report.compose.probe.page import Green, Page, choose
from logsleuth.report.compose.requests.monitors import Monitor
from logsleuth.report.compose.requests.visits import How, Visit, Visits
from logsleuth.units import MINUTE, SECOND

OVER = 10 * MINUTE
FAILED: frozenset[How] = frozenset({"failed"})


def asked(
    path: str, how: How, *seconds: int, method: str = "GET", took: int | None = None, site: str = ""
) -> tuple[Visit, ...]:
    """Requests for a page at these seconds of the outage, which lasts ten minutes."""
    return tuple(Visit(second * SECOND, path, how, method, took, site) for second in seconds)


def well(*paths: str, method: str = "GET") -> tuple[Visit, ...]:
    """Pages that are well at other times."""
    return tuple(Visit(-nth * MINUTE, path, "well", method) for path in paths for nth in (1, 2, 3))


def of(*during: tuple[Visit, ...], elsewhen: tuple[Visit, ...] = (), monitors: tuple[Monitor, ...] = ()) -> Visits:
    return Visits(tuple(sorted(one for some in during for one in some)), elsewhen, OVER, monitors)


def page(visits: Visits, counted: frozenset[How] = FAILED, site: str = "") -> Page:
    found = choose(visits, counted, site=site)
    assert isinstance(found, Page)
    return found


def green(visits: Visits, counted: frozenset[How] = FAILED) -> Green:
    found = choose(visits, counted)
    assert isinstance(found, Green)
    return found


MINUTELY = tuple(range(5, 600, 60))


def test_it_is_one_that_was_well_and_failed_without_a_good_answer() -> None:
    both = of(asked("/a", "failed", *MINUTELY), asked("/", "well", *MINUTELY), elsewhen=well("/a", "/"))
    found = page(both)
    assert (found.path, found.hit, found.requests, found.is_whole) == ("/a", 10, 10, True)
    assert found.alarm == 135 * SECOND  # 130 s after the first failure
    refused = of(asked("/a", "refused", *MINUTELY), elsewhen=well("/a"))
    assert page(refused).path == "/a"  # whatever the answer: it was well before


def test_it_is_that_of_a_monitor_which_had_alarmed_no_later_than_another() -> None:
    late = asked("/a", "failed", *range(300, 600, 10)) + asked("/a", "well", *range(0, 300, 10))
    ping = asked("/ping", "failed", 30, 90, 150, 270, 330, 450, 570) + asked("/ping", "well", 210, 390, 510)
    watched = Monitor("check_http", "/ping", 10, 7, alarm=90 * SECOND)
    both = of(late, ping, elsewhen=well("/a", "/ping"), monitors=(watched,))
    found = page(both)
    assert (found.path, found.hit, found.requests, found.is_solid) == ("/ping", 7, 10, False)
    # to a monitor a redirect may be a good answer, to a probe it is none
    sent = tuple(one._replace(how="redirected") for one in well("/ping"))
    assert page(replace(both, elsewhen=(*well("/a"), *sent))).path == "/a"
    # one that saw it later than a probe of another page, or never twice in a row, is no better
    assert page(replace(both, monitors=(replace(watched, alarm=570 * SECOND),))).path == "/a"
    assert page(replace(both, monitors=(replace(watched, alarm=None),))).path == "/a"


def test_a_page_that_is_asked_for_with_a_query_is_the_second_choice() -> None:
    view = tuple(one._replace(has_query=True) for one in asked("/view", "failed", *range(5, 600, 10)))
    home = asked("/home", "failed", *range(5, 600, 60))
    found = page(of(view, home, elsewhen=well("/view", "/home")))
    assert (found.path, found.has_query) == ("/home", False)
    found = page(of(view, elsewhen=well("/view")))
    assert (found.path, found.has_query) == ("/view", True)


def test_of_several_sites_that_were_hit_it_is_one_sites_page() -> None:
    of_a = asked("/a", "failed", *range(0, 600, 20), site="a.example")
    of_b = asked("/b", "failed", *range(0, 600, 60), site="b.example")
    found = page(of(of_a, of_b, elsewhen=well("/a", "/b")))
    assert (found.path, found.site) == ("/a", "a.example")
    # where there is one, nothing has to be chosen
    assert page(of(of_a, elsewhen=well("/a"))).site == ""


def test_what_asks_for_a_login_is_not_called_answered() -> None:
    front = asked("/", "well", *MINUTELY)
    refused = asked("/", "asked who", *MINUTELY)
    assert green(of(front, elsewhen=well("/"))).answered == (("/", 10),)
    assert green(of(front, refused, elsewhen=well("/"))).answered == ()


def test_a_page_that_always_fails_is_not_it() -> None:
    never_there = tuple(one._replace(how="refused") for one in well("/gone"))
    gone = asked("/gone", "refused", *MINUTELY)
    assert green(of(gone, elsewhen=never_there), frozenset({"refused"})) == Green()
    # where other times are not known, the answer has to be that of the outage
    assert green(of(gone)) == Green()
    assert page(of(gone), frozenset({"refused"})).path == "/gone"


def test_only_reading_a_page_counts() -> None:
    paid = asked("/pay", "refused", *MINUTELY, method="POST")
    read = asked("/pay", "well", *MINUTELY)
    found = green(of(paid, read, elsewhen=well("/pay")), frozenset({"refused"}))
    ((method, of_method),) = found.methods
    assert (method, of_method.path, of_method.hit) == ("POST", "/pay", 10)
    assert found.answered == (("/pay", 10),)
    # reading failed as well, of pages too seldom asked for to be named
    others = tuple(one for n in range(9) for one in asked(f"/{n}", "refused", 60 * n))
    assert not green(of(paid, read, others, elsewhen=well("/pay", *(f"/{n}" for n in range(9))))).methods
    # what scanners read below some folder is less than what users send
    scanned = asked("/.aws/a", "refused", 1, 2) + asked("/.aws/b", "refused", 3, 4)
    assert green(of(paid, read, scanned, elsewhen=well("/pay")), frozenset({"refused"})).methods


def test_from_a_time_on_every_request_failed() -> None:
    first = asked("/a", "well", 20, 50, 70) + asked("/a", "failed", 10, 60)
    then = asked("/a", "failed", *range(100, 600, 10))
    found = page(of(first, then, elsewhen=well("/a")))
    assert (found.is_solid, found.is_whole, found.hit, found.requests) == (True, False, 50, 50)
    assert found.alarm == 230 * SECOND


def test_a_run_that_ends_before_a_probe_alerts_raises_no_alarm_unless_the_outage_ends_with_it() -> None:
    short = asked("/a", "failed", *range(100, 200, 5)) + asked("/a", "well", 0, 50, 210, 300)
    found = page(of(short, elsewhen=well("/a")))
    assert (found.is_solid, found.alarm) == (False, None)
    last = asked("/a", "failed", *range(500, 600, 5)) + asked("/a", "well", 0, 50, 210, 300)
    found = page(of(last, elsewhen=well("/a")))
    assert (found.is_solid, found.alarm) == (True, None)


def test_a_run_that_may_be_chance_raises_no_alarm() -> None:
    half = asked("/a", "failed", *range(0, 600, 4)) + asked("/a", "well", *range(2, 600, 4))
    found = page(of(half, elsewhen=well("/a")))
    assert (found.is_solid, found.alarm, found.hit, found.requests) == (False, None, 150, 300)
    assert found.likely > 0.5
    seldom = asked("/a", "failed", *range(0, 600, 20)) + asked("/a", "well", *range(1, 600, 4))
    assert page(of(seldom, elsewhen=well("/a"))).likely < 0.5


def test_an_answer_that_comes_too_late_for_a_probe_is_a_failure() -> None:
    slow = asked("/a", "well", *MINUTELY, took=38 * SECOND)
    found = page(of(slow, elsewhen=well("/a")))
    assert (found.slow, found.hit) == (10, 10)
    assert green(of(asked("/a", "well", *MINUTELY, took=9 * SECOND), elsewhen=well("/a"))).methods == ()


def test_a_redirect_counts_where_that_is_the_outage() -> None:
    away = of(asked("/", "redirected", *MINUTELY), elsewhen=well("/"))
    assert isinstance(choose(away, frozenset({"redirected"}), is_redirect=True), Page)
    assert isinstance(choose(away, FAILED), Green)


def test_of_several_it_is_one_that_fails_early_and_is_asked_for_often_and_no_file() -> None:
    late = asked("/late", "failed", *range(300, 600, 5))
    early = asked("/early", "failed", *MINUTELY)
    often = asked("/often", "failed", *range(20, 600, 10))
    file = asked("/a.css", "failed", *range(1, 600, 2))
    everything = of(late, early, often, file, elsewhen=well("/late", "/early", "/often", "/a.css"))
    assert page(everything).path == "/often"
    assert page(of(file, elsewhen=well("/a.css"))).path == "/a.css"
    ping = replace(everything, monitors=(Monitor("UptimeRobot", "/early", 10, 10),))
    assert page(ping).path == "/early"


def test_a_page_that_a_probe_is_not_answered_well_is_not_asked_for() -> None:
    login = asked("/intern", "failed", *range(5, 600, 10))
    other = asked("/page", "failed", *MINUTELY)
    prompts = tuple(one._replace(how="asked who") for one in well("/intern"))
    found = page(of(login, other, elsewhen=well("/page", "/intern") + prompts))
    assert (found.path, found.logs_in, found.is_shown) == ("/page", False, True)
    # where it is the only one that shows the outage, the probe logs in
    found = page(of(login, elsewhen=well("/intern") + prompts))
    assert (found.path, found.logs_in) == ("/intern", True)
    sent = Visit(-MINUTE, "/intern", "redirected")  # one such answer is no chance
    assert page(of(login, other, elsewhen=(sent, *well("/page")))).path == "/page"
    assert green(of(login, elsewhen=(sent,))) == Green()
    # nobody asked for it while nothing was wrong
    assert not page(of(login)).is_shown


def test_a_page_of_a_session_is_the_last_choice() -> None:
    cart, home = asked("/checkout", "failed", *range(5, 600, 10)), asked("/home", "failed", *MINUTELY)
    assert page(of(cart, home, elsewhen=well("/checkout", "/home"))).path == "/home"
    found = page(of(cart, elsewhen=well("/checkout")))
    assert (found.path, found.is_shown) == ("/checkout", False)


def test_below_a_folder_that_failed_whole_any_page_will_do() -> None:
    few = tuple(one for n in range(60) for one in asked(f"/shop/{n}", "failed", 10 * n, 10 * n + 3))
    found = page(of(few, asked("/shop/7", "failed", 400), asked("/", "well", *MINUTELY), elsewhen=well("/shop/7")))
    assert (found.folder, found.path, found.requests, found.is_asked) == ("/shop", "/shop/7", 121, True)
    # best one that is known to be answered well; else one is to be named
    found = page(of(few, elsewhen=well("/shop/new")))
    assert (found.path, found.is_asked) == ("/shop/new", False)
    assert page(of(few, elsewhen=well("/"))).path == ""
    spared = asked("/shop/list", "well", 100)
    assert green(of(few, spared, elsewhen=well("/shop/7"))) == Green()


def test_it_is_one_of_the_site_that_was_hit() -> None:
    hit, other = asked("/", "failed", *MINUTELY, site="a.example"), asked("/", "well", *MINUTELY, site="b.example")
    found = page(of(hit, other), site="a.example")
    assert found.shown == "the front page (/) of a.example"


@pytest.mark.parametrize("path", ['/"; rm', "/" + "a" * 99])
def test_what_a_client_chose_does_not_stand_in_a_configuration(path: str) -> None:
    assert green(of(asked(path, "failed", *MINUTELY), elsewhen=well(path))) == Green()


def test_a_page_that_is_a_folder_too_is_said_to_be_meant_itself() -> None:
    below = asked("/kurser/1", "failed", 3)
    found = page(of(asked("/kurser", "failed", *MINUTELY), below, elsewhen=well("/kurser")))
    assert found.shown == "/kurser itself"


def test_that_the_front_page_was_answered_is_known_only_by_enough_requests() -> None:
    assert green(of(asked("/", "well", *MINUTELY))).answered == (("/", 10),)
    assert green(of(asked("/", "well", 5, 65))).answered == ()


def test_a_page_that_failed_mostly_comes_before_a_few_requests_for_another_and_whatever_was_sent() -> None:
    often = asked("/", "failed", *range(0, 600, 5)) + asked("/", "well", *range(2, 600, 15))
    sent = asked("/data", "failed", *range(0, 600, 2), method="POST")
    few = asked("/data/555/", "failed", 100, 200, 300, 400)
    found = page(of(often, sent, few, elsewhen=well("/", "/data/555/") + well("/data", method="POST")))
    assert (found.path, found.is_solid) == ("/", False)


def test_a_probe_had_asked_for_the_page_as_soon_as_nothing_in_its_folder_was_well() -> None:
    failed, before = asked("/shop/a", "failed", *MINUTELY[3:]), well("/shop/a", "/shop/b", "/")
    nobody = page(of(failed, elsewhen=before))
    assert nobody.alarm == nobody.first + 130 * SECOND
    others = of(failed, asked("/shop/b", "failed", 2), asked("/", "well", 60), elsewhen=before)
    assert page(others).alarm == 132 * SECOND
    assert page(of(failed, asked("/shop/b", "failed", 2), asked("/shop/b", "well", 60), elsewhen=before)) == nobody
