"""What is counted of every line, matched or not: shapes, signs of life, requests, and the log as a whole."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from logsleuth.scan import templates
from logsleuth.scan.bykey import Answers
from logsleuth.scan.heads import NO_KIND, OPEN
from logsleuth.scan.sighting import earlier, later
from logsleuth.scan.tally import (
    SAMPLES,
    STEPS,
    TEMPLATES,
    LogTally,
    Sign,
    Tally,
    Traffic,
)
from logsleuth.scan.times import NO_TIME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from logsleuth.logs.record import Request
    from logsleuth.scan.lines import Lines
    from logsleuth.scan.tokens import Tokens
    from logsleuth.scan.view import View


LEAST_STEP = 60
"""Seconds; processes and threads of one host are out of order by less."""
LONG_LINE = 8180
"""httpd's buffer is 8192 bytes (MAX_STRING_LEN, include/httpd.h): a line this long has lost its tail."""


def add_templates(tally: Tally, view: View, matched: NDArray[np.bool_], shapes: Tokens[int]) -> None:
    """Count the owned lines that no pattern matched, by shape; indented lines continue something and are left out."""
    lines = view.lines
    chosen = np.flatnonzero(view.owned & ~matched & (lines.text < lines.end))
    begun = templates.begins(lines, chosen)
    initial = begun.view(np.uint8)[:: templates.WIDTH]
    plain = (initial != 32) & (initial != 9)
    if not plain.all():
        chosen, begun = chosen[plain], begun[plain]
    if not len(chosen):
        return
    keys = templates.keys(lines, chosen, begun)
    ranks = np.array([templates.rank(level) for _, level in lines.kinds] + [1], np.int64)[lines.kind[chosen]]
    if len(tally.templates) >= TEMPLATES:  # nothing above the highest that is kept can be kept
        rank, key = max(tally.templates)
        low = (ranks < rank) | ((ranks == rank) & (keys <= np.uint64(key)))
        chosen, keys, ranks = chosen[low], keys[low], ranks[low]
        if not len(chosen):
            return
    ids = shapes.ids(keys, lambda at: keys[at].tolist())
    first = np.full(len(shapes.values), -1, np.int64)
    first[ids[::-1]] = np.arange(len(ids))[::-1]  # of several assignments to one place numpy keeps the last
    present = np.flatnonzero(first >= 0)
    named = list(zip(ranks[first[present]].tolist(), keys[first[present]].tolist(), strict=True))
    number = np.full(len(first), -1, np.int64)
    if len(named) > TEMPLATES:
        lowest = sorted(range(len(named)), key=named.__getitem__)[:TEMPLATES]
        named, present = [named[nth] for nth in lowest], present[lowest]
    number[present] = np.arange(len(present))
    which = number[ids]
    low = which >= 0
    view.add_templates(tally, named, which[low], chosen[low])


def add_signs(tally: Tally, view: View) -> None:
    """Note for each pid when it wrote: its first and last line within each stretch of time."""
    lines = view.lines
    chosen = np.flatnonzero(view.owned & (lines.proc >= 0) & lines.dated)
    if not len(chosen):
        return
    # clocks step back, and the first line of a stretch need not be its earliest
    chosen = chosen[np.argsort(lines.time[chosen], kind="stable")]
    procs = lines.proc[chosen]
    stretch = lines.second[chosen] // tally.signs.width
    change = np.flatnonzero(np.diff(stretch)) + 1
    for begin, end in zip([0, *change.tolist()], [*change.tolist(), len(chosen)], strict=True):
        present, firsts, lasts, counts = _extent(procs[begin:end], len(lines.procs))
        pids = view.pids[present]
        worth = tally.signs.worth_adding(pids)
        pids, firsts, lasts, counts = pids[worth], firsts[worth], lasts[worth], counts[worth]
        first_times = lines.micros(chosen[begin + firsts]).tolist()
        last_times = lines.micros(chosen[begin + lasts]).tolist()
        for pid, first, last, count in zip(pids.tolist(), first_times, last_times, counts.tolist(), strict=True):
            tally.signs.add(pid, Sign(first, last, count))
    tally.signs.fit()


def _extent(ids: NDArray[np.int64], most: int) -> tuple[NDArray[np.int64], ...]:
    """The ids that are there, and for each its first place, its last place and how often it is there.

    A table as long as the vocabulary beats sorting, unless the stretch is short.
    """
    if most > 4 * len(ids):
        present, firsts, counts = np.unique(ids, return_index=True, return_counts=True)
        return present, firsts, len(ids) - 1 - np.unique(ids[::-1], return_index=True)[1], counts
    places = np.arange(len(ids))
    counts = np.bincount(ids, minlength=most)
    first, last = np.empty(most, np.int64), np.empty(most, np.int64)
    last[ids] = places  # of several assignments to one place numpy keeps the last
    first[ids[::-1]] = places[::-1]
    present = np.flatnonzero(counts)
    return present, first[present], last[present], counts[present]


def add_served(tally: Tally, view: View, continued: NDArray[np.bool_]) -> None:
    """Count owned lines that name a client by second, but for the rest of each traceback."""
    lines = view.lines
    tally.served.add(lines.second[view.owned & lines.dated & lines.client & ~continued])


def add_traffic(tally: Tally, view: View) -> None:
    """Count the owned requests of an access log, by second and by who asked for what.

    Its reader calls those errors that the server failed, and warnings those that it refused.
    """
    lines = view.lines
    requests = view.owned & lines.dated & (lines.kind >= 0)
    traffic = tally.traffic.setdefault(view.block.log, Traffic())
    refused, failed = (
        requests & np.isin(lines.kind, [number for number, (_, kind) in enumerate(lines.kinds) if kind == level])
        for level in ("warn", "error")
    )
    traffic.all.add(lines.second[requests])
    traffic.refused.add(lines.second[refused])
    traffic.failed.add(lines.second[failed])
    _add_keys(
        traffic, [lines.requests[at] for at in np.flatnonzero(requests).tolist()], refused[requests], failed[requests]
    )


def _add_keys(
    traffic: Traffic, requests: Sequence[Request | None], refused: NDArray[np.bool_], failed: NDArray[np.bool_]
) -> None:
    """Count requests by client, virtual host and path."""
    counts = Counter(zip(requests, refused.tolist(), failed.tolist(), strict=True))
    for field, by_key in enumerate((traffic.by_client, traffic.by_vhost, traffic.by_path)):
        answers: dict[str, Answers] = {}
        for (request, was_refused, was_failed), count in counts.items():
            if request is not None and (key := request[field]):
                more = Answers(count, was_refused * count, was_failed * count)
                answers[key] = answers[key].plus(more) if key in answers else more
        by_key.add(answers)


def add_log(tally: Tally, view: View, in_entry: NDArray[np.bool_], entries: int) -> None:
    """Count the log as a whole."""
    lines, owned = view.lines, view.owned
    log = tally.logs.setdefault(view.block.log, LogTally())
    own = view.block
    raw = np.frombuffer(own.data, np.uint8)
    log.bytes += own.own_end - own.own_begin
    number = int(np.count_nonzero(owned))
    log.blocks[own.own_begin] = view.begun
    log.lines += number
    if not number:
        return
    headed = lines.kind >= 0
    understood = np.array([kind is not NO_KIND for kind in lines.kinds] + [False], np.bool_)[lines.kind] & headed
    like_head = _like_heads(raw, lines, ~understood) if lines.origin is None else lines.origin.unparsed
    bare = owned & ~understood & ~like_head
    log.records += int(np.count_nonzero(owned & understood))
    log.joined += int(np.count_nonzero(owned & in_entry)) - entries
    log.bare += int(np.count_nonzero(bare))
    unparsed = np.flatnonzero(owned & like_head)
    log.unparsed += len(unparsed)
    log.long += int(np.count_nonzero(owned & (lines.stop - lines.place >= LONG_LINE)))
    log.odd_bytes += _odd_lines(raw, lines, owned)
    for kind, count in enumerate(np.bincount(lines.kind[owned & headed]).tolist()):
        if count:
            log.kinds[lines.kinds[kind]] = log.kinds.get(lines.kinds[kind], 0) + count
    dated = np.flatnonzero(owned & lines.dated)
    if len(dated):
        times = lines.micros(dated)
        log.first = earlier(log.first, view.sighting(int(dated[times.argmin()]), int(times.min())))
        log.last = later(log.last, view.sighting(int(dated[len(times) - 1 - times[::-1].argmax()]), int(times.max())))
    for line in unparsed[:SAMPLES].tolist():
        second = int(lines.second[line])
        log.samples.append(view.sighting(line, second * 1_000_000 if second != NO_TIME else NO_TIME * 1_000_000))
    log.samples = sorted(log.samples, key=lambda sample: sample.offset)[:SAMPLES]


def _like_heads(raw: NDArray[np.uint8], lines: Lines, candidates: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Those of the candidates, which are few, that begin like a head."""
    like_head = np.zeros(len(lines), np.bool_)
    which = np.flatnonzero(candidates)
    like_head[which] = raw[lines.start[which]] == OPEN
    return like_head


def add_steps(tally: Tally, view: View, reach: int) -> None:
    """Note where the time goes back: clocks that are set, the end of daylight saving time, writers in other zones."""
    lines = view.lines
    dated = np.flatnonzero(lines.dated & view.looked_at)
    back = -np.diff(lines.second[dated])
    which = np.flatnonzero(back >= LEAST_STEP)
    after = dated[which + 1]
    # the line before must be one that every block shows which owns the line after
    good = view.owned[after] & (lines.place[after] - lines.place[dated[which]] <= reach)
    after, size = after[good], back[which][good]
    if not len(after):
        return
    log = tally.logs.setdefault(view.block.log, LogTally())
    log.stepped += len(after)
    largest = np.argsort(-size, kind="stable")[:STEPS]
    log.add_steps([(int(size[i]), view.sighting(int(after[i]), int(lines.time[after[i]]))) for i in largest])


def _odd_lines(raw: NDArray[np.uint8], lines: Lines, owned: NDArray[np.bool_]) -> int:
    """Owned lines with bytes that httpd would have escaped."""
    mine = np.flatnonzero(owned)
    begin, end = int(lines.place[mine[0]]), int(lines.stop[mine[-1]])
    if raw[begin:end].view(np.int8).min(initial=1) > 0:  # the lowest is NUL, or 0x80 and above
        return 0
    odd = raw[begin:end].view(np.int8) <= 0
    at = np.unique(np.searchsorted(lines.place, np.flatnonzero(odd) + begin, side="right") - 1)
    return int(owned[at].sum())
