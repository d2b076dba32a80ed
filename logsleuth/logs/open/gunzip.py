"""Reading gzip files four times as fast as the standard library does, where isal has a wheel for the machine."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from typing import BinaryIO


def open_gzip(source: BinaryIO) -> BinaryIO:
    """A stream's decompressed bytes. They raise what the standard library's do: EOFError, BadGzipFile, zlib.error."""
    try:
        from isal import igzip, isal_zlib  # noqa: PLC0415 - only compressed logs need it
    except ImportError:
        import gzip  # noqa: PLC0415

        return cast("BinaryIO", gzip.GzipFile(fileobj=source))

    failure = cast("type[Exception]", isal_zlib.error)

    class Gunzipped(igzip.IGzipFile):
        """Raises its errors as those of the standard library."""

        def read(self, size: int | None = -1) -> bytes:
            try:
                data: bytes = super().read(size)
            except failure as error:
                raise zlib.error(str(error)) from None
            return data

        def read1(self, size: int = -1) -> bytes:
            try:
                data: bytes = super().read1(size)
            except failure as error:
                raise zlib.error(str(error)) from None
            return data

    return cast("BinaryIO", cast("Any", Gunzipped)(fileobj=source))
