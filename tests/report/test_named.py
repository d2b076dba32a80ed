"""Commands for each of a few objects, and with what other lines of the same fault say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from logsleuth.causes.model import Cause
from logsleuth.library.commands import together
from logsleuth.library.platforms import Platform, advice, commands
from logsleuth.report.compose.log.named import besides, named_most, of_each, sets_for
from tests.causes.test_same_object import REFUSES, line, signal
from tests.report.test_detection import diagnosis

OTHER = replace(REFUSES, id="other")


@pytest.mark.parametrize(
    ("paths", "each"),
    [
        (["/a/.htaccess"] * 3, ["/a/.htaccess"]),
        (["/a/.htaccess", "/b/.htaccess", "/b/.htaccess"], ["/b/.htaccess", "/a/.htaccess"]),
        (["/a/x"] * 30 + ["/b/x"], ["/a/x"]),  # one line of 31 is not what it is about
        (["/a/x", "/b/x", "/c/x", "/d/x", "/d/x"], ["/d/x"]),  # too many
        (["1041", "1042"], ["1041"]),  # counts and pids vary by nature
        # the last piece was asked for in the core, by what the site has added
        (["/w/wp-includes/a.php"] * 3 + ["/w/wp-content/plugins/till/b.php"], ["/w/wp-content/plugins/till/b.php"]),
        (["/w/vendor/a/b.php"] * 3 + ["/w/vendor/c/d.php"], ["/w/vendor/a/b.php", "/w/vendor/c/d.php"]),
    ],
)
def test_each_of_a_few_objects_has_its_command(paths: list[str], each: list[str]) -> None:
    found = signal(REFUSES, *(line(second, path=path) for second, path in enumerate(paths)))
    assert [one["path"] for one in sets_for("ls -l {path}", found)] == each
    assert list(of_each("path", found)) == each


@pytest.mark.parametrize(
    ("paths", "most"),
    [
        (["/w/wp-includes/a.php"] * 3 + ["/w/wp-content/plugins/till/b.php"], "/w/wp-content/plugins/till/b.php"),
        (["/w/core/lib/Drupal/a.php"] * 3 + ["/w/modules/custom/till/b.module"], "/w/modules/custom/till/b.module"),
        (["/w/vendor/symfony/a.php"] * 30 + ["/w/src/Till.php"], "/w/vendor/symfony/a.php"),  # one line of 31
        (["/w/a.php", "/w/b.php", "/w/b.php"], "/w/b.php"),
    ],
)
def test_a_file_of_the_site_is_named_before_those_of_its_framework(paths: list[str], most: str) -> None:
    found = signal(REFUSES, *(line(second, path=path) for second, path in enumerate(paths)))
    assert named_most(found)["path"] == most


def test_a_command_that_names_no_object_is_given_once() -> None:
    found = signal(REFUSES, line(1, path="/a"), line(2, path="/b"))
    assert len(list(sets_for("apachectl -M", found))) == 1


def test_a_sentence_names_the_objects_together() -> None:
    values = {"path": together(["/a/.htaccess", "/b/.htaccess"])}
    assert advice("Take it out of {path}.", values, Platform()) == "Take it out of /a/.htaccess and /b/.htaccess."
    assert advice("Take it out of {path}.", {"path": together(["/a", "$(b)"])}, Platform()) == "Take it out of PATH."


def test_other_lines_of_the_fault_say_where_the_database_is() -> None:
    own, other = signal(REFUSES, line(1)), signal(OTHER, line(2, host="192.0.2.9", port="5433", error="full"))
    whole = diagnosis(REFUSES)
    whole = replace(whole, incident=replace(whole.incident, signals=(own, other)))
    cause = Cause(own, (), 1.0, "high", ())
    assert besides(cause, whole, "") == {"host": "192.0.2.9", "port": "5433"}
    alien = replace(whole, incident=replace(whole.incident, signals=(own, signal(ANOTHER_KIND, line(2, host="x")))))
    assert besides(cause, alien, "shop.example") == {"site": "shop.example"}


ANOTHER_KIND = replace(REFUSES, id="another", category="disk-full")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[ssl:info] [pid 1] [remote 192.0.2.14:8443] AH02276: Certificate Verification", {"peer": "192.0.2.14:8443"}),
        ("[client 192.0.2.7:40112] AH02008: SSL library error 1 in handshake (server a.example:443)", {"site": "a.example"}),
        ("[client 192.0.2.7:40112] AH01276: nothing", {}),
    ],
)  # fmt: skip
def test_the_head_of_a_line_names_the_other_end(text: str, named: dict[str, str]) -> None:
    whole, own = diagnosis(REFUSES), signal(REFUSES, line(1, text=text))
    assert besides(Cause(own, (), 1.0, "high", ()), whole, "") == named


@pytest.mark.parametrize(
    ("values", "there"),
    [
        ({"host": "192.0.2.9", "port": "5433"}, 'psql -h 192.0.2.9 -p 5433 -c "select 1"'),
        ({"host": "192.0.2.9"}, 'psql -h 192.0.2.9 -c "select 1"'),
        ({"host": "/run/postgresql/.s.PGSQL.5432"}, 'psql -c "select 1"'),  # a socket is on this host
        ({}, 'psql -c "select 1"'),
    ],
)
def test_a_database_is_asked_where_it_is(values: dict[str, str], there: str) -> None:
    assert commands(['psql -h {host} -p {port} -c "select 1"'], values, "error.log", Platform()) == (there,)


def test_the_name_of_a_backend_is_taken_from_what_comes_with_the_cause() -> None:
    passed = "AH01084: pass request body failed to 192.0.2.5:8443 (app.example.org)"
    own, with_it = signal(REFUSES, line(1)), signal(ANOTHER_KIND, line(1, text=passed))
    whole = diagnosis(REFUSES)
    whole = replace(whole, incident=replace(whole.incident, signals=(own, with_it)))
    assert besides(Cause(own, (), 1.0, "high", ()), whole, "") == {}
    came = Cause(own, (), 1.0, "high", (), beside=frozenset({with_it.name}))
    assert besides(came, whole, "") == {"server_name": "app.example.org"}
