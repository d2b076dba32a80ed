"""Error pages with status 200: an application that answers each failure with the same page, which has one size.

By its statuses an access log shows none of it. But of pages that always had other sizes, as many have this one as the
error log has failures, at that time and at no other.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from logsleuth.signals.tuning import EVEN, LEAST_EXPECTED, MOST

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_LINES: Final = 3
"""Lines of the error log for one failed page: the connection, the database and the query each write theirs."""


def size_of_error_pages(within: Iterable[tuple[str, int]], others: Iterable[tuple[str, int]], lines: int) -> int:
    """How many bytes the error page of an outage has; 0: there is none that only its size gives away.

    `within`, `others`: (path, bytes) of what was answered well, in the outage and around it; `lines`: of the error log
    that report failed requests.
    """
    answers, around = list(within), list(others)
    usual, known = {size for _, size in around}, {path for path, _ in around}
    found = Counter(size for _, size in answers if size > 0 and size not in usual)
    size, number = max(found.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    had_other_sizes = sum(path in known for path, own in answers if own == size)
    is_logged = any(abs(number * each - lines) <= EVEN * lines for each in range(1, MOST_LINES + 1))
    return size if number >= LEAST_EXPECTED and is_logged and had_other_sizes > MOST * number else 0
