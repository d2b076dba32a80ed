"""The keys that say what a line proves, and what helps: stated, or following from the other keys."""

from typing import Any

import pytest

from logsleuth.library.mistakes import Mistakes
from logsleuth.library.parse import parse_pattern
from logsleuth.library.traits import traits_of

LEAST = "id = 'a.b'\ntitle = 'x'\nrole = 'cause'\n{}\n[[match]]\ncontains = 'jammed'\n"


@pytest.mark.parametrize(
    ("data", "traits"),
    [
        ({"role": "cause"}, ("request", "repeated", "event", "serving", "fault")),
        ({"role": "cause", "alone": True}, ("server", "single", "until-restart", "start", "fault")),
        ({"role": "shutdown"}, ("server", "repeated", "event", "stop", "failure")),
        ({"role": "shutdown", "alone": True}, ("server", "single", "until-restart", "start", "failure")),
        ({"role": "death"}, ("worker", "repeated", "event", "serving", "failure")),
        ({"role": "noise"}, ("client", "repeated", "event", "serving", "failure")),
        ({"role": "recovery"}, ("server", "repeated", "event", "start", "failure")),
        ({"role": "cause", "category": "database-down"}, ("backend", "repeated", "event", "serving", "fault")),
        ({"role": "cause", "worker": {"state": "poisoned"}}, ("worker", "repeated", "until-exit", "serving", "fault")),
        ({"role": "cause", "worker": {"state": "crashed"}}, ("worker", "repeated", "event", "serving", "fault")),
    ],
)
def test_what_is_not_stated_follows_from_the_other_keys(data: dict[str, Any], traits: tuple[str, ...]) -> None:
    assert traits_of(data)[:5] == traits


@pytest.mark.parametrize(
    ("data", "restart"),
    [
        ({"category": "oom-kill"}, "helps"),
        ({"category": "oom-kill", "about": "backend"}, "does-not-help"),
        ({"category": "config-error"}, "harms"),
        ({"category": "oom-kill", "about": "backend", "restart": "helps"}, "helps"),
    ],
)
def test_a_restart_does_what_the_category_says_but_not_to_what_is_behind_httpd(
    data: dict[str, Any], restart: str
) -> None:
    assert traits_of({"role": "cause", **data}).restart == restart


def test_what_is_stated_wins() -> None:
    text = LEAST.format(
        "alone = true\nabout = 'worker'\nproof = 'repeated'\nlasts = 'latched'\nphase = 'stop'\nnames = 'failure'\n"
        "restart = 'harms'"
    )
    pattern = parse_pattern(text, "")
    stated = (pattern.about, pattern.proof, pattern.lasts, pattern.phase, pattern.names, pattern.restart)
    assert stated == ("worker", "repeated", "latched", "stop", "failure", "harms")


@pytest.mark.parametrize("key", ["about", "proof", "lasts", "phase", "names", "restart"])
def test_an_unknown_word_is_refused(key: str) -> None:
    with pytest.raises(Mistakes, match=f"'{key}' 'qqqq' is unknown"):
        parse_pattern(LEAST.format(f"{key} = 'qqqq'"), "")


def test_a_group_stands_for_its_members_in_links() -> None:
    pattern = parse_pattern(LEAST.format("groups = ['request-failed']"), "")
    assert pattern.groups == ("request-failed",)
