"""A program's error is a CGI script's where httpd finds with it that the script ended without a header."""

from dataclasses import replace

import pytest

from logsleuth.causes.run_as_cgi import category_as_cgi
from logsleuth.signals.model import Signal, Why
from tests.lives.build import ANY, series

MISSING = replace(ANY, id="module-missing", role="cause", category="app-misconfigured")
ENDED = {"cgi.premature-end"}


def line(module: str, text: str, category: str = "app-misconfigured") -> Signal:
    """Lines of one module, of a cause of this kind."""
    found = series(replace(MISSING, category=category), 1, 2, 3)
    moments = tuple(replace(one, sighting=one.sighting._replace(module=module, text=text)) for one in found.moments)
    return Signal(replace(found, moments=moments), moments, Why.SURPRISE)


@pytest.mark.parametrize(
    ("lines", "company", "category"),
    [
        (line("cgid", "AH01215: Can't locate DBI.pm in @INC"), ENDED, "cgi-failure"),
        (line("", "[error] [client 192.0.2.7] Can't locate DBI.pm in @INC"), ENDED, "cgi-failure"),
        (line("cgi", "AH01215: ImportError: No module named x", "wsgi-load-failure"), ENDED, "cgi-failure"),
        (line("", "[error] Can't locate DBI.pm in @INC"), set(), None),  # mod_perl: no script ends
        (line("perl", "Can't locate DBI.pm in @INC"), ENDED, None),
        (line("", "mod_fcgid: stderr: Can't locate DBI.pm in @INC"), ENDED, None),
        (line("cgi", "AH01215: PHP Fatal error: x", "php-fatal"), ENDED, None),  # its kind says more
    ],
)
def test_the_script_ended_without_a_header(lines: Signal, company: set[str], category: str | None) -> None:
    assert category_as_cgi(lines, company) == category
