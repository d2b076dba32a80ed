"""Which stores are known, by the scheme of an address, and what each takes to be read."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final, Literal

from logsleuth.errors import LogsleuthError
from logsleuth.regexes import regex
from logsleuth.values import dataclass

Kind = Literal["bucket", "web", "ssh"]
"""A bucket's objects are replaced and never changed; a web server's and an ssh server's files grow."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A kind of store."""

    kind: Kind
    extra: str
    """Of this package: what to install."""
    libraries: tuple[str, ...]
    """The modules that the extra brings."""
    credentials: str
    """Where the library looks for them: for those whom the store refuses."""


_S3 = Scheme(
    "bucket", "s3", ("fsspec", "s3fs"),
    "AWS_PROFILE, ~/.aws or the machine's role; FSSPEC_S3_ANON=true reads a public bucket",
)  # fmt: skip
_GS = Scheme(
    "bucket", "gs", ("fsspec", "gcsfs"),
    "GOOGLE_APPLICATION_CREDENTIALS, or `gcloud auth application-default login`",
)  # fmt: skip
_AZ = Scheme(
    "bucket", "az", ("fsspec", "adlfs"),
    "AZURE_STORAGE_ACCOUNT_NAME with AZURE_STORAGE_ACCOUNT_KEY or AZURE_STORAGE_SAS_TOKEN",
)  # fmt: skip
_WEB = Scheme("web", "https", ("fsspec", "aiohttp"), "user and password in the address, or ~/.netrc")
_SSH = Scheme(
    "ssh", "sftp", ("fsspec", "paramiko"),
    "`ssh HOST` must work without a question: an agent or key, ~/.ssh/config, known_hosts",
)  # fmt: skip

SCHEMES: Final = {
    "s3": _S3, "s3a": _S3, "gs": _GS, "gcs": _GS, "az": _AZ, "abfs": _AZ, "abfss": _AZ,
    "https": _WEB, "http": _WEB, "sftp": _SSH, "ssh": _SSH,
}  # fmt: skip
_ADDRESS = regex(r"([A-Za-z][A-Za-z0-9+.\-]+)://", needs=("://",))


def scheme_name(path: str) -> str | None:
    """The scheme of an address, in small letters; None: it is a path of this machine."""
    found = _ADDRESS.match(path)
    return found[1].lower() if found else None


def scheme_of(address: str) -> Scheme:
    """The kind of store of an address. Raises LogsleuthError if it is unknown."""
    name = scheme_name(address) or ""
    if name not in SCHEMES:
        raise LogsleuthError(f"cannot read logs from {name}://", f"supported: {', '.join(SCHEMES)}")
    return SCHEMES[name]


def readable_scheme(address: str) -> Scheme:
    """The same, if what it takes is installed and no secret is in a bucket's address. Raises LogsleuthError if not."""
    scheme = scheme_of(address)
    if scheme.kind == "bucket" and ":" in address.partition("://")[2].partition("/")[0].rpartition("@")[0]:
        raise LogsleuthError(
            f"an address of {scheme_name(address)}:// cannot contain a user and password",
            f"credentials: {scheme.credentials}",
        )
    if any(find_spec(library) is None for library in scheme.libraries):
        raise LogsleuthError(
            f"reading {scheme_name(address)}:// needs a library that is not installed",
            f"pip install 'logsleuth-httpd[{scheme.extra}]'",
        )
    return scheme
