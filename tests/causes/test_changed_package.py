"""Of many packages that were changed at once, that of what failed is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logsleuth.causes.changed_package import changed_together, name_fits
from logsleuth.signals.model import Signal, Why
from tests.lives.build import ANY, moment, series

if TYPE_CHECKING:
    from logsleuth.timeline.model import Moment


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
    assert name_fits(package, first) is is_fit


def changed(second: int, count: int = 1, text: str = "", **fields: str) -> Moment:
    """A line of a package manager's log."""
    said = moment(second, count=count)
    return replace(said, sighting=said.sighting._replace(fields=tuple(fields.items()), text=text))


RULES = changed(1, package="modsecurity-crs", old="3.2", version="3.3")
PHP = changed(2, package="php8.2-fpm", old="8.2.7", version="8.2.9")
NODE = changed(3, package="nodejs", version="18.2")
GONE = changed(4, package="mod_php", version="7.4", removed="remove")
HISTORY = changed(
    5,
    text="Upgrade: tzdata:all (2024a, 2024b), php8.2-fpm:amd64 (8.2.7, 8.2.9), modsecurity-crs:all (3.2, 3.3)",
    package="modsecurity-crs", old="3.2", version="3.3",
)  # fmt: skip
INSTALLED = changed(
    6,
    text="Install: php8.2-fpm:amd64 (8.2.9), psmisc:amd64 (23.6, automatic)",
    package="php8.2-fpm", version="8.2.9",
)  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "first", "text"),
    [
        ([RULES], None, None),  # its own pattern has words for one
        ([RULES, PHP], None, "Packages modsecurity-crs (3.2 to 3.3) and php8.2-fpm (8.2.7 to 8.2.9) were changed"),
        ([RULES, PHP, NODE], DENIED, "Package modsecurity-crs (3.2 to 3.3) was changed, with 2 others"),
        ([NODE, GONE], None, "Packages nodejs (to 18.2) and mod_php (7.4, removed) were changed"),
        ([HISTORY], DENIED, "Package modsecurity-crs (3.2 to 3.3) was changed, with 2 others"),
        ([HISTORY], CRASHED,
         "Packages php8.2-fpm (8.2.7 to 8.2.9) and modsecurity-crs (3.2 to 3.3) were changed, with 1 other"),
        ([INSTALLED], None, "Package php8.2-fpm (to 8.2.9) was changed, with 1 other"),
        ([changed(1, count=3, package="apache2", version="2.4.57")], None,
         "Package apache2 (to 2.4.57) was changed, with 2 others"),
        ([changed(1), changed(2)], None, None),  # they name none
    ],
)  # fmt: skip
def test_of_several_packages_those_that_fit_are_named_and_the_others_counted(
    lines: list[Moment], first: Signal | None, text: str | None
) -> None:
    found = changed_together(lines, first, 3)
    assert (found and found.text) == text


def test_no_more_are_named_than_are_shown() -> None:
    found = changed_together([RULES, PHP, NODE, GONE], None, 1)
    assert found is not None
    assert found.text == "Package modsecurity-crs (3.2 to 3.3) was changed, with 3 others"
    assert found.lines == (RULES,)
