"""Whatever httpd formats, the tokenizer reads back; and nothing at all makes it fail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from logsleuth.logs.httpd.record import LEVELS, Errno, Record
from logsleuth.logs.httpd.tokenize import tokenize

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DEBUG = LEVELS.index("debug")


def escaped(text: str) -> str:
    r"""`ap_escape_errorlog_item` (server/util.c): what is not printable ASCII, and the backslash, as \x."""
    named = {8: r"\b", 9: r"\t", 10: r"\n", 11: r"\v", 13: r"\r", 92: r"\\"}
    return "".join(
        chr(byte) if 32 <= byte < 127 and byte != 92 else named.get(byte, f"\\x{byte:02x}") for byte in text.encode()
    )


def in_24(record: Record, *, remote: bool) -> str:
    """`do_errorlog_default` (server/log.c, 2.4)."""
    assert record.time is not None
    assert record.level is not None
    when = EPOCH + timedelta(microseconds=record.time)
    line = f"[{when:%a %b %d %H:%M:%S.%f %Y}] [{record.module or ''}:{record.level}] [pid {record.pid}"
    line += "] " if record.tid is None else f":tid {record.tid}] "
    if LEVELS.index(record.level) >= DEBUG and "source" in record.extra:
        line += "{}({}): ".format(*record.extra["source"].split(":"))
    if record.errno is not None:
        line += status(record.errno)
    if record.client is not None:
        line += f"[{'remote' if remote else 'client'} {record.client}:{record.client_port}] "
    return line + said(record)


def in_22(record: Record) -> str:
    """`log_error_core` (server/log.c, 2.2)."""
    assert record.time is not None
    when = EPOCH + timedelta(microseconds=record.time)
    line = f"[{when:%a %b %d %H:%M:%S %Y}] [{record.level}] "
    if record.level == "debug" and "source" in record.extra:
        line += "{}({}): ".format(*record.extra["source"].split(":"))
    if record.client is not None:
        line += f"[client {record.client}] "
    if record.errno is not None:
        line += status(record.errno)
    return line + said(record)


def status(errno: Errno) -> str:
    """`log_apr_status` and the colon behind it."""
    forms = {"": "({})", "EAI": "(EAI {})", "OS": "(OS {})", "os": "(os 0x{:08x})"}
    return f"{forms[errno.space].format(errno.number)}{errno.text}: "


def said(record: Record) -> str:
    code = f"{record.code}: " if record.code else ""
    return code + record.message + (f", referer: {record.referer}" if record.referer else "")


WORDS = st.text(max_size=60).map(escaped)
MESSAGES = st.one_of(
    st.just(""),
    # a message may quote anything, but what begins like a field is taken for one: httpd marks no message's begin
    st.builds("{} {}".format, st.sampled_from(["", "boom", "child", "mod_wsgi (pid=7):"]), WORDS).filter(
        lambda text: ", referer" not in text
    ),
)
ERRNOS = st.one_of(
    st.builds(Errno, st.integers(-200, 131), st.sampled_from(["Permission denied", "Unknown error -3", ""])),
    st.sampled_from([Errno(70007, "The timeout specified has expired"), Errno(70014, "End of file found")]),
    st.builds(Errno, st.integers(0, 49_999), st.just("Name or service not known"), st.sampled_from(["EAI", "OS"])),
    st.builds(Errno, st.integers(0, 2**32 - 1), st.just("Unrecognized resolver error"), st.just("os")),
)
SOURCES = st.builds("{}:{}".format, st.sampled_from(["mod_ssl.c", "h2/h2_mplx.c", "a-b.cc"]), st.integers(1, 9999)).map(
    lambda source: {"source": source}
)
CODES = st.one_of(
    st.none(),
    st.integers(0, 99_999).map("AH{:05d}".format),
    st.integers(10_000, 19_999).map("AH0{}".format),
    st.integers(0, 9999).map("WSGI{:04d}".format),
)
REFERERS = st.one_of(st.none(), WORDS.filter(bool))
TIMES = st.datetimes(datetime(1970, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))
ADDRESSES = st.ip_addresses().map(str)


@st.composite
def records_of_24(draw: st.DrawFn) -> Record:
    level = draw(st.sampled_from(LEVELS))
    record = Record(
        "record", draw(MESSAGES), (draw(TIMES) - EPOCH) // timedelta(microseconds=1), 6, level,
        draw(st.sampled_from([None, "core", "mpm_event", "proxy_http", "wsgi", "http2"])),
        draw(st.integers(1, 4_194_304)), draw(st.one_of(st.none(), st.integers(0, 2**48))),
        errno=draw(st.one_of(st.none(), ERRNOS)), code=draw(CODES), referer=draw(REFERERS),
    )  # fmt: skip
    if draw(st.booleans()):
        record.client, record.client_port = draw(ADDRESSES), draw(st.integers(0, 65_535))
    if LEVELS.index(level) >= DEBUG:
        record.extra = draw(SOURCES)
    return record


@st.composite
def records_of_22(draw: st.DrawFn) -> Record:
    level = draw(st.sampled_from(LEVELS[: DEBUG + 1]))
    return Record(
        "record", draw(MESSAGES), (draw(TIMES) - EPOCH) // timedelta(seconds=1) * 1_000_000, 0, level,
        client=draw(st.one_of(st.none(), ADDRESSES)), errno=draw(st.one_of(st.none(), ERRNOS)),
        referer=draw(REFERERS), extra=draw(SOURCES) if level == "debug" else {},
    )  # fmt: skip


@given(records_of_24(), st.booleans())
def test_what_httpd_24_formats_is_read_back(record: Record, remote: bool) -> None:
    assert tokenize(in_24(record, remote=remote).encode()) == record


@given(records_of_22())
def test_what_httpd_22_formats_is_read_back(record: Record) -> None:
    assert tokenize(in_22(record).encode()) == record


PIECES = st.sampled_from(
    [
        b"[Fri Sep 04 14:30:04 2009] ", b"[Fri Sep 04 14:30:04.123456 2009] ", b"[2009-09-04 14:30:04] ",
        b"[Wed Feb 30 ", b"[core:error] ", b"[error] ", b"[:trace8]", b"[pid ", b"4711", b":tid ", b"] ", b"]",
        b"[client ", b"[remote ", b"192.0.2.7",
        b"::1", b":", b"(", b"EAI ", b"os ", b"0", b"0x", b"80090308", b")", b": ", b"mod_ssl.c(",
        b"AH00052", b"WSGI0109", b", referer: ", b", referer http://", b"\xc3", b"\0", b" ", b"9" * 4400,
    ]
)  # fmt: skip
LINES = st.one_of(st.binary(), st.lists(st.one_of(PIECES, st.binary(max_size=3)), max_size=12).map(b"".join))


@given(LINES, st.booleans())
@example(b"(013)a: b", False)  # int() refuses zeros before a number whose base it is to guess
@example(b"[pid " + b"9" * 4400 + b"] ", False)  # and numbers of more than 4,300 digits
def test_no_bytes_make_it_fail_and_none_are_made_up(line: bytes, vhost: bool) -> None:
    record = tokenize(line, vhost=vhost)
    whole = line.decode("utf-8", "backslashreplace")
    assert record.message in whole
    assert (record.time is None) == (record.kind != "record")
    assert record.kind != "unparsed" or record.message == whole
