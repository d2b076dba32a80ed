"""Laws of ErrorLogFormat: what httpd writes by a format is read back by it.

Not every line can be read back, whoever reads it. What is lost in the line itself:

* two values side by side (`%P%T`), or a text with what follows it in the format inside it (`[%{A}i]` and a header
  that holds `]`), end nowhere in particular;
* a field that is left out and a text that looks like it: `%E: %M` and a message that begins with `(13)a: `;
* of two fields of one look, `[%{A}i] [%{B}i]`, either may be the one that was left out;
* `%-x` prints a missing value as the value `-` would be printed;
* a field of `%7x` tells of a level that the line may not name;
* a message in one field with a value that is missing is deleted with it (`%M,%a`).

So the first law holds for all formats and all texts: what was read, written again, gives the same line. The second
says that nothing else is lost: where each field has a mark of its own and no text holds marks, all fields are as
they were.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from logsleuth.logs.httpd.layout.layout import Layout, compiled
from tests.logs.writer import LEVELS, Event, write

if TYPE_CHECKING:
    from logsleuth.logs.httpd.record import Record

HOSTILE = st.text(alphabet="ab-0:. []()%,/=|", max_size=12)
PLAIN = st.text(alphabet="abcXYZ089 .,:()[]é\\\n", max_size=20)
"""Texts without the marks of the second law's formats."""
WORDS = st.text(alphabet="abcz09._", min_size=1, max_size=8)
PORTS = st.integers(0, 65535)
ADDRESSES = st.one_of(
    st.ip_addresses(v=4).map(str), st.ip_addresses(v=6).map(str), st.sampled_from(["::", "::1", "fe80::1%eth0"])
)
CLIENTS = st.builds(lambda address, port: f"{address}:{port}", ADDRESSES, PORTS)
ERRNOS = st.sampled_from([
    "(13)Permission denied", "(EAI 2)Name or service not known", "(OS 64)The network name is gone.  ",
    "(os 0x80090308)Unrecognized resolver error", "(20014)Internal error (specific information not available)",
    "(70007)The timeout specified has expired", "(-3)Unknown error -3",
])  # fmt: skip
TIMES = st.datetimes(datetime(1970, 1, 2), datetime(2068, 12, 30))
LOG_IDS = st.text(alphabet="abzAZ09+/", min_size=11, max_size=11)


def maybe(some: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), some)


def events(texts: st.SearchStrategy[str], role: str) -> st.SearchStrategy[Event]:
    tables = st.dictionaries(st.sampled_from(["Referer", "User-Agent", "X"]), texts, max_size=3)
    main = role == "main"
    return st.builds(
        Event,
        message=texts if main else st.just(""),
        time=TIMES,
        zone=st.sampled_from(["+0000", "+0200", "-0330"]),
        level=st.integers(0, 15) if main else st.just(-1),
        module=maybe(WORDS) if main else st.none(),
        pid=st.integers(0, 4_000_000),
        tid=st.one_of(st.none(), st.integers(1, 1 << 48)),
        errno=maybe(ERRNOS) if main else st.none(),
        source=maybe(st.sampled_from(["core.c(12)", "h2/h2_session.c(1)", "x.cc(99999)"])) if main else st.none(),
        client=maybe(CLIENTS),
        peer=maybe(CLIENTS),
        local=maybe(CLIENTS),
        keepalives=st.one_of(st.none(), st.integers(-1, 100)),
        connection_id=maybe(LOG_IDS),
        request_id=maybe(LOG_IDS),
        vhost=maybe(st.sampled_from(["www.example.org", "_", "192.0.2.1", "[::1]"])),
        server=maybe(st.sampled_from(["www.example.org", "localhost"])),
        headers=tables,
        notes=tables,
        env=tables,
    )


DIRECTIVES = [
    "%a", "%A", "%{X}e", "%E", "%F", "%{User-Agent}i", "%{Referer}i", "%k", "%l", "%L", "%{c}L", "%m", "%{X}n", "%P",
    "%T", "%t", "%{u}t", "%{cu}t", "%{cuz}t", "%{c}t", "%{uz}t", "%{%Y-%m-%dT%H:%M:%S%z}t", "%v", "%V",
]  # fmt: skip
MARKS = "{};<>=|!?&"


def modified(directive: str, modifier: str) -> str:
    return f"%{modifier}{directive[1:]}"


@st.composite
def wild_formats(draw: st.DrawFn) -> str:
    """Directives (each once) and constants in any order: httpd takes them all."""
    chosen = draw(st.lists(st.sampled_from(DIRECTIVES), max_size=6, unique_by=lambda d: d[-1]))
    chosen = [modified(d, draw(st.sampled_from(["", "", "-"]))) for d in chosen]
    constants = st.sampled_from(["", " ", "[", "] ", ": ", "\\ ", "% ", "%%", "x", " - ", "  ", "|", ",\\ r\\ "])
    parts = [draw(constants)]
    for directive in draw(st.permutations([*chosen, "%M"])):
        parts += [f"[{directive}]" if directive[-1] in "kPT" else directive, draw(constants)]
    return "".join(parts)


def told(event: Event, record: Record) -> Event:
    """The event as the record tells it; what the format does not hold is as it was."""
    names = record.extra
    when = event.time
    if record.time is not None:
        when = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=record.time)).replace(tzinfo=None)
    zone = event.zone
    if record.offset is not None:
        sign, minutes = "-" if record.offset < 0 else "+", abs(record.offset) // 60
        zone = f"{sign}{minutes // 60:02d}{minutes % 60:02d}"
    tables: dict[str, dict[str, str]] = {"header": {}, "note": {}, "env": {}}
    for name, value in names.items():
        table, dot, key = name.partition(".")
        if dot:
            tables[table][key] = plain(value)
    if record.referer is not None:
        tables["header"]["Referer"] = plain(record.referer)
    client = None if record.client is None else f"{record.client}:{record.client_port}"
    return Event(
        message=plain(f"{record.code}: {record.message}" if record.code else record.message),
        time=when, zone=zone, level=event.level if record.level is None else LEVELS.index(record.level),
        module=record.module, pid=event.pid if record.pid is None else record.pid, tid=record.tid,
        errno=str(record.errno) if record.errno else None,
        source="{}({})".format(*names["source"].rsplit(":", 1)) if "source" in names else None,
        client=client, peer=client, local=names.get("local"),
        keepalives=int(names["keepalives"]) if "keepalives" in names else None,
        connection_id=names.get("connection"), request_id=names.get("request"), vhost=names.get("vhost"),
        server=names.get("server"), headers=tables["header"], notes=tables["note"], env=tables["env"],
    )  # fmt: skip


def plain(text: str) -> str:
    """What `ap_escape_errorlog_item` was given."""
    return text.encode("latin-1").decode("unicode_escape").encode("latin-1").decode("utf-8", "surrogateescape")


@settings(max_examples=300, derandomize=True, deadline=None)
@given(form=wild_formats(), event=events(HOSTILE, "main"))
@example(form="%M,%a", event=Event("lost"))
@example(form="[%t] %E: %M", event=Event("(13)a: b"))
@example(form="%-m%M", event=Event("-", module=None))
def test_what_was_read_gives_the_same_line_when_it_is_written_again(form: str, event: Event) -> None:
    line = write(form, event)
    record = compiled(form).read(line)
    assert record is not None, "no line that httpd writes by a format is none of that format's"
    again = told(event, record)
    assert write(form, again) == line


@st.composite
def marked_formats(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Fields that each have a mark of their own, in any order, and their directives."""
    chosen = draw(st.lists(st.sampled_from(DIRECTIVES), max_size=len(MARKS), unique=True))
    directives = [modified(directive, draw(st.sampled_from(["", "", "-", "7"]))) for directive in chosen]
    fields = [f"{mark}{directive}{mark}" for mark, directive in zip(MARKS, directives, strict=False)]
    fields.insert(draw(st.integers(0, len(fields))), "~%M~")
    return draw(st.sampled_from([" ", "% ", "  "])).join(fields), directives


@settings(max_examples=300, derandomize=True, deadline=None)
@given(form=marked_formats(), event=events(PLAIN, "main"))
def test_every_field_is_read_back_as_it_was(form: tuple[str, list[str]], event: Event) -> None:
    text, directives = form
    record = compiled(text).read(write(text, event))
    assert record is not None
    again = told(event, record)
    assert again.message == event.message
    printed = {directive: value for directive in directives if (value := write(directive, event)) not in ("", "-")}
    assert {directive: write(directive, again) for directive in printed} == printed


@pytest.mark.parametrize("role", ["connection", "request"])
@settings(max_examples=50, derandomize=True, deadline=None)
@given(data=st.data())
def test_lines_of_a_connection_or_request_are_read_back(role: str, data: st.DataObject) -> None:
    form, _ = data.draw(marked_formats())
    form = form.replace("~%M~", "~").replace("%7", "%+")
    event = data.draw(events(PLAIN, role))
    line = write(form, event)
    layout: Layout = compiled(form, role)  # type: ignore[arg-type]
    record = layout.read(line)
    if line:
        assert record is not None
        assert write(form, told(event, record)) == line


@pytest.mark.parametrize("text", [" a" * 4000, "(1) " * 2000, "[ " * 4000, "x: " * 2700, "\\x5d" * 2000])
def test_no_line_takes_long(text: str) -> None:
    """Texts side by side, and all that follows the head fits all of them: a regex would try each way to cut it."""
    form = compiled("[%t] %{User-Agent}i %{Cookie}i %{X}n %{Referer}i %E: %F: %M x %{b}e %V %v %k")
    begin = time.process_time()
    form.read("[Fri Sep 04 14:30:04 2009] " + text)
    assert time.process_time() - begin < 5
