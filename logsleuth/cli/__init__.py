"""The command line: thin commands, one file each, that translate options into one call."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from typing import TYPE_CHECKING

from logsleuth.cli.ending import run
from logsleuth.cli.names import COMMANDS, COMPLETION, DEFAULT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

OBJECTS_BETWEEN_COLLECTIONS = 1_000_000
"""Python's default of 700 costs a quarter of a report's time, as a report makes many values and no cycles but those of
classes. The tally and the timeline of 100 MB with hundreds of outages are 700,000 objects: to look through these once
costs a tenth of the run.

Set where the process starts, and nowhere else: a program that calls the library keeps its own settings.
"""


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit; every mistake of the caller's ends in one line on stderr and its exit code."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    # at the end Python looks for cycles in all that the system takes back anyway: a tenth of a short run
    atexit.register(gc.freeze)
    given = sys.argv[1:] if arguments is None else arguments
    run(lambda: _do(given))


def _do(arguments: Sequence[str]) -> None:
    """Analyze logs where nothing else is named or set, which takes no click; a seventh of a short run is its import."""
    logs = logs_alone(arguments)
    if logs and not _is_anything_set():
        from logsleuth.cli.analysis import analyzed

        analyzed(logs)
        return
    from logsleuth.cli.commands import invoke

    invoke(arguments)


def logs_alone(arguments: Sequence[str]) -> tuple[str, ...]:
    """The logs that are to be analysed, where the arguments are only those, and all exist; empty: they are not."""
    logs = tuple(arguments[1:] if arguments[:1] == [DEFAULT] else arguments)
    if not logs or logs[0] in {"help", *COMMANDS} or COMPLETION in os.environ:
        return ()
    # pathlib starts slowly
    return logs if all(os.path.exists(one) and not one.startswith("-") for one in logs) else ()  # noqa: PTH110


def _is_anything_set() -> bool:
    """Whether settings are in force, which click hands over. Raises LogsleuthError."""
    from logsleuth.cli.settings import in_force

    return bool(in_force(None))
