"""Where scripts stood that took too long: the function that they waited in, and the site's own code that called it."""

from __future__ import annotations

import pytest

from logsleuth.report.compose.findings.stacks import Place, commonest, stacks_in, waits_for

HEAD = b"[03-Mar-2026 12:00:07]  [pool www] pid 4406\nscript_filename = /srv/www/index.php\n"
CURL = (
    b"[0x00007f2a1c81f4d0] curl_exec() /srv/www/wp-includes/Requests/Curl.php:205\n"
    b"[0x00007f2a1c81f3a0] request() /srv/www/wp-includes/http.php:174\n"
    b"[0x00007f2a1c81f080] wp_remote_get() /srv/www/wp-content/plugins/weather/widget.php:61\n"
)
OWN = Place("curl_exec()", "/srv/www/wp-content/plugins/weather/widget.php:61")


def test_the_place_is_the_innermost_function_and_the_first_file_that_is_no_framework_s() -> None:
    data = b"x\n" + HEAD + CURL + b"\n" + HEAD + b"[0x1] sleep() /srv/www/vendor/a.php:3\n\n"
    first, second = stacks_in(data, 0, len(data))
    assert first == (2, OWN)
    assert second[1] == Place("sleep()", "/srv/www/vendor/a.php:3")  # there is nothing but the framework
    assert list(stacks_in(data, 3, len(data))) == [second]
    assert list(stacks_in(data, 0, second[0])) == [first]


def test_lines_of_a_client_are_no_stack() -> None:
    assert list(stacks_in(CURL, 0, len(CURL))) == []
    assert list(stacks_in(HEAD + b"no frames\n", 0, 999)) == []


@pytest.mark.parametrize(
    ("here", "there", "found"), [(3, 3, 3), (3, 4, 0), (2, 0, 0), (0, 0, 0)], ids=["half", "fewer", "two", "none"]
)
def test_most_scripts_must_stand_in_one_place(here: int, there: int, found: int) -> None:
    others = [Place("fopen()", f"/srv/www/{n}.php:1") for n in range(there)]
    place, number = commonest([*[OWN] * here, *others])
    assert number == found
    assert place == (OWN if found else None)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("curl_exec()", "a time limit (CURLOPT_CONNECTTIMEOUT"),
        ("mysqli_query()", "See what the database does with the queries of /srv/x.php:3"),
        ("PDOStatement->execute()", "See what the database does"),
        ("session_start()", "that of a session is held until the script"),
        ("fread()", "See what /srv/x.php:3 waits for"),
    ],
)
def test_where_scripts_stand_says_what_to_do(function: str, words: str) -> None:
    explain = waits_for(Place(function, "/srv/x.php:3"))
    assert words in explain.fix
    assert "slow log" not in explain.fix  # it was read
    assert "PLACE" not in explain.fix
