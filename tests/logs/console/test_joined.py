"""Entries that a paste put side by side on one line are read one by one, and nothing else is parted."""

import io

import pytest

from logsleuth.logs.console.joined import are_joined, parted
from logsleuth.logs.format.sniff import sniff

OLD = (
    "[Tue Mar 03 14:02:11 2009] [error] [client 192.0.2.7] File does not exist: /srv/www/favicon.ico",
    "[Tue Mar  3 14:02:12 2009] [notice] caught SIGTERM, shutting down",
)
NEW = (
    "[Tue Mar 03 14:02:11.120001 2020] [core:error] [pid 9:tid 7] [client 192.0.2.7:40112] AH00126: Invalid URI",
    "[Tue Mar 03 14:02:12.120001 2020] [mpm_prefork:notice] [pid 9] AH00169: caught SIGTERM, shutting down",
)
QUOTED = "[Tue Mar 03 14:02:11 2009] [warn] mod_fcgid: stderr: [Tue Mar 03 14:02:11 2009] [error] it broke"


@pytest.mark.parametrize("lines", [OLD, NEW])
def test_entries_side_by_side_are_parted(lines: tuple[str, ...]) -> None:
    text = " ".join(lines).encode()
    assert sniff(text, complete=True).rewrite == "entries side by side"
    assert [line.decode() for line in parted(io.BytesIO(text))] == [*lines]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(NEW),
        QUOTED,
        "\n".join([*NEW, *NEW, " ".join(OLD)]),  # torn once
        f"web_1  | {NEW[0]}\nweb_1  | {NEW[1]}",
        "",
    ],
)
def test_nothing_else_is(text: str) -> None:
    assert not are_joined(text.encode())
