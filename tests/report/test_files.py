"""A file that two readers read is one file; how many of its lines have no time is said where that is known."""

from logsleuth.report.files import files, how_read
from logsleuth.report.model import LogFacts

JOURNAL = LogFacts("journal.txt", 35, 3460, "syslog", "it is a syslog file", 10, 90, 0, 0, 0, 0, 0, ())
CONSOLE = LogFacts("journal.txt", 6, 3460, "console", "6 lines known", 20, 99, 1, 6, 2, 0, 0, ("?",))
OWN = LogFacts("error.log", 111, 25_866, "httpd-2.4", "108 lines", 1, 99, 0, 3, 0, 0, 0, ())


def test_a_file_is_listed_once_with_the_lines_of_all_its_readers() -> None:
    journal, own = files([JOURNAL, CONSOLE, OWN])
    assert (journal.lines, journal.bytes, journal.format) == (41, 3460, "syslog and console")
    assert (journal.first, journal.last, journal.unparsed) == (10, 99, 1)
    assert own is OWN


def test_lines_without_a_time_are_counted_where_a_line_has_no_time_but_its_own() -> None:
    assert how_read(OWN) == "0 lines joined to entries, 3 without a timestamp, 0 unreadable"
    assert how_read(CONSOLE) == "2 lines joined to entries, 1 unreadable"
