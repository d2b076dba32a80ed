"""Which candidate comes first, how sure that is, how grave it was, and whether to restart: each on small values."""

from dataclasses import replace

import pytest

from logsleuth.causes.confidence import confidence, no_surer, probability
from logsleuth.causes.evidence import EVIDENCE
from logsleuth.causes.explain import explain
from logsleuth.causes.model import Confidence, Ground, Trigger
from logsleuth.causes.rank import rank
from logsleuth.causes.restart import may_have_ended, restart_now, restart_verdict, what_it_does
from logsleuth.causes.severity import of_kept_out, severity_of, with_parts
from logsleuth.incidents.model import How, Incident, LostWorker, Recovery, Workers
from logsleuth.library.category import CATEGORIES, category_of
from logsleuth.library.meaning import Meaning
from logsleuth.library.pattern import Names
from logsleuth.lives.live import live
from logsleuth.lives.requests import Seen
from logsleuth.lives.server.model import Absence
from logsleuth.signals.model import Signal, Why
from logsleuth.units import SECOND
from tests.lives.build import ANY, REFUSED, line, series, timeline

DEATH = replace(ANY, id="death", role="death", category="segfault", about="worker")
LIMIT = replace(ANY, id="limit", role="capacity", category="worker-exhaustion", about="server")
SYMPTOM = replace(ANY, id="symptom", role="symptom", category="wsgi-daemon-crash")
UNKNOWN = replace(ANY, known_by="level", id="unknown", role="symptom", category=None)
NOBODY = Workers((), None, "")


def signal(meaning: Meaning, *seconds: float, why: Why = Why.SURPRISE) -> Signal:
    found = series(meaning, *(seconds or (0.0, 1.0, 2.0)))
    return Signal(found, found.moments, why)


def incident(*signals: Signal, requests: Seen | None = None, recovery: Recovery | None = None) -> Incident:
    return Incident(signals, signals[0].begin, signals[-1].end, recovery, requests=requests)


def first(*signals: Signal, leads: dict[str, frozenset[str]] | None = None) -> str:
    return rank(signals, leads or {})[0].name


def test_a_cause_before_a_death_before_a_limit_before_a_symptom_before_what_nothing_knows() -> None:
    in_any_order = [signal(UNKNOWN), signal(SYMPTOM), signal(LIMIT), signal(DEATH), signal(ANY)]
    assert [one.name for one in rank(in_any_order, {})] == ["any", "death", "limit", "symptom", "unknown"]


def test_what_a_known_mechanism_explains_comes_after_it_and_the_earlier_comes_first() -> None:
    other = replace(ANY, id="other")
    assert first(signal(ANY, 5, 6, 7), signal(other, 1, 2, 8)) == "other"
    assert first(signal(ANY, 5, 6, 7), signal(other, 1, 2, 8), leads={"any": frozenset({"other"})}) == "any"


def test_a_backend_that_answered_again_before_something_else_failed_is_not_its_cause() -> None:
    silent = signal(replace(ANY, id="silent", about="backend"), 1, why=Why.COMPANION)
    stale = signal(replace(ANY, id="stale"), *range(9, 90))
    leads = {"silent": frozenset({"stale"})}
    assert first(silent, stale, leads=leads) == "silent"
    assert first(replace(silent, until=10 * SECOND), stale, leads=leads) == "silent"
    assert first(replace(silent, until=8 * SECOND), stale, leads=leads) == "stale"


def test_what_begins_later_and_tells_of_a_small_part_comes_after_what_tells_of_nearly_all() -> None:
    late = signal(replace(ANY, id="late"), 90, 91, 92)
    full = signal(LIMIT, *range(80))
    assert first(late, full) == "limit"
    assert first(late, signal(LIMIT, *range(10))) == "late"
    assert first(signal(replace(ANY, id="late"), 0, 91, 92), full) == "late"


def test_what_names_the_same_event_better_comes_first_though_a_mechanism_leads_to_it() -> None:
    detail = replace(ANY, id="detail")
    whole = replace(ANY, id="whole", role="symptom", refines=frozenset({"detail"}))
    leads = {"detail": frozenset({"whole"})}
    assert first(signal(detail), signal(whole), leads=leads) == "whole"
    assert first(signal(detail), signal(replace(whole, refines=frozenset())), leads=leads) == "detail"


def test_what_is_seen_nowhere_else_by_the_way_is_not_the_cause() -> None:
    other = replace(ANY, id="other")
    assert first(signal(other, 0, why=Why.COMPANION), signal(ANY, 1, 2, 3)) == "any"


@pytest.mark.parametrize(("decibans", "word"), [(13, "high"), (12, "medium"), (5, "medium"), (4, "low"), (-9, "low")])
def test_the_word_for_a_probability(decibans: float, word: str) -> None:
    assert confidence(ANY, probability([Ground("any", decibans, "")])) == word


def test_what_nothing_knows_is_never_more_than_a_guess() -> None:
    assert confidence(UNKNOWN, 1.0) == "low"


@pytest.mark.parametrize(("chance", "word"), [(0.99, "medium"), (0.8, "medium"), (0.5, "low")])
def test_what_only_well_known_words_tell_is_never_sure(chance: float, word: str) -> None:
    assert confidence(replace(UNKNOWN, category="permission-denied"), chance) == word


@pytest.mark.parametrize(
    ("own", "first", "word"), [("high", "medium", "medium"), ("low", "high", "low"), ("medium", "medium", "medium")]
)
def test_what_ranks_behind_the_likeliest_is_no_likelier(own: Confidence, first: Confidence, word: str) -> None:
    assert no_surer(own, first) == word


@pytest.mark.parametrize(
    ("names", "why", "ground"),
    [
        ("fault", "high", "The message names the fault itself."),
        ("failure", "low", "The message names what failed."),  # nobody is told that the reason is known
    ],
)
def test_a_line_that_says_only_what_failed_names_no_root_cause(names: Names, why: str, ground: str) -> None:
    refused = signal(replace(ANY, names=names), *range(5))
    lives = live(timeline(refused.series))
    (found,) = explain([incident(refused)], lives, {})
    assert (found.confidence, found.why) == ("high", why)
    assert found.causes[0].grounds[0].text == ground


def test_evidence_for_never_weighs_less_than_evidence_against() -> None:
    assert all(row.if_true >= row.if_false or row.if_true < 0 for row in EVIDENCE)
    assert len({row.rule for row in EVIDENCE}) == len(EVIDENCE)


@pytest.mark.parametrize(
    ("failed", "seen", "severity"), [(1, 745, "minor"), (60, 745, "major"), (500, 745, "critical"), (0, 745, "major")]
)
def test_severity_follows_the_share_of_requests_that_failed(failed: int, seen: int, severity: str) -> None:
    found = incident(signal(ANY), requests=Seen(0, failed, 0, seen))
    assert severity_of(found, NOBODY, found.signals[0]) == severity


def test_a_part_that_a_count_by_page_shows_is_no_minor_matter_if_several_clients_asked_for_it() -> None:
    assert with_parts("minor", hit=169, clients=105) == "major"
    assert with_parts("critical", hit=169, clients=105) == "critical"
    assert with_parts("minor", hit=169, clients=2) == "minor"
    assert with_parts("minor", hit=5, clients=5) == "minor"
    assert with_parts("minor", hit=0, clients=105) == "minor"


def test_clients_that_are_kept_out_before_they_ask_weigh_by_their_share_and_their_number() -> None:
    assert of_kept_out(0.18, clients=93, own="minor") == "major"
    assert of_kept_out(0.18, clients=4, own="minor") == "minor"  # a few scanners
    assert of_kept_out(0.6, clients=4, own="minor") == "major"
    assert of_kept_out(0.95, clients=4, own="minor") == "critical"
    assert of_kept_out(0.18, clients=93, own="critical") == "critical"


def test_a_part_of_the_site_that_fails_as_a_whole_is_no_minor_matter() -> None:
    found = incident(signal(ANY), requests=Seen(0, 30, 0, 3000, blocks_a_part=True))
    assert severity_of(found, NOBODY, found.signals[0]) == "major"
    little = incident(signal(replace(ANY, severity="minor")), requests=found.requests)
    assert severity_of(little, NOBODY, little.signals[0]) == "minor"


def test_a_server_that_was_down_or_lost_half_of_its_workers_is_critical() -> None:
    down = incident(signal(REFUSED, why=Why.NOT_UP))
    assert severity_of(down, NOBODY, down.signals[0]) == "critical"
    lost = tuple(LostWorker(pid, 0, "crashed", False, line(), 1, "exit_line") for pid in (1, 2))
    crashed = incident(signal(replace(DEATH, severity="minor")))
    assert severity_of(crashed, Workers(lost, 4, "counted"), crashed.signals[0]) == "critical"
    assert severity_of(crashed, Workers(lost, 40, "counted"), crashed.signals[0]) == "minor"


@pytest.mark.parametrize(
    ("category", "stuck", "verdict"),
    [
        ("stale-egg", False, "would-help"), ("database-down", False, "pointless"), ("config-error", True, "harmful"),
        (None, True, "would-help"), (None, False, "pointless"),
        ("worker-exhaustion", False, "pointless"), ("worker-exhaustion", True, "would-help"),
        ("wsgi-daemon-timeout", False, "pointless"), ("wsgi-daemon-crash", False, "would-help"),
    ],
)  # fmt: skip
def test_whether_a_restart_would_help_is_known_of_each_category(
    category: str | None, stuck: bool, verdict: str
) -> None:
    assert restart_now(category, what_it_does(category, None), stuck=stuck) == verdict


def test_what_a_message_says_of_a_restart_counts_before_what_its_kind_says() -> None:
    missing = replace(ANY, category="wsgi-load-failure", restart="does-not-help")
    assert what_it_does("wsgi-load-failure", None) == "helps"
    assert what_it_does("wsgi-load-failure", missing) == "does-not-help"
    assert what_it_does("wsgi-load-failure", replace(missing, category="php-fatal")) == "helps"


def test_nothing_tells_anybody_to_restart_what_a_restart_has_ended() -> None:
    over = incident(signal(ANY), recovery=Recovery(9 * SECOND, How.RESTART))
    assert restart_verdict(over, "stale-egg", (), None) == "has-helped"


RELOADED = Trigger(90 * SECOND, "reload", "A graceful restart", (line(),))


@pytest.mark.parametrize(
    ("category", "triggers", "ended"),
    [
        ("stale-egg", (), True),
        ("tls-handshake", (), True),
        ("permission-denied", (), False),
        ("permission-denied", (RELOADED,), True),
        ("permission-denied", (replace(RELOADED, time=0),), False),
        ("permission-denied", (replace(RELOADED, kind="change"),), False),
        ("backend-down", (RELOADED,), False),
        ("segfault", (RELOADED,), False),
        ("segfault", (), True),
    ],
    ids=[
        "what is in the workers' memory", "a certificate is read at a reload", "a file's mode is looked at each time",
        "a rule came with a reload", "the reload was long before", "a deploy is no reload", "the reason lies outside",
        "it began with a restart, and crashed all the same", "a new process has none of what made the old ones crash",
    ],
)  # fmt: skip
def test_a_restart_ended_what_only_one_can_end(category: str, triggers: tuple[Trigger, ...], ended: bool) -> None:
    assert may_have_ended(category, what_it_does(category, None), 100 * SECOND, triggers) == ended


@pytest.mark.parametrize("stuck", [False, True])
def test_a_restart_ends_what_workers_had_been_left_with(*, stuck: bool) -> None:
    does = what_it_does("app-misconfigured", None)
    assert does == "does-not-help"
    assert may_have_ended("app-misconfigured", does, 100 * SECOND, (), stuck=stuck) is stuck


def test_the_table_of_categories_is_whole() -> None:
    assert len({one.slug for one in CATEGORIES}) == len(CATEGORIES)
    assert all(one.title and one.trigger_seen_in for one in CATEGORIES)
    assert category_of(None).slug == category_of("no-such-kind").slug == "unknown"


@pytest.mark.parametrize(("hours", "severity"), [(1, "critical"), (15, "minor")])
def test_how_long_a_run_that_ended_unseen_may_have_been_gone_makes_no_severity(hours: int, severity: str) -> None:
    gone = signal(replace(DEATH, severity="minor"), 0.0, why=Why.NOT_UP)
    up = hours * 3600 * SECOND
    found = replace(incident(gone), absences=(Absence("killed", up, 0, up, ()),))
    assert severity_of(found, NOBODY, gone) == severity
