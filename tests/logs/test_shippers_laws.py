"""Whatever a record holds, it comes back from every shipper's shape and document; no input is beyond the bounds."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.logs.format.reader import reader_of
from logsleuth.logs.format.rewrite import rewrite_of, rewritten
from logsleuth.logs.format.sniff import sniff
from logsleuth.logs.wrappers.columns import columns_in, fields_of_row
from logsleuth.logs.wrappers.documents import DOCUMENTS, records_of
from logsleuth.logs.wrappers.entries import oldest_first, rows_as_objects, split_entries
from logsleuth.logs.wrappers.moments import stamp_of
from logsleuth.logs.wrappers.objects import object_of
from logsleuth.logs.wrappers.shape import peel_record
from logsleuth.logs.wrappers.shippers import ENVELOPES, SHAPES, enveloped
from logsleuth.logs.wrappers.tokens import DEEPEST, STRAY, values_at
from logsleuth.logs.wrappers.wrapped import wrapped
from logsleuth.logs.wrappers.wrapper import Wrapper
from logsleuth.logs.wrappers.yaml_entries import yaml_entries
from tests.logs.test_tokenize_laws import in_22, in_24, records_of_22, records_of_24

if TYPE_CHECKING:
    from logsleuth.logs.httpd.record import Record
    from logsleuth.logs.wrappers.wrapper import Shape

DAY = date(2026, 3, 4)
HEAD = "[Tue Mar 03 14:02:11.120001 2026] [core:error] [pid 4711:tid 8] AH00037: x"
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def with_value(record: dict[str, Any], path: str, value: object) -> None:
    """Put a value at a dotted path, unless something is there already."""
    *above, last = path.split(".")
    for step in above:
        inner = record.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        record = inner
    record.setdefault(last, value)


def record_of(shape: Shape, message: str) -> dict[str, Any]:
    record: dict[str, Any] = {}
    with_value(record, shape.message[0], message)
    for paths, value in ((shape.time, "2026-03-03T13:02:11.5Z"), (shape.host or shape.stream, "web01")):
        if paths:
            with_value(record, paths[0], value)
    for mark in shape.marks:
        with_value(record, mark, "x")
    return record


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape.name} {' '.join(shape.marks)}")
@pytest.mark.parametrize("envelope", ["", *ENVELOPES])
def test_a_message_comes_back_from_every_shape(shape: Shape, envelope: str) -> None:
    message = HEAD + ' "é\\ ☃'
    record = record_of(shape, message)
    if envelope:
        whole: dict[str, Any] = {}
        with_value(whole, envelope, record)
        record, shape = whole, enveloped(shape, envelope)
    line = json.dumps(record)
    fields = object_of(line)
    assert fields is not None
    peeled = peel_record(shape, fields)
    assert peeled is not None
    assert peeled.inner == message
    assert peeled.utc == 1772542931500000
    assert peeled.host in ("web01", None) or not shape.host


@given(
    st.sampled_from(SHAPES),
    st.sampled_from(["", *ENVELOPES]),
    st.one_of(
        records_of_24().map(lambda one: (one, in_24(one, remote=False))),
        records_of_22().map(lambda one: (one, in_22(one))),
    ),
)
def test_any_record_through_any_shape_has_the_same_fields(
    shape: Shape, envelope: str, pair: tuple[Record, str]
) -> None:
    record, line = pair
    around: dict[str, Any] = record_of(shape, line)
    if envelope:
        inner, around = around, {}
        with_value(around, envelope, inner)
        shape = enveloped(shape, envelope)
    read = wrapped(Wrapper("any", shape, programs=frozenset({"x"})), DAY)
    found = read(json.dumps(around).encode())
    assert found is not None
    assert found.message == record.message
    for name in (
        "kind",
        "time",
        "precision",
        "level",
        "module",
        "pid",
        "tid",
        "client",
        "client_port",
        "errno",
        "code",
    ):
        value = getattr(record, name)
        assert value is None or getattr(found, name) == value
    assert record.extra.items() <= found.extra.items()
    assert found.logged == 1772542931500000


@given(st.text(max_size=60), st.lists(st.text(max_size=40), max_size=6))
def test_no_text_breaks_the_reading_of_yaml(value: str, lines: list[str]) -> None:
    text = "---\nlogName: x\ntextPayload: " + value + "\n" + "\n".join(lines)
    list(yaml_entries(io.BytesIO(text.encode("utf-8", "backslashreplace"))))


@given(st.sampled_from(SHAPES), JSON_VALUES, st.integers(0, 200))
def test_no_record_breaks_a_shape(shape: Shape, value: object, cut: int) -> None:
    record = record_of(shape, HEAD)
    record[shape.message[0].split(".")[0]] = value
    peel_record(shape, record)
    object_of(json.dumps(record)[:cut])


@given(st.lists(st.dictionaries(TEXT, JSON_VALUES, max_size=4), max_size=5), st.sampled_from([None, 0, 2]))
def test_the_values_at_a_path_are_those_of_the_document(records: list[dict[str, Any]], indent: int | None) -> None:
    document = {"before": [{"records": 1}], "a": {"records": records}, "records": "]}"}
    data = json.dumps(document, indent=indent).encode()
    found = [value for path, value in values_at(io.BytesIO(data), "a.records[]".__eq__) if path != STRAY]
    assert [json.loads(value) for value in found] == records


@given(st.sampled_from(DOCUMENTS), st.binary(max_size=200), JSON_VALUES, st.integers(0, 400))
def test_no_document_breaks_the_reading(document: Any, noise: bytes, value: object, cut: int) -> None:  # noqa: ANN401
    inner: object = value
    for step in reversed(document.records.replace("[]", ".[]").split(".")):
        inner = [inner, value] if step == "[]" else {step: inner} if step else inner
    data = json.dumps(inner).encode()
    for one in (data, data[:cut], data[:cut] + noise + data[cut:]):
        list(records_of(io.BytesIO(one), document.records))
        sniff(one, complete=True, newest=DAY)


def test_a_document_of_any_depth_is_walked_without_recursion() -> None:
    deep = b'{"events":[{"message":' + b'{"a":[' * 50_000 + b"]}" * 50_000 + b'},{"message":"x"}]}'
    *_, last = records_of(io.BytesIO(deep), "events[]")
    assert json.loads(last) == {"message": "x"}
    lost = b'{"a":' * (DEEPEST + 5) + b'"x"' + b"}" * (DEEPEST + 5) + b'{"events":[{"message":"y"}]}'
    assert list(records_of(io.BytesIO(lost), "events[]")) == [b'{"message":"y"}']


def test_a_record_that_is_too_long_is_shown_and_the_next_one_read() -> None:
    data = b'{"events":[{"message":"' + b"x" * (2 << 20) + b'"},{"message":"y"}]}'
    lines = list(records_of(io.BytesIO(data), "events[]"))
    assert lines[-1] == b'{"message":"y"}'
    assert all(len(line) < 1 << 20 for line in lines)


def test_a_line_that_is_too_deep_is_counted_and_blinds_nobody() -> None:
    good = json.dumps({"source_type": "file", "message": HEAD, "host": "web01"})
    form = sniff("\n".join([good] * 20).encode(), complete=True, newest=DAY)
    read = reader_of(form, DAY)
    assert read is not None
    for bad in (
        b'{"message":' + b"[" * 100_000,
        b'{"message":' + b"9" * 100_000 + b"}",
        b'{"message":"' + b"x" * 5_000_000,
    ):
        record = read(bad)
        assert record is not None
        assert record.kind == "unparsed"
    after = read(good.encode())
    assert after is not None
    assert (after.kind, after.host) == ("record", "web01")


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")), min_size=2, max_size=2)
    )
)
def test_rows_over_several_lines_come_back(rows: list[list[str]]) -> None:
    import csv

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["time", "message"])
    writer.writerows(rows)
    lines = list(rows_as_objects(io.BytesIO(text.getvalue().encode())))
    assert [json.loads(line) for line in lines] == [
        {name: cell for name, cell in zip(("time", "message"), row, strict=True) if cell} for row in rows
    ]


@given(st.lists(TEXT, min_size=2, max_size=6), TEXT)
def test_an_entry_of_several_lines_is_split_and_keeps_what_is_around_it(parts: list[str], host: str) -> None:
    entry = json.dumps({"a": {"message": "\n".join(parts)}, "host": host}).encode()
    split = [json.loads(line) for line in split_entries(io.BytesIO(entry + b"\n"), "a.message")]
    kept = [part for part in parts if part.strip()]
    if len(kept) == len(parts):
        assert split == [{"a": {"message": part}, "host": host} for part in parts]


@given(st.lists(st.binary(max_size=20).map(lambda line: line.replace(b"\n", b"")), min_size=1))
def test_turning_a_log_twice_changes_nothing(lines: list[bytes]) -> None:
    data = b"".join(line + b"\n" for line in lines)
    once = b"".join(line + b"\n" for line in oldest_first(io.BytesIO(data)))
    assert b"".join(line + b"\n" for line in oldest_first(io.BytesIO(once))) == data


@given(st.binary(max_size=300))
def test_nothing_is_lost_of_what_is_no_document(data: bytes) -> None:
    if (name := rewrite_of(data)) is not None:
        rewritten(name, data)


@pytest.mark.parametrize(
    ("value", "utc"),
    [
        (1772542931, 1772542931000000),
        (1772542931.5, 1772542931500000),
        ("1772542931.500000", 1772542931500000),
        (1772542931500, 1772542931500000),
        (1772542931500001, 1772542931500001),
        ("1772542931500001999", 1772542931500001),
        ("2026-03-03T14:02:11.5+01:00", 1772542931500000),
        ("2026-03-03 13:02:11.500 UTC", 1772542931500000),
        ("3/3/2026, 1:02:11.500 PM UTC", 1772542931500000),
        (4711, None),
        (True, None),
        ("Mar 32, 2026 @ 14:02:11.500", None),
        ("13/3/2026, 13:02:11.500 PM", None),
        ("9" * 100, None),
        ([], None),
    ],
)
def test_times_in_any_unit(value: object, utc: int | None) -> None:
    stamp = stamp_of(value)
    assert (None if stamp is None else stamp[0] - (stamp[1] or 0) * 1_000_000) == utc


def test_a_header_names_fields_and_a_log_has_none() -> None:
    columns = columns_in('"TimeGenerated [UTC]",Computer,"Message"')
    assert columns == (",", "TimeGenerated [UTC]", "Computer", "Message")
    assert fields_of_row('"3/3/2026, 1:02:11 PM",web01,"a ""b"""', columns) == {
        "TimeGenerated": "3/3/2026, 1:02:11 PM UTC",
        "Computer": "web01",
        "Message": 'a "b"',
    }
    for line in (HEAD, '{"a": 1, "b": 2}', "a", "a,a", "1,2", "time"):
        assert columns_in(line) is None
