"""A probe asks for a page that its own request is answered well while nothing is wrong."""

import pytest

from logsleuth.report.compose.probe.fit import BY_SESSION, Answers, answers_by_page
from logsleuth.report.compose.requests.visits import Visit, Visits
from logsleuth.units import SECOND

WELL = Visit(0, "/a", "well")


@pytest.mark.parametrize(
    ("answers", "is_shown", "with_login"),
    [
        (Answers(), False, False),
        (Answers(well=1), True, True),
        (Answers(with_query=9), False, False),
        (Answers(to_users=9), False, True),
        (Answers(well=9, login=1), True, True),
        (Answers(well=1, login=9), False, True),
        (Answers(well=9, otherwise=1), True, True),
        (Answers(well=9, otherwise=2), False, False),
        (Answers(well=9, otherwise=1, sent=1), False, False),
        (Answers(otherwise=1), False, False),
    ],
)
def test_a_page_is_shown_to_answer_well_by_requests_like_those_of_a_probe(
    answers: Answers, is_shown: bool, with_login: bool
) -> None:
    assert (answers.is_shown(), answers.is_shown(logs_in=True)) == (is_shown, with_login)


@pytest.mark.parametrize(
    ("answers", "was_well"),
    [
        (Answers(), None),
        (Answers(well=1), None),
        (Answers(with_query=1, to_users=1), True),
        (Answers(well=9, otherwise=1), True),
        (Answers(well=9, otherwise=2), False),
        (Answers(otherwise=1), None),
        (Answers(sent=1), False),
        (Answers(well=1, login=9), None),
    ],
)
def test_a_page_was_well_at_other_times_if_hardly_any_request_for_it_failed(
    answers: Answers, was_well: bool | None
) -> None:
    assert answers.was_well is was_well


def test_of_the_time_of_an_outage_only_good_answers_count() -> None:
    during = (WELL, WELL._replace(how="failed"), WELL._replace(how="redirected"), WELL._replace(how="asked who"))
    elsewhen = (WELL._replace(how="redirected"), WELL._replace(took=11 * SECOND), WELL._replace(method="POST"))
    assert answers_by_page(Visits(during, elsewhen), "") == {"/a": Answers(well=1, login=1, otherwise=1, sent=1)}


def test_requests_with_a_query_or_a_user_are_none_of_a_probe() -> None:
    elsewhen = (WELL, WELL._replace(has_query=True), WELL._replace(names_user=True), WELL._replace(site="b.example"))
    found = answers_by_page(Visits(elsewhen=elsewhen), "a.example")
    assert found == {"/a": Answers(well=1, with_query=1, to_users=1)}


@pytest.mark.parametrize(
    ("path", "is_one"),
    [("/wp-admin/", True), ("/admin", True), ("/My-Account/orders", True), ("/checkout.php", True),
     ("/accounting", False), ("/administration/", False), ("/shop/checkout", True), ("/a/b/checkout", False)],
)  # fmt: skip
def test_some_pages_are_of_a_session(path: str, is_one: bool) -> None:
    assert (BY_SESSION.match(path) is not None) == is_one
