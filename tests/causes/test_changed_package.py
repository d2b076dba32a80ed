"""Of many packages that were changed at once, that of what failed is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from logsleuth.causes.changed_package import fits
from logsleuth.signals.model import Signal, Why
from tests.lives.build import ANY, moment, series


def failing(title: str, text: str) -> Signal:
    found = series(replace(ANY, title=title), 5)
    first = replace(found.moments[0], sighting=found.moments[0].sighting._replace(text=text))
    return Signal(found, (first,), Why.SURPRISE)


DENIED = failing("ModSecurity began to block ordinary requests", "ModSecurity: Access denied with code 403")
CRASHED = failing("A worker crashed", "AH00052: child pid 9 exit signal Segmentation fault (11)")
SCRIPT = failing("Fatal error in PHP", "PHP Fatal error:  Uncaught Error: Call to undefined function mysql_connect()")


@pytest.mark.parametrize(
    ("package", "first", "is_fit"),
    [
        ("modsecurity-crs", DENIED, True),
        ("libmodsecurity3", DENIED, True),
        ("libapache2-mod-php8.1", DENIED, False),
        ("libapache2-mod-php8.1", SCRIPT, True),
        ("mysql-client", SCRIPT, True),
        ("apache2-bin", CRASHED, False),  # it fits everything
        ("", DENIED, False),
        ("modsecurity-crs", None, False),
    ],
)
def test_a_package_fits_a_cause_that_speaks_of_it(package: str, first: Signal | None, is_fit: bool) -> None:
    said = moment(1)
    named = replace(said, sighting=said.sighting._replace(fields=(("package", package),)))
    assert fits(named, first) is is_fit
