"""Workers that died of a fault that they had reported: on small values."""

from dataclasses import replace

import pytest

from logsleuth.causes.deaths import died_of, with_deaths
from logsleuth.incidents.model import Incident
from logsleuth.lives.live import live
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import OfPid, Series, Sign, Signs
from logsleuth.units import SECOND
from tests.lives.build import ANY, moment, timeline

LEAK = replace(ANY, id="leak", category="fd-exhaustion")
CRASH = replace(ANY, id="crash", role="death", category="segfault")
OTHERS = {51, 52}


def fault(*reported: tuple[int, int]) -> Signal:
    """At each second, this worker reports the fault."""
    moments = tuple(moment(second, pid) for second, pid in reported)
    return Signal(Series(LEAK, moments), moments, Why.SURPRISE)


def death(*dead: tuple[int, int]) -> Signal:
    """At each second, the parent reports the end of this worker."""
    moments = tuple(moment(second, 1) for second, _ in dead)
    of_pid = {pid: OfPid(1, one, one) for (_, pid), one in zip(dead, moments, strict=True)}
    return Signal(Series(CRASH, moments, of_pid), moments, Why.COMPANION)


@pytest.mark.parametrize(
    ("reported", "dead", "writers", "is_so"),
    [
        (((1, 41), (2, 42)), ((5, 41), (6, 42)), {41, 42, *OTHERS}, True),
        (((1, 41), (2, 42)), ((5, 41), (6, 43)), {41, 42, *OTHERS}, False),  # one had not reported it
        (((1, 41), (7, 42)), ((5, 41), (6, 42)), {41, 42, *OTHERS}, False),  # one only after its end
        (((1, 41), (2, 42)), ((5, 41), (6, 42)), {41, 42, 51}, False),  # hardly any other worker is there
        (((1, 41),), (), {41, *OTHERS}, False),
    ],
)
def test_workers_die_of_what_each_of_them_had_reported_and_others_had_not(
    reported: tuple[tuple[int, int], ...], dead: tuple[tuple[int, int], ...], writers: set[int], is_so: bool
) -> None:
    end = death(*dead) if dead else replace(death((5, 41)), series=Series(CRASH, (moment(5, 1),)))
    assert died_of(end, fault(*reported), writers) is is_so


def test_what_the_deaths_bring_about_is_explained_as_well() -> None:
    leak, end = fault((1, 41), (2, 42)), death((5, 41), (6, 42))
    signs: dict[int, tuple[Sign, ...]] = {pid: (Sign(SECOND, 8 * SECOND, 3),) for pid in (41, 42, 51, 52)}
    lives = live(replace(timeline(leak.series, end.series), signs=Signs(signs)))
    incident = Incident((leak, end), 0, 9 * SECOND, None)
    known = {"crash": frozenset({"broken-off"})}
    assert with_deaths(incident, lives, known)["leak"] == {"crash", "broken-off"}
    unrelated = Incident(
        (replace(leak, series=replace(leak.series, meaning=replace(LEAK, category=None))), end), 0, 9 * SECOND, None
    )
    assert with_deaths(unrelated, lives, known) == known
