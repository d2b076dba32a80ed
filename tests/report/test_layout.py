"""What wraps where: as rich does it, which laid reports out before; and columns, cuts and styles."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text as RichText

from logsleuth.report.layout import AtMost, Block, Indented, Stack, Table, Text, columns, written

LETTERS = "ab cdefg  hi\n-/.éß世界ｗa\u0301"
"""Letters of one column and of two, an accent by itself, and what words are made of and parted by."""


def shown(block: Block, width: int = 100) -> list[str]:
    return [written(line, "none") for line in block.lines(width)]


@given(st.text(LETTERS, max_size=80), st.integers(2, 20))
def test_a_text_wraps_as_rich_wraps_it(text: str, more: int) -> None:
    width = more + max(map(cell_len, text.split()), default=0)
    out = io.StringIO()
    Console(file=out, width=width, highlight=False, emoji=False, markup=False).print(RichText(text))
    assert shown(Text(text), width) == [line.rstrip() for line in out.getvalue()[:-1].split("\n")]


@given(st.text("ab-é", max_size=80), st.integers(2, 20))
def test_a_word_that_is_longer_than_a_line_fills_it(word: str, width: int) -> None:
    pieces = [word[at : at + width] for at in range(0, len(word), width)]
    assert shown(Text(f"x {word} y"), width + 2)[-1].endswith("y")
    assert shown(Text(word), width) == (pieces or [""])


@given(st.lists(st.text(LETTERS, max_size=20), max_size=5), st.integers(2, 30))
def test_however_it_is_pieced_together_a_text_wraps_alike_and_keeps_its_styles(pieces: list[str], width: int) -> None:
    text = Text()
    for nth, piece in enumerate(pieces):
        text.append(piece, "red" if nth % 2 else "")
    assert shown(text, width) == shown(Text("".join(pieces)), width)
    red = "".join(piece for line in text.lines(width) for piece, style in line if style == "red")
    assert "".join(red.split()) == "".join("".join(pieces[1::2]).split())


@given(st.text("ab世é\u0301", max_size=30))
def test_columns_are_those_of_a_terminal(text: str) -> None:
    assert columns(text) == sum(map(cell_len, text))


def test_blocks_are_indented_stacked_and_bounded() -> None:
    body = Stack(Text("one two three"), Indented(Text("four"), 2, above=1))
    assert shown(Indented(AtMost(body, 8), 1, below=1)) == [" one two", " three", "", "   four", ""]


def rows(*rows: tuple[str, ...], unbroken: int = 0) -> Table:
    table = Table(2, unbroken)
    for row in rows:
        table.add_row(*row)
    return table


def test_columns_are_as_wide_as_their_widest_text_where_all_fit() -> None:
    assert shown(rows(("a", "bb", "ccc"), ("dddd", "e", ""))) == ["a     bb  ccc", "dddd  e"]


def test_where_they_do_not_fit_the_widest_that_wrap_are_narrowed() -> None:
    table = rows(("label", "one two", "three four five"), unbroken=1)
    assert shown(table, 21) == ["label  one     three", "       two     four", "               five"]


def test_a_terminal_too_narrow_for_what_never_wraps_cuts_it() -> None:
    assert shown(rows(("label", "text"), unbroken=1), 7) == ["l…  te", "    xt"]


@pytest.mark.parametrize("width", [1, 2, 3])
def test_no_width_is_too_narrow_to_end(width: int) -> None:
    assert "".join("".join(shown(rows(("one 世", "two")), width)).split())


@pytest.mark.parametrize(
    ("styles", "expected"),
    [
        ("all", "\x1b[1;37;41m A \x1b[0m and \x1b[2mB\x1b[0m"),
        ("no colours", "\x1b[1m A \x1b[0m and \x1b[2mB\x1b[0m"),
        ("none", " A  and B"),
    ],
)
def test_styles_are_written_as_far_as_they_are_wanted(styles: str, expected: str) -> None:
    (line,) = Text(" A ", "bold white on red").append(" and ").append("B", "dim").append("  ", "red").lines(80)
    assert written(line, styles) == expected  # type: ignore[arg-type]
