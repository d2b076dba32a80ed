"""Answers fit, are JSON, and keep what is most telling."""

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import logsleuth
from logsleuth.agents.bounded import LEAST, bounded
from logsleuth.report.as_json import as_data

SAMPLES = Path(__file__).resolve().parent.parent.parent / "sample_logs"
PLAIN = st.none() | st.integers() | st.text() | st.just("x" * 3000)
JSON = st.recursive(PLAIN, lambda one: st.lists(one) | st.dictionaries(st.text(), one), max_leaves=10)


@settings(max_examples=30)
@given(st.dictionaries(st.text(), JSON), st.integers(LEAST, 4000))
def test_every_answer_is_whole_json_and_fits(data: dict[str, object], most: int) -> None:
    text = bounded(data, "notice", most)
    assert len(text.encode()) <= most
    assert json.loads(text)["notice"] == "notice"


def test_the_gravest_incident_stays_in_whatever_is_cut() -> None:
    data = as_data(logsleuth.analyze([SAMPLES / "stale-egg-2009.log"], tz="UTC"))
    for most in (1000, 2500, 6000, 16_000, 1_000_000):
        answer = json.loads(bounded(data, "", most))
        assert answer["data"]["verdict"] == "outage"
        if most >= 6000:
            assert answer["data"]["incidents"][0]["category"] == "stale-egg"
            assert answer["data"]["incidents"][0]["causes"]
        assert (answer["cut"] is None) is (most == 1_000_000)
