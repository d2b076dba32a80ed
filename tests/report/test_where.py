"""Where a probe asks follows from the requests that failed."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from logsleuth.report.compose.probe.probe import HTTPS
from logsleuth.report.compose.requests.visits import Visit
from logsleuth.report.compose.requests.where import (
    by_nginx,
    is_forwarded,
    port_asked,
    port_of_error_logs,
    taken,
)
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


FORWARDED = PLAIN._replace(is_forwarded=True)


@pytest.mark.parametrize(
    ("visits", "forwarded"),
    [
        ([FORWARDED] * 2 + [PLAIN], True),
        ([FORWARDED, PLAIN], False),
        ([FORWARDED._replace(is_tls=True)] * 2, False),
        ([], False),
    ],
)
def test_a_proxy_in_front_that_ends_tls_says_so(visits: list[Visit], forwarded: bool) -> None:
    assert is_forwarded(visits) == forwarded


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (["/var/log/httpd/ssl_error_log"], (HTTPS, True)),
        (["ssl_error_log", "shop-ssl-error.log"], (HTTPS, True)),
        (["ssl_error_log", "error_log"], None),
        ([], None),
    ],
)
def test_a_log_of_sites_by_tls_alone_names_the_port(paths: list[str], found: tuple[str, bool] | None) -> None:
    logs = [SimpleNamespace(path=path) for path in paths]
    assert port_of_error_logs(range(len(paths)), SimpleNamespace(logs=logs)) == found  # type: ignore[arg-type]


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
