"""What sets the hosts that were hit apart from those that were spared, and what only chance sorts so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from logsleuth.fleet.apart import UNCHANGED, by_chance
from logsleuth.fleet.model import Apart, FleetIncident, HostFacts, HostIncident, Mechanism, Trait, TraitKind
from logsleuth.fleet.spread import fleet_story
from logsleuth.report.compose.apart_words import apart_text
from logsleuth.units import MINUTE, SECOND

NOON = 1_795_000_000 * SECOND
CRASH = Mechanism("segfault", frozenset({"said"}), frozenset())


def hit(name: str, minutes: float, *traits: Trait) -> HostFacts:
    onset = NOON + round(minutes * MINUTE)
    incident = HostIncident(name, 0, CRASH, "major", onset, onset + MINUTE, onset + MINUTE, 3)
    return HostFacts(name, NOON - 60 * MINUTE, NOON + 600 * MINUTE, traits, (incident,))


def spared(name: str, *traits: Trait) -> HostFacts:
    return HostFacts(name, NOON - 60 * MINUTE, NOON + 600 * MINUTE, traits, ())


def httpd(version: str) -> Trait:
    return Trait("software", "httpd", version)


def told(*hosts: HostFacts) -> list[str]:
    return list(apart_text(of(*hosts).apart))


def of(*hosts: HostFacts) -> FleetIncident:
    (incident,) = fleet_story(hosts).incidents
    return incident


def hits(*traits: Trait, count: int = 4) -> list[HostFacts]:
    return [hit(f"h{number}", number, *traits) for number in range(count)]


def others(*traits: Trait, count: int = 4) -> list[HostFacts]:
    return [spared(f"s{number}", *traits) for number in range(count)]


def configured(hosts: list[HostFacts]) -> list[HostFacts]:
    return [replace(host, configured=True) for host in hosts]


def test_versions_on_either_side() -> None:
    assert told(*hits(httpd("2.4.66")), *others(httpd("2.4.62"))) == [
        "All 4 hosts hit run httpd 2.4.66; all 4 spared run httpd 2.4.62."
    ]


def test_those_spared_may_differ_among_each_other() -> None:
    mixed = [spared("a", httpd("2.4.60")), *others(httpd("2.4.62"))]
    assert told(*hits(httpd("2.4.66")), *mixed) == ["All 4 hosts hit run httpd 2.4.66, none of the 5 spared."]


def test_what_those_spared_share_tells_as_well() -> None:
    mixed = [hit(f"h{number}", number, httpd(f"2.4.6{number}")) for number in range(4)]
    assert told(*mixed, *others(httpd("2.4.54"))) == ["All 4 hosts spared run httpd 2.4.54, none of the 4 hit."]


def test_one_in_ten_may_be_otherwise() -> None:
    new, old = httpd("2.4.66"), httpd("2.4.62")
    text = told(*hits(new, count=20), hit("h99", 30, old), *others(old, count=20), spared("s99", new))
    assert text == ["20 of the 21 hosts hit run httpd 2.4.66, and 1 of the 21 spared."]


def test_what_is_the_same_everywhere_or_unknown_sets_nothing_apart() -> None:
    assert told(*hits(httpd("2.4.66")), *others(httpd("2.4.66"))) == []
    assert told(*hits(httpd("2.4.66")), *others()) == []
    assert told(*hits(httpd("2.4.66"), count=2), *others(httpd("2.4.62"))) == []


def test_what_a_known_configuration_does_not_name_is_not_set() -> None:
    module, timeout = Trait("module", "wsgi_module", "loaded"), Trait("setting", "Timeout", "60")
    assert told(*configured(hits(module, timeout)), *configured(others())) == [
        "All 4 hosts hit load wsgi_module; all 4 spared do not load it.",
        "All 4 hosts hit have Timeout 60; all 4 spared do not set Timeout.",
    ]
    assert told(*configured(hits(module)), *others()) == []


@pytest.mark.parametrize(
    ("kind", "name", "value", "words"),
    [
        ("platform", "platform", "Debian", "run on Debian"),
        ("MPM", "MPM", "event", "run the MPM event"),
        ("setting", "LogLevel", "debug", "have LogLevel debug"),
        ("role", "name", "app", "have names like app01"),
        ("folder", "folder", "eu-west", "are in the folder eu-west"),
        ("zone", "time zone", "Asia/Tokyo", "log in the time zone Asia/Tokyo"),
        ("site", "virtual host", "shop.example", "mostly serve shop.example"),
    ],
)
def test_each_kind_has_words_of_its_own(kind: TraitKind, name: str, value: str, words: str) -> None:
    mine, theirs = Trait(kind, name, value), Trait(kind, name, "other")
    (sentence,) = told(*hits(mine), *others(theirs))
    assert sentence.startswith(f"All 4 hosts hit {words}; all 4 spared ")


def test_many_differences_are_six_sentences_and_names() -> None:
    settings = [Trait("setting", f"S{number}", "1") for number in range(9)]
    text = told(*configured(hits(*settings)), *configured(others()))
    assert len(text) == 7
    assert text[-1] == "They also differ in S6, S7 and S8."


def test_of_many_traits_some_sort_the_hosts_by_chance() -> None:
    """Each host has settings of its own besides: among that many, one of six hosts sorted three to three is nothing."""
    mine = [[Trait("setting", f"S{number}", str(host >> number & 1)) for number in range(3)] for host in range(6)]
    apart = Trait("setting", "Timeout", "60")
    alone = (*configured(hits(apart, count=3)), *configured(others(count=3)))
    assert told(*alone)
    varied = [replace(host, traits=(*host.traits, *own)) for host, own in zip(alone, mine, strict=True)]
    assert told(*varied) == []


def test_probability_of_sorting_by_chance() -> None:
    assert by_chance(3, 3, 0, 3) == pytest.approx(1 / 20)
    assert by_chance(4, 4, 0, 4) == pytest.approx(1 / 70)
    assert by_chance(0, 3, 3, 3) == pytest.approx(1.0)
    assert by_chance(4000, 4000, 0, 6000) < 1e-300


def changed(host: HostFacts, *minutes: float) -> HostFacts:
    return replace(host, changes=tuple((NOON + round(at * MINUTE), "a deploy") for at in minutes))


def test_changes_just_before_set_apart_and_their_order_is_seen() -> None:
    mine = [changed(one, number - 2) for number, one in enumerate(hits())]
    theirs = [changed(one, -300) for one in others()]
    found = of(*mine, *theirs)
    assert found.by_change
    assert list(apart_text(found.apart)) == [
        "All 4 hosts hit were changed or restarted less than 1 h before; all 4 spared were not."
    ]
    assert [one.spared for one in found.apart] == [UNCHANGED]


def test_another_order_one_list_for_all_and_no_change_say_nothing_of_order() -> None:
    backwards = [changed(one, -number) for number, one in enumerate(hits())]
    assert not of(*backwards).by_change
    common = [changed(one, -1, 0.5, 1.5, 2.5) for one in hits()]
    assert not of(*common).by_change
    assert not of(*hits()).by_change
    three = [changed(one, number - 2) for number, one in enumerate(hits(count=3))]
    assert not of(*three).by_change


def test_a_sentence_has_counts_of_its_own_side() -> None:
    one = Apart("software", "httpd", None, 1, 20, "2.4.54", 19, 20)
    assert list(apart_text([one])) == ["19 of the 20 hosts spared run httpd 2.4.54, and 1 of the 20 hit."]
