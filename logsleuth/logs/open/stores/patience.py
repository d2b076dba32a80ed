"""Requests that are tried again: a store that is busy or out of reach for a moment must not end a run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, TypeVar

from logsleuth.logs.open.stores.addresses import without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Result = TypeVar("Result")

PAUSES: Final = (0.25, 0.5, 1.0, 2.0)
"""Seconds before the second, third, fourth and fifth try, of which half is left to chance."""
AT_ONCE: Final = 16
"""Requests to a store at a time: each waits some milliseconds for its answer."""
LONGEST_REASON = 200
"""Characters of a library's error that are shown."""
REFUSED: Final = frozenset({
    "NoCredentialsError", "PartialCredentialsError", "TokenRetrievalError", "ProfileNotFound",
    "DefaultCredentialsError", "RefreshError", "ClientAuthenticationError", "AuthenticationException",
    "BadHostKeyException", "UnknownHostKey",
})  # fmt: skip
"""Errors of botocore, google-auth, azure-core and paramiko that say that we are not let in."""
ABSENT: Final = frozenset({"ResourceNotFoundError", "NoSuchKey", "NoSuchBucket"})
WRONG: Final = frozenset({"ParamValidationError"})
"""What a library refuses to send."""
BUSY: Final = frozenset({408, 425, 429})
"""HTTP's statuses below 500 after which another try makes sense."""


def patiently(call: Callable[[], Result], pauses: Sequence[float] = PAUSES) -> Result:
    """What the call returns, tried again after each pause. Raises OSError, whose text holds no secret."""
    import random  # noqa: PLC0415 - only stores need it

    for pause in pauses:
        try:
            return call()
        except Exception as error:
            if not _may_pass(error):
                raise as_oserror(error) from None
        time.sleep(pause * random.uniform(0.5, 1))
    try:
        return call()
    except Exception as error:
        raise as_oserror(error) from None


def as_oserror(error: Exception) -> OSError:
    """A library's error as the operating system would have it: FileNotFoundError, PermissionError or OSError."""
    reason = _reason(error)
    if _is_absent(error):
        return FileNotFoundError(reason)
    return PermissionError(reason) if _is_refused(error) else OSError(reason)


def _may_pass(error: Exception) -> bool:
    """Whether the same request may succeed in a moment."""
    status = _status(error)
    if _is_absent(error) or _is_refused(error) or _is_a(error, WRONG) or isinstance(error, (ImportError, ValueError)):
        return False
    return status is None or status >= 500 or status in BUSY


def _is_absent(error: Exception) -> bool:
    return isinstance(error, FileNotFoundError) or _status(error) in (404, 410) or _is_a(error, ABSENT)


def _is_refused(error: Exception) -> bool:
    return isinstance(error, PermissionError) or _status(error) in (401, 403, 407) or _is_a(error, REFUSED)


def _is_a(error: Exception, names: frozenset[str]) -> bool:
    return any(kind.__name__ in names for kind in type(error).__mro__)


def _status(error: Exception) -> int | None:
    """The HTTP status of an answer: aiohttp and azure-core keep it under two names."""
    found = getattr(error, "status", None) or getattr(error, "status_code", None)
    return found if isinstance(found, int) else None


def _reason(error: Exception) -> str:
    text = " ".join(without_secrets(str(error)).split())
    return (text or type(error).__name__)[:LONGEST_REASON]
