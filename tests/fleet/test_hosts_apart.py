"""Each host's story is what analysing its logs alone gives, whether its logs are files or lines of a stream."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from logsleuth import analyze
from logsleuth.errors import LogsleuthError
from logsleuth.logs.open.block import read_range
from tests.fleet.fleets import THREE, alone, in_folders, in_one_stream


def test_three_logs_as_three_hosts_tell_three_stories(tmp_path: Path) -> None:
    paths = in_folders(tmp_path)
    fleet = analyze([tmp_path], tz="UTC")
    singles = {path.parent.name: analyze([path], tz="UTC") for path in paths}

    assert [host.host for host in fleet.hosts] == list(THREE)
    assert [host.verdict for host in fleet.hosts] == [singles[name].verdict for name in THREE]
    assert len(fleet.incidents) == sum(len(single.incidents) for single in singles.values())
    for incident in fleet.incidents:
        assert alone(incident) == alone(singles[incident.host].incidents[0])
        assert {Path(line.path).parent.name for line in incident.evidence} == {incident.host}


def test_the_stream_of_several_hosts_tells_their_stories(tmp_path: Path) -> None:
    path = in_one_stream(tmp_path / "vector.json", THREE)
    fleet = analyze([path], tz="UTC")
    for host in THREE:
        single = analyze([in_one_stream(tmp_path / f"{host}.json", {host: THREE[host]})], tz="UTC")
        mine = [incident for incident in fleet.incidents if incident.host == host]
        assert [one.title for one in mine] == [one.title for one in single.incidents]
        for one, other in zip(mine, single.incidents, strict=True):
            assert (one.onset, one.end, one.summary, one.lost_count, one.signals) == (
                other.onset, other.end, other.summary, other.lost_count, other.signals,
            )  # fmt: skip
    lines = path.read_text().splitlines()
    for incident in fleet.incidents:
        for cited in incident.evidence:
            assert cited.line is not None
            assert json.loads(lines[cited.line - 1])["host"] == incident.host


@pytest.mark.parametrize("jobs", [1, 2])
def test_one_host_of_a_stream_is_reported_as_if_alone(tmp_path: Path, jobs: int) -> None:
    path = in_one_stream(tmp_path / "vector.json", THREE)
    report = analyze([path], tz="UTC", host="web03", jobs=jobs)
    assert not report.hosts
    assert [incident.title for incident in report.incidents] == [
        incident.title for incident in analyze([THREE["web03"]], tz="UTC").incidents
    ]


def test_a_stream_of_one_host_is_one_host(tmp_path: Path) -> None:
    report = analyze([in_one_stream(tmp_path / "one.json", {"web01": THREE["web01"]})], tz="UTC")
    assert not report.hosts
    assert report.incidents[0].fleet is None


def test_hosts_one_after_the_other_in_a_stream_are_told_apart(tmp_path: Path) -> None:
    texts = [in_one_stream(tmp_path / f"{host}.json", {host: log}).read_text() for host, log in THREE.items()]
    (tmp_path / "all.json").write_text("".join(texts))
    fleet = analyze([tmp_path / "all.json"], tz="UTC")
    assert [host.host for host in fleet.hosts] == list(THREE)


def test_a_hosts_stream_and_its_file_go_together(tmp_path: Path) -> None:
    in_folders(tmp_path, {"web01": THREE["web01"], "web02": THREE["web02"]})
    in_one_stream(tmp_path / "kernel-error.json", {"web01": THREE["web02"], "web03": THREE["web03"]})
    fleet = analyze([tmp_path], tz="UTC")
    assert [len(host.logs) for host in fleet.hosts] == [2, 1, 1]


@pytest.mark.parametrize("pattern", [r"(\w+)/error\.log", r"(?P<host>site\d)/", r"site\d"])
def test_hosts_named_by_a_rule(tmp_path: Path, pattern: str) -> None:
    in_folders(tmp_path, {"site1": THREE["web01"], "site2": THREE["web03"]})
    fleet = analyze([tmp_path], tz="UTC", host_from=pattern)
    assert [(host.host, host.known) for host in fleet.hosts] == [("site1", "option"), ("site2", "option")]


def test_a_rule_that_finds_nothing_makes_one_host(tmp_path: Path) -> None:
    in_folders(tmp_path)
    report = analyze([tmp_path], tz="UTC", host_from="")
    assert not report.hosts
    assert len(report.logs) == len(THREE)


def test_a_rule_must_be_a_regex_and_a_host_must_be_there(tmp_path: Path) -> None:
    in_folders(tmp_path)
    with pytest.raises(LogsleuthError, match="not a regular expression"):
        analyze([tmp_path], host_from="(")
    with pytest.raises(LogsleuthError, match=r"no log is from host 'web9'.*web01, web02, web03"):
        analyze([tmp_path], host="web9")


def test_the_error_and_access_logs_of_one_host_stay_together(tmp_path: Path) -> None:
    paths = in_folders(tmp_path)
    for path in paths:
        shutil.copy(path, path.with_name("nginx-error.log"))
        (path.parent / "access.log").write_text(
            '192.0.2.1 - - [03/Mar/2026:14:02:11 +0000] "GET / HTTP/1.1" 200 5 "-" "-"\n' * 30
        )
    fleet = analyze([file for path in paths for file in sorted(path.parent.iterdir())], tz="UTC")
    assert [host.host for host in fleet.hosts] == list(THREE)
    assert all(any(log.endswith("access.log") for log in host.logs) for host in fleet.hosts)


def test_a_change_that_names_another_host_is_none_of_this_one(tmp_path: Path) -> None:
    in_folders(tmp_path, dict.fromkeys(("web01", "web02.example.com", "web03"), THREE["web01"]))
    (tmp_path / "deploys.csv").write_text(
        "time,what,host\n2026-11-23T12:14:00Z,cache off,production\n"
        "2026-11-23T12:15:00Z,shop 7,WEB01\n2026-11-23T12:15:30Z,shop 8,web02\n"
    )
    for host, own in (("web01", ["shop 7"]), ("web02.example.com", ["shop 8"]), ("web03", [])):
        (incident,) = analyze([tmp_path, tmp_path / "deploys.csv"], tz="UTC", host=host).incidents
        told = " ".join(line.text for line in incident.evidence)
        assert [name for name in ("cache off", "shop 7", "shop 8") if name in told] == ["cache off", *own]


def test_sites_of_one_server_are_not_hosts(tmp_path: Path) -> None:
    for name in ("error.log", "web1-error.log", "web2-error.log"):
        shutil.copy(THREE["web01"], tmp_path / name)
    paths = [tmp_path / "web1-error.log", tmp_path / "web2-error.log", tmp_path / "error.log"]
    assert not analyze(paths, tz="UTC").hosts


def test_folders_into_which_the_same_workers_write_are_one_servers(tmp_path: Path) -> None:
    lines = THREE["web01"].read_text().splitlines(keepends=True)
    for name, part in (("shop", lines[::2]), ("blog", lines[1::2])):
        (tmp_path / name).mkdir()
        (tmp_path / name / "error.log").write_text("".join(part))
    assert not analyze([tmp_path], tz="UTC").hosts


def test_a_host_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_folders(tmp_path)
    whole = read_range

    def broken(stream: object, number: int, begin: int, end: int) -> object:
        if "web02" in str(getattr(stream, "name", "")):
            raise OSError("stale file handle")
        return whole(stream, number, begin, end)  # type: ignore[arg-type]

    monkeypatch.setattr("logsleuth.engines.source.read_range", broken)
    fleet = analyze([tmp_path], tz="UTC")
    assert [host.host for host in fleet.hosts] == ["web01", "web03"]
    assert any("web02" in reason and "stale file handle" in reason for reason in fleet.left_out)
