"""Where users asked, by the pages that led to their requests."""

import pytest

from logsleuth.report.compose.requests.referers import (
    Led,
    led_by,
    own_referers,
    page_of_referers,
    port_of_referers,
    site_that_failed,
)
from logsleuth.report.compose.requests.visits import Visit

WITH_TLS = "Apache/2.4.62 (Debian) OpenSSL/3.0.15 configured -- resuming normal operations"
WITHOUT = "Apache/2.4.62 (Debian) PHP/8.2 configured -- resuming normal operations"
SECURE = Led(is_tls=True, host="hr.example", port="", path="/portal/login")
PLAIN = SECURE._replace(is_tls=False)


@pytest.mark.parametrize(
    ("line", "led"),
    [
        ("AH00992: receive failed, referer: https://hr.example/portal/login", SECURE),
        ("receive failed, referer: http://HR.example:8080/portal/login?next=/x", PLAIN._replace(port="8080")),
        ("receive failed, referer: https://hr.example", SECURE._replace(path="/")),
        ("receive failed, referer: android-app://hr.example/x", None),
        ("receive failed", None),
    ],
)
def test_a_line_names_the_page_that_led_to_its_request(line: str, led: Led | None) -> None:
    assert led_by(line) == led


def test_a_site_s_own_pages_lead_to_its_files() -> None:
    found = own_referers(
        (
            Visit(0, "/portal.css", "well", referer="https://hr.example/portal/login"),
            Visit(1, "/", "well", referer="https://search.example/"),
            Visit(2, "/portal", "failed", referer="https://hr.example/portal/login"),
            Visit(3, "/logo.png", "well"),
        )
    )
    assert found == [SECURE, SECURE]


@pytest.mark.parametrize(
    ("led", "banner", "port"),
    [
        ([SECURE] * 5, WITH_TLS, ("443", True)),
        ([SECURE] * 5, None, ("443", True)),
        ([SECURE] * 5, WITHOUT, None),  # what is before httpd speaks TLS
        ([SECURE] * 4, WITH_TLS, None),
        ([SECURE] * 5 + [PLAIN] * 5, WITH_TLS, None),
        ([PLAIN] * 9, WITH_TLS, None),
        ([PLAIN._replace(port="8080")] * 9, WITHOUT, ("8080", False)),
        ([SECURE._replace(port="8443")] * 5, WITH_TLS, ("8443", True)),
        ([], None, None),
    ],
)
def test_users_asked_by_tls_if_their_pages_say_so_and_httpd_speaks_it(
    led: list[Led], banner: str | None, port: tuple[str, bool] | None
) -> None:
    assert port_of_referers(led, banner) == port


@pytest.mark.parametrize(
    ("paths", "page"),
    [
        (["/portal/login"] * 3 + ["/portal/report"] * 2, "/portal/login"),
        (["/portal/login"] * 4, ""),
        (["/portal/login"] * 5 + ["/shop/cart"] * 5, ""),
        (["/"] * 9, ""),
        (["/portal/login;x"] * 9, ""),
        ([], ""),
    ],
)
def test_the_application_is_where_nearly_all_such_pages_are(paths: list[str], page: str) -> None:
    assert page_of_referers([SECURE._replace(path=path) for path in paths]) == page


def visits(host: str, failed: int, well: int) -> list[Visit]:
    """Requests to which the pages of a site led, half of the good ones for its files."""
    bad = [Visit(nth, "/cart", "failed", referer=f"https://{host}/") for nth in range(failed)]
    good = [Visit(nth, "/x.css" if nth % 2 else "/", "well", referer=f"https://{host}/") for nth in range(well)]
    return [*bad, *good]


@pytest.mark.parametrize(
    ("shop", "blog", "site"),
    [
        ((50, 100), (0, 200), "shop.example"),  # a third of it failed, and the other site did not
        ((50, 100), (2, 200), "shop.example"),
        ((50, 100), (20, 200), ""),  # both failed
        ((50, 100), (0, 2), ""),  # hardly a site of this server
        ((3, 100), (0, 200), ""),  # few
        ((0, 100), (0, 200), ""),
    ],
)
def test_of_several_sites_a_probe_asks_the_one_that_failed(
    shop: tuple[int, int], blog: tuple[int, int], site: str
) -> None:
    assert site_that_failed([*visits("shop.example", *shop), *visits("blog.example", *blog)]) == site
    assert site_that_failed(visits("shop.example", *shop)) == ""


def test_where_requests_failed_those_that_were_redirected_do_not_count() -> None:
    moved = [Visit(0, "/", "redirected", referer="https://blog.example/")] * 30
    both = [*visits("shop.example", 50, 100), *visits("blog.example", 0, 200)]
    assert site_that_failed([*both, *moved]) == "shop.example"
