"""The page of a probe where no page is known to have failed: one that lines name, else one that is well."""

import pytest

from logsleuth.report.compose.probe.stand_in import named_by, page_below, stayed_green, well_page
from logsleuth.report.compose.requests.visits import How, Visit, Visits


@pytest.mark.parametrize(
    ("lines", "page"),
    [
        (["AH00898: DNS lookup failure for: api returned by /catalog/search, referer: http://x/"], "/catalog/search"),
        (["x returned by /cart", "x returned by /cart", "x returned by /login"], "/cart"),
        (["auth_ldap authenticate: user anna authentication failed; URI /svn/core [x]"], "/svn/core"),
        (["x returned by /a b.php?x=<script>"], "/a"),
        (["x returned by /$(reboot)"], ""),
        (["File does not exist: /srv/x"], ""),
        ([], ""),
    ],
)
def test_a_line_names_the_page_that_failed(lines: list[str], page: str) -> None:
    assert named_by(lines) == page


def _visits(*asked: tuple[str, How, int]) -> Visits:
    return Visits(elsewhen=tuple(Visit(n, path, how) for path, how, count in asked for n in range(count)))


@pytest.mark.parametrize(
    ("visits", "page"),
    [
        (_visits(("/", "well", 5), ("/shop", "well", 50)), "/"),
        (_visits(("/", "redirected", 5), ("/shop", "well", 50)), "/shop"),
        (_visits(("/", "asked who", 5), ("/logo.png", "well", 90), ("/about", "well", 2)), "/about"),
        (_visits(("/logo.png", "well", 9)), "/logo.png"),
        (_visits(("/shop", "asked who", 5), ("/shop", "well", 5)), "/"),  # half of them only
        (_visits(("/", "redirected", 5), ("/shop", "asked who", 5)), "/PAGE"),  # the log shows none
        (_visits(("/", "redirected", 5), ("/admin/", "well", 50), ("/shop", "well", 5)), "/shop"),  # of a session
        (_visits(("/", "redirected", 5), ("/wp-admin/", "well", 50)), "/wp-admin/"),
        (_visits(), "/"),
    ],
)
def test_the_page_is_well_while_all_is_well(visits: Visits, page: str) -> None:
    assert well_page(visits, "") == page


def test_a_page_that_is_asked_for_with_a_query_only_is_none() -> None:
    found = Visits(
        elsewhen=(Visit(1, "/", "redirected"), *(Visit(n, "/find", "well", has_query=True) for n in range(9)))
    )
    assert well_page(found, "") == "/PAGE"


READ, SENT = Visit(1, "/shop/7", "failed"), Visit(1, "/shop/7", "failed", "POST")


@pytest.mark.parametrize(
    ("folder", "during", "page"),
    [
        ("/shop", (READ,), "/shop/PAGE"),
        ("/shop", (SENT,), ""),  # nobody reads any of it
        ("/shop", (READ._replace(path="/shop"),), "/shop"),  # nothing is below it
        ("/shop", (READ._replace(path="/shop/", how="failed"),), "/shop/PAGE"),
        ("/login", (READ._replace(path="/login"), Visit(0, "/login", "asked who")), ""),
        ("/shop", (), "/shop/PAGE"),  # of no requests: as it looks
        ("/cart.php", (), "/cart.php"),
    ],
)
def test_below_a_folder_it_is_a_page_that_is_read(folder: str, during: tuple[Visit, ...], page: str) -> None:
    assert page_below(folder, Visits(during), "") == page


def test_with_a_user_name_a_page_that_asks_for_one_will_do() -> None:
    asked = Visits((Visit(0, "/svn", "asked who"), Visit(1, "/svn", "failed", names_user=True)))
    assert page_below("/svn", asked, "") == ""
    assert page_below("/svn", asked, "", logs_in=True) == "/svn"


def test_a_page_for_a_probe_that_logs_in_is_one_that_takes_a_login() -> None:
    users = (Visit(0, "/svn", "asked who"), *(Visit(n, "/svn", "well", names_user=True) for n in range(9)))
    found = Visits(elsewhen=(*users, *(Visit(n, "/logo.html", "well") for n in range(20))))
    assert well_page(found, "") == "/logo.html"
    assert well_page(found, "", logs_in=True) == "/svn"


def test_a_page_that_was_answered_all_the_time_would_have_shown_nothing() -> None:
    asked = tuple(Visit(n, "/a", "well") for n in range(4))
    assert stayed_green("/a", Visits(asked), "")
    assert not stayed_green("/a", Visits(asked[:3]), "")
    assert not stayed_green("/a", Visits((*asked, Visit(9, "/a", "failed"))), "")
    assert not stayed_green("/b", Visits(asked), "")
