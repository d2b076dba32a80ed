"""When an incident begins, what belongs to it, and when it is over: each decision on small values."""

from dataclasses import replace

import pytest

from logsleuth.incidents import find
from logsleuth.incidents.group import group
from logsleuth.incidents.model import How
from logsleuth.incidents.recovery import find_recovery
from logsleuth.library.meaning import Meaning
from logsleuth.library.pattern import Phase, Severity
from logsleuth.lives.live import Lives, live
from logsleuth.lives.requests import ANSWERED
from logsleuth.lives.server.model import Restart
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Counts, Series, Traffic
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


@pytest.mark.parametrize(
    ("severity", "phase", "opens"),
    [("minor", "serving", True), ("minor", "start", False), ("major", "start", True), ("info", "serving", False)],
)
def test_what_harms_nobody_and_what_each_start_warns_of_open_no_incident(
    severity: Severity, phase: Phase, opens: bool
) -> None:
    said = signal(replace(ANY, severity=severity, phase=phase), *range(0, 100, 10))
    assert find.can_open(said) is opens


def test_what_is_chronic_does_not_date_the_cause_that_brings_it_about() -> None:
    mechanisms = {"any": frozenset({"other"})}
    cause = signal(ANY, *range(1000, 2000, 20))
    chronic = series(OTHER, 0, 400, 800, *range(1000, 2000, 20), 2400, 2800)
    noise = Signal(chronic, chronic.moments[1:-2], Why.SURPRISE, usual=1 / 400)
    assert [one.begin // SECOND for one in find.without_prelude([cause, noise], mechanisms)] == [1000, 1000]
    assert [one.begin // SECOND for one in find.without_prelude([cause, noise], {})] == [1000, 400]
    early = series(OTHER, 0, *range(900, 2000, 20), 2800)  # it had begun before anything said why
    sooner = Signal(early, early.moments[1:-1], Why.SURPRISE, usual=1 / 400)
    assert [one.begin // SECOND for one in find.without_prelude([cause, sooner], mechanisms)] == [1000, 900]


def test_a_server_that_soon_dies_again_as_before_is_in_one_outage() -> None:
    died, again = (signal(REFUSED, at, why=Why.NOT_UP, until=at + 20) for at in (0, 300))
    assert len(group([died, again], {})) == 1
    assert len(group([died, signal(REFUSED, 300)], {})) == 2
    assert len(group([died, signal(REFUSED, 1000, why=Why.NOT_UP, until=1020)], {})) == 2


def test_starts_that_failed_while_the_server_was_down_are_of_that_outage() -> None:
    down = signal(REFUSED, 0, 20000, why=Why.NOT_UP, until=20100)
    vain = replace(ANY, id="vain", role="symptom", category=None, about="server", phase="start")
    assert len(group([down, signal(vain, 15000, 15100, 15200)], {})) == 1
    assert len(group([down, signal(replace(vain, phase="serving"), 15000, 15100, 15200)], {})) == 2


@pytest.mark.parametrize(("asked_after", "is_over"), [((), False), (range(200, 230), True)])
def test_requests_that_failed_to_the_end_of_their_log_are_not_over(asked_after: range, is_over: bool) -> None:
    """A proxy's line is dated when the request came: the last 30 seconds of such a log may be of no request."""
    failed = range(100, 160)
    every = Counts(SECOND, [(at * SECOND, 1) for at in (*range(100), *failed, *asked_after)])
    traffic = Traffic(every, Counts(SECOND, [(at * SECOND, 1) for at in failed]), Counts(SECOND, []))
    found = live(replace(timeline(series(NOISE, 0), end=230), traffic={0: traffic}), [0])
    told = signal(replace(ANY, id=ANSWERED), *failed)
    assert (find_recovery(found, [told], [], told.end) is not None) is is_over


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


AWAY = replace(ANY, id="away", lasts="until-back")


@pytest.mark.parametrize(
    ("until", "over"), [(3000, 3000), (0, None)], ids=["a message says that it is back", "none does"]
)
def test_a_state_is_over_with_the_message_that_says_so_and_with_no_silence_or_restart(
    until: float, over: float | None
) -> None:
    away = signal(AWAY, 100, 110, 120, until=until)
    restarts = [restart(130, 132), restart(3001, 3002)]
    recovery = find_recovery(lives(end=6000), [away], restarts, away.end)
    assert (recovery.time / SECOND if recovery else None) == over


FULL = replace(ANY, id="full", category="disk-full", about="server")


@pytest.mark.parametrize(("meaning", "over"), [(FULL, 1800), (ANY, 155)], ids=["the disk is full", "anything else"])
def test_while_the_disk_is_full_the_silence_of_the_logs_is_part_of_it(meaning: Meaning, over: int) -> None:
    found = signal(meaning, *range(100, 160, 5))
    served = [*range(0, 160, 5), *range(1800, 3600, 5)]
    silent = live(timeline(found.series, end=3600, served=served))
    recovery = find_recovery(silent, [found], [], found.end)
    assert recovery is not None
    assert recovery.time == over * SECOND


def test_what_names_no_outage_and_is_said_at_other_times_too_does_not_date_it() -> None:
    vague = replace(ANY, id="vague", category=None, role="symptom")
    often = signal(vague, 10, 100, 110)
    chronic = replace(often, series=series(vague, 10, 100, 110, 3000))
    named = signal(ANY, 90, 100, 110)
    assert find._telling([chronic, named]) == [named]
    assert find._telling([often, named]) == [often, named]
    assert find._telling([chronic]) == [chronic]


@pytest.mark.parametrize(("end", "is_over"), [(1000, False), (2400, True)], ids=["just started", "up for long"])
def test_a_server_that_goes_down_again_and_again_is_not_over_with_its_last_start(end: float, is_over: bool) -> None:
    """It stayed up for five minutes each time: so it must be seen up for longer."""
    died = replace(REFUSED, id="died", phase="serving", role="death", severity="critical")
    loop = lives(series(UP, 0, 310, 620, 930), series(died, 300, 610, 920), end=end)
    down = [signal(died, second, why=Why.NOT_UP, until=second + 10) for second in (300, 610, 920)]
    assert (find_recovery(loop, down, [], down[-1].end) is not None) is is_over


def test_that_requests_go_on_may_be_seen_in_the_access_log_alone() -> None:
    found = signal(ANY, *range(100, 160, 5))
    traffic = Traffic(
        Counts(SECOND, [(s * SECOND, 1) for s in range(0, 600, 5)]), Counts(SECOND, ()), Counts(SECOND, ())
    )
    silent = replace(timeline(found.series, end=155), traffic={1: traffic})
    assert find_recovery(live(silent), [found], [], found.end) is None
    recovery = find_recovery(live(silent, [1]), [found], [], found.end)
    assert recovery is not None
    assert recovery.time == 155 * SECOND


@pytest.mark.parametrize(("kind", "how"), [("stop", How.RESTART), ("reload", None)])
def test_that_a_graceful_restart_did_not_help_says_nothing_of_a_stop(kind: str, how: How | None) -> None:
    found = signal(ANY, *range(100, 200, 5))
    in_vain = restart(150, 151, "reload")
    recovery = find_recovery(lives(end=204), [found], [in_vain, restart(201, 202, kind)], found.end)
    assert (recovery.how if recovery else None) == how
