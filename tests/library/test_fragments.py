"""Parts of regexes that are written once, and put in by their names."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from logsleuth.library.cache import FORMAT
from logsleuth.library.fragments import FRAGMENTS, put_in
from logsleuth.library.mistakes import Mistakes
from logsleuth.library.parse import parse_pattern, read_pattern

ROOT = Path(__file__).resolve().parents[2]
FILE = """
id = 'shop.till.jammed'
title = 'The till is jammed'
role = 'cause'

[[match]]
contains = 'the till is jammed'
regex = '''^{}the till is jammed'''
"""

KEPT_AS = {20: "0b5a7b37cede"}
"""By the format of the kept library: how the digest of all fragments begins."""


def test_a_name_is_put_in_as_a_group() -> None:
    assert put_in("^(?&stderr)boom") == f"^(?:{FRAGMENTS['stderr']})boom"
    assert put_in("^(?:(?&wsgi)|(?&stderr))?x") == f"^(?:(?:{FRAGMENTS['wsgi']})|(?:{FRAGMENTS['stderr']}))?x"


def test_the_documentation_names_them_all() -> None:
    page = (ROOT / "docs" / "pattern-format.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `\(\?&([\w-]+)\)` \|", page, re.MULTILINE) == list(FRAGMENTS)


@pytest.mark.parametrize("regex", ["^boom$", r"^\(?&stderr\)", "^(?P<name>x)", "^[(?]&stderr"])
def test_what_is_no_name_stays(regex: str) -> None:
    assert put_in(regex) == regex
    re.compile(put_in(regex))


@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_fragment_compiles_and_captures_nothing(name: str) -> None:
    """A capture in it would be a field of every pattern that shares it."""
    assert re.compile(FRAGMENTS[name]).groups == 0


@pytest.mark.parametrize("key", ["regex", "unless"])
def test_both_regexes_of_a_file_have_their_fragments_put_in(key: str) -> None:
    text = FILE.format("").replace("regex", key).replace("^the", "^(?&stderr)the")
    match = parse_pattern(text, "").matches[0]
    assert (match.regex or match.unless) == f"^(?:{FRAGMENTS['stderr']})the till is jammed"


def test_an_unknown_name_is_a_mistake() -> None:
    with pytest.raises(Mistakes) as told:
        read_pattern(FILE.format("(?&stder)"))
    assert told.value.sentences == [
        "in match 1: 'regex' does not compile: there is no fragment (?&stder): did you mean 'stderr'?"
    ]


def test_whoever_changes_a_fragment_raises_the_format_of_the_kept_library() -> None:
    """The kept library holds them put in, and is only made again when a file or the format changes."""
    digest = hashlib.sha256(json.dumps(FRAGMENTS).encode()).hexdigest()
    assert digest.startswith(KEPT_AS[FORMAT]), f"raise cache.FORMAT, and note it here: {digest[:12]}"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("stderr", ""),
        ("stderr", "AH01215: "),
        ("stderr", "AH01215: stderr from /srv/cgi/a.py: "),
        ("stderr", "mod_fcgid: stderr: "),
        ("php", ""),
        ("php", "AH01071: Got error 'PHP message: "),
        ("php", "AH01071: Got error 'PHP message: PHP Notice:  x in /a.php on line 1; PHP message: "),
        ("php", "AH01071: Got error 'PHP message: PHP Notice:  x in /a.php on line 1\\nPHP message: "),
        ("php", 'FastCGI: server "/srv/php.fcgi" stderr: PHP message: '),
        ("php", "AH01215: stderr from /srv/cgi/php: "),
        ("php-says", "PHP Fatal error:  Uncaught PDOException: "),
        ("php-says", "PHP Warning:  mysqli_connect() [<a href='function.mysqli-connect'>function.x</a>]: "),
        ("python-error", "sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) "),
        ("wsgi", "WSGI0177: "),
        ("wsgi", "mod_wsgi (pid=4711, process='shop', application=''): "),
    ],
)
def test_a_fragment_is_what_stands_before_the_words_of_a_message(name: str, text: str) -> None:
    assert re.fullmatch(put_in(f"(?&{name})"), text)
