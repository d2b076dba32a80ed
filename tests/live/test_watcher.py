"""A watch in simulated time: what it tells, and that it neither forgets nor grows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from logsleuth.live import saved
from logsleuth.live.reports import Reports
from logsleuth.live.verdict import Status
from logsleuth.live.watcher import Update, Watcher
from tests.live.fed import SAMPLES, probe_of

if TYPE_CHECKING:
    from logsleuth.live.event import Event

NOW = 1_772_546_400.0  # 2026-03-03 14:00 UTC
HOUR = 3600
HEAD = "[Tue Mar 03 {:02d}:{:02d}:{:02d}.000000 2026] [{}] [pid {}] "
MISSING = HEAD + "[client 192.0.2.9:40001] AH00128: File does not exist: /srv/www/{}\n"


class Day:
    """A watch of one log, whose clock is ours."""

    def __init__(self, folder: Path, reports: Reports | None = None) -> None:
        self.log = folder / "error.log"
        self.log.touch()
        self.now = NOW
        self.watcher = Watcher(probe_of(self.log), reports, spent=lambda: 0.0)

    def write(self, data: bytes) -> None:
        with self.log.open("ab") as stream:
            stream.write(data)

    def update(self, seconds: float = 1) -> Update:
        self.now += seconds
        return self.watcher.update(self.now)


def fed(day: Day, data: bytes, pieces: int = 30) -> list[Event]:
    """The events while a log is written; lines come whole."""
    lines = data.splitlines(keepends=True)
    step = -(-len(lines) // pieces)
    events = []
    for begin in range(0, len(lines), step):
        day.write(b"".join(lines[begin : begin + step]))
        update = day.update()
        events += [update.event] if update.event is not None else []
    return events


def test_an_incident_is_told_at_its_onset_when_it_grows_and_at_its_end(tmp_path: Path) -> None:
    day = Day(tmp_path, Reports(str(tmp_path / "reports"), "json"))
    data = (SAMPLES / "stale-egg-24.log").read_bytes()
    events = fed(day, data)
    assert [event.event for event in (events[0], events[-1])] == ["onset", "end"]
    assert {event.event for event in events[1:-1]} == {"change"}
    assert {event.category for event in events} == {"stale-egg"}
    assert "advised" in {event.restart for event in events}
    lost = [event.workers_lost for event in events[:-1]]
    assert lost == sorted(lost)
    (path,) = (tmp_path / "reports").iterdir()
    assert {event.report for event in events} == {str(path)}
    report = json.loads(path.read_text())
    assert [incident["category"] for incident in report["incidents"]] == ["stale-egg"]
    assert report["incidents"][0]["recovery"] is not None


def test_what_began_and_ended_between_two_looks_is_told_once(tmp_path: Path) -> None:
    day = Day(tmp_path, Reports(str(tmp_path / "reports"), "json"))
    day.update()
    lines = (SAMPLES / "stale-egg-24.log").read_bytes().splitlines(keepends=True)
    again = max(number for number, line in enumerate(lines) if b"resuming normal operations" in line)
    day.write(b"".join(lines[: again + 1]))
    day.now = datetime.strptime(lines[again][1:32].decode(), "%a %b %d %H:%M:%S.%f %Y").replace(tzinfo=UTC).timestamp()
    event = day.update().event
    assert event is not None
    assert (event.event, event.category, event.restart) == ("end", "stale-egg", "no")
    assert event.workers_lost > 0
    assert Path(event.report).exists()
    day.write(b"".join(lines[again + 1 :]))
    glances = [day.update() for _ in range(30)]
    assert [update.event for update in glances if update.event is not None] == []
    assert glances[-1].snapshot.incidents_total == {"stale-egg": 1}


def test_half_of_the_pool_is_not_yet_lost_when_it_is_told(tmp_path: Path) -> None:
    events = fed(Day(tmp_path), (SAMPLES / "stale-egg-2009.log").read_bytes(), pieces=80)
    told = next(event for event in events if event.category == "stale-egg" and event.restart == "advised")
    last = max(event.workers_lost for event in events)
    assert told.workers_lost * 2 < last


def test_who_watches_on_after_a_kill_tells_nothing_twice(tmp_path: Path) -> None:
    day = Day(tmp_path)
    lines = (SAMPLES / "stale-egg-24.log").read_bytes().splitlines(keepends=True)
    half = len(lines) // 2
    events = fed(day, b"".join(lines[:half]), pieces=5)
    assert events[0].event == "onset"
    after = Day(tmp_path)  # the first watch is never told that it ends
    assert after.update().event is None
    again = fed(after, b"".join(lines[half:]), pieces=5)
    assert "onset" not in {event.event for event in again}
    assert again[-1].event == "end"
    whole = after.watcher
    whole.save()
    state, _ = saved.load(probe_of(day.log).state)
    (followed,) = state.logs.values()
    assert [part.size for part in followed.open] == [sum(map(len, lines))]


def test_a_log_that_is_gone_is_told_once_and_the_watch_goes_on(tmp_path: Path) -> None:
    day = Day(tmp_path)
    day.write(MISSING.format(14, 0, 0, "core:info", 61, 1).encode())
    assert day.update().judgement.status is Status.OK
    day.log.unlink()
    glances = [day.update() for _ in range(3)]
    assert [update.judgement.status for update in glances] == [Status.UNKNOWN] * 3
    assert [len(update.messages) for update in glances] == [1, 0, 0]
    assert glances[-1].snapshot.verdict == 3
    assert glances[-1].snapshot.last_read[str(day.log)] < glances[-1].time - 1
    day.write(MISSING.format(14, 0, 5, "core:info", 61, 1).encode())
    assert day.update().judgement.status is Status.OK


def test_a_rotation_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    day = Day(tmp_path)
    for number in range(3):
        day.write(MISSING.format(14, number, 0, "core:info", 61, number).encode())
        day.update()
        day.log.rename(tmp_path / f"error.log.{9 - number}")
        day.log.touch()
    day.write(MISSING.format(14, 30, 0, "core:info", 61, 4).encode())
    update = day.update()
    assert [told.split(" was ")[1].split(" to ")[0] for told in update.messages] == ["rotated"]
    assert update.snapshot.lines_total == {str(day.log): 3}, "the first one was there when the watch began"


def test_in_a_flood_it_waits_longer_than_it_works(tmp_path: Path) -> None:
    """Each judgement takes a second of a clock that we move: the next one must not follow at once."""
    spent = iter(range(1000))
    day = Day(tmp_path)
    day.watcher = Watcher(probe_of(day.log), spent=lambda: float(next(spent)))
    judged = []
    for second in range(120):
        day.write(MISSING.format(14, second // 60, second % 60, "core:error", 61, second).encode())
        before = next(spent)
        day.update()
        judged.append(next(spent) - before > 1)
    assert 3 <= sum(judged) <= 7


def test_what_is_known_does_not_grow_for_ever(tmp_path: Path) -> None:
    """Nine days of a log that is rotated every night: the state has the size of a few days."""
    day = Day(tmp_path)
    sizes = []
    for hour in range(24 * 9):
        text = "".join(MISSING.format(hour % 24, minute, 0, "core:error", 61, minute) for minute in (0, 30))
        day.write(text.replace("Mar 03", f"Mar {3 + hour // 24:02d}").encode() * 40)
        day.update(HOUR)
        if hour % 24 == 23:
            sizes.append(len(msgspec.msgpack.encode(day.watcher._ledger.state)))
            day.log.rename(tmp_path / f"error.log-2026{hour:04d}")
            day.log.touch()
    assert max(sizes[6:]) < 1.2 * max(sizes[:6])
