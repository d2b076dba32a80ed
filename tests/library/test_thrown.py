"""Which messages that no pattern knows are an exception, in the languages that web applications use."""

import pytest

from logsleuth.library.meaning import of_level
from logsleuth.library.thrown import LOADING, OTHER, Kind, thrown


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("KeyError: 'till'", OTHER),
        ("shop.stock.LedgerLocked: the ledger is locked by audit", OTHER),
        ("ImportError: /srv/v/till.so: undefined symbol: till_open", LOADING),
        ("TypeError: Cannot read properties of undefined (reading 'till')", OTHER),
        ('Exception in thread "main" java.lang.NoSuchMethodError: shop.Till.open()V', LOADING),
        ("Servlet.service() threw exception [nested exception is java.lang.IllegalStateException] with root cause", OTHER),
        ("org.hibernate.exception.SQLGrammarException: could not extract ResultSet", OTHER),
        ("Unhandled exception. System.InvalidOperationException: the till is shut", OTHER),
        ("ActiveRecord::StatementInvalid (PG::UndefinedColumn: ERROR:  column till does not exist", OTHER),
        ("[a1b2] ActiveRecord::StatementInvalid (PG::UndefinedColumn: ERROR:  column till does not exist", OTHER),
        ("cart.rb:7:in `total': undefined method `coin' for nil:NilClass (NoMethodError)", OTHER),
        ("PHP Fatal error:  Uncaught Error: Till is shut in /srv/till.php:3", OTHER),
        ('Illuminate\\Database\\QueryException: "till"', OTHER),
        ("panic: runtime error: index out of range [7] with length 3", OTHER),
        ("thread 'main' panicked at src/till.rs:7:5:", OTHER),
        ('Can\'t locate object method "open" via package "Till" at /srv/Till.pm line 4.', OTHER),
        ("the till is jammed", None),
        ("stream.ERROR: the till is jammed", None),
        ("till.Main: started", None),
        ("Login failure: no coin", None),
        ("UserWarning: the till is old", None),
        ("warning: retried after ValueError: no coin", None),
        ("DBD::mysql::st execute failed: no till", None),
    ],
)  # fmt: skip
def test_an_exception_is_known_by_how_it_is_written(message: str, kind: Kind | None) -> None:
    assert thrown(message) is kind


def test_it_is_a_fault_in_the_programs_own_words_and_explained() -> None:
    text = "KeyError: 'till'"
    found = of_level("wsgi", "error", f"[client 192.0.2.7:40112] {text}", "KeyError: '*'", text)
    assert (found.title, found.names, found.is_thrown) == (f"“{text}”", "fault", True)
    assert found.explain.cause == OTHER.cause
    other = of_level("till", "error", "the till is jammed", "the till is jammed", "the till is jammed")
    assert (other.title, other.names, other.is_thrown) == ("Unknown message “the till is jammed”", "failure", False)
