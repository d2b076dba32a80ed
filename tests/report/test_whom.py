"""Who was hit: what follows for an incident from counts by path, virtual host and client over a whole access log."""

from dataclasses import replace

from logsleuth.lives.requests import Requests, Seen
from logsleuth.report.compose.requests.asked import AskedThen
from logsleuth.report.compose.story.scope import Scope, led_by, scope_of
from logsleuth.report.compose.story.whom import site_hit, whom_of
from logsleuth.timeline.model import Asked, AskedBy, Counts, Traffic
from logsleuth.units import SECOND

NONE = Counts(SECOND, [])


def traffic(*paths: Asked, failed: int = 0, clients: tuple[Asked, ...] = (), hosts: tuple[Asked, ...] = ()) -> Traffic:
    """An access log whose requests and failures are all those of the paths."""
    total = Counts(SECOND, [(0, sum(one.requests for one in paths))])
    wrong = Counts(SECOND, [(0, failed or sum(one.failed for one in paths))])
    by_vhost, by_path, by_client = (AskedBy(keys, len(keys)) for keys in (hosts, paths, clients))
    return Traffic(total, wrong, NONE, by_vhost, by_path, by_client)


SHOP, IMG = Asked("/shop", 500, 0, 120), Asked("/img", 900, 0, 0)
ALL = Seen(log=0, failed=120, refused=0, seen=300)


def test_names_the_paths_that_were_hit_and_those_that_were_not() -> None:
    assert whom_of(ALL, traffic(SHOP, IMG)) == (
        "Paths hit: /shop (120 requests failed).",
        "Paths not hit: /img (900 requests in the whole log, none failed).",
    )


def test_failures_elsewhere_in_the_log_leave_a_lower_bound() -> None:
    seen = replace(ALL, failed=100)  # of the 120 that the log holds, 20 lie outside of the incident
    hit, _ = whom_of(seen, traffic(SHOP, IMG))
    assert hit == "Paths hit: /shop (at least 100 requests failed)."


def test_a_path_that_may_have_failed_only_elsewhere_is_not_named() -> None:
    seen, cart = replace(ALL, failed=110), Asked("/cart", 50, 0, 10)
    hit, *_ = whom_of(seen, traffic(SHOP, cart, IMG))
    assert hit == "Paths hit: /shop (at least 100 requests failed)."


def test_a_path_that_hardly_anybody_asks_for_was_not_spared_but_lucky() -> None:
    assert "/robots.txt" not in " ".join(whom_of(ALL, traffic(SHOP, IMG, Asked("/robots.txt", 3, 0, 0))))


def test_nothing_follows_where_most_failures_lie_outside_or_everything_failed() -> None:
    assert whom_of(replace(ALL, failed=50), traffic(SHOP, IMG)) == ()
    assert whom_of(replace(ALL, seen=120), traffic(SHOP, IMG)) == ()


def test_the_front_page_is_not_all_that_lies_below_it() -> None:
    hit, *_ = whom_of(ALL, traffic(replace(SHOP, key="/"), IMG))
    assert hit.startswith("Paths hit: the front page (/) (120")


def test_counts_clients_and_names_the_only_one() -> None:
    many = tuple(Asked(f"192.0.2.{n}", 10, 0, 1 if n < 120 else 0) for n in range(200))
    assert (
        whom_of(ALL, traffic(SHOP, IMG, clients=many))[-1] == "Clients hit: 120 of the 200 clients in the access log."
    )
    one = (Asked("192.0.2.1", 130, 0, 119), Asked("192.0.2.2", 90, 0, 1))
    assert whom_of(ALL, traffic(SHOP, IMG, clients=one))[-1] == (
        "Nearly all of these requests (119) came from one client, 192.0.2.1."
    )


def test_of_all_requests_it_is_not_said_that_nearly_all_came_from_one_client() -> None:
    alone = (Asked("192.0.2.1", 130, 0, 120), Asked("192.0.2.2", 90, 0, 0))
    assert whom_of(ALL, traffic(SHOP, IMG, clients=alone))[-1] == (
        "All 120 of these requests came from one client, 192.0.2.1."
    )


def test_of_more_clients_than_are_kept_nothing_is_said() -> None:
    kept = tuple(Asked(f"192.0.2.{n}", 10, 0, n % 2) for n in range(200))
    said = whom_of(ALL, replace(traffic(SHOP, IMG), by_client=AskedBy(kept, 4000)))
    assert not any("Clients" in sentence for sentence in said)


def test_how_many_more_paths_were_hit_is_said_only_where_all_are_known() -> None:
    paths = tuple(Asked(f"/{name}", 100, 0, 30) for name in "abcd")
    log = traffic(*paths)
    assert whom_of(ALL, log)[0] == "Paths hit: all 4, most of all /a (30 requests failed), /b (30) and /c (30)."
    assert whom_of(ALL, replace(log, by_path=AskedBy(paths, 900)))[0].endswith("/c (30) and others.")


def test_a_log_of_one_virtual_host_names_none() -> None:
    one, two = Asked("shop.example", 1400, 0, 120), Asked("blog.example", 700, 0, 0)
    assert not any("hosts" in text for text in whom_of(ALL, traffic(SHOP, IMG, hosts=(one,))))
    assert whom_of(ALL, traffic(SHOP, IMG, hosts=(one, two)))[:2] == (
        "Virtual hosts hit: shop.example (120 requests failed).",
        "Virtual hosts not hit: blog.example (700 requests in the whole log, none failed).",
    )


def test_refused_requests_are_counted_where_they_are_the_harm() -> None:
    log = replace(traffic(replace(SHOP, refused=400, failed=0), IMG), refused=Counts(SECOND, [(0, 400)]))
    seen = Seen(log=0, failed=0, refused=400, seen=600)
    assert whom_of(seen, log)[0] == "Paths hit: /shop (400 requests refused)."


def test_what_a_client_asked_for_is_cut() -> None:
    hit, *_ = whom_of(ALL, traffic(replace(SHOP, key="/" + "a" * 500), IMG))
    assert len(hit) < 120


CART, SEARCH = Asked("/shop/cart", 80, 0, 0), Asked("/shop/search", 120, 0, 120)


def then(*paths: Asked, clients: tuple[Asked, ...] = ()) -> AskedThen:
    """What was asked for in the incident's own time."""
    by_path = AskedBy(paths, len(paths))
    return AskedThen(ALL, by_path, AskedBy(clients, len(clients)), AskedBy())


def test_what_is_counted_within_the_incident_is_named_of_how_many_and_needs_no_bound() -> None:
    seen, known = replace(ALL, failed=120, seen=200), then(CART, SEARCH)
    assert whom_of(seen, traffic(replace(SHOP, failed=150), IMG), known) == (
        "Paths hit: /shop/search (120 of 120 requests failed).",
        "Paths not hit: /shop/cart (80 requests, none failed).",
    )


def test_what_is_always_refused_was_not_spared() -> None:
    icon = Asked("/favicon.ico", 80, 80, 0)
    assert not any(
        "not hit" in text for text in whom_of(replace(ALL, seen=200), traffic(SHOP, IMG), then(icon, SEARCH))
    )


def test_of_what_is_refused_a_little_is_anywhere() -> None:
    seen = Seen(0, 0, 79, 1139, turned_away=True)
    shop, gone = Asked("/shop", 111, 70, 0), Asked("/gone", 4, 4, 0)
    assert whom_of(seen, traffic(SHOP, IMG), then(shop, gone))[0] == "Paths hit: /shop (70 of 111 requests refused)."


def test_all_clients_are_said_to_be_all() -> None:
    two = (Asked("192.0.2.1", 90, 0, 60), Asked("192.0.2.2", 90, 0, 60))
    said = whom_of(ALL, traffic(SHOP, IMG), then(CART, SEARCH, clients=two))
    assert said[-1] == "All 2 clients that made requests in that time were hit."


def test_an_address_that_makes_nearly_all_requests_of_the_log_is_no_client() -> None:
    bridge, other = Asked("172.21.0.1", 9_900, 0, 60), Asked("192.0.2.2", 100, 0, 0)
    behind = replace(traffic(SHOP, IMG), by_client=AskedBy((bridge, other), 2))
    behind = replace(behind, all=Counts(SECOND, [(0, 10_000)]))
    said = whom_of(ALL, behind, then(CART, SEARCH, clients=(bridge, other)))
    assert said
    assert not any("client" in sentence for sentence in said)


def test_which_pages_of_a_site_that_was_hit_whole_says_nothing_more() -> None:
    hit, spared = Asked("a.example.org", 60, 0, 60), Asked("b.example.org", 240, 0, 0)
    asked = replace(then(Asked("/x", 100, 0, 20), Asked("/y", 200, 0, 40)), vhosts=AskedBy((hit, spared), 2))
    said = whom_of(replace(ALL, failed=60), traffic(), asked)
    assert said[0].startswith("Virtual hosts hit: a.example.org (60 of 60 requests failed)")
    assert not any("Paths" in sentence for sentence in said)


def test_the_site_is_the_one_that_met_nearly_all_of_it() -> None:
    requests = Requests(NONE, {0: traffic(SHOP, IMG)}, NONE)
    front = Asked("/", 400, 0, 30)
    sites = AskedBy((Asked("a.example", 120, 0, 120), Asked("b.example", 400, 0, 0)), 2)
    asked = replace(then(front), vhosts=sites)
    assert site_hit(ALL, requests, asked, {0: "access.log"}) == "a.example"


def test_of_several_sites_that_were_hit_whole_it_is_the_one_that_was_hit_most() -> None:
    requests = Requests(NONE, {0: traffic(SHOP, IMG)}, NONE)
    a, b, c = Asked("a.example", 70, 0, 70), Asked("b.example", 50, 0, 50), Asked("c.example", 99, 0, 0)
    logs = {0: "access.log"}
    assert site_hit(ALL, requests, replace(then(), vhosts=AskedBy((a, b, c), 3)), logs) == "a.example"
    in_part = replace(b, requests=90)
    assert site_hit(ALL, requests, replace(then(), vhosts=AskedBy((a, in_part, c), 3)), logs) == ""


def test_where_all_that_was_hit_lies_below_one_folder_that_is_its_scope() -> None:
    seen = Seen(0, 0, 646, 2563, turned_away=True)
    docs, images = Asked("/docs", 646, 646, 0), Asked("/images", 1917, 0, 0)
    known = replace(then(docs, images), folders=frozenset({"/docs"}))
    assert scope_of(seen, known) == Scope("below /docs", 646, 646, 1917)
    assert scope_of(seen, replace(known, folders=frozenset())) == Scope("for /docs", 646, 646, 1917)
    nearly = scope_of(replace(seen, seen=2567), then(replace(docs, requests=650), images))
    assert nearly == Scope("for /docs", 646, 650, 1917)
    assert scope_of(replace(seen, seen=2717), then(replace(docs, requests=800), images)) is None  # a part of it
    assert scope_of(replace(seen, refused=647), known) is None  # something else was hit as well
    assert scope_of(replace(seen, seen=650), then(docs)) is None  # too little else
    assert scope_of(seen, replace(known, as_usual=1)) is None  # others failed, too


def test_several_pages_that_failed_as_a_whole_are_the_scope_of_an_outage() -> None:
    seen = Seen(0, 0, 169, 3227, turned_away=True)
    order, address, rest = Asked("/till/order", 89, 89, 0), Asked("/till/address", 80, 80, 0), Asked("/a", 3058, 0, 0)
    assert scope_of(seen, then(order, address, rest)) == Scope("for /till/order and /till/address", 169, 169, 3058)
    many = [Asked(f"/p{n}", 40, 40, 0) for n in range(5)]
    found = scope_of(replace(seen, refused=200, seen=3258), then(*many, rest))
    assert found == Scope("for /p0, /p1, /p2 and 2 more paths", 200, 200, 3058)


def test_a_front_page_alone_is_no_part_of_a_site() -> None:
    seen = Seen(0, 50, 0, 1050)
    assert scope_of(seen, then(Asked("/", 50, 0, 50), Asked("/a", 1000, 0, 0))) is None


def test_one_of_several_sites_that_failed_nearly_as_a_whole_is_the_scope() -> None:
    seen = Seen(0, 2097, 0, 4643)
    sites = AskedBy((Asked("shop.example", 2100, 0, 2097), Asked("b.example", 2543, 0, 0)), 2)
    known = replace(then(Asked("/", 4643, 0, 2097)), vhosts=sites)
    assert scope_of(seen, known) == Scope("of shop.example", 2097, 2100, 2543)
    assert scope_of(seen, replace(known, by_referer=True)) is None  # for most requests no site is known


def test_a_site_known_by_the_pages_that_led_to_others_has_its_own_figures() -> None:
    seen = Seen(0, 1212, 0, 8208)
    sites = AskedBy((Asked("shop.example", 628, 0, 628), Asked("b.example", 1331, 0, 0)), 2)
    known = replace(then(Asked("/", 8208, 0, 1212)), vhosts=sites, by_referer=True)
    assert led_by(seen, known) == "; of those that a page of shop.example led to, all 628"
    assert led_by(seen, replace(known, by_referer=False)) == ""
    served = AskedBy((Asked("shop.example", 900, 0, 628),), 1)
    assert led_by(seen, replace(known, vhosts=served)) == ""


def test_a_page_that_failed_by_one_method_is_counted_by_method() -> None:
    order = Asked("/order", 152, 0, 76)
    known = replace(then(order, CART), methods_of={"/order": (("POST", 76, 76), ("GET", 0, 76))})
    hit, *_ = whom_of(replace(ALL, failed=76), traffic(SHOP, IMG), known)
    assert hit == "Paths hit: /order (POST: 76 of 76 requests failed; GET: 0 of 76)."


def test_what_got_another_error_was_not_spared() -> None:
    gone = Asked("/gone", 900, 0, 0)
    known = replace(then(SEARCH, gone), not_served=frozenset({"/gone"}))
    assert not any("not hit" in sentence for sentence in whom_of(ALL, traffic(SHOP, IMG), known))
