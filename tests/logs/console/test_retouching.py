"""Lines that were edited where they were pasted say the same as before: bold, curly quotation marks, spaced colons."""

import time
from pathlib import Path

import pytest

from logsleuth.logs.console.retouching import retouched_among, without_retouching
from logsleuth.logs.format.sniff import sniff

HEAD = "[Tue Mar 03 14:02:11.120001 2020] [proxy:error] [pid 9:tid 7] "
MESSAGE = "(111)Connection refused: AH00957: HTTP: attempt to connect to 127.0.0.1:8080 (tills) failed"
LINE = HEAD + MESSAGE
BARE = "(98)Address already in use: AH00072: make_sock: could not bind to address [::]:80"

EMPHASISED = {
    "the whole line": f"**{LINE}**",
    "italics": f"*{LINE}*",
    "underscores": f"__{LINE}__",
    "bold italics": f"***{LINE}***",
    "the message": f"{HEAD}**{MESSAGE}**",
    "a part of the head": LINE.replace("[proxy:error]", "**[proxy:error]**"),
    "the code": LINE.replace("AH00957", "**AH00957**"),
    "several words": LINE.replace("Connection refused", "**Connection refused**").replace("failed", "**failed**"),
    "from here to a line below": f"**{LINE}",
    "from a line above to here": f"{LINE}**",
    "HTML": f"<b>{LINE}</b>",
    "HTML, strong": f"{HEAD}<strong>{MESSAGE}</strong>",
    "HTML, colour": f'<font color="red">{LINE}</font>',
    "HTML, style": f'{HEAD}<mark style="background: yellow">{MESSAGE}</mark>',
    "BBCode": f"[b]{LINE}[/b]",
    "BBCode, colour": f"{HEAD}[color=red]{MESSAGE}[/color]",
    "BBCode, nested": f"{HEAD}[b][u]{MESSAGE}[/u][/b]",
}


@pytest.mark.parametrize("text", EMPHASISED.values(), ids=EMPHASISED)
def test_emphasis_is_taken_off(text: str) -> None:
    assert without_retouching(text) == LINE


UNSEEN = {
    "entities": LINE.replace(":02", "&#8203;:02"),
    "characters": LINE.replace(":02", "\u200b:02").replace("[proxy", "\u2060[proxy"),
    "escaped for Markdown": LINE.replace("[", "\\[").replace("]", "\\]").replace("(", "\\(").replace(".", "\\."),
    "both": LINE.replace("[", "\\[").replace("]", "\\]").replace(":", "&#8203;:"),
}


@pytest.mark.parametrize("text", UNSEEN.values(), ids=UNSEEN)
def test_what_trackers_put_between_characters_is_taken_out(text: str) -> None:
    assert without_retouching(text) == LINE


def test_the_backslashes_of_a_line_that_is_not_escaped_stay() -> None:
    line = HEAD + r"PHP Fatal error:  Uncaught Exception in C:\[site]\(a).php"
    assert without_retouching(line) == line


SPACED = {
    "the code": BARE.replace("AH00072:", "AH00072 :"),
    "every colon": BARE.replace(": ", " : "),
    "no-break spaces": BARE.replace(": ", "\u00a0: "),
    "narrow no-break spaces": BARE.replace(": ", "\u202f: "),
    "the error alone": BARE.replace("in use:", "in use :"),
    "wide colons": BARE.replace(": ", "\uff1a"),
}


@pytest.mark.parametrize("text", SPACED.values(), ids=SPACED)
def test_a_space_before_a_colon_is_taken_out(text: str) -> None:
    assert without_retouching(text) == BARE


def test_curly_quotation_marks_become_straight() -> None:
    curly = "AH00526: Syntax error: Invalid command ‘SSLEngin’, perhaps “misspelled”"
    assert without_retouching(curly) == "AH00526: Syntax error: Invalid command 'SSLEngin', perhaps \"misspelled\""


UNTOUCHED = [
    LINE,
    BARE,
    "*** Error in `/usr/sbin/apache2': double free or corruption (!prev): 0x00007f2c ***",
    "*** stack smashing detected ***: terminated",
    '  File "/srv/shop/till.py", line 7, in __init__',
    "TypeError: pay() argument after ** must be a mapping, not **NoneType",
    "    return view(*args, **kwargs)",
    "    total = 2**10 + 3**7",
    "AH00036: access to /srv/**/x failed (filesystem path '/srv/**')",
    "AH02811: script not found or unable to stat: /usr/lib/cgi-bin/a[i]",
    "[Tue Mar 03 14:02:11 2020] [error] [client 192.0.2.7] ratio : 3 : 1",
    "[::]:80 and 0.0.0.0:80",
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_programs_write_stays(text: str) -> None:
    assert without_retouching(text) == text
    assert retouched_among([text.encode()]) == 0


@pytest.mark.parametrize(
    "text", [EMPHASISED["the message"], EMPHASISED["a part of the head"], HEAD + SPACED["the code"]]
)
def test_one_edited_line_among_whole_ones_is_noticed(text: str) -> None:
    form = sniff(f"{LINE}\n{LINE}\n{text}\n{LINE}\n".encode(), complete=True)
    assert (form.kind, form.pasted) == ("httpd", True)


def test_a_log_that_nobody_edited_is_read_as_it_is() -> None:
    noisy = HEAD + "the **kwargs of <b>pay</b>: 3 : 1"
    form = sniff(f"{LINE}\n{noisy}\n{LINE}\n".encode(), complete=True)
    assert form.pasted is False


def test_a_report_names_what_an_edited_line_says(tmp_path: Path) -> None:
    import logsleuth

    paste = tmp_path / "paste.txt"
    paste.write_text("\n".join([EMPHASISED["the message"]] * 30))
    plain = tmp_path / "plain.log"
    plain.write_text("\n".join([LINE] * 30))
    edited, whole = (logsleuth.analyze([str(path)], tz="UTC") for path in (paste, plain))
    assert [fault.category for fault in edited.faults] == [fault.category for fault in whole.faults] == ["backend-down"]


@pytest.mark.parametrize("part", ["[b]", "**a ", "<b", "**", "[/b]", "AH00036 ", "(1)Aaa ", "_", "\u00a0:"])
def test_no_line_takes_long(part: str) -> None:
    began = time.process_time()
    for length in (7000, 1_000_000):
        text = (part * length)[:length]
        without_retouching(text)
        retouched_among([text.encode()])
    assert time.process_time() - began < 2
