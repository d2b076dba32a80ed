"""Lines that were broken by hand in mid-sentence are read as one; those of a log stay as they are."""

import io

import pytest

from logsleuth.logs.console.sentences import MOST_LINES, are_broken, mended

HEAD = "[Tue Mar 03 14:02:11 2020] [error] "
WHOLE = "(5)Input/output error: AH00036: access to /shop/a.php failed (filesystem path '/srv/shop')"

BROKEN = {
    "behind a preposition": f"  [core:error] {WHOLE}".replace("to /shop", "to\n    /shop"),
    "before what failed": f"{HEAD}{WHOLE}".replace(" failed", "\nfailed"),
    "before the path in the file system": f"{HEAD}{WHOLE}".replace(" (file", "\n(file"),
    "in a quotation": f"> {HEAD}{WHOLE}".replace(" failed", "\n> failed"),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_line_that_goes_on_is_joined(text: str) -> None:
    assert are_broken(text.encode())
    lines = list(mended(io.BytesIO(text.encode())))
    assert len(lines) == text.count("\n") + 1  # so that each line keeps its number
    assert lines[0].decode().endswith(WHOLE)


APART = {
    "two heads": f"{HEAD}{WHOLE}\n{HEAD}failed",
    "a traceback": f"{HEAD}Traceback (most recent call last):\n  File x",
    "words of a script": f"{HEAD}{WHOLE}\nsh: curl: not found",
    "an empty line between": f"{HEAD}access to\n\nfailed",
    "no head": "access to\n/shop failed",
}


@pytest.mark.parametrize("text", APART.values(), ids=APART)
def test_other_lines_stay_apart(text: str) -> None:
    assert not are_broken(text.encode())


def test_a_log_is_no_paste() -> None:
    text = f"{HEAD}access to\nfailed\n" + f"{HEAD}x\n" * MOST_LINES
    assert not are_broken(text.encode())
