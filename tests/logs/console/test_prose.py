"""Sentences of somebody's question are told from what programs write."""

import pytest

from logsleuth.logs.console.prose import is_prose


@pytest.mark.parametrize("text", [
    "If I try to open the site again apache returns a 400 Bad Request",
    "After that my server did not start, and failed with an error",
    "In the error log the following lines appear when it crashes",
    "any ideas what could be wrong?", "I’ve restarted apache many times", "We have a large number of web servers",
])  # fmt: skip
def test_a_question(text: str) -> None:
    assert is_prose(text)


@pytest.mark.parametrize("text", [
    "child pid 4720 exit signal Segmentation fault (11)", "I/O error on /dev/sda", "my.cnf: no such file",
    "Failed to connect to the following servers: db1 db2", "httpd: could not open error log file /x",
])  # fmt: skip
def test_a_programs_words(text: str) -> None:
    assert not is_prose(text)
