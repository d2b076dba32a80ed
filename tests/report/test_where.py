"""Where a probe asks follows from the requests that failed."""

from dataclasses import replace

import pytest

from logsleuth.report.compose.probe.probe import HTTPS
from logsleuth.report.compose.requests.visits import Visit
from logsleuth.report.compose.requests.where import by_nginx, port_asked, taken
from logsleuth.timeline.model import Moment, Series
from logsleuth.units import SECOND
from tests.lives.build import ANY, line, timeline

PLAIN = Visit(0, "/", "failed")


@pytest.mark.parametrize(
    ("visits", "name", "found"),
    [
        ([PLAIN], "access.log", None),
        ([], "access.log", None),
        ([PLAIN._replace(port="8080")], "access.log", ("8080", False)),
        ([PLAIN._replace(port="443")] * 2 + [PLAIN._replace(port="80")], "access.log", ("443", True)),
        ([PLAIN._replace(is_tls=True)] * 2 + [PLAIN], "access.log", (HTTPS, True)),
        ([PLAIN._replace(is_tls=True)] + [PLAIN] * 2, "access.log", None),
        ([PLAIN._replace(port="10443", is_tls=True)], "access.log", ("10443", True)),
        ([PLAIN], "ssl_access_log", (HTTPS, True)),
        ([PLAIN], "shop-ssl.log", (HTTPS, True)),
        ([PLAIN], "classless_access.log", None),
    ],
)
def test_it_is_the_port_at_which_most_of_them_came_in(
    visits: list[Visit], name: str, found: tuple[str, bool] | None
) -> None:
    assert port_asked(visits, {0: name}) == found


def said(text: str, category: str = "backend-down", **fields: str) -> Series:
    one = line()._replace(text=text, fields=tuple(fields.items()))
    return Series(replace(ANY, category=category), (Moment(SECOND, SECOND, 1, one),))


def test_lines_name_ports_too() -> None:
    upstream = said('connect() failed, upstream: "http://127.0.0.1:8080/shop"')
    held = said("AH00072: make_sock: could not bind to address [::]:8443", "port-in-use", port="8443")
    assert by_nginx(timeline(upstream)) == "8080"
    assert by_nginx(timeline(held)) is None
    assert taken(timeline(held)) == "8443"
    assert taken(timeline(upstream)) is None
