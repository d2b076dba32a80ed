"""Which logs a proposed check reads."""

from pathlib import Path

import pytest

from logsleuth.logs.open.log import open_logs
from logsleuth.report.compose.probe.watched import logs_to_watch

ERROR = "[Tue Mar 03 14:02:11.120001 2026] [core:error] [pid 7:tid 7] [client 192.0.2.7:40112] AH00037: no link\n"
ACCESS = '192.0.2.1 - - [03/Mar/2026:12:00:01 +0000] "GET / HTTP/1.1" 503 9 "-" "curl"\n'
JOURNAL = (
    '{"MESSAGE":"AH00558: apache2: Could not determine the name","__REALTIME_TIMESTAMP":"1772539200000000",'
    '"SYSLOG_IDENTIFIER":"apachectl","_PID":"7","_HOSTNAME":"web"}\n'
)
SYSLOG = "Mar  3 12:00:01 web nfs: [ID 702911 kern.warning] NFS server filer1 not responding\n"
TEXTS = {
    "error.log": ERROR, "access.log": ACCESS, "journal.json": JOURNAL, "messages": SYSLOG, "shop.json": JOURNAL,
}  # fmt: skip


@pytest.mark.parametrize(
    ("names", "shown", "watched"),
    [
        # the access log alone shows the outage; the next one may be another
        (["access.log", "error.log"], [0], [("access.log", "access"), ("error.log", "error")]),
        (["error.log"], [0], [("error.log", "error")]),
        (["error.log", "messages"], [1, 0], [("messages", "system"), ("error.log", "error")]),
        # an export of the journal gets no new lines, whatever it is called
        (["error.log", "journal.json"], [1], [("error.log", "error")]),
        (["error.log", "shop.json"], [1], [("error.log", "error")]),
        (["journal.json"], [0], [("", "error")]),
    ],
)
def test_a_check_reads_what_showed_the_outage_and_gets_new_lines(
    names: list[str], shown: list[int], watched: list[tuple[str, str]], tmp_path: Path
) -> None:
    for name in names:
        (tmp_path / name).write_text(TEXTS[name] * 3)
    logs, _ = open_logs([str(tmp_path / name) for name in names])
    access = {number for number, name in enumerate(names) if name == "access.log"}
    found = logs_to_watch(shown, logs, access)
    assert [(Path(one.path).name, one.kind) for one in found] == watched
