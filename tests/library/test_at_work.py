"""Commands that show something only while an outage lasts."""

import pytest

from logsleuth.library.at_work import for_next_time
from logsleuth.library.commands import Command


@pytest.mark.parametrize(
    ("template", "is_noted"),
    [
        ("ss -ltnp", True),
        ("ps -eo pid,cmd | grep php", True),
        ("kubectl exec POD -- ps aux", True),
        ("timeout 5 curl -s http://localhost/", True),
        ('mysql -e "show processlist" | sort', True),
        ("psql -c 'select * from pg_stat_activity'", True),
        ("stat {path}", False),
        ("journalctl -u shop --since '2026-03-03 10:41'", False),
        ("grep -rn ps /etc/apache2", False),
        ("passenger-status", False),
        ("df -h", False),  # what filled a disk is still there
    ],
)
def test_what_looks_at_the_present_is_for_the_next_time(template: str, is_noted: bool) -> None:
    (said,) = for_next_time([Command(template, ())])
    assert said.endswith("   # while it lasts") is is_noted


def test_a_comment_stays() -> None:
    (said,) = for_next_time([Command("ss -ltnp   # on the host of {host}", (("host", "db1"),))])
    assert said == "ss -ltnp   # while it lasts; on the host of db1"
