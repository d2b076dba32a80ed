"""HAProxy's HTTP log: requests that a proxy in front of httpd took, read as an access log's."""

from pathlib import Path

import pytest

from logsleuth import analyze
from logsleuth.logs.format.sniff import sniff
from logsleuth.logs.others.access.haproxy import NAME
from logsleuth.logs.others.access.reader import access_reader

OLD = "Oct 12 08:00:48 lb1 haproxy[2231]: "
ISO = "2022-10-12T08:00:48.301+01:00 lb1 haproxy[2231]: "
NEW = "<134>1 2022-10-12T08:00:48.301+01:00 lb1 haproxy 2231 - - "
HEADS = {"alone": "", "old syslog": OLD, "ISO": ISO, "RFC 5424": NEW}
SERVED = (
    "198.51.100.7:10323 [12/Oct/2022:08:00:48.172] fe_https~ be/web1 0/0/0/113/126 200 63093 - - ---- "
    '52/52/52/52/0 0/0 "GET /course/view.php?id=559 HTTP/1.1"'
)
TIMED_OUT = SERVED.replace("0/0/0/113/126 200 63093 - - ----", "0/0/1/-1/60002 504 194 - - sH--")
NO_SERVER = SERVED.replace("web1 0/0/0/113/126 200 63093 - - ----", "<NOSRV> 0/-1/-1/-1/0 503 212 - - SC--")
CAPTURED = TIMED_OUT.replace('0/0 "', '0/0 {shop.example|Mozilla/5.0 (X11; Linux)} {nginx} "')
AS_SOON_AS = SERVED.replace("113/126 200 63093", "113/+126 503 +63093").replace("52/0 0/0", "52/+1 0/0")
V6 = TIMED_OUT.replace("198.51.100.7:", "2001:db8::7:")
LEFT = SERVED.replace("0/0/0/113/126 200 63093 - - ----", "0/0/0/-1/2500 -1 0 - - CH--")
CUT_OFF = TIMED_OUT[: -len(' HTTP/1.1"')]
UNREADABLE = SERVED.replace("GET /course/view.php?id=559 HTTP/1.1", "<BADREQ>").replace(
    "be/web1 0/0/0/113/126 200 63093 - - ----", "fe_https/<NOSRV> -1/-1/-1/-1/5000 408 212 - - cR--"
)
WITH_TLS = TIMED_OUT + " 0/0000000000000000/0/0/0 www.example.org/TLSv1.3/TLS_AES_256_GCM_SHA384"


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
@pytest.mark.parametrize(
    ("line", "level", "took"),
    [
        (SERVED, "info", 126_000),
        (TIMED_OUT, "error", 60_002_000),
        (NO_SERVER, "error", 0),
        (CAPTURED, "error", 60_002_000),
        (AS_SOON_AS, "error", 126_000),
        (V6, "error", 60_002_000),
        (LEFT, "info", 2_500_000),
        (CUT_OFF, "error", 60_002_000),
        (UNREADABLE, "warn", 5_000_000),
        (WITH_TLS, "error", 60_002_000),
    ],
)
def test_a_request_is_read_whatever_is_before_it(head: str, line: str, level: str, took: int) -> None:
    record = access_reader((NAME,))((head + line).encode())
    assert record is not None
    assert record.request is not None
    assert (record.kind, record.level, record.took, record.offset) == ("foreign", level, took, None)
    assert record.time == 1_665_561_648_000_000
    assert record.request.client == ("2001:db8::7" if line is V6 else "198.51.100.7")
    assert record.request.path == ("" if line is UNREADABLE else "/course")
    assert record.request.asks == (line is not UNREADABLE)


def test_a_request_line_cannot_pass_for_another() -> None:
    forged = SERVED.replace("GET /course", f"GET /{NO_SERVER.replace(chr(34), '#22')}")
    record = access_reader((NAME,))(forged.encode())
    assert record is not None
    assert (record.level, record.took) == ("info", 126_000)


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_a_log_of_such_requests_is_an_access_log(head: str) -> None:
    form = sniff("".join(f"{head}{line}\n" for line in (SERVED, NO_SERVER, V6) * 3).encode(), complete=True)
    assert (form.kind, form.layouts) == ("access", (NAME,))


def test_syslog_with_a_few_such_requests_is_syslog() -> None:
    cron = "Oct 12 08:00:01 web1 CRON[7]: (root) CMD (run-parts /etc/cron.hourly)\n"
    assert sniff((cron * 9 + OLD + SERVED + "\n").encode(), complete=True).kind == "syslog"


def _at(second: int, line: str) -> str:
    """A line of one of many users, in a second since eight o'clock."""
    line = line.replace("08:00:48", f"08:{second // 60:02}:{second % 60:02}").replace("id=559", f"id={second}")
    line = line.replace("/course", f"/course{second * second % 97}")
    return OLD + line.replace("100.7:", f"{second * 7 % 101}.{second * 13 % 251}:")


def test_failures_at_the_proxy_are_counted(tmp_path: Path) -> None:
    """httpd itself logs nothing of requests that never reach it."""
    served = [_at(nth, SERVED) for nth in range(1800)]
    failed = [_at(nth, NO_SERVER) for nth in range(1800, 2400)]
    down = "Oct 12 08:30:00 lb1 haproxy[2231]: backend be has no server available!"
    proxy, own = tmp_path / "haproxy.log", tmp_path / "error.log"
    proxy.write_text("\n".join([*served, down, *failed]) + "\n")
    own.write_text("[Wed Oct 12 08:00:00.000000 2022] [core:notice] [pid 7] AH00094: Command line: 'httpd'\n")
    report = analyze([str(own), str(proxy)])
    assert [(one.requests.failed, one.requests.seen) for one in report.incidents if one.requests] == [(600, 600)]
