"""Keeping freed memory between blocks, instead of giving it back and asking for it again.

Each block makes and drops some dozens of arrays of a hundred kilobytes to four megabytes. glibc maps pieces of that
size afresh, and the kernel clears each page at its first touch: a quarter of a scan's time.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""Parameters of mallopt (malloc.h)."""
KEPT = 64 * 1024 * 1024
"""Free bytes at the heap's end that are kept; more than the arrays of a block take."""
LARGEST = 32 * 1024 * 1024
"""The largest piece that may come from the heap: glibc takes no more."""
DEFAULT = 128 * 1024
"""Both parameters at a process's start."""


@contextmanager
def kept_memory() -> Iterator[None]:
    """Keep freed memory within; where the C library is not glibc, nothing is changed."""
    import ctypes  # noqa: PLC0415 - only a scan needs it

    try:
        libc = ctypes.CDLL(None)
        mallopt, trim = libc.mallopt, libc.malloc_trim
    except (AttributeError, OSError, TypeError):
        yield
        return
    mallopt(TRIM_THRESHOLD, KEPT)
    mallopt(MMAP_THRESHOLD, LARGEST)
    collecting = gc.isenabled()
    gc.disable()  # a scan makes no cycles, and many tuples, which the collector would walk again and again
    try:
        yield
    finally:
        if collecting:
            gc.enable()
        mallopt(TRIM_THRESHOLD, DEFAULT)
        mallopt(MMAP_THRESHOLD, DEFAULT)
        trim(0)
