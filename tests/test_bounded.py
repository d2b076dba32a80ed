"""Nested texts and numbers end as an error or as nothing, never as a run out of stack, memory or patience."""

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logsleuth.bounded import DEEPEST, LONGEST_TOML, json_object, number, read_toml

JSON = st.recursive(
    st.none() | st.integers(-(10**20), 10**20) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_what_json_holds_is_read(value: dict[str, object]) -> None:
    assert json_object(json.dumps(value)) == value


@given(st.text(st.sampled_from('{}[]",:\\1a '), max_size=40))
def test_of_any_text_an_object_is_read_or_nothing(text: str) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        expected = None
    assert json_object(text) == (expected if text.startswith("{") else None)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":' * 990 + "1" + "}" * 990,
        '{"a":' + "[" * 100_000,
        '{"a":' + "9" * 5000 + "}",
        '{"a":"' + "\\" * 99_999,
        "[1]",
        "",
    ],
)
def test_what_is_too_deep_or_no_object_is_nothing(text: str) -> None:
    assert json_object(text) is None


def test_brackets_in_strings_nest_nothing() -> None:
    text = json.dumps({"MESSAGE": "[" * 1000 + '\\"' + "{" * 1000})
    assert json_object(text) == json.loads(text)
    assert json_object('{"a":' + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1) + "}") is not None


@pytest.mark.parametrize(
    "text",
    ["a." * 20_000 + "a = 1", "[" + "a." * 5 + "a]", "a = " + "[" * 1000 + "]" * 1000, "a = " + "{b = " * 100 + "1" + "}" * 100, "a = 0x" + "f" * 5000, "a = " + "1" * 5000,
     "#" * (LONGEST_TOML + 1), "a = '''", 'a = """\\', "a = 1\na = 2"],
)  # fmt: skip
def test_toml_beyond_the_bounds_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_toml(text)


@pytest.mark.parametrize(
    "text",
    ["a = 'x.y.z.w.v.u.t'", 'a = "[[[[." # ......', "a = '''\n[.].[.].'\n'''", 'a = """..... \\""" .....\n"""', "a = '" + "x" * 5000 + "'", "[[a.b]]\nc.d = 1.5", "a = [[1], [2]]"],
)  # fmt: skip
def test_what_stands_in_strings_and_comments_is_not_bounded(text: str) -> None:
    assert read_toml(text) == tomllib.loads(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("007", 7),
        ("", None),
        ("²", None),
        ("٣", None),
        ("1" * 10, None),
        ("-1", None),
        (" 1", None),
        ("1_0", None),
    ],
)
def test_a_number_has_ascii_digits_and_not_too_many(text: str, value: int | None) -> None:
    assert number(text) == value
