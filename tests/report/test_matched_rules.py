"""Which rules matched the requests that ModSecurity denied for their score, by the lines beside the denials."""

from collections.abc import Iterator

import pytest

from logsleuth.report.compose.findings.matched_rules import Note, notes_in, told_as_new, what_matched

DENIAL = (
    "[security2:error] [client 192.0.2.7] ModSecurity: Access denied with code 403 (phase 2). Operator GE matched 5 at "
    'TX:anomaly_score. [id "949110"] [msg "Inbound Anomaly Score Exceeded"] [uri "/pay"] [unique_id "A"]'
)
MATCH = (
    '[security2:error] [client 192.0.2.7] ModSecurity: Warning. Pattern match "x" at ARGS:note. [id "942430"] '
    '[data "found: [id \\x22 1\\x22]"] [tag "attack-sqli"] [tag "paranoia-level/2"] [uri "/pay"] [unique_id "A"]'
)
SUM = (
    "[security2:error] [client 192.0.2.7] ModSecurity: Warning. Operator GE matched 5 at TX:inbound_anomaly_score. "
    '[id "980130"] [uri "/pay"] [unique_id "A"]'
)


def test_a_line_is_of_a_rule_unless_it_looks_at_the_score_alone() -> None:
    assert list(notes_in("\n".join([MATCH, SUM, DENIAL]).encode())) == [
        Note(0, False, "A", "942430", "/pay", "2", "ARGS:note"),
        Note(len(MATCH) + len(SUM) + 2, True, "A", "949110", "/pay", ""),
    ]


def denials(*rules: str, level: str = "1", place: str = "/pay", first: int = 100) -> Iterator[Note]:
    """Each rule's match and the denial that follows it."""
    for number, rule in enumerate(rules):
        at = first + 10 * number
        yield Note(at, False, f"{place}{at}", rule, place, level)
        yield Note(at + 1, True, f"{place}{at}", "949110", place, "")


def test_the_rules_are_named_by_place_the_most_frequent_first_and_those_by_the_way_left_out() -> None:
    often = ["2", "2", *["1"] * 18, "3"]
    notes = [*denials(*often), *denials("9", place="/wp-login.php", first=500)]
    assert what_matched(notes, 100, 900, {"/pay"}).told == ("The rules that matched: 1 for /pay.",)
    assert what_matched(notes[:4], 100, 115, {"/pay"}).told == ("The rules that matched: 2 for /pay.",)
    assert what_matched(notes, 900, 999, {"/pay"}) == ([], ())


@pytest.mark.parametrize(
    ("before", "level", "is_said"), [("1", "2", True), ("2", "2", False), ("1", "1", False), ("", "", False)]
)
def test_a_paranoia_level_that_no_line_named_before_was_probably_raised(before: str, level: str, is_said: bool) -> None:
    notes = [*denials("7", level=before, place="/x.php", first=0), *denials("1", "1", level=level)]
    said = what_matched(notes, 100, 900, {"/pay"}).told
    assert ("paranoia level 2, of which no line before" in " ".join(said)) == is_said
    assert what_matched(notes[2:], 100, 900, {"/pay"}).told[1:] == ()


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ('Warning. Pattern match "x" at ARGS:pay.note.', "ARGS:pay.note"),
        ('Warning. Pattern match "x" at REQUEST_COOKIES:_sp_id.', "REQUEST_COOKIES:_sp_id"),
        ("Warning. Operator EQ matched 0 at REQUEST_HEADERS.", "REQUEST_HEADERS"),
        ("Warning. Matched \"Operator `Rx'\" against variable `ARGS:note' (Value: `x' )", "ARGS:note"),
        ("Warning. detected SQLi using libinjection.", ""),
    ],
)
def test_what_of_a_request_a_rule_matched(words: str, target: str) -> None:
    line = f'ModSecurity: {words} [id "942430"] [ver "OWASP_CRS/3.3.5"] [uri "/pay"] [unique_id "A"]'
    (note,) = notes_in(line.encode())
    assert (note.target, note.version) == (target, "OWASP_CRS/3.3.5")


def test_of_rules_that_matched_at_other_times_too_only_the_new_ones_are_named() -> None:
    usual = denials(*["9"] * 30, place="/wp-login.php", first=0)
    new = [note._replace(target="" if note.is_denial else "ARGS:note") for note in denials(*"1111222", first=1000)]
    also = [one._replace(rule="9", target="REQUEST_COOKIES:id") for one in new if not one.is_denial]
    elsewhere = denials("1", "1", place="/ship", first=1100)
    notes = [*usual, *new, *also, *elsewhere]
    found = what_matched(notes, 1000, 2000, {"/pay"})
    assert found.told == ()
    assert told_as_new(found.new) == (
        "Requests matched rules of ModSecurity that hardly ever match at other times: 1 at ARGS:note (4 requests), 2 at "
        "ARGS:note (3 requests) and 1 (2 requests), for /pay and /ship"
    )
    (rule,) = {note.rule for note in found.new[:1]}
    assert told_as_new([found.new[0]._replace(says="Too old")]) == (
        f"Requests matched a rule of ModSecurity that hardly ever matches at other times: {rule} at ARGS:note, “Too old” "
        "(1 request), for /pay"
    )


def test_the_match_of_the_first_request_is_counted_though_its_line_precedes_the_denial() -> None:
    usual = denials(*["9"] * 30, place="/wp-login.php", first=0)
    notes = [*usual, *denials("1", "1", first=1000)]
    assert [note.offset for note in what_matched(notes, 1001, 2000, {"/pay"}).new] == [1000, 1010]


@pytest.mark.parametrize(("after", "is_said"), [("3.2.0", True), ("3.3.5", False)])
def test_a_rule_set_that_is_put_back_is_told(after: str, is_said: bool) -> None:
    notes = [one._replace(version="3.2.0") for one in denials("7", first=0)]
    notes += [one._replace(version="3.3.5") for one in denials("1", "1")]
    notes += [one._replace(version=after) for one in denials("7", first=900)]
    said = " ".join(what_matched(notes, 100, 800, {"/pay"}).told)
    assert ("; after it, 3.2.0 again" in said) == is_said


@pytest.mark.parametrize(("before", "is_said"), [("3.2.0", True), ("3.3.5", False), ("", False)])
def test_a_version_that_no_line_named_before_is_told(before: str, is_said: bool) -> None:
    notes = [one._replace(version=before) for one in denials("7", first=0)]
    notes += [one._replace(version="3.3.5") for one in denials("1", "1")]
    said = " ".join(what_matched(notes, 100, 900, {"/pay"}).told)
    assert ("its lines named 3.2.0 before, and 3.3.5 in this time" in said) == is_said
