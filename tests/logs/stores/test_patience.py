"""A request is tried again when that may help, and fails as the operating system would have it."""

from __future__ import annotations

import pytest

from logsleuth.logs.open.stores.patience import patiently

AT_ONCE = (0.0, 0.0)


class ClientError(Exception):
    """As aiohttp's: it has a status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status}, url='https://u:SECRET@h/x?sig=SECRET'")
        self.status = status


class NoCredentialsError(Exception):
    """As botocore's."""


class Calls:
    def __init__(self, *outcomes: Exception | bytes) -> None:
        self.left = list(outcomes)

    def __call__(self) -> bytes:
        outcome = self.left.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.mark.parametrize("error", [OSError("reset"), TimeoutError(), ClientError(503), ClientError(429)])
def test_what_may_pass_is_tried_again(error: Exception) -> None:
    assert patiently(Calls(error, error, b"data"), AT_ONCE) == b"data"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (FileNotFoundError("gone"), FileNotFoundError),
        (ClientError(404), FileNotFoundError),
        (ClientError(403), PermissionError),
        (NoCredentialsError("none"), PermissionError),
        (ClientError(400), OSError),
    ],
)
def test_what_cannot_pass_is_not(error: Exception, kind: type[OSError]) -> None:
    calls = Calls(error, b"data")
    with pytest.raises(kind) as raised:
        patiently(calls, AT_ONCE)
    assert calls.left == [b"data"]
    assert "SECRET" not in str(raised.value)


def test_patience_ends() -> None:
    calls = Calls(*[ClientError(503)] * 3, b"data")
    with pytest.raises(OSError, match="503") as raised:
        patiently(calls, AT_ONCE)
    assert calls.left == [b"data"]
    assert raised.value.__cause__ is None
