"""A server of its own: its patterns, its words, and logs that tell its stories. No packaged pattern knows a word of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import logsleuth

if TYPE_CHECKING:
    from pathlib import Path

    from logsleuth.report.model import Report

START = datetime(2026, 3, 3, 6, 0, 0, tzinfo=UTC)
MINUTE, HOUR = 60.0, 3600.0
SECOND = 1_000_000

JAMMED = "the till is jammed at drawer {pid}"
QUEUE = "the queue is too long"
FAINTED = "clerk {about} has fainted"
CELLAR = "clerk {about} was bitten in the cellar"
EGG = "an egg has gone off in basket {pid}"
STUCK = "this lift is stuck"
FULL = "the shop is full"
ROOF = "the roof has come down"
OPEN, CLOSE = "the shop is open", "the shop is closed"
SHIFT, HUP = "the shop changes shifts", "the shop opens anew"
KEYS = "new keys were handed out"
BROWSE = "a customer only looks around"
ODD = "the flux compensator has come loose"


def pattern(name: str, title: str, role: str, contains: str, more: str = "", regex: str = "", tables: str = "") -> str:
    """A pattern file."""
    confirm = f"regex = '''{regex}'''\n" if regex else ""
    return f"id = '{name}'\ntitle = '{title}'\nrole = '{role}'\n{more}\n[[match]]\ncontains = '{contains}'\n{confirm}{tables}"


WORKER = "[worker]\nstate = '{}'\nsubject = '{}'\n"
EXPLAIN = (
    "[explain]\nsummary = '{workers} of {pool} clerks stand at drawer {drawer}.'\ncause = 'A coin is in drawer {drawer}.'\n"
    "confirm = ['knock {drawer}']\nfix = 'Shake it.'\nprevent = 'Take cards.'\n"
)
PATTERNS: tuple[str, ...] = (
    pattern("shop.till.jammed", "The till is jammed", "cause", "the till is jammed",
            "category = 'backend-down'\nseverity = 'critical'\nleads_to = ['shop.queue.long']",
            r"the till is jammed at drawer (?P<drawer>\d+)", EXPLAIN),
    pattern("shop.queue.long", "The queue is too long", "symptom", QUEUE, "category = 'backend-timeout'\nseverity = 'major'"),
    pattern("shop.clerk.fainted", "A clerk has fainted", "death", "has fainted", "category = 'segfault'\nseverity = 'major'",
            r"clerk (?P<who>\d+) has fainted", WORKER.format("crashed", "who")),
    pattern("shop.clerk.bitten", "A clerk was bitten in the cellar", "cause", "was bitten in the cellar",
            "category = 'abort'\nseverity = 'major'\nrefines = ['shop.clerk.fainted']", r"clerk (?P<who>\d+) was bitten",
            WORKER.format("crashed", "who")),
    pattern("shop.egg.rotten", "An egg has gone off", "cause", "an egg has gone off",
            "category = 'stale-egg'\nseverity = 'critical'\nproof = 'single'", "", WORKER.format("poisoned", "reporter")),
    pattern("shop.lift.stuck", "A lift is stuck", "cause", STUCK, "category = 'lock-failure'\nseverity = 'major'", "",
            WORKER.format("hung", "reporter")),
    pattern("shop.full", "The shop is full", "capacity", FULL, "category = 'worker-exhaustion'\nseverity = 'major'\nlasts = 'latched'"),
    pattern("shop.roof.down", "The roof has come down", "cause", ROOF,
            "category = 'config-error'\nseverity = 'critical'\nalone = true"),
    pattern("shop.life.open", "The shop opens", "recovery", OPEN),
    pattern("shop.life.close", "The shop closes", "shutdown", CLOSE),
    pattern("shop.life.shift", "The shop changes shifts", "restart", SHIFT),
    pattern("shop.life.hup", "The shop opens anew", "restart", HUP, "phase = 'stop'"),
    pattern("shop.keys.new", "New keys", "trigger", KEYS),
    pattern("shop.customer.browses", "A customer looks around", "noise", BROWSE),
)  # fmt: skip


class Log:
    """Lines with their seconds after START, written in order of time."""

    def __init__(self) -> None:
        self.lines: list[tuple[float, str]] = []

    def add(
        self,
        text: str,
        *seconds: float,
        pid: int = 200,
        client: str = "203.0.113.7",
        about: int = 0,
        level: str = "error",
        module: str = "shop",
    ) -> Log:
        """The line at each of these seconds; without a client if that is empty."""
        head = f"[{module}:{level}] [pid {pid}:tid {pid}] " + (f"[client {client}:4711] " if client else "")
        self.lines += [(second, head + text.format(pid=pid, about=about)) for second in seconds]
        return self

    def own(self, text: str, *seconds: float, pid: int = 100) -> Log:
        """A line of the parent's own life."""
        return self.add(text, *seconds, pid=pid, client="", level="notice")

    def every(self, step: float, begin: float, end: float, text: str, clients: int = 40, pids: int = 8) -> Log:
        """The line again and again, by changing workers for changing clients."""
        number = 0
        while begin + number * step < end:
            client = f"203.0.113.{1 + number % clients}"
            self.add(text, begin + number * step, pid=200 + number % pids, client=client, about=400 + number % pids)
            number += 1
        return self

    def text(self) -> str:
        """The log as httpd 2.4 writes it."""
        rows = []
        for second, text in sorted(self.lines, key=lambda line: line[0]):
            when = START + timedelta(seconds=second)
            rows.append(f"[{when:%a %b %d %H:%M:%S}.{when.microsecond:06d} {when:%Y}] {text}\n")
        return "".join(rows)


def day(hours: float = 16) -> Log:
    """Hours of customers who only look."""
    return Log().every(97, 0, hours * HOUR, BROWSE)


def told(log: Log, folder: Path, *more: str, tz: str = "UTC", only: tuple[str, ...] = PATTERNS) -> Report:
    """The report on a log, by the shop's patterns and these."""
    (folder / "patterns").mkdir(exist_ok=True)
    for number, text in enumerate((*only, *more)):
        (folder / "patterns" / f"{number:02}.toml").write_text(text)
    (folder / "error.log").write_text(log.text())
    return logsleuth.analyze([folder / "error.log"], tz=tz, patterns=[folder / "patterns"], command="logsleuth analyze")


def second(time: int | None) -> float:
    """Seconds after START of a moment in a report."""
    assert time is not None
    return time / SECOND - START.timestamp()
