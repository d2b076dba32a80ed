"""HAProxy has a code for each request that says how it ended."""

import pytest

from logsleuth.report.compose.requests.proxy_ends import ends_by_haproxy

LINE = (
    "Mar  3 14:02:11 lb1 haproxy[611]: 192.0.2.7:40112 [03/Mar/2020:14:02:11.120] web~ {}/{} 0/0/0/-1/3 {} 221 - - "
    '{}-- 30/25/0/0/0 0/0 "GET / HTTP/1.1"'
)


def line(code: str, server: str = "web1", status: int = 503) -> bytes:
    return LINE.format("be", server, status, code).encode()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], ""),
        ([b'192.0.2.7 - - [03/Mar/2020:14:02:11 +0000] "GET / HTTP/1.1" 503 299'], ""),
        ([line("--", status=500)], ""),  # the server's own answer
        ([line("cD")], ""),  # the client's doing
        (
            [line("SC", "<NOSRV>")] * 2 + [line("sH", status=504)],
            "By HAProxy's codes, no server was available (SC with <NOSRV>, 2 requests) and the server did not "
            "answer in time (timeout server) (sH, 1 request).",
        ),
        (
            [line("SC")],
            "By HAProxy's codes, the server, or the system on the way to it, refused the connection (SC, 1 request).",
        ),
    ],
)
def test_how_sessions_ended(lines: list[bytes], said: str) -> None:
    assert ends_by_haproxy(lines) == said
