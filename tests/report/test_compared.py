"""What belongs to an outage: its own script's lines and the requests between its edges; and what a restart ended."""

from dataclasses import replace
from datetime import UTC

import pytest

from logsleuth.causes.ended import find_end
from logsleuth.incidents.model import How, Recovery
from logsleuth.library.category import DISK, EXHAUSTED
from logsleuth.library.meaning import Meaning
from logsleuth.lives.live import live
from logsleuth.lives.requests import Seen
from logsleuth.lives.server.model import Restart
from logsleuth.report.compose.answers.down import only_at_its_edges
from logsleuth.report.compose.answers.summary import summary
from logsleuth.report.compose.story.alike import Alike, Named
from logsleuth.report.compose.story.ruled_out import RuledOut, listed
from logsleuth.signals.model import Signal, Why
from logsleuth.timeline.model import Counts, Moment, Series, Traffic
from logsleuth.units import SECOND
from tests.lives.build import ANY, NOISE, REFUSED, line, timeline
from tests.report.test_detection import FULL, LEAK, diagnosis

NONE = Counts(SECOND, [])


def moment(client: str = "", **fields: str) -> Moment:
    return Moment(0, 0, 1, line()._replace(fields=tuple(fields.items())), client)


@pytest.mark.parametrize(
    ("later", "is_another"),
    [
        (moment("192.0.2.9", path="/srv/shop/index.php"), False),
        (moment("192.0.2.1", path="/srv/shop/sitemap.php"), True),
        (moment("192.0.2.1"), False),
        (moment("192.0.2.9"), True),
        (moment(), False),
        (moment("192.0.2.1", line="99"), False),
    ],
)
def test_the_same_message_of_another_script_or_else_another_client_is_another_fault(
    later: Moment, is_another: bool
) -> None:
    mine = (moment("192.0.2.1", path="/srv/shop/index.php", line="4"), moment("192.0.2.2", path="/srv/shop/a.php"))
    assert Named(Signal(Series(ANY, mine), mine, Why.SURPRISE)).is_another(later) == is_another


@pytest.mark.parametrize(
    ("mine", "count", "first"),
    [
        ("aA", 4, 0),  # the script of another client, too, and the one line that names nothing
        ("bB", 3, 1),
        ("-A", 1, 5),  # no script, and no other client
    ],
)
def test_earlier_lines_of_the_same_thing_are_counted_and_the_first_is_found(mine: str, count: int, first: int) -> None:
    said = ["aA", "bA", "bB", "aB", "aB", "--", "aA", "bB", "-A"]
    every = tuple(
        replace(moment(one[1].strip("-"), **({} if one[0] == "-" else {"path": f"/{one[0]}"})), time=time)
        for time, one in enumerate(said)
    )
    own = tuple(one for one, names in zip(every, said, strict=True) if names == mine and one.time >= 6)
    signal = Signal(Series(ANY, every), own, Why.SURPRISE)
    named = Named(signal)
    plain = [one for one in every if one.time < own[-1].time and one not in own and not named.is_another(one)]
    assert Alike().before(signal, own[-1].time) == (len(plain), plain[0]) == (count, every[first])


def test_requests_in_the_seconds_in_which_the_server_goes_and_comes_are_none_of_the_outage() -> None:
    down = diagnosis(REFUSED, why=Why.NOT_UP, requests=Seen(0, 0, 1, 2))
    over = down.incident.over

    def is_so(*times: int) -> bool:
        found = Traffic(Counts(SECOND, [(time, 1) for time in times]), NONE, NONE)
        return only_at_its_edges(down.incident, live(replace(timeline(), traffic={0: found}), (0,)))

    assert is_so(0, over)
    assert not is_so(0, over - 5 * SECOND, over)


@pytest.mark.parametrize(
    ("meaning", "stops", "said"),
    [
        (LEAK, 0, "A stop and start ended it."),
        (LEAK, 600, "The last failure was 10 min before a stop and start."),
        (
            replace(LEAK, category="php-timeout", restart="does-not-help"),
            0,
            "It ended at a stop and start; whether by it is not known.",
        ),
    ],
)
def test_a_restart_is_said_to_have_ended_what_a_restart_ends(meaning: Meaning, stops: int, said: str) -> None:
    one = diagnosis(meaning)
    down = one.incident.end + stops * SECOND
    by = Recovery(down + 9 * SECOND, How.RESTART, Restart("stop", down, down + 9 * SECOND, 1, (line(),)))
    over, lives = replace(one.incident, recovery=by), live(timeline())
    ended = find_end(over, one.first, one.workers.lost, one.triggers, lives)
    assert summary(replace(one, incident=over, ended_by=ended), lives, UTC)[2] == said


def test_what_would_not_have_been_seen_is_not_ruled_out() -> None:
    told = RuledOut(live(timeline())).statements(diagnosis(LEAK).incident, "")
    assert "database" not in told[0]
    assert "workers at their limit" not in told[0]
    assert "full disk" in told[0]
    assert len(told) == 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("java.lang.OutOfMemoryError: Java heap space", "exhausted file descriptors"),
        ("could not connect to the MySQL server", "unreachable database"),
        ("Uncaught CredisException: READONLY You can't write against a read only replica: redis error", "database"),
        ("PDOException: SQLSTATE[HY000]: General error: 1205 Lock wait timeout exceeded", "database"),
        ("PHP Fatal error:  Allowed memory size of 1 bytes exhausted (tried to allocate 9 bytes)", "memory"),
        ("write failed: No space left on device", "full disk"),
        (
            "PHP Fatal error:  Maximum execution time of 120 seconds exceeded in C:\\x\\inc\\db.php on line 47",
            "database",
        ),
        ("PHP Fatal error:  Allowed memory size exhausted in /srv/wp-includes/class-wpdb.php on line 9", "database"),
        ("[fcgid:warn] [pid 1] mod_fcgid: can't apply process slot for /srv/x.fcgi", "failing backends"),
    ],
)
def test_what_a_line_says_is_not_ruled_out_though_no_pattern_knows_it(text: str, kind: str) -> None:
    incident = diagnosis(FULL).incident
    unknown = Moment(incident.onset, incident.onset, 1, line()._replace(text=text))
    php = Moment(incident.onset, incident.onset, 1, line()._replace(text="PHP Warning:  something else"))

    def said(*moments: Moment) -> str:
        lives = live(timeline(Series(NOISE, moments)))
        return " ".join(RuledOut(lives).statements(incident, ""))

    assert kind in said(php)
    assert kind not in said(php, unknown)
    beside = RuledOut(live(timeline(Series(NOISE, (php,))))).statements(incident, text)
    assert kind not in " ".join(beside)


def test_of_a_full_pool_it_is_not_ruled_out_that_threads_were_exhausted() -> None:
    assert "processes, threads or memory" in listed([EXHAUSTED], full=False)
    assert listed([EXHAUSTED, DISK], full=True) == "exhausted file descriptors, processes or memory; a full disk"
