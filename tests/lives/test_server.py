"""The server's life: up, stopped, refusing to start, gone, each until something says otherwise."""

from dataclasses import replace

import pytest

from logsleuth.library.pattern import Worker
from logsleuth.lives.server.life import server_life
from logsleuth.lives.server.model import Absence
from logsleuth.timeline.model import Moment, OfPid, Series, Sign, Signs
from logsleuth.units import SECOND
from tests.lives.build import (
    KEPT,
    LEFT_OVER,
    NOISE,
    REFUSED,
    RELOAD,
    STOP,
    UP,
    line,
    moment,
    series,
    timeline,
    undated,
)

HOUR = 3600
AGAIN = replace(UP, id="up-again")
"""A start of another parent."""


def absences(*found: Series, end: float = 20 * HOUR, served: tuple[float, ...] = ()) -> list[Absence]:
    return list(server_life(timeline(*found, end=end, served=served)).absences)


def told(absence: Absence) -> tuple[str, float, float | None]:
    end = absence.end / SECOND if absence.end is not None else None
    return absence.why, absence.begin / SECOND, end


def test_a_refused_start_lasts_until_a_start_succeeds_however_long_that_takes() -> None:
    found = absences(series(UP, 0, 12 * HOUR), series(STOP, HOUR), series(REFUSED, HOUR + 2, HOUR + 40))
    assert [told(one) for one in found] == [("refused", HOUR, 12 * HOUR)]
    assert len(found[0].refusals) == 2


def test_a_container_that_answers_nobody_and_is_up_again_had_died() -> None:
    served = (*map(float, range(0, 400, 2)), *map(float, range(420, 600, 2)))
    found = absences(series(UP, 0, 419.5, pid=1), served=served, end=600)
    assert [told(one) for one in found] == [("killed", 417, 419.5)]
    assert found[0].not_before == 398 * SECOND


BACK = tuple(map(float, range(500, 900, 10)))


@pytest.mark.parametrize(
    ("served", "up"),
    [(BACK, 500), ((310.0, *BACK), 500), ((310.0,), None), ((), None)],
    ids=["requests go on", "an old worker's last words before that", "these alone", "nobody is heard"],
)
def test_a_server_is_up_again_when_requests_go_on_though_the_line_of_its_start_is_lost(
    served: tuple[float, ...], up: int | None
) -> None:
    found = absences(series(UP, 0), series(STOP, 300), served=(*map(float, range(0, 300, 10)), *served), end=900)
    assert [told(one) for one in found] == [("stopped", 300, up)]


def test_after_a_lost_start_the_next_stop_is_another_one() -> None:
    found = absences(series(UP, 0, 960), series(STOP, 300, 950), served=BACK, end=1000)
    assert [told(one) for one in found] == [("stopped", 300, 500), ("stopped", 950, 960)]


def test_another_container_beside_one_that_goes_on_says_nothing_of_it() -> None:
    assert absences(series(UP, 0, 419.5, pid=1), served=tuple(map(float, range(0, 600, 2))), end=600) == []


def test_a_container_that_was_stopped_beside_others_leaves_their_service_alone() -> None:
    served = tuple(map(float, range(0, 600, 2)))
    assert absences(series(UP, 0, pid=1), series(STOP, 300, pid=1), served=served, end=600) == []
    assert len(absences(series(UP, 0, pid=1), series(STOP, 300, pid=1), served=served[:151], end=600)) == 1
    assert len(absences(series(UP, 0), series(STOP, 300), served=served, end=600)) == 1


def test_containers_that_start_together_say_nothing_of_one_another() -> None:
    assert absences(series(UP, 0, 1, pid=1), served=tuple(map(float, range(10, 600, 2))), end=600) == []


def test_a_container_that_was_killed_once_was_so_each_time_that_it_comes_up_unannounced() -> None:
    served = tuple(float(n) for n in range(900) if not (400 <= n < 420 or 698 <= n < 701))
    found = absences(series(UP, 0, 419.5, 700.5, pid=1), served=served, end=900)
    assert [one.end for one in found] == [419_500_000, 700_500_000]


def test_a_container_asked_too_rarely_to_be_missed_may_not_have_died() -> None:
    assert absences(series(UP, 0, 419.5, pid=1), served=tuple(map(float, range(0, 600, 100))), end=600) == []


def test_a_server_that_is_no_containers_was_told_to_restart_if_it_is_up_again() -> None:
    served = (*map(float, range(0, 400, 2)), *map(float, range(420, 600, 2)))
    assert absences(series(UP, 0, 419.5, pid=100), served=served, end=600) == []


def test_a_refusal_that_httpd_wrote_to_the_terminal_can_only_lie_where_the_server_was_down() -> None:
    found = absences(series(UP, 0, HOUR + 1, 9 * HOUR), series(STOP, HOUR, 2 * HOUR), undated(REFUSED))
    assert [told(one) for one in found] == [("stopped", HOUR, HOUR + 1), ("refused", 2 * HOUR, 9 * HOUR)]


def test_a_second_server_that_finds_the_port_taken_does_not_stop_the_first() -> None:
    serving = tuple(float(second) for second in range(0, 4 * HOUR, 10))
    assert absences(series(UP, 0), series(REFUSED, HOUR), served=serving) == []
    assert [one.why for one in absences(series(UP, 0), series(REFUSED, HOUR))] == ["refused"]


def test_a_server_that_tells_of_its_stop_had_gone_on_beside_failed_starts_of_a_second_one() -> None:
    found = absences(series(UP, 0, 2 * HOUR), series(REFUSED, HOUR, pid=0), series(STOP, 2 * HOUR - 5, pid=0))
    assert [told(one) for one in found] == [("stopped", 2 * HOUR - 5, 2 * HOUR)]
    refused = replace(REFUSED, category="log-pipe-failure")
    found = absences(series(UP, 0, 2 * HOUR), series(refused, HOUR, pid=0), series(STOP, 2 * HOUR - 5, pid=0))
    assert [told(one) for one in found] == [("refused", HOUR, 2 * HOUR)]
    told_by_systemd = replace(STOP, id="systemd-stop", witnessed=True)
    found = absences(series(UP, 0, 2 * HOUR), series(REFUSED, HOUR, pid=0), series(told_by_systemd, 2 * HOUR - 50))
    assert [told(one) for one in found] == [("refused", HOUR, 2 * HOUR)]


def test_a_stopped_server_that_then_finds_the_port_taken_stays_down_until_it_is_up() -> None:
    found = absences(series(UP, 0, 3 * HOUR), series(STOP, HOUR), series(REFUSED, 2 * HOUR))
    assert [told(one) for one in found] == [("refused", HOUR, 3 * HOUR)]


def test_the_last_sign_of_a_server_is_no_line_of_the_next_that_is_counted_with_it() -> None:
    noise = series(NOISE, 30)
    together = replace(noise, moments=(replace(noise.moments[0], last=HOUR * SECOND, count=90),))
    up_again = replace(series(UP, 60, pid=200), meaning=AGAIN)
    (found,) = absences(series(UP, 0), up_again, together, end=2 * HOUR)
    assert (found.why, found.not_before) == ("killed", 30 * SECOND)


def test_starts_that_failed_before_the_first_line_with_a_time_were_none_of_its_second() -> None:
    lent = Moment(5 * SECOND, 5 * SECOND, 3, line(0, dated=False))
    refused = Series(REFUSED, (lent,))
    assert absences(series(UP, 5, HOUR), refused, series(STOP, HOUR - 60))[0].why == "stopped"
    assert absences(series(UP, 5), refused) == []


def test_a_reload_that_is_refused_ends_the_server() -> None:
    serving = tuple(float(second) for second in range(0, HOUR, 10))
    found = absences(series(UP, 0), series(RELOAD, HOUR), series(REFUSED, HOUR + 1), served=(*serving, HOUR + 5.0))
    assert [told(one) for one in found] == [("refused", HOUR + 1, None)]


def test_a_reload_that_apachectl_refuses_leaves_the_server_alone() -> None:
    assert absences(series(UP, 0), series(REFUSED, HOUR), series(KEPT, HOUR)) == []


def test_a_restart_that_is_refused_while_the_server_is_down_does_not_bring_it_up() -> None:
    found = absences(series(UP, 0), series(STOP, HOUR), series(REFUSED, 2 * HOUR), series(KEPT, 2 * HOUR))
    assert [told(one) for one in found] == [("refused", HOUR, None)]


def test_a_stop_on_order_is_no_more_than_that_also_at_the_end_of_the_log() -> None:
    found = absences(series(UP, 0, 2 * HOUR), series(STOP, HOUR, 3 * HOUR))
    assert [told(one) for one in found] == [("stopped", HOUR, 2 * HOUR), ("stopped", 3 * HOUR, None)]


SLOW = replace(NOISE, id="slow", role="symptom", about="worker", phase="stop")
"""A child still did not exit."""


def test_a_stop_was_ordered_before_the_first_line_of_children_that_are_slow_to_exit() -> None:
    """httpd writes that it caught the signal when it has waited for its children."""
    slow = series(SLOW, HOUR - 7, HOUR - 5, HOUR - 3)
    found = absences(series(UP, 0, HOUR + 2), series(STOP, HOUR), slow)
    assert [told(one) for one in found] == [("stopped", HOUR - 7, HOUR + 2)]


def test_the_children_of_the_run_before_say_nothing_of_the_next_stop() -> None:
    slow = series(SLOW, HOUR - 7, HOUR - 5)
    found = absences(series(UP, 0, HOUR + 1, HOUR + 12), series(STOP, HOUR, HOUR + 10), slow)
    assert [told(one) for one in found] == [("stopped", HOUR - 7, HOUR + 1), ("stopped", HOUR + 10, HOUR + 12)]


def test_a_parent_that_comes_up_though_none_was_stopped_means_that_the_first_died() -> None:
    found = absences(series(UP, 0), series(NOISE, 2 * HOUR), series(AGAIN, 3 * HOUR, pid=200))
    assert [told(one) for one in found] == [("killed", 3 * HOUR, 3 * HOUR)]
    assert found[0].not_before == 2 * HOUR * SECOND


def test_a_second_server_beside_the_first_means_nothing_of_it() -> None:
    first: dict[int, tuple[Sign, ...]] = {100: (Sign(0, 4 * HOUR * SECOND, 9),)}
    lines = timeline(series(UP, 0), series(AGAIN, 3 * HOUR, pid=200), end=20 * HOUR)
    assert server_life(replace(lines, signs=Signs(first))).absences == ()


@pytest.mark.parametrize(
    ("stop", "why"), [((), "killed"), ((series(STOP, HOUR - 1),), "stopped")], ids=["no stop", "a stop before"]
)
def test_a_pid_file_that_is_left_over_after_an_ordered_stop_says_nothing(stop: tuple[Series, ...], why: str) -> None:
    (absence,) = absences(series(UP, 0), series(AGAIN, HOUR + 1, pid=200), *stop, series(LEFT_OVER, HOUR, pid=200))
    assert absence.why == why


def test_between_the_last_sign_and_the_next_start_lies_the_end_of_a_run_that_left_its_pid_file() -> None:
    again = series(AGAIN, HOUR + 1, pid=200)
    (absence,) = absences(series(UP, 0), series(NOISE, 1800), series(LEFT_OVER, HOUR, pid=200), again)
    assert (absence.why, absence.not_before / SECOND, absence.begin / SECOND) == ("killed", 1800, HOUR + 1)


def test_a_parent_on_windows_that_nobody_told_to_stop_may_have_had_its_window_closed() -> None:
    def windows(start: Series) -> Series:
        (up,) = start.moments
        return replace(start, moments=(replace(up, sighting=up.sighting._replace(module="mpm_winnt")),))

    lines = (series(UP, 0), series(AGAIN, HOUR, pid=200))
    left = series(LEFT_OVER, HOUR - 1, pid=200)
    assert [one.why for one in absences(*lines, left)] == ["killed"]
    assert absences(*(windows(line) for line in lines), left) == []


def test_parents_are_those_that_write_of_starts_and_stops() -> None:
    assert server_life(timeline(series(UP, 0, pid=7), series(STOP, 5, pid=7))).parents == {7}


DIED = replace(LEFT_OVER, id="died", title="The parent crashed", severity="critical", phase="serving")
CRASH = replace(NOISE, id="crash", title="The kernel reports a crash", role="cause", worker=Worker("crashed", "pid"))
"""What the kernel writes into its own log, number 1."""


def crashes(*pids: int, second: float = HOUR) -> Series:
    at = moment(second, 0)
    at = replace(at, sighting=at.sighting._replace(log=1))
    return Series(CRASH, (at,), {pid: OfPid(1, at, at) for pid in pids})


@pytest.mark.parametrize(
    ("crashed", "died", "parents"),
    [
        (crashes(7), series(DIED, HOUR, pid=0), {7}),
        (crashes(7, 8), series(DIED, HOUR, pid=0), set()),
        (crashes(7, second=HOUR - 60), series(DIED, HOUR, pid=0), set()),
        (crashes(7), series(replace(DIED, witnessed=True), HOUR, pid=0), set()),
    ],
    ids=["the only crash of that moment", "one of two", "a worker's, a minute before", "systemd may mean a worker"],
)
def test_the_process_that_crashes_as_the_parent_is_said_to_is_the_parent(
    crashed: Series, died: Series, parents: set[int]
) -> None:
    assert server_life(timeline(crashed, died, neighbours={1: 0})).parents == parents


def test_starts_are_found_by_time() -> None:
    life = server_life(timeline(series(UP, 10, 20)))
    assert (life.up_before(15 * SECOND), life.up_after(15 * SECOND)) == (10 * SECOND, 20 * SECOND)
    assert (life.up_before(10 * SECOND), life.up_after(21 * SECOND)) == (None, None)


@pytest.mark.parametrize(
    ("lines", "parent"),
    [
        ((series(DIED, HOUR, pid=100),), 100),
        ((series(LEFT_OVER, HOUR, pid=200),), 100),
        ((series(STOP, HOUR, pid=100), series(REFUSED, HOUR + 2, pid=0)), 0),
    ],
    ids=["it says so", "its pid file is left over", "it was told to stop"],
)
def test_a_parent_that_ended_without_an_order_is_known_by_its_pid(lines: tuple[Series, ...], parent: int) -> None:
    (absence,) = absences(series(UP, 0, pid=100), series(AGAIN, HOUR + 10, pid=200), *lines)
    assert absence.parent == parent


def test_a_second_start_that_is_refused_ends_nothing_while_the_first_server_is_heard() -> None:
    """On Windows nothing but the parent's own lines may follow it."""
    second = series(REFUSED, HOUR, pid=900)
    assert [told(one) for one in absences(series(UP, 0), second, series(STOP, 2 * HOUR))] == [
        ("stopped", 2 * HOUR, None)
    ]
    assert absences(series(UP, 0, 2 * HOUR), second, series(RELOAD, 2 * HOUR - 1)) == []
    alive = replace(timeline(series(UP, 0), second, end=3 * HOUR), signs=Signs({7: (sign(10, 10), sign(7200, 7200))}))
    assert server_life(alive).absences == ()
    newborn = replace(alive, signs=Signs({7: (sign(7200, 7200),)}))
    assert [one.why for one in server_life(newborn).absences] == ["refused"]


def sign(first: float, last: float) -> Sign:
    return Sign(int(first * SECOND), int(last * SECOND), 1)


SYSTEMD = {
    name: replace(meaning, id=f"systemd-{name}", witnessed=True)
    for name, meaning in {"up": UP, "stop": STOP, "refused": REFUSED}.items()
} | {"failed": replace(REFUSED, id="systemd-failed", role="death", phase="serving", fallback=True, witnessed=True)}
"""What systemd writes of the same server, as pid 1."""


def test_the_journal_alone_tells_when_the_server_was_down() -> None:
    found = absences(
        series(SYSTEMD["up"], 0, 3 * HOUR, pid=1), series(SYSTEMD["stop"], HOUR, pid=1),
        series(SYSTEMD["refused"], HOUR + 1, pid=1), series(SYSTEMD["failed"], HOUR + 1, pid=1),
    )  # fmt: skip
    assert [told(one) for one in found] == [("refused", HOUR, 3 * HOUR)]
    assert len(found[0].refusals) == 1


def test_a_unit_that_failed_while_it_served_is_an_end() -> None:
    found = absences(series(SYSTEMD["up"], 0, 3 * HOUR, pid=1), series(SYSTEMD["failed"], HOUR, pid=1))
    assert [told(one) for one in found] == [("died", HOUR, 3 * HOUR)]


def test_a_stop_that_systemd_gives_a_reason_for_was_nobodys_order() -> None:
    memory = replace(SYSTEMD["failed"], id="systemd-oom", role="cause", fallback=False)
    found = absences(series(UP, 0, 3 * HOUR), series(STOP, HOUR), series(memory, HOUR, pid=1))
    assert [told(one) for one in found] == [("died", HOUR, 3 * HOUR)]
    late = absences(series(UP, 0, 3 * HOUR), series(STOP, HOUR), series(memory, 2 * HOUR, pid=1))
    assert [one.why for one in late] == ["stopped"]


def test_how_the_process_ended_is_what_a_start_failed_of() -> None:
    crash = replace(REFUSED, id="systemd-crashed", phase="serving", witnessed=True)
    found = absences(
        series(crash, HOUR, pid=1), series(SYSTEMD["refused"], HOUR, pid=1), series(SYSTEMD["failed"], HOUR, pid=1),
    )  # fmt: skip
    assert [[event.series.meaning.id for event in one.refusals] for one in found] == [
        ["systemd-crashed", "systemd-refused"]
    ]
    assert [one.why for one in found] == ["refused"]


def test_what_systemd_reports_of_httpds_own_words_is_counted_once() -> None:
    own = (series(UP, 0, 3 * HOUR), series(STOP, HOUR), series(REFUSED, HOUR + 2))
    echoes = (
        series(SYSTEMD["up"], 1, 3 * HOUR + 1, pid=1), series(SYSTEMD["stop"], HOUR - 1, pid=1),
        series(SYSTEMD["refused"], HOUR + 3, pid=1), series(SYSTEMD["failed"], HOUR + 3, pid=1),
    )  # fmt: skip
    alone, both = server_life(timeline(*own)), server_life(timeline(*own, *echoes))
    assert both == alone


def test_a_reload_that_systemd_reports_as_failed_leaves_the_server_alone() -> None:
    kept = replace(KEPT, id="systemd-kept", witnessed=True)
    found = absences(series(SYSTEMD["up"], 0, pid=1), series(SYSTEMD["failed"], HOUR, pid=1), series(kept, HOUR, pid=1))
    assert found == []


def test_systemd_is_no_parent_of_workers() -> None:
    assert server_life(timeline(series(SYSTEMD["up"], 0, pid=1))).parents == frozenset()


def test_what_is_asked_in_the_second_in_which_the_server_starts_again_was_not_asked_while_it_refused() -> None:
    serving = tuple(float(second) for second in range(0, HOUR, 10))
    found = absences(series(UP, 0, HOUR + 20.34), series(REFUSED, HOUR), served=(*serving, HOUR + 20.0, HOUR + 21.0))
    assert [told(one) for one in found] == [("refused", HOUR, HOUR + 20.34)]


def test_a_pid_file_that_is_found_after_failed_starts_shows_that_the_server_went_before_them() -> None:
    serving = tuple(float(second) for second in range(0, HOUR, 10))
    again = series(AGAIN, HOUR + 60, pid=300)
    left = series(LEFT_OVER, HOUR + 60, pid=300)
    (found,) = absences(series(UP, 0), series(REFUSED, HOUR + 9, pid=200), left, again, served=serving)
    assert [event.kind for event in found.lines] == ["refused", "unclean"]
    assert found.not_before // SECOND == HOUR - 10
    # a reload that is refused leaves its own pid file
    ordered = absences(series(UP, 0), series(RELOAD, HOUR), series(REFUSED, HOUR), left, again, served=serving)
    assert [[event.kind for event in one.lines] for one in ordered] == [["refused"]]
    # a second server that is refused beside the first, which goes on and is killed much later
    goes_on = tuple(float(second) for second in range(0, 2 * HOUR, 10))
    late = (series(LEFT_OVER, 3 * HOUR, pid=300), series(AGAIN, 3 * HOUR, pid=300))
    assert absences(series(UP, 0), series(REFUSED, HOUR, pid=200), *late, served=goes_on) == []
