"""A lock on an open file that ends with its process, by whatever the system at hand has for it."""

from __future__ import annotations

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


def try_lock(handle: int) -> bool:
    """Take the lock of a file that is open for writing; False if another process has it. Raises OSError otherwise."""
    try:
        _take(handle)
    except (BlockingIOError, PermissionError):  # Windows reports a lock of another's as a lack of permission
        return False
    return True


def _take(handle: int) -> None:
    if fcntl is not None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return
    import msvcrt  # noqa: PLC0415 - only Windows has it

    lock, without_waiting = getattr(msvcrt, "locking"), getattr(msvcrt, "LK_NBLCK")  # noqa: B009 - unknown elsewhere
    lock(handle, without_waiting, 1)
