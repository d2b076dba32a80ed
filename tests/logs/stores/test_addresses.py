"""What of an address may be shown: never a password, a token or a signature."""

import pytest

from logsleuth.errors import LogsleuthError
from logsleuth.logs.open.stores import schemes
from logsleuth.logs.open.stores.addresses import shown, without_secrets
from logsleuth.logs.open.stores.schemes import readable_scheme, scheme_name, scheme_of

SHOWN = {
    "s3://logs/web01/error.log": "s3://logs/web01/error.log",
    "s3://logs/web0?/error.log": "s3://logs/web0?/error.log",
    "s3://logs/web[12]/*.log": "s3://logs/web[12]/*.log",
    "s3://AKIA:SECRET@logs/error.log": "s3://logs/error.log",
    "https://logs.example.com/error.log?X-Amz-Signature=SECRET&X-Amz-Date=1": "https://logs.example.com/error.log",
    "https://web01/error.log?SECRET": "https://web01/error.log",
    "https://web01/error.log#SECRET": "https://web01/error.log",
    "https://SECRET@web01/error.log": "https://web01/error.log",
    "https://user:SECRET@web01:8443/error.log": "https://web01:8443/error.log",
    "sftp://deploy@web01/var/log/apache2/error.log": "sftp://deploy@web01/var/log/apache2/error.log",
    "sftp://deploy:SECRET@web01/error.log": "sftp://web01/error.log",
    "abfss://logs@account.dfs.core.windows.net/web01/error.log": "abfss://logs@account.dfs.core.windows.net/web01/error.log",
    "az://logs/error.log?sv=2024&sig=SECRET": "az://logs/error.log",
    "/var/log/apache2/error.log": "/var/log/apache2/error.log",
    "--since=2h": "--since=2h",
}


@pytest.mark.parametrize("address", SHOWN)
def test_an_address_is_shown_without_its_secrets(address: str) -> None:
    assert shown(address) == SHOWN[address]


@pytest.mark.parametrize("address", [address for address in SHOWN if "SECRET" in address])
def test_a_library_s_error_is_shown_without_them(address: str) -> None:
    text = without_secrets(f"403, message='Forbidden', url='{address}' (SAS sig=SECRET&se=1; Password=SECRET)")
    assert "SECRET" not in text
    assert text.startswith("403, message='Forbidden', url='")


def test_a_path_is_no_address() -> None:
    assert scheme_name("/var/log/error.log") is None
    assert scheme_name("C:\\Apache24\\logs\\error.log") is None
    assert scheme_name("S3://logs/error.log") == "s3"


def test_an_unknown_store_is_an_error_with_a_way_out() -> None:
    with pytest.raises(LogsleuthError, match=r"cannot read logs from hdfs://; supported: s3, .*https"):
        scheme_of("hdfs://logs/error.log")


def test_a_secret_in_a_bucket_s_address_is_refused_and_not_shown() -> None:
    with pytest.raises(LogsleuthError, match="cannot contain a user and password") as raised:
        readable_scheme("s3://AKIA:SECRET@logs/error.log")
    assert "SECRET" not in str(raised.value)


def test_a_missing_library_is_an_error_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schemes, "find_spec", lambda name: None)
    with pytest.raises(LogsleuthError, match=r"pip install 'logsleuth-httpd\[gs\]'"):
        readable_scheme("gs://logs/error.log")
