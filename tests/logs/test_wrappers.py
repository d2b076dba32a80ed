"""An error log tells the same story whatever its lines are wrapped in."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth import analyze
from logsleuth.logs.httpd.tokenize import EPOCH, tokenize
from logsleuth.logs.wrappers.wrapped import WRAPPERS

if TYPE_CHECKING:
    from logsleuth.report.model import Report

SAMPLES = ("sample_logs/stale-egg-24.log", "sample_logs/crash-prefork.log")


def docker(line: str, time: datetime) -> str:
    return json.dumps({"log": line + "\n", "stream": "stderr", "time": f"{time:%Y-%m-%dT%H:%M:%S.%f}789Z"})


def cri(line: str, time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%S.%f}789Z stderr F {line}"


def journal(line: str, time: datetime) -> str:
    micros = str((time - EPOCH) // timedelta(microseconds=1))
    fields = {"__REALTIME_TIMESTAMP": micros, "SYSLOG_IDENTIFIER": "apache2", "_PID": "1", "_HOSTNAME": "web1"}
    return json.dumps({**fields, "MESSAGE": line})


def rfc3164(line: str, time: datetime) -> str:
    return f"{time:%b} {time.day:2} {time:%H:%M:%S} web1 apache2[1]: {line}"


def rsyslog(line: str, time: datetime) -> str:
    return f"{time.isoformat()} web1 httpd: {line}".replace("\t", "#011")


def rfc5424(line: str, time: datetime) -> str:
    return f'<187>1 {time.isoformat().replace("+00:00", "Z")} web1 httpd 1 - [origin ip="192.0.2.1" x="a\\"]"] {line}'


def ts(line: str, time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%S.%f}Z {line}"


def kubectl(line: str, time: datetime) -> str:
    return f"[pod/shop-7d9/httpd] {line}"


def compose(line: str, time: datetime) -> str:
    return f"web-1    | {line}"


def compose_timed(line: str, time: datetime) -> str:
    return f"web_1  | {time:%Y-%m-%dT%H:%M:%S.%f}789Z {line}"


def fluentd(line: str, time: datetime) -> str:
    return f"{time.isoformat()}\tapache.error\t{json.dumps({'message': line})}"


def fluent_bit(line: str, time: datetime) -> str:
    return f"apache.error: [{time.timestamp():.6f}, {json.dumps({'log': line})}]"


def logcli(line: str, time: datetime) -> str:
    return f'{time.isoformat().replace("+00:00", "Z")} {{host="web1", job="apache"}} {line}'


def heroku(line: str, time: datetime) -> str:
    return f"83 <190>1 {time.isoformat()} host app web.1 - {line}"


def aws_tail(line: str, time: datetime) -> str:
    return f"{time.isoformat(timespec='microseconds')} web1/error.log {line}"


def server(line: str, time: datetime) -> str:
    return f"www.example.com:443 {line}"


def bracketed_server(line: str, time: datetime) -> str:
    return f"[www.example.com] {line}"


Wrap = Callable[[str, datetime], str]
WRAPS: dict[str, Wrap] = {
    "docker json-file": docker,
    "Kubernetes CRI": cri,
    "journal json": journal,
    "syslog": rfc3164,
    "syslog (RFC 5424)": rfc5424,
    "time stamps": ts,
    "docker compose": compose_timed,
    "server names": server,
    "Fluentd": fluentd,
    "Fluent Bit": fluent_bit,
    "Loki": logcli,
    "Heroku": heroku,
    "CloudWatch": aws_tail,
}


def wrapped(source: str, target: Path, wrap: Wrap, *, timeless: bool = False) -> str:
    """A sample in a wrapper; `timeless`: as `ErrorLog syslog` hands it on."""
    now = EPOCH
    lines = []
    for line in Path(source).read_text(encoding="utf-8").splitlines():
        record = tokenize(line.encode())
        if record.time is not None:
            now = EPOCH + timedelta(microseconds=record.time)
        timed = timeless and record.time is not None
        lines.append(wrap(line.split("] ", 1)[1] if timed else line, now) + "\n")
    target.write_text("".join(lines), encoding="utf-8")
    import os

    changed = now.timestamp()
    os.utime(target, (changed, changed))
    return str(target)


def story(report: Report) -> object:
    """What must not hang on the wrapper."""
    return [
        (
            incident.category, incident.confidence, incident.onset, incident.end, incident.recovery_how,
            incident.pool, [(worker.pid, worker.time, worker.how) for worker in incident.lost],
            [(cause.pattern, cause.count, cause.first) for cause in incident.causes],
            [(evidence.line, evidence.time, evidence.pattern) for evidence in incident.evidence],
        )
        for incident in report.incidents
    ]  # fmt: skip


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("name", WRAPS)
def test_the_same_story_in_every_wrapper(name: str, sample: str, tmp_path: Path) -> None:
    plain = analyze([sample], tz="UTC")
    report = analyze([wrapped(sample, tmp_path / "any.log", WRAPS[name])], tz="UTC")
    assert story(report) == story(plain)
    assert report.logs[0].format == f"httpd in {name}"
    assert report.logs[0].unparsed == 0


@pytest.mark.parametrize("wrap", [rsyslog, kubectl, compose, bracketed_server])
def test_other_spellings_are_known(wrap: Wrap, tmp_path: Path) -> None:
    report = analyze([wrapped(SAMPLES[1], tmp_path / "any.log", wrap)], tz="UTC")
    assert story(report) == story(analyze([SAMPLES[1]], tz="UTC"))


def test_the_time_that_apache_leaves_to_syslog_is_syslogs(tmp_path: Path) -> None:
    path = wrapped(SAMPLES[1], tmp_path / "any.log", rsyslog, timeless=True)
    assert story(analyze([path], tz="UTC")) == story(analyze([SAMPLES[1]], tz="UTC"))


def test_a_time_that_names_its_zone_is_told_in_the_zone_asked_for(tmp_path: Path) -> None:
    path = wrapped(SAMPLES[1], tmp_path / "any.log", rsyslog, timeless=True)
    berlin, utc = (analyze([path], tz=zone) for zone in ("Europe/Berlin", "UTC"))
    assert [incident.onset for incident in berlin.incidents] == [incident.onset for incident in utc.incidents]


def test_other_programs_in_a_syslog_are_neighbours(tmp_path: Path) -> None:
    path = Path(wrapped(SAMPLES[1], tmp_path / "syslog", rfc3164))
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    first = lines[0][:15]
    other = f"{first} web1 cron[7]: (root) CMD (true)\n{first} web1 kernel: [ 12.345678] eth0: link up\n"
    path.write_text(other + "".join(lines), encoding="utf-8")
    import os

    changed = datetime(2026, 12, 31, tzinfo=UTC).timestamp()
    os.utime(path, (changed, changed))
    report = analyze([str(path)], tz="UTC")
    plain = analyze([SAMPLES[1]], tz="UTC")
    assert [log.format for log in report.logs] == ["httpd in syslog", "syslog"]
    assert [i.category for i in report.incidents] == [i.category for i in plain.incidents]
    assert len(report.incidents[0].lost) == len(plain.incidents[0].lost)


def test_a_year_that_is_missing_is_the_last_that_was_possible() -> None:
    from datetime import date

    from logsleuth.logs.wrappers.stamps import year_of

    assert year_of(12, 31, date(2021, 1, 1)) == 2020
    assert year_of(1, 1, date(2021, 1, 1)) == 2021
    assert year_of(1, 2, date(2021, 1, 1)) == 2021  # the log's zone may be ahead
    assert year_of(3, 1, date(2021, 1, 1)) == 2020


INNER = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_characters="#\x7f"), min_size=1)


@given(st.sampled_from(sorted(WRAPS.keys() - {"server names"})), INNER.filter(lambda text: not text[0].isspace()))
def test_what_was_wrapped_is_peeled_again(name: str, inner: str) -> None:
    time = datetime(2020, 3, 3, 14, 2, 11, 123456, tzinfo=UTC)
    outer = WRAPPERS[name](WRAPS[name](inner, time), time.date())
    assert outer is not None
    assert outer.inner == inner
    assert outer.time is not None
    assert abs(EPOCH + timedelta(microseconds=outer.time) - time) < timedelta(seconds=1)


@given(st.sampled_from(sorted(WRAPPERS)), st.text(max_size=80), INNER)
def test_no_line_breaks_a_wrapper(name: str, line: str, inner: str) -> None:
    time = datetime(2020, 3, 3, 14, 2, 11, tzinfo=UTC)
    WRAPPERS[name](line, time.date())
    WRAPPERS[name](WRAPS[name](inner, time)[: len(line)] + line, time.date())
