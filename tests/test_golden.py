"""The reports on the sample logs, whole. `pytest --update-golden` writes them anew, for review."""

from pathlib import Path

import pytest

import logsleuth
from logsleuth.report.model import Report
from logsleuth.report.render import render

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = Path(__file__).resolve().parent / "golden"
SAMPLES = {
    "stale-egg-2009": "UTC",
    "stale-egg-24": "UTC",
    "crash-prefork": "Europe/Amsterdam",
    "quiet-day": "Europe/Amsterdam",
}
SUFFIX = {"text": "txt", "markdown": "md", "json": "json"}
MESSAGES = ("brief", "slack", "pagerduty")
GOLDEN_OF = [(name, style, SUFFIX[style]) for name in sorted(SAMPLES) for style in sorted(SUFFIX)]
GOLDEN_OF += [(name, style, style) for name in ("stale-egg-2009", "quiet-day") for style in MESSAGES]


@pytest.fixture
def at_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports name paths as they were given: relative ones are the same everywhere."""
    monkeypatch.chdir(ROOT)


def report(name: str) -> Report:
    path = f"sample_logs/{name}.log"
    return logsleuth.analyze([path], tz=SAMPLES[name], command=f"logsleuth analyze --tz {SAMPLES[name]} {path}")


@pytest.mark.usefixtures("at_root")
@pytest.mark.parametrize(("name", "style", "suffix"), GOLDEN_OF)
def test_the_report_is_the_golden_one(name: str, style: str, suffix: str, request: pytest.FixtureRequest) -> None:
    # the digest changes with every edit of any pattern: it would make each of them touch every golden file
    told = report(name)
    text = render(told, style, full=True).replace(told.patterns_digest, "0" * 64)
    text = text.replace(told.patterns_digest[:12], "0" * 12).replace(f"{told.patterns} patterns", "N patterns")
    text = text.replace(f'"count": {told.patterns},\n    "digest"', '"count": 0,\n    "digest"')
    golden = GOLDEN / f"{name}.{suffix}"
    if request.config.getoption("--update-golden"):
        golden.write_text(text)
    assert text == golden.read_text(), "run pytest --update-golden, and review the difference"


@pytest.mark.usefixtures("at_root")
def test_the_outage_of_2009_is_told() -> None:
    told = report("stale-egg-2009")
    (incident,) = told.incidents
    assert (incident.category, incident.confidence, incident.severity) == ("stale-egg", "high", "critical")
    assert incident.recovery_how == "restart"
    assert {worker.how for worker in incident.lost} == {"poisoned"}
    assert len(incident.lost) == 12
    proof = {evidence.id: evidence for evidence in incident.evidence}
    assert any("bad local file header" in proof[ref].text for ref in incident.causes[0].evidence)


@pytest.mark.usefixtures("at_root")
def test_a_quiet_day_is_no_incident() -> None:
    assert report("quiet-day").incidents == ()
