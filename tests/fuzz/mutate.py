"""Changes to a text that find what its writers did not think of: by bytes, by lines, and by what has hurt before."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

Change = Callable[[random.Random, bytes, Sequence[bytes]], bytes]

TOKENS: tuple[bytes, ...] = (
    b"[", b"]", b"{", b"}", b"(", b")", b'"', b"'", b"\\", b"\\x1b", b"\\n", b"\n", b"\r", b"\t", b"\0", b"\x1b[31m", b"\x7f", b"\xff", b"\xc3", b"\xe2\x80\xae",
    "²".encode(), "٣".encode(), "é".encode(), b"\xed\xa0\x80", b"%", b"%s", b"%{", b"${", b"$(", b"`", b"{x}", b"{path}", b"-", b"--", b"=", b":", b"::", b",", b"|", b"#",
    b"[client ", b"[pid ", b":tid ", b"AH00161: ", b"WSGI0177: ", b"(13)", b"(0x", b", referer: ", b"[Tue Mar 03 14:02:11 2020] ", b"[error] ", b"[Fri Dec 31 23:59:60 9999] ",
    b"0001-01-01T00:00:00-99:99", b"9999-12-31T23:59:59Z", b"Feb 29 ", b"+99:99", b"99:99:99", b"-1", b"0", b"00000000000", b"18446744073709551616", b"1e999", b"NaN", b"null", b"true",
    b'"MESSAGE":', b'"log":', b'"message":', b"@timestamp", b"  File \"x\", line 1", b"Traceback (most recent call last):", b"Caused by: ", b"<187>1 ", b"stderr F ", b"stderr P ", b"\xef\xbb\xbf",
)  # fmt: skip
LONG: tuple[bytes, ...] = (
    b"A",
    b"[",
    b"{",
    b"9",
    b" ",
    b"\0",
    b"'",
    b'"',
    b"\\",
    b"a.",
    b"[[",
    b'{"a":',
    b"%",
    b"=",
    b":",
    b"/",
    b"../",
    b"(",
    b"\xff",
    b"x ",
    b"AH00161: ",
    b"[client ",
)
NUMBER = re.compile(rb"\d+")
ODD_NUMBERS: tuple[bytes, ...] = (
    b"0",
    b"00",
    b"9999999999",
    b"4294967296",
    b"18446744073709551616",
    b"99",
    b"9" * 5000,
    b"-1",
    "²".encode(),
)


def mutated(choose: random.Random, data: bytes, others: Sequence[bytes], longest: int) -> bytes:
    """A text after one to six changes, of at most so many bytes; `others`: texts to take parts of."""
    for _ in range(choose.choice((1, 1, 1, 2, 2, 3, 6))):
        data = choose.choice(CHANGES)(choose, data, others)
    return data[:longest]


def _span(choose: random.Random, data: bytes, most: int = 64) -> tuple[int, int]:
    begin = choose.randrange(len(data) + 1)
    return begin, min(begin + choose.randrange(most), len(data))


def flip(choose: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """Another byte."""
    at = choose.randrange(len(data) or 1)
    return data[:at] + bytes([choose.randrange(256)]) + data[at + 1 :]


def insert(choose: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """A token that means something somewhere."""
    at = choose.randrange(len(data) + 1)
    return data[:at] + choose.choice(TOKENS) + data[at:]


def replace(choose: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """Such a token in place of something."""
    begin, end = _span(choose, data, 16)
    return data[:begin] + choose.choice(TOKENS) + data[end:]


def remove(choose: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """A part left out."""
    begin, end = _span(choose, data)
    return data[:begin] + data[end:]


def repeat(choose: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """A part many times."""
    begin, end = _span(choose, data, 24)
    return data[:begin] + data[begin:end] * choose.choice((2, 3, 17, 300)) + data[end:]


def stretch(choose: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """Much of the same."""
    at = choose.randrange(len(data) + 1)
    return data[:at] + choose.choice(LONG) * choose.choice((2, 65, 300, 1000, 9000)) + data[at:]


def number(choose: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """Another number."""
    found = list(NUMBER.finditer(data[:4000]))
    if not found:
        return data
    chosen = choose.choice(found)
    return data[: chosen.start()] + choose.choice(ODD_NUMBERS) + data[chosen.end() :]


def splice(choose: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """The begin of one text and the end of another."""
    other = choose.choice(others)
    return data[: choose.randrange(len(data) + 1)] + other[choose.randrange(len(other) + 1) :]


def embed(choose: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A text within another."""
    at = choose.randrange(len(data) + 1)
    return data[:at] + choose.choice(others) + data[at:]


def cut(choose: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """Only the begin."""
    return data[: choose.randrange(len(data) + 1)]


def shuffle(choose: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """The lines in another order, some of them gone or doubled."""
    lines = data.split(b"\n")
    return b"\n".join(choose.choices(lines, k=len(lines)))


CHANGES: tuple[Change, ...] = (
    flip,
    insert,
    insert,
    replace,
    remove,
    repeat,
    stretch,
    number,
    number,
    splice,
    embed,
    cut,
    shuffle,
)
