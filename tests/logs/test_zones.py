"""The zone of an error log: named by its lines, a wrapper, an access log or a neighbour; else it is not known."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

import logsleuth
from benchmarks import changes
from logsleuth.errors import LogsleuthError
from logsleuth.logs.httpd.tokenize import tokenize
from logsleuth.logs.open.log import open_logs
from logsleuth.logs.zones.named import NamedZone, named_zone
from logsleuth.report.render import render
from logsleuth.timeline.clock import UNKNOWN, zone

ERROR = "[Tue Mar 03 {:02d}:{:02d}:{:02d}.000000 2026] [core:error] [pid 61] [client 192.0.2.{}:4000] AH00128: File does not exist: /x\n"
ACCESS = '192.0.2.{} - - [03/Mar/2026:{:02d}:{:02d}:{:02d} {}] "GET /x HTTP/1.1" 404 196 "-" "curl/7.88.1"\n'
HALF_PAST_SIX = -timedelta(hours=6, minutes=30)


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text)
    return str(folder / name)


def error_log(folder: Path, clients: int = 5) -> str:
    """Two hours from nine on, a line a minute."""
    lines = (ERROR.format(9 + n // 60, n % 60, 0, 1 + n % clients) for n in range(120))
    return write(folder, "error.log", "".join(lines))


def access_log(folder: Path, hour: int, *offsets: str, first: int = 100) -> str:
    """The same two hours by clients of its own (`first`: the number of the first), in these zones by turns."""
    lines = (
        ACCESS.format(first + n % 5, hour + n // 60, n % 60, 1, offsets[n % len(offsets)]) for n in range(120)
    )  # fmt: skip
    return write(folder, "access.log", "".join(lines))


def found(*paths: str) -> NamedZone | None:
    return named_zone(open_logs(paths)[0])


def test_an_access_log_of_the_same_time_names_the_zone(tmp_path: Path) -> None:
    paths = [error_log(tmp_path), access_log(tmp_path, 9, "-0630")]
    named = found(*paths)
    assert named == NamedZone(int(HALF_PAST_SIX.total_seconds()), paths[1], "access")
    report = logsleuth.analyze(paths)
    assert (report.zone, report.zone_known) == ("UTC-06:30", "from access.log")
    assert any(note.startswith("Times are read in UTC-06:30, ") for note in report.notes)
    assert json.loads(render(report, "json"))["logs"][0]["first"] == "2026-03-03T15:30:00Z"


def test_the_same_clients_at_the_same_time_name_it_too_whatever_zone_the_access_log_is_in(tmp_path: Path) -> None:
    error = write(tmp_path, "error.log", "".join(ERROR.format(14, 2 * n, 9 * n % 60, n) for n in range(1, 9)))
    access = write(
        tmp_path, "access.log", "".join(ACCESS.format(n, 13, 2 * n, 9 * n % 60, "+0000") for n in range(1, 9))
    )
    named = found(error, access)
    assert named is not None
    assert (named.offset, named.how) == (3600, "elsewhere")
    assert f"are in the error log and in {access}; --tz names another. {access} is in UTC itself." in named.sentence(
        None
    )


@pytest.mark.parametrize(
    ("ahead", "clients"), [(timedelta(hours=5, minutes=15), 8), (timedelta(hours=1), 4), (timedelta(0), 3)]
)
def test_a_zone_that_the_access_log_does_not_name_takes_more_than_a_few_chance_meetings(
    tmp_path: Path, ahead: timedelta, clients: int
) -> None:
    """It is a zone of some country, and not only three or four clients are at the same time in both logs."""
    stamps = [datetime(2026, 3, 3, 13, 2 * n, 9 * n % 60, tzinfo=UTC) for n in range(1, 1 + clients)]
    local = [when + ahead for when in stamps]
    lines = [ERROR.format(t.hour, t.minute, t.second, n) for n, t in enumerate(local, 1)]
    error = write(tmp_path, "error.log", "".join(lines))
    access = [ACCESS.format(n, t.hour, t.minute, t.second, "+0000") for n, t in enumerate(stamps, 1)]
    named = found(error, write(tmp_path, "access.log", "".join([*access, ACCESS.format(99, 20, 0, 0, "+0000")])))
    assert named is not None
    assert named.offset == 0


def test_three_clients_that_fit_by_chance_name_no_zone_that_no_line_names(tmp_path: Path) -> None:
    """Where no request is in both logs, every quarter of an hour has a client or two that fit."""
    chance = [(3, 0, 1), (3, 20, 2), (3, 40, 3), (2, 5, 4), (2, 25, 5)]  # hours and minutes between the two lines
    error = write(tmp_path, "error.log", "".join(ERROR.format(14, minute, 0, n) for _, minute, n in chance))
    asked = [(14, 0, 200), *((14 + ahead, minute, n) for ahead, minute, n in chance)]
    access = write(
        tmp_path, "access.log", "".join(ACCESS.format(n, hour, minute, 0, "-0500") for hour, minute, n in asked)
    )
    named = found(error, access)
    assert named is not None
    assert (named.offset, named.others) == (-5 * 3600, ())


def test_of_two_zones_in_an_access_log_the_servers_is_told_from_the_workers(tmp_path: Path) -> None:
    """Workers call tzset(), as Django does: their lines in both logs are in its zone."""
    lines = [(n, minute, 9 * n % 60) for n, minute in enumerate(range(0, 40, 2), 1)]
    error = write(tmp_path, "error.log", "".join(ERROR.format(14, minute, second, n) for n, minute, second in lines))
    access = write(
        tmp_path, "access.log",
        "".join(
            ACCESS.format(n, 14, minute, second, "+0100") if n % 3 else ACCESS.format(n, 7, minute, second, "-0600")
            for n, minute, second in lines
        ),
    )  # fmt: skip
    report = logsleuth.analyze([error, access])
    assert (report.zone, report.zone_known) == ("UTC+01:00", "from access.log")
    assert any("names UTC-06:00 too" in note for note in report.notes)


def test_the_zone_in_an_access_log_is_the_parents_where_workers_write_elsewhere(tmp_path: Path) -> None:
    text = Path("sample_logs/stale-egg-24.log").read_text()
    (tmp_path / "error.log").write_text(changes.workers_elsewhere(text))
    plain = logsleuth.analyze(["sample_logs/stale-egg-24.log"], tz="+01:00")
    first = min(log.first for log in plain.logs if log.first is not None)
    start = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=first)
    stamps = [start + timedelta(minutes=n) for n in range(30)]
    names = [
        moment.astimezone(timezone(timedelta(hours=1 if n < 3 else -6))) for n, moment in enumerate(stamps)
    ]  # fmt: skip
    (tmp_path / "access.log").write_text(
        "".join(f'198.51.100.9 - - [{when:%d/%b/%Y:%H:%M:%S %z}] "GET / HTTP/1.1" 200 5\n' for when in names)
    )
    report = logsleuth.analyze([tmp_path / "error.log", tmp_path / "access.log"])
    assert (report.zone, report.zone_known) == ("UTC+01:00", "from access.log")
    assert [incident.onset for incident in report.incidents] == [incident.onset for incident in plain.incidents]


@pytest.mark.parametrize(
    ("at", "before", "after"),
    [(datetime(2026, 3, 29, 1, tzinfo=UTC), 1, 2), (datetime(2026, 10, 25, 1, tzinfo=UTC), 2, 1),
     (datetime(2026, 3, 8, 8, tzinfo=UTC), -6, -5)],
)  # fmt: skip
def test_clocks_that_are_put_on_or_back_are_read_before_and_after(
    tmp_path: Path, at: datetime, before: int, after: int
) -> None:
    stamps = [at + timedelta(minutes=7 * n + 3) for n in range(-40, 40)]
    local = [when.astimezone(timezone(timedelta(hours=before if when < at else after))) for when in stamps]
    error = write(
        tmp_path, "error.log",
        "".join(f"[{when:%a %b %d %H:%M:%S}.000000 {when.year}] [core:error] [pid 61] AH00128: x\n" for when in local),
    )  # fmt: skip
    access = write(
        tmp_path, "access.log",
        "".join(f'198.51.100.9 - - [{when:%d/%b/%Y:%H:%M:%S %z}] "GET / HTTP/1.1" 200 5\n' for when in local),
    )  # fmt: skip
    report = logsleuth.analyze([error, access])
    first, last = (moment.astimezone(UTC) for moment in (stamps[0], stamps[-1]))
    micros = timedelta(microseconds=1)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert {(log.first, log.last) for log in report.logs} == {((first - epoch) // micros, (last - epoch) // micros)}
    assert report.zone.endswith(f" from {at:%Y-%m-%dT%H:%M}Z")
    assert zone(report.zone).utcoffset(local[0].replace(tzinfo=None)) == local[0].utcoffset()
    for when, wall in zip(stamps, local, strict=True):
        assert when.astimezone(zone(report.zone)).replace(tzinfo=None, fold=0) == wall.replace(tzinfo=None)


@pytest.mark.parametrize("place", [0.3, 0.5, 0.8])
def test_a_change_of_clocks_far_from_a_large_logs_ends_is_found(tmp_path: Path, place: float) -> None:
    """Four days of a log of 1.5 MB, of which only the ends are looked at otherwise."""
    at, number = datetime(2024, 10, 5, 16, tzinfo=UTC), 3_000
    stamps = [at + timedelta(minutes=2 * (n - round(place * number)) + 1) for n in range(number)]
    local = [when.astimezone(timezone(timedelta(hours=10 if when < at else 11))) for when in stamps]
    lines = (f'198.51.100.9 - - [{when:%d/%b/%Y:%H:%M:%S %z}] "GET /{"x" * 400} HTTP/1.1" 200 5\n' for when in local)
    error = (f"[{when:%a %b %d %H:%M:%S}.000000 {when.year}] [core:error] [pid 61] AH00128: x\n" for when in local)
    named = found(write(tmp_path, "error.log", "".join(error)), write(tmp_path, "access.log", "".join(lines)))
    assert named is not None
    assert named.name == "UTC+10:00, UTC+11:00 from 2024-10-05T16:00Z"


def test_workers_that_take_up_a_zone_an_hour_away_are_no_change_of_clocks(tmp_path: Path) -> None:
    error = write(tmp_path, "error.log", "".join(ERROR.format(14, n, 0, 9) for n in range(30)))
    access = write(
        tmp_path, "access.log",
        "".join(ACCESS.format(8, 14 + (n > 2), n, 5, "+0100" if n > 2 else "+0000") for n in range(30)),
    )  # fmt: skip
    named = found(error, access)
    assert named is None or named.later is None


def test_who_names_a_zone_is_obeyed_and_warned(tmp_path: Path) -> None:
    report = logsleuth.analyze([error_log(tmp_path), access_log(tmp_path, 9, "-0630")], tz="Europe/Berlin")
    assert (report.zone, report.zone_known) == ("Europe/Berlin", "named")
    assert any(note.startswith("Times are read in Europe/Berlin, as --tz says, though ") for note in report.notes)


@pytest.mark.parametrize(("hour", "offsets"), [(20, ["+0530"]), (9, ["+0530", "-0600"])])
def test_logs_of_another_time_or_of_several_zones_name_none(tmp_path: Path, hour: int, offsets: list[str]) -> None:
    assert found(error_log(tmp_path), access_log(tmp_path, hour, *offsets)) is None


def test_a_client_that_asks_all_the_time_proves_no_zone(tmp_path: Path) -> None:
    error = write(tmp_path, "error.log", "".join(ERROR.format(14, n, 0, 9) for n in range(30)))
    access = write(
        tmp_path, "access.log", "".join(ACCESS.format(9, n // 60, n % 60, 0, "+0000") for n in range(24 * 60))
    )
    named = found(error, access)
    assert named is not None  # the one offset that there is
    assert named.offset == 0
    access_two = Path(access).read_text().replace("+0000", "+0200", 5)
    Path(access).write_text(access_two)
    assert found(error, access) is None


@pytest.mark.parametrize(("ahead", "late"), [(3600, 0), (-25200, 30), (20700, 0), (0, 5)])
def test_what_the_lines_are_wrapped_in_names_the_zone(tmp_path: Path, ahead: int, late: int) -> None:
    lines = []
    for n in range(30):
        utc = datetime(2026, 3, 3, 13, n, 7, tzinfo=UTC)
        local = utc + timedelta(seconds=ahead - late)
        lines.append(
            json.dumps({
                "log": f"[{local:%a %b %d %H:%M:%S}.000000 {local.year}] [core:error] [pid 61] AH00128: x\n",
                "stream": "stderr", "time": f"{utc:%Y-%m-%dT%H:%M:%S}.5Z",
            }) + "\n"
        )  # fmt: skip
    report = logsleuth.analyze([write(tmp_path, "c-json.log", "".join(lines))])
    assert report.zone_known == "from c-json.log"
    assert zone(report.zone).utcoffset(None) == timedelta(seconds=ahead)


def test_a_shipper_that_read_an_old_log_proves_no_zone(tmp_path: Path) -> None:
    lines = [
        json.dumps({
            "@timestamp": f"2026-03-05T10:00:{n:02}.000Z", "agent": {"type": "filebeat"}, "host": {"name": "web01"},
            "message": ERROR.format(9, n, 11, 9).strip(),
        }) + "\n"
        for n in range(40)
    ]  # fmt: skip
    assert found(write(tmp_path, "filebeat.json", "".join(lines))) is None


def test_lines_that_name_their_zone_name_it(tmp_path: Path) -> None:
    text = "".join(ERROR.format(9, n, 11, 9) for n in range(9)).replace(" 2026] ", " 2026 +0530] ")
    named = found(write(tmp_path, "error.log", text))
    assert named is not None
    assert (named.name, named.how) == ("UTC+05:30", "lines")


def test_a_journal_in_local_time_names_it(tmp_path: Path) -> None:
    journal = "".join(f"2026-03-03T09:{n:02}:00+0100 web1 systemd[1]: Started session {n}.\n" for n in range(9))
    named = found(error_log(tmp_path), write(tmp_path, "journal.txt", journal))
    assert named is not None
    assert (named.name, named.how) == ("UTC+01:00", "neighbour")
    assert found(error_log(tmp_path), write(tmp_path, "journal.txt", journal.replace("+0100", "+0000"))) is None


def test_a_journal_in_utc_names_it_where_both_tell_of_the_same_events(tmp_path: Path) -> None:
    error = write(
        tmp_path, "error.log",
        "[Tue Mar 03 14:02:11.120001 2026] [mpm_prefork:notice] [pid 9] AH00163: Apache/2.4.57 configured -- resuming normal operations\n"
        "[Tue Mar 03 14:20:00.120001 2026] [core:notice] [pid 9] AH00052: child pid 4711 exit signal Segmentation fault (11)\n"
        "[Tue Mar 03 15:47:03.120001 2026] [mpm_prefork:notice] [pid 9] AH00169: caught SIGTERM, shutting down\n",
    )  # fmt: skip

    def journal(*entries: tuple[str, str, str]) -> str:
        lines = [
            json.dumps({
                "__REALTIME_TIMESTAMP": str(int(datetime.fromisoformat(f"2026-03-03T{time}+00:00").timestamp()) * 1_000_000),
                "SYSLOG_IDENTIFIER": program, "_HOSTNAME": "web1", "MESSAGE": message,
            }) + "\n"
            for time, program, message in entries
        ]  # fmt: skip
        return write(tmp_path, "journal.json", "".join(lines))

    started = ("13:02:11", "systemd", "Started The Apache HTTP Server.")
    stopped = ("14:47:03", "systemd", "Stopping The Apache HTTP Server...")
    died = ("13:20:00", "kernel", "apache2[4711]: segfault at 0 ip 00007f rsp 00007ffd error 4 in libphp.so")
    other = ("13:30:00", "cron", "session opened")
    for events in ((started, stopped, other), (died, other), (started, died, stopped)):
        named = found(error, journal(*events))
        assert named is not None
        assert named.name == "UTC+01:00"
    assert found(error, journal(started, other)) is None
    assert found(error, journal(other)) is None


def test_a_zone_that_nothing_names_is_not_known_and_no_report_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/Chicago")
    report = logsleuth.analyze(["sample_logs/crash-prefork.log"])
    assert (report.zone, report.zone_known) == (UNKNOWN, "unknown")
    data = json.loads(render(report, "json"))
    assert (data["zone"], data["zone_known"]) == (None, "unknown")
    assert data["incidents"][0]["onset"].startswith("20")
    assert not data["incidents"][0]["onset"].endswith("Z")
    evidence = data["incidents"][0]["evidence"][0]
    written = tokenize(evidence["text"].encode()).time
    assert written is not None
    assert evidence["time"] == (datetime(1970, 1, 1) + timedelta(microseconds=written)).isoformat()
    for style in ("text", "markdown", "html", "brief", "csv"):
        assert "Chicago" not in render(report, style)
        assert "UTC" not in render(report, style).replace("UTC+", "")[:3000]


def test_a_time_with_a_zone_is_refused_where_the_logs_is_not_known() -> None:
    with pytest.raises(LogsleuthError, match="the zone of the logs is not known"):
        logsleuth.analyze(["sample_logs/crash-prefork.log"], since=datetime(2026, 3, 3, tzinfo=UTC))


def test_zones_by_their_offset() -> None:
    assert zone("UTC-06:00") == zone("-0600") == timezone(timedelta(hours=-6))
    assert zone("+05:45") == timezone(timedelta(hours=5, minutes=45))
    for wrong in ("+25:00", "-6", "UTC+"):
        with pytest.raises(LogsleuthError, match="unknown time zone"):
            zone(wrong)
