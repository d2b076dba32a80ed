"""What well-known words in a message that nothing knows say of the kind of outage."""

import pytest

from logsleuth.library.category import SLUGS
from logsleuth.library.meaning import of_level
from logsleuth.library.system_words import WORDS, advice, system_words

CLIENT = "[client 192.0.2.7:40112] "


@pytest.mark.parametrize(
    ("message", "category"),
    [
        ("Can't move '/srv/svn/a' to '/srv/svn/b': Permission denied  [500, #13]", "permission-denied"),
        ("till: write failed: No space left on device", "disk-full"),
        ("cannot read till: Stale NFS file handle", "storage-failure"),
        ("open(/srv/till) failed (24: Too many open files)", "fd-exhaustion"),
        ("fork: Cannot allocate memory", "memory-exhausted"),
        ("till.rb: Errno::ECONNREFUSED - Connection refused - connect(2) for 192.0.2.8:7000", "backend-down"),
        ("till: read timed out after 30 s", "backend-timeout"),
        ("DBD::Oracle::st execute failed: ORA-03114: not connected to ORACLE", "database-down"),
        ("SQLSTATE[HY000]: General error: 1030 Got error 28 from storage engine", "disk-full"),
        ("SQLSTATE[08004] [1040] Too many connections", "database-down"),
        ("SQLSTATE[HY000]: General error: 1205 Lock wait timeout exceeded", "database-down"),
        ("Can't connect to MySQL server on '192.0.2.8' (111 Connection refused)", "database-down"),
        ("SQLSTATE[42S22]: Column not found: 1054 Unknown column 'till' in 'field list'", "app-misconfigured"),
        ("PG::UndefinedColumn: ERROR:  column orders.till does not exist", "app-misconfigured"),
        ("org.postgresql.util.PSQLException: ERROR: relation till does not exist", "app-misconfigured"),
        ("till: getaddrinfo: Name or service not known", "dns-failure"),
        ("till: getaddrinfo ENOTFOUND db.example.com", "dns-failure"),
        ("java.lang.OutOfMemoryError: Java heap space", "memory-exhausted"),
        ("ModuleNotFoundError: No module named 'till'", None),
        ("FileNotFoundError: till.json", None),
        ("aurora-2: the till is jammed", None),
        ("the till is jammed", None),
    ],
)
def test_the_words_of_systems_and_databases_name_a_category(message: str, category: str | None) -> None:
    found = system_words(message)
    assert (found.category if found else None) == category


def test_each_row_is_of_a_known_category_and_in_small_letters() -> None:
    for row in WORDS:
        assert row.category in SLUGS
        assert all(word == word.lower() for word in row.words)
        assert row.cause.endswith(".")
        assert row.fix.endswith(".")


def test_a_failure_that_nothing_knows_is_explained_by_them() -> None:
    shape = "Can't move: Permission denied"
    found = of_level("dav", "error", CLIENT + shape, shape, shape)
    assert (found.category, found.names, found.known_by) == ("permission-denied", "fault", "level")
    assert "may not use what the message names" in found.explain.cause


def test_what_reports_no_failure_is_left_alone() -> None:
    shape = "INFO: last login ended with Permission denied"
    found = of_level("till", "error", CLIENT + shape, shape, shape)
    assert (found.category, found.role) == (None, "noise")


def test_the_advice_has_the_address_that_a_message_names() -> None:
    message = "failed to bind to LDAP server ldap://ldap1.example.org:389/: Can't contact LDAP server"
    words = system_words(message)
    assert words is not None
    assert advice(words, message).endswith("ldapwhoami -x -H ldap://ldap1.example.org:389.")
    assert advice(words, "Can't contact LDAP server").endswith("ldapwhoami -x -H URL.")


@pytest.mark.parametrize(
    ("module", "text", "category"),
    [
        ("php7", "[checkout] register failed: cURL error 28: Operation timed out after 60003 milliseconds", "backend-timeout"),
        ("php", "stock: Failed to connect to stock.example.org port 443 after 5001 ms", "backend-down"),
        ("php7", "[checkout] register failed", None),
        ("ssl", "Operation timed out", None),
    ],
)  # fmt: skip
def test_a_notice_of_a_php_program_is_a_failure_if_it_speaks_of_one_that_is_known(
    module: str, text: str, category: str | None
) -> None:
    """All that error_log() writes is a notice."""
    found = of_level(module, "notice", CLIENT + text, text, text)
    assert (found.is_failure, found.category) == (category is not None, category)
