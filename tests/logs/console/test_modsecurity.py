"""Lines of part H of ModSecurity's audit log say what they say in the error log."""

import json
from datetime import date

import pytest

from logsleuth.logs.console.reader import read_line

TODAY = date(2020, 3, 4)
REFUSED = "ModSecurity: Request body (Content-Length) is larger than the configured limit (13107200)."
PLACE = '[file "apache2_util.c"] [line 271] [level 3] [client 192.0.2.7] '


@pytest.mark.parametrize("before", ["Apache-Error: ", "", '    "', '"Apache-Error: '])
def test_what_httpd_logged_for_the_request(before: str) -> None:
    line = f"{PLACE}{REFUSED}"
    said = line.replace('"', '\\"') + '",' if before.endswith('"') else line
    if before == '"Apache-Error: ':
        said = line.replace('"', '\\"') + '"'
    record = read_line(before + said, TODAY).record
    assert record is not None
    assert (record.level, record.client, record.message) == ("error", "192.0.2.7", REFUSED)


def test_the_message_of_a_rule() -> None:
    record = read_line("Message: Access denied with code 403 (phase 2). Pattern match", TODAY).record
    assert record is not None
    assert record.message == "ModSecurity: Access denied with code 403 (phase 2). Pattern match"


def test_anybodys_message_is_left_alone() -> None:
    reading = read_line("Message: hello from the shop", TODAY)
    assert "ModSecurity's audit log" not in reading.dressings


def transaction(**audit: object) -> str:
    return json.dumps({"transaction": {"time": "03/Mar/2020:14:02:11 +0100"}, "audit_data": audit})


@pytest.mark.parametrize(
    "audit",
    [{"messages": [REFUSED.removeprefix("ModSecurity: ")]}, {"messages": ["x"], "error_messages": [PLACE + REFUSED]}],
)
def test_a_transaction_in_json(audit: dict[str, object]) -> None:
    record = read_line(transaction(**audit), TODAY).record
    assert record is not None
    assert (record.message, record.offset) == (REFUSED, 3600)
    assert record.time == 1583244131_000000


@pytest.mark.parametrize("audit", [{}, {"messages": 7}, {"messages": [None]}, {"messages": ["hello"]}])
def test_a_transaction_that_says_nothing(audit: dict[str, object]) -> None:
    assert "ModSecurity's audit log" not in read_line(transaction(**audit), TODAY).dressings
