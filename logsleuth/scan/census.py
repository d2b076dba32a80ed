"""What is counted of every line, matched or not: signs of life, requests, and the log as a whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING

from logsleuth.scan.bykey import Answers
from logsleuth.scan.line import MICRO
from logsleuth.scan.sighting import earlier, later
from logsleuth.scan.tally import SAMPLES, LogTally, Sign, Tally, Traffic
from logsleuth.scan.text import names_client

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from logsleuth.logs.httpd.record import Request
    from logsleuth.scan.line import Line
    from logsleuth.scan.own import Own

LEAST_STEP = 60
"""Seconds; processes and threads of one host are out of order by less."""
LONG_LINE = 8180
"""httpd's buffer is 8192 bytes (MAX_STRING_LEN, include/httpd.h): a line this long has lost its tail."""


HOW_READ = attrgetter("kind", "parsed", "damaged")
MOMENT = attrgetter("time", "place")
"""The order of lines."""


class Census:
    """Counts the lines that a block owns into a tally."""

    def __init__(self, tally: Tally, own: Own, *, foreign: bool) -> None:
        self._tally, self._own = tally, own
        self._log = tally.logs.setdefault(own.block.log, LogTally())
        self._log.foreign |= foreign
        self._dated = [line for line in own.lines if line.dated]

    def count_log(self, joined: Collection[int], entries: int) -> None:
        """Count the log as a whole; `joined`: the lines that belong to entries, of which the block owns so many."""
        log, own = self._log, self._own
        if own.is_whole:
            log.add_block(own.block, own.begun)
        log.lines += len(own.lines)
        for (kind, parsed, damaged), count in Counter(map(HOW_READ, own.lines)).items():
            log.records += count * parsed
            log.unparsed += count * damaged
            log.bare += count * (not parsed and not damaged)
            if kind is not None:
                log.kinds[kind] = log.kinds.get(kind, 0) + count
        log.joined += (sum(line.nth in joined for line in own.lines) if joined else 0) - entries
        log.long += sum([len(line.raw) >= LONG_LINE for line in own.lines])
        log.odd_bytes += self._odd_lines()
        log.add_samples([own.sighting(line, line.time) for line in own.lines if line.damaged][:SAMPLES])
        if self._dated:
            first, last = min(self._dated, key=MOMENT), max(self._dated, key=MOMENT)
            log.first = earlier(log.first, own.sighting(first, first.time))
            log.last = later(log.last, own.sighting(last, last.time))

    def _odd_lines(self) -> int:
        """Lines with bytes that httpd would have escaped."""
        data = self._own.block.data
        if data.isascii() and data.find(b"\0", 0, self._own.block.size) < 0:
            return 0
        return sum(not line.raw.isascii() or b"\0" in line.raw for line in self._own.lines)

    def count_steps(self, lines: Sequence[Line], reach: int) -> None:
        """Note where the time goes back: clocks that are set, the end of daylight saving time, other zones' writers.

        `lines`: all that the block shows; `reach`: the line before must be one that every block shows which owns the
        line after.
        """
        before, steps = None, []
        for line in lines:
            if line.dated and self._own.looked_at(line):
                if before is not None:
                    back = before.second - line.second
                    if back >= LEAST_STEP and self._own.holds(line) and line.place - before.place <= reach:
                        steps.append((back, self._own.sighting(line, line.time)))
                before = line
        self._log.stepped += len(steps)
        self._log.add_steps(steps)

    def count_signs(self) -> None:
        """Note for each pid when it wrote: its first and last line within each stretch of time."""
        signs = self._tally.signs
        times: dict[int, list[int]] = defaultdict(list)
        for line in self._dated:
            if line.pid:
                times[line.pid].append(line.time)
        width = signs.width * MICRO
        for pid, moments in times.items():
            moments.sort()
            begin = 0
            for at in range(1, len(moments) + 1):
                if at == len(moments) or moments[at] // width != moments[begin] // width:
                    signs.add(pid, Sign(moments[begin], moments[at - 1], at - begin))
                    begin = at
        signs.fit()

    def count_served(self, continued: Collection[int]) -> None:
        """Count lines that name a client by second, but for the rest of each traceback."""
        self._tally.served.add(
            [
                line.time // MICRO
                for line in self._dated
                if names_client(line.client, line.rest) and line.nth not in continued
            ]
        )

    def count_traffic(self) -> None:
        """Count the requests of an access log, by second and by who asked for what.

        Its reader calls those errors that the server failed, warnings those that it refused, and notices those that it
        sent elsewhere.
        """
        requests = [line for line in self._dated if line.kind is not None and _asks(line)]
        traffic = self._tally.traffic.setdefault(self._own.block.log, Traffic())
        traffic.all.add(line.second for line in requests)
        traffic.refused.add(line.second for line in requests if _level(line) == "warn")
        traffic.failed.add(line.second for line in requests if _level(line) == "error")
        traffic.redirected.add(line.second for line in requests if _level(line) == "notice")
        traffic.took.add((line.second, line.took) for line in requests if line.took is not None)
        counts = Counter((line.request, _level(line)) for line in requests)
        for field, by_key in enumerate((traffic.by_client, traffic.by_vhost, traffic.by_path)):
            by_key.add(_answers(counts, field))


def _answers(counts: Counter[tuple[Request | None, str]], field: int) -> dict[str, Answers]:
    """How the requests were answered, by one field of what they say."""
    answers: dict[str, Answers] = defaultdict(Answers)
    for (request, level), count in counts.items():
        if request is not None and (key := (request.client, request.vhost, request.path)[field]):
            one = Answers(count, count * (level == "warn"), count * (level == "error"), count * (level == "notice"))
            answers[key] = answers[key].plus(one)
    return answers


def _asks(line: Line) -> bool:
    """Whether the line is of a request: not of a connection that timed out before it asked for anything."""
    return line.request is None or line.request.asks


def _level(line: Line) -> str:
    return line.kind[1] if line.kind is not None else ""
