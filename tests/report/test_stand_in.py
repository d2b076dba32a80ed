"""The page of a probe where no page is known to have failed: one that lines name, else one that is well."""

import pytest

from logsleuth.report.compose.probe.stand_in import named_by, well_page
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
        (_visits(), "/"),
    ],
)
def test_the_page_is_well_while_all_is_well(visits: Visits, page: str) -> None:
    assert well_page(visits, "") == page
