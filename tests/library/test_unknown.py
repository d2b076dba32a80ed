"""What is true of a message that nothing knows: its level, its module and the time say something."""

import pytest

from logsleuth.library.unknown import describe


@pytest.mark.parametrize(
    ("level", "has_client", "is_up", "phase", "severity", "says"),
    [
        ("emerg", False, False, "start", "critical", "before the server is up: the server did not start."),
        ("emerg", False, True, "serving", "critical", "the server cannot start, or cannot go on."),
        ("emerg", False, None, "start", "critical", "the server cannot start, or cannot go on."),
        ("alert", False, False, "start", "critical", "a condition that needs action before the server is up"),
        ("crit", False, None, "serving", "major", "a condition that needs action; nothing more"),
        ("error", True, False, "serving", "minor", "about one client's request, at level error"),
        ("error", False, False, "start", "minor", "a problem of the server, not of a request"),
        ("", False, None, "serving", "minor", "a problem of the server, not of a request"),
        ("notice", False, None, "serving", "info", "for information; it is no failure."),
    ],
)
def test_level_client_and_time_say_something(
    level: str, has_client: bool, is_up: bool | None, phase: str, severity: str, says: str
) -> None:
    found = describe("till", level, has_client=has_client, is_up=is_up)
    assert (found.phase, found.severity) == (phase, severity)
    assert found.about == ("request" if has_client else "server")
    assert found.meaning.startswith("The module till reports ")
    assert says in found.meaning


def test_a_line_without_a_module_is_httpds_or_a_modules() -> None:
    assert describe("", "error", has_client=False, is_up=None).meaning.startswith(
        "httpd or one of its modules reports "
    )
