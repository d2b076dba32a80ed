"""A log that is not there: the way out never names the very path that was tried."""

import pytest

from logsleuth.logs.open import places


def test_the_path_that_was_tried_is_not_suggested() -> None:
    hint = places.way_out("/var/log/apache2/error.log")
    assert "/var/log/apache2/error.log" not in hint
    assert "Red Hat keeps it in /var/log/httpd/error_log" in hint


def test_a_log_that_is_there_is_suggested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_exists", lambda place: place.endswith("error_log"))
    assert places.way_out("eror.log").startswith("check the path; there is /var/log/httpd/error_log and ")
