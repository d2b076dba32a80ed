"""Logs in S3, read from a real server (moto's) on loopback: the same report as from files, whatever is missing."""

from __future__ import annotations

import gzip
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from logsleuth.errors import LogsleuthError
from logsleuth.logs.open.log import look_at, open_logs
from logsleuth.pipeline import analyze
from logsleuth.report.render import render
from tests.fleet.fleets import THREE, in_folders

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Bucket = Any
    """A client of boto3, which has no types."""

moto = pytest.importorskip("moto.server")
s3fs = pytest.importorskip("s3fs")


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    """A bucket with a folder for each host, as a client of it."""
    import boto3

    s3fs.S3FileSystem.clear_instance_cache()  # which knows the address of another test's server
    with pytest.MonkeyPatch.context() as patch:
        server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        patch.setenv("AWS_ENDPOINT_URL", "http://{}:{}".format(*server.get_host_and_port()))
        patch.setenv("AWS_ACCESS_KEY_ID", "SECRET-ID")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "SECRET-KEY")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        client = boto3.client("s3")
        client.create_bucket(Bucket="logs")
        for host, log in THREE.items():
            client.put_object(Bucket="logs", Key=f"fleet/{host}/error.log", Body=log.read_bytes())
        client.put_object(Bucket="logs", Key="fleet/web01/access.log", Body=b"")
        client.put_object(Bucket="logs", Key="packed/error.log.gz", Body=gzip.compress(THREE["web01"].read_bytes()))
        yield client
        server.stop()
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize("named", ["s3://logs/fleet/", "s3://logs/fleet", "s3://logs/fleet/*/error.log"])
def test_a_prefix_or_a_glob_names_the_logs_of_its_hosts(named: str) -> None:
    assert [(log.path, log.host) for log in look_at([named])] == [
        (f"s3://logs/fleet/{host}/error.log", host) for host in THREE
    ]


@pytest.mark.usefixtures("bucket")
def test_a_fleet_in_a_bucket_has_the_report_of_one_in_folders(tmp_path: Path) -> None:
    there, here = analyze(["s3://logs/fleet/"]), analyze([str(path) for path in in_folders(tmp_path)])
    assert [host.host for host in there.hosts] == list(THREE)
    assert render(there, "json", redact="none") == render(here, "json", redact="none").replace(
        f"{tmp_path}/", "s3://logs/fleet/"
    )


@pytest.mark.usefixtures("bucket")
def test_a_compressed_object_is_read_as_a_file() -> None:
    (log,) = look_at(["s3://logs/packed/error.log.gz"])
    with log.open() as stream:
        assert stream.read() == THREE["web01"].read_bytes()
    assert (log.compression, log.is_plain) == ("gz", False)


@pytest.mark.usefixtures("bucket")
def test_a_missing_object_among_several_is_reported() -> None:
    report = analyze(["s3://logs/fleet/web01/error.log", "s3://logs/fleet/web09/error.log", "s3://nosuch/"])
    assert report.incidents
    assert [reason.partition(": ")[0] for reason in report.left_out] == [
        "s3://logs/fleet/web09/error.log",
        "s3://nosuch/",
    ]
    assert all("it does not exist" in reason for reason in report.left_out)


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize("named", ["s3://logs/nosuch.log", "s3://logs/nosuch/*.log", "s3://nosuch/error.log"])
def test_the_only_object_that_is_missing_is_an_error(named: str) -> None:
    with pytest.raises(LogsleuthError, match="does not exist; check the address"):
        analyze([named])


def test_a_prefix_without_error_logs_is_an_error(bucket: Bucket) -> None:
    bucket.put_object(Bucket="logs", Key="other/access.log", Body=b"")
    with pytest.raises(LogsleuthError, match="s3://logs/other/ holds no error logs"):
        analyze(["s3://logs/other/"])


@pytest.mark.usefixtures("bucket")
def test_an_object_that_is_sent_to_another_process_is_read_there() -> None:
    (log,) = open_logs(["s3://logs/fleet/web01/error.log"])[0]
    with pickle.loads(pickle.dumps(log)).open() as stream:
        stream.seek(100)
        assert stream.read(50) == THREE["web01"].read_bytes()[100:150]


def test_a_large_object_that_was_replaced_is_not_mixed_with_the_new_one(bucket: Bucket) -> None:
    line = b"[Tue Mar 03 14:02:11.120001 2020] [core:notice] [pid 1:tid 1] AH00094: Command line: 'httpd'\n"
    bucket.put_object(Bucket="logs", Key="large/error.log", Body=line * 50_000)
    (log,) = look_at(["s3://logs/large/error.log"])
    with log.open() as stream:
        assert stream.seek(-len(line), 2)
        assert stream.read() == line
    bucket.put_object(Bucket="logs", Key="large/error.log", Body=line * 50_001)
    with pytest.raises(OSError, match="replaced"):
        log.open()


@pytest.mark.usefixtures("bucket")
def test_credentials_that_are_refused_are_an_error_that_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("The AWS Access Key Id you provided does not exist in our records.")

    monkeypatch.setattr("logsleuth.logs.open.stores.store.Store.entry", refuse)
    with pytest.raises(LogsleuthError, match="no permission to read s3://logs/a") as raised:
        analyze(["s3://logs/a"])
    assert "SECRET" not in str(raised.value)
    assert "AWS_PROFILE" in raised.value.hint
