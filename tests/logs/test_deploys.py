"""The log of a deploy script: what it is recognised by, and which of its lines are changes."""

from __future__ import annotations

from datetime import date

import pytest

from logsleuth.logs.format.reader import reader_of
from logsleuth.logs.format.sniff import sniff
from logsleuth.logs.others import deploys

ZONED = """2024-06-12T11:31:55+0200 [deploy] release 42: git archive 4c1f9e0
2024-06-12T11:32:08+0200 [deploy] sh: 1: composer: not found
2024-06-12T11:32:10+0200 [deploy] done
"""
BRACKETED = """[2025-02-11 02:30:00] deploy: release 3 to prod-web1
[2025-02-11 02:30:06] bin/tool maintenance:enable: Enabled maintenance mode
  - step two
"""
BACKUP = """2024-06-12 11:31:55 begin of the backup
2024-06-12 11:32:08 /home: 4 GB
"""


@pytest.mark.parametrize(("text", "kind"), [(ZONED, "changes"), (BRACKETED, "changes"), (BACKUP, "dated")])
def test_it_tells_of_a_deploy_somewhere(text: str, kind: str) -> None:
    assert sniff(text.encode(), complete=True).kind == kind


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ZONED, [("change: [deploy] release 42: git archive 4c1f9e0", 7200),
                 ("change: [deploy] sh: 1: composer: not found", 7200)]),
        (BRACKETED, [("change: deploy: release 3 to prod-web1", None),
                     ("change: bin/tool maintenance:enable: Enabled maintenance mode", None)]),
    ],
)  # fmt: skip
def test_each_line_with_news_is_a_change(text: str, found: list[tuple[str, int | None]]) -> None:
    read = reader_of(sniff(text.encode(), complete=True), date(2025, 12, 31))
    assert read is not None
    records = [record for line in text.encode().splitlines() if (record := read(line)) is not None]
    changes = [record for record in records if record.kind == "foreign"]
    assert [(record.message, record.offset) for record in changes] == found
    assert all(record.kind == "bare" for record in records if record not in changes)


def test_a_play_of_ansible_is_a_list_of_what_it_changed() -> None:
    head = "2024-06-12 11:31:55,020 p=811 u=ops n=ansible | "
    play = [
        f"{head}PLAY [web] *****",
        f"{head}TASK [firewall : old rules] ****",
        f"{head}changed: [fw-1] => (item=8009)",
    ]
    assert sniff("\n".join(play).encode(), complete=True).kind == "changes"
    read = [deploys.read(line.encode()) for line in (*play, f"{head}ok: [fw-2]", f"{head}fw-1 : ok=9 changed=2")]
    assert [record.message for record in read if record.kind == "foreign"] == [
        "change: PLAY [web]",
        "change: TASK [firewall : old rules]",
        "change: changed: [fw-1] => (item=8009)",
    ]
