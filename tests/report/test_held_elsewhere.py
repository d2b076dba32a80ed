"""Who holds a database's connections, by how soon they were all taken again after a start of httpd."""

import pytest

from logsleuth.report.compose.findings.held_elsewhere import who_holds_them


@pytest.mark.parametrize(
    ("served", "said"),
    [
        ([], ""),
        ([3, 200], ""),
        ([13], "The stop and start of httpd closed its connections; 13 requests later the database refused again."),
        (
            [4, 13],
            "Each stop and start of httpd closed its connections; at most 13 requests later the database refused",
        ),
    ],
    ids=["no start", "after many requests", "once", "each time"],
)
def test_a_few_requests_cannot_hold_all_connections(served: list[int], said: str) -> None:
    assert who_holds_them(served).startswith(said)
    assert bool(who_holds_them(served)) == bool(said)
