"""Metrics of `check` for node_exporter: readable by Prometheus' own parser, and named as those of `watch`."""

import json
import re
import subprocess
import sys
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from logsleuth.live.exposition import Figures
from logsleuth.live.finding import Finding
from logsleuth.live.snapshot import Snapshot
from logsleuth.live.textfile import exposition
from logsleuth.live.verdict import Judgement, Status

ROOT = Path(__file__).resolve().parent.parent.parent
HOSTILE = Finding(
    category="stale-egg", title='a "cause"\nlogsleuth_verdict 0 \\', confidence="high", onset=0, last=0, critical=True,
    restart="helps", workers_lost=3, workers_known=8, stays=True, log="error.log", line="",
)  # fmt: skip


def values(text: str) -> dict[str, float]:
    families = text_string_to_metric_families(text)
    return {sample.name.removeprefix("logsleuth_"): sample.value for family in families for sample in family.samples}


def test_a_judgement_as_metrics_in_which_no_text_acts() -> None:
    shown = values(exposition(Judgement(Status.CRITICAL, HOSTILE), ['/var/log/a"b.log'], 12.5))
    assert shown == {
        "verdict": 2, "workers_lost": 3, "workers_known": 8, "restart_advised": 0, "incident_active": 1,
        "last_read_timestamp_seconds": 12.5,
    }  # fmt: skip


def test_nothing_known_is_never_good_news() -> None:
    assert values(exposition(None, (), 1)) == {"verdict": 3}


def test_check_writes_them_and_says_so_when_it_is_blind(tmp_path: Path) -> None:
    metrics, state = tmp_path / "logsleuth.prom", str(tmp_path / "state")
    command = [sys.executable, "-m", "logsleuth", "check", "--textfile", str(metrics), "--state", state]
    subprocess.run(
        [*command, "sample_logs/quiet-day.log", "--since", "begin"], cwd=ROOT, capture_output=True, check=False
    )
    assert values(metrics.read_text())["verdict"] in (0, 1, 2)
    subprocess.run([*command, str(tmp_path / "nosuch.log")], cwd=ROOT, capture_output=True, check=False)
    assert values(metrics.read_text()) == {"verdict": 3}


def test_the_dashboard_asks_for_metrics_that_there_are() -> None:
    there = set(values(exposition(Judgement(Status.CRITICAL, HOSTILE), ["a"], 1)))
    figures = Figures()
    figures.snapshot = Snapshot(error_lines_total={("a", "error"): 1})
    there |= {sample.name.removeprefix("logsleuth_") for family in figures.collect() for sample in family.samples}
    panels = json.loads((ROOT / "docs" / "grafana" / "logsleuth.json").read_text())["panels"]
    asked = {
        name for panel in panels for one in panel["targets"] for name in re.findall(r"logsleuth_(\w+)", one["expr"])
    }
    assert asked <= there
    assert len(asked) > 4
