"""Folders are told apart as deep as the pages below them differ."""

from collections import Counter

from logsleuth.report.compose.requests.folders import told_apart
from logsleuth.report.compose.requests.yardstick import HIT


def test_what_all_pages_share_does_not_hide_which_of_them_failed() -> None:
    pages = Counter({
        ("/api/v2/bookings/1", HIT): 28, ("/api/v2/bookings/2", "info"): 9, ("/api/v2/rooms", "info"): 28,
        ("/api/v2/prices", HIT): 24, ("/api/v2/prices", "info"): 4, ("/assets/a.css", "info"): 40,
    })  # fmt: skip
    assert {path for path, _ in told_apart(pages)} == {"/api/v2/bookings", "/api/v2/rooms", "/api/v2/prices", "/assets"}


def test_pages_that_fail_alike_stay_together() -> None:
    pages = Counter({(f"/shop/{n}", HIT): 3 for n in range(9)} | {(f"/shop/{n}", "info"): 4 for n in range(9)})
    assert {path for path, _ in told_apart(pages)} == {"/shop"}


def test_a_single_page_of_a_folder_is_named_whole() -> None:
    pages = Counter(
        {("/cgi-bin/mt/comments.cgi", HIT): 8, ("/cgi-bin/mt/comments.cgi", "info"): 9, ("/a/b", "info"): 9}
    )
    assert {path for path, _ in told_apart(pages)} == {"/cgi-bin/mt/comments.cgi", "/a"}
