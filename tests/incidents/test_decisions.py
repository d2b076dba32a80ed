"""When an incident begins, what belongs to it, and when it is over: each decision on small values."""

from dataclasses import replace

import pytest

from logsleuth.incidents.group import group
from logsleuth.incidents.model import How
from logsleuth.incidents.recovery import find_recovery
from logsleuth.library.meaning import Meaning
from logsleuth.lives.live import Lives, live
from logsleuth.lives.server import Restart
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Series
from logsleuth.units import SECOND
from tests.lives.build import ANY, NOISE, REFUSED, UP, series, timeline

OTHER = replace(ANY, id="other", category="database-down")
POISONED = replace(ANY, id="poisoned", lasts="until-exit", about="worker")
LIMIT = replace(ANY, id="limit", role="capacity", category="worker-exhaustion", lasts="latched", about="server")


def signal(meaning: Meaning, *seconds: float, why: Why = Why.SURPRISE, until: float = 0) -> Signal:
    found = series(meaning, *seconds)
    return Signal(found, found.moments, why, until=int(until * SECOND))


def lives(*found: Series, end: float = 3600) -> Lives:
    return live(timeline(*found, end=end, served=range(0, int(end), 10)))


def restart(down: float, up: float | None, kind: str = "stop") -> Restart:
    return Restart(kind, int(down * SECOND), None if up is None else int(up * SECOND), 1, ())  # type: ignore[arg-type]


def test_what_overlaps_is_one_incident_and_what_only_follows_must_hang_together() -> None:
    one, near, same = signal(ANY, 0, 10, 20), signal(OTHER, 40, 50), signal(ANY, 40, 50)
    assert len(group([one, signal(OTHER, 10, 30)], {})) == 1
    assert len(group([one, near], {})) == 2
    assert len(group([one, same], {})) == 1
    assert len(group([one, near], {"any": frozenset({"other"})})) == 1


def test_it_fades_when_it_is_silent_for_longer_than_between_its_lines() -> None:
    found = signal(ANY, *range(100, 160, 5))
    recovery = find_recovery(lives(series(NOISE, 0), end=600), [found], [], found.end)
    assert recovery is not None
    assert (recovery.how, recovery.time) == (How.FADED, 155 * SECOND)
    assert find_recovery(lives(series(NOISE, 0), end=160), [found], [], found.end) is None


@pytest.mark.parametrize(("kind", "how"), [("stop", How.RESTART), ("hup", How.RESTART), ("reload", How.RELOAD)])
def test_a_restart_right_after_the_last_line_ended_it(kind: str, how: How) -> None:
    found = signal(ANY, *range(100, 160, 5))
    recovery = find_recovery(lives(end=6000), [found], [restart(160, 162, kind)], found.end)
    assert recovery is not None
    assert (recovery.how, recovery.time) == (how, 162 * SECOND)


def test_a_restart_an_hour_later_ends_only_what_lasts_until_one() -> None:
    later = [restart(4000, 4002)]
    faded = find_recovery(lives(end=6000), [signal(ANY, 100, 110, 120)], later, 120 * SECOND)
    ended = find_recovery(lives(end=6000), [signal(POISONED, 100, 110, 120)], later, 120 * SECOND)
    assert faded is not None
    assert ended is not None
    assert (faded.how, ended.how) == (How.FADED, How.RESTART)


def test_a_limit_that_is_reported_once_is_never_over_by_silence() -> None:
    assert find_recovery(lives(end=6000), [signal(LIMIT, 100, why=Why.LIMIT)], [], 100 * SECOND) is None


def test_a_server_that_is_down_is_over_with_its_next_start_and_not_before() -> None:
    down = signal(REFUSED, 100, why=Why.NOT_UP, until=5000)
    up = lives(series(UP, 0, 5000), series(REFUSED, 100), end=6000)
    recovery = find_recovery(up, [down], [restart(100, 5000)], down.end)
    assert recovery is not None
    assert recovery.time == 5000 * SECOND
    forever = signal(REFUSED, 100, why=Why.NOT_UP, until=6000)
    assert find_recovery(lives(series(UP, 0), series(REFUSED, 100), end=6000), [forever], [], forever.end) is None
