"""Options of the commands that follow logs, and what they mean together."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from logsleuth.cli.options import EXTRA
from logsleuth.errors import LogsleuthError

if TYPE_CHECKING:
    from collections.abc import Callable

    from logsleuth.live.check import Probe

LIVE = (
    click.argument("logs", nargs=-1, required=True, metavar="LOG..."),
    click.option("--state", metavar="FILE", type=click.Path(dir_okay=False),
                 help="Where to keep what is known between runs. Default: below /var/lib or ~/.local/state."),
    click.option("--since", metavar="TIME", default="24h", show_default=True,
                 help="Where to begin at the first run: '24h', '2026-03-03 14:00', or 'begin'."),
    click.option("--lost", metavar="SHARE", default="25%", show_default=True,
                 help="Critical from so many lost workers on: a share, or a number."),
    click.option("--critical", "critical", multiple=True, metavar="PATTERN",
                 help="A pattern that is always critical: its id, or a glob such as 'egg.*'."),
    click.option("--grace", metavar="SPAN", default="10m", show_default=True,
                 help="How long it is still 'recovering' after it has ended."),
    click.option("--restarts", metavar="LIMIT", default="3/1h", show_default=True,
                 help="Advise a restart at most so often; beyond, say that restarts do not help."),
    click.option("--tz", metavar="ZONE", help="Zone of the logs' times. Default: this machine's."),
    EXTRA,
    click.option("--log-format", "log_formats", multiple=True, metavar="FORMAT",
                 help="ErrorLogFormat's argument, as in httpd.conf."),
    click.option("--httpd-conf", type=click.Path(), metavar="FILE",
                 help="The server's configuration: formats, and how many workers there are."),
)  # fmt: skip


def live_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that `check` and `watch` share."""
    for option in reversed(LIVE):
        command = option(command)
    return command


def probe_of(given: dict[str, Any], restart_only: bool = False) -> Probe:
    """The probe that these options mean. Raises LogsleuthError."""
    from logsleuth.analysis import configuration
    from logsleuth.library.load import load_library
    from logsleuth.live import saved
    from logsleuth.live.check import Probe
    from logsleuth.live.guard import Guard
    from logsleuth.live.limits import Limits, Lost, seconds_of
    from logsleuth.logs.conf.formats import formats_of
    from logsleuth.story.clock import Clock, zone

    clock = Clock(zone(given["tz"]))
    conf = configuration(given["httpd_conf"])
    logs = tuple(dict.fromkeys(given["logs"]))
    limits = Limits(
        Lost.of(given["lost"]), tuple(given["critical"]), seconds_of(given["grace"], "--grace"),
        Guard.of(given["restarts"]), restart_only,
    )  # fmt: skip
    library = load_library([str(path) for path in given["patterns"]], examples=False)
    _check_globs(limits.critical, [pattern.id for pattern in library.patterns])
    state = Path(given["state"]) if given["state"] else saved.place_of(logs)
    return Probe(
        logs, state, library, clock, limits, formats_of(given["log_formats"], conf), conf,
        clock.wall(_begin(given["since"])),
    )  # fmt: skip


def _check_globs(globs: tuple[str, ...], names: list[str]) -> None:
    """A pattern that is misspelt would never be critical, and nobody would notice."""
    from difflib import get_close_matches
    from fnmatch import filter as matching

    for glob in globs:
        if not matching(names, glob):
            near = get_close_matches(glob, names, 1)
            raise LogsleuthError(
                f"--critical '{glob}' is no pattern",
                f"did you mean '{near[0]}'?" if near else "logsleuth patterns list shows them",
            )


def _begin(written: str) -> datetime | None:
    from logsleuth.cli.analyze import moment
    from logsleuth.live.limits import ago

    if written == "begin":
        return None
    return ago(written, datetime.now(UTC)) or moment(written, "--since")
