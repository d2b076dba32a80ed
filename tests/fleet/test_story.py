"""The story above the hosts: what is one incident, in what order hosts were hit, who was spared, whose clock is off."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from benchmarks.fleet import kendall, play
from logsleuth import analyze
from logsleuth.fleet.clocks import compare_clocks
from logsleuth.fleet.join import SPREAD, join
from logsleuth.fleet.model import HostFacts, HostIncident, Mechanism
from logsleuth.fleet.spread import fleet_story
from logsleuth.units import MINUTE, SECOND

if TYPE_CHECKING:
    from pathlib import Path

NOON = 1_795_000_000 * SECOND


def incident(
    host: str, minutes: float, kind: str = "segfault", number: int = 0, patterns: str = "said", names: str = ""
) -> HostIncident:
    """An incident of a minute. `patterns` and `names`: words, each of which is one."""
    onset = NOON + round(minutes * MINUTE)
    named = frozenset(("backend", name) for name in names.split())
    mechanism = Mechanism(kind, frozenset(patterns.split()), named)
    return HostIncident(host, number, mechanism, "major", onset, onset + MINUTE, onset + MINUTE, 3)


def host(name: str, *incidents: HostIncident) -> HostFacts:
    return HostFacts(name, NOON - 60 * MINUTE, NOON + 600 * MINUTE, (), incidents)


def groups(*incidents: HostIncident) -> list[list[str]]:
    return [[hit.incident.host for hit in group] for group in join(incidents, {})]


def test_one_mechanism_that_goes_from_host_to_host_is_one_incident() -> None:
    assert groups(incident("b", 5), incident("a", 0), incident("c", 20)) == [["a", "b", "c"]]


def test_two_mechanisms_at_one_time_are_two() -> None:
    assert sorted(groups(incident("a", 0), incident("b", 0, "backend-down"))) == [["a"], ["b"]]


def test_two_causes_of_one_category_at_one_time_are_two() -> None:
    mysql = [incident(host, 0, "database-down", patterns="mysql.gone-away django.error") for host in "ab"]
    postgres = [incident(host, 1, "database-down", patterns="postgres.refused") for host in "cd"]
    assert sorted(groups(*mysql, *postgres)) == [["a", "b"], ["c", "d"]]


def test_one_cause_that_hosts_report_in_different_words_is_one() -> None:
    assert groups(
        incident("a", 0, patterns="refused failed-connect"),
        incident("b", 1, patterns="failed-connect timeout"),
        incident("c", 2, patterns="timeout"),
    ) == [["a", "b", "c"]]


def test_hosts_that_lost_different_back_ends_had_two_outages() -> None:
    assert sorted(groups(incident("a", 0, names="db1"), incident("b", 0, names="db2"))) == [["a"], ["b"]]
    hits = [incident(host, 0, names="db1" if host in "abc" else "db2 db3") for host in "abcde"]
    assert sorted(groups(*hits, incident("f", 1))) == [["a", "b", "c", "f"], ["d", "e"]]


def test_hosts_that_each_lost_their_own_back_end_had_one() -> None:
    assert groups(*(incident(host, 0, names=f"app-{host}") for host in "abc")) == [["a", "b", "c"]]


def test_the_same_much_later_is_another() -> None:
    assert groups(incident("a", 0), incident("b", 2 + SPREAD / MINUTE)) == [["a"], ["b"]]


def test_what_recurs_on_one_host_stays_two() -> None:
    assert groups(incident("a", 0), incident("a", 5, number=1)) == [["a"], ["a"]]


def test_a_clock_that_is_ahead_is_put_right_for_the_order() -> None:
    (group,) = join([incident("a", 1), incident("b", 2)], {"b": 3 * MINUTE})
    assert [hit.incident.host for hit in group] == ["b", "a"]


def test_a_canary_failed_long_before_the_others() -> None:
    story = fleet_story([host(name, incident(name, at)) for name, at in (("a", 0), ("b", 20), ("c", 21), ("d", 22))])
    assert story.incidents[0].canary == 20 * MINUTE
    steady = fleet_story([host(name, incident(name, at)) for name, at in (("a", 0), ("b", 6), ("c", 12), ("d", 18))])
    assert steady.incidents[0].canary is None


def test_clocks_are_compared_by_what_both_logged_once() -> None:
    proxy = {f"10.0.0.{n} GET /{n}": (NOON + n * SECOND,) for n in range(20)}
    ahead = {key: (time + 42 * SECOND,) for key, (time,) in list(proxy.items())[:8]}
    strange = {f"10.9.9.{n} GET /{n}": (NOON + n * SECOND,) for n in range(20)}
    offsets = {one.host: one.ahead for one in compare_clocks({"lb": proxy, "web1": ahead, "web2": strange})}
    assert offsets == {"web1": 42 * SECOND}
    few = dict(list(ahead.items())[:3])
    assert compare_clocks({"lb": proxy, "web1": few}) == ()


def test_a_replayed_outage_is_one_incident_in_the_order_in_which_it_was_played(tmp_path: Path) -> None:
    played = play(tmp_path, 7, 4, 90.0, random.Random(5))
    report = analyze(sorted(tmp_path.glob("*/*.log")), tz="UTC", jobs=1)
    (found,) = report.incidents
    assert found.fleet is not None
    hit = [one.name for one in sorted(played, key=lambda one: one.onset or 0) if one.onset is not None]
    assert kendall(hit, [one.host for one in found.fleet.hosts]) >= 0.95
    assert {one.name for one in played} - set(hit) <= set(found.fleet.spared)
    skews = {one.name: one.skew for one in played}
    for one in report.hosts:
        if one.ahead is not None:
            assert one.ahead / SECOND == pytest.approx(skews[one.host], abs=2)
