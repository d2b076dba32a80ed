"""The lines of several hosts in one log: counted apart, however the log is cut, within a bound on hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.scan import tally as tallies
from logsleuth.scan.hosts import as_one_host, renumbered, servers_of, tally_of_host
from logsleuth.scan.options import ScanOptions
from logsleuth.scan.scanner import Scanner
from logsleuth.scan.tally import LogTally, Tally
from tests.scan.test_laws import CUTS, MATCHER, assert_same, cut_up, enough, logs, merged, sightings

if TYPE_CHECKING:
    import random

    from logsleuth.logs.httpd.record import Record

HOSTS = (b"web1", b"web2", b"web3", b"")


def read(line: bytes) -> Record | None:
    """A line of httpd's behind its host's name."""
    host, _, text = line.rpartition(b"| ")
    record = tokenize(text)
    if record is not None:
        record.host = host.decode() or None
    return record


def shipped(data: bytes, rng: random.Random) -> bytes:
    """A log whose lines come from several hosts; some do not say from which."""
    lines = data.split(b"\n")
    return b"\n".join(b"%b| %b" % (host, line) if (host := rng.choice(HOSTS)) else line for line in lines)


def scanner(span: int, *, by_host: bool = True) -> Scanner:
    return Scanner(MATCHER, ScanOptions(span=span, reader=read, by_host=by_host))


def whole(data: bytes, span: int, *, by_host: bool = True) -> Tally:
    tally = Tally()
    for block in cut_up(data, len(data) + 1, span):
        tally.merge(scanner(span, by_host=by_host).scan(block))
    return tally


@given(logs(), CUTS, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_any_cut_and_any_order_of_merging_give_each_host_the_same_tally(
    data: bytes, size: int, rng: random.Random
) -> None:
    data = shipped(data, rng)
    span = enough(data) * 2
    blocks = cut_up(data, size, span)
    rng.shuffle(blocks)
    assert_same(merged([scanner(span).scan(block) for block in blocks], rng), whole(data, span))


@given(logs())
@settings(max_examples=25, deadline=None)
def test_a_log_of_one_host_counts_as_it_does_when_hosts_are_not_told_apart(data: bytes) -> None:
    data = b"\n".join(b"web1| " + line for line in data.split(b"\n"))
    span = enough(data) * 2
    assert_same(as_one_host(whole(data, span)), whole(data, span, by_host=False))


@given(logs(), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_no_host_has_a_line_of_another(data: bytes, rng: random.Random) -> None:
    lines = [rng.choice(HOSTS[:3]) + b"| " + line for line in data.split(b"\n")]
    tally = whole(b"\n".join(lines), enough(b"\n".join(lines)) * 2)
    for host in tally.hosts:
        own = tally_of_host(tally, host)
        assert {sighting.text.split("|")[0] for sighting in sightings(own)} <= {host}
        assert all(lines[(own.line_number(sighting) or 0) - 1].startswith(host.encode()) for sighting in sightings(own))


@given(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(1, 9)), max_size=20), st.randoms(use_true_random=False)
)
def test_hosts_beyond_the_bound_are_counted(lines: list[tuple[str, int]], rng: random.Random) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tallies, "HOSTS", 3)
        one, other = (
            merged([Tally(hosts={host: Tally(logs={0: LogTally(lines=count)})}) for host, count in order], rng)
            for order in (lines, lines[::-1])
        )
    assert_same(one, other)
    kept = sum(log.lines for own in one.hosts.values() for log in own.logs.values())
    assert len(one.hosts) <= 3
    assert kept + one.beyond.total == sum(count for _, count in lines)


def test_renumbering_there_and_back_changes_nothing() -> None:
    data = b"web1| [Fri Sep 04 14:30:00 2009] [error] boom\nweb2| [Fri Sep 04 14:30:01 2009] [error] boom\n"
    tally = whole(data, 4096)
    moved = renumbered(tally, {0: 7})
    assert {sighting.log for own in moved.hosts.values() for sighting in sightings(own)} == {7}
    assert_same(renumbered(moved, {7: 0}), tally)
    assert servers_of(tally) == ["web1", "web2"]
