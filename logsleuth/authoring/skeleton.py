"""From a line of log to a regex: what stays the same stands as it is, what varies is captured."""

from __future__ import annotations

import re

from logsleuth.values import dataclass

MOST_TEXT = 240
"""Characters of a text that the regex tells apart; what follows may be anything."""
LONGEST_LITERAL = 60
SHORTEST_LITERAL = 6
WORD = re.compile(r"[A-Za-z]{3}")
"""A literal without any word would be found everywhere."""
CODE = re.compile(r"(?:AH|WSGI)\d{4,6}: ")
SPECIAL = re.compile(r"[.^$*+?{}\[\]\\|()]")
VARIES = re.compile(
    r"(?P<quoted>'[^'\n]{0,200}'|\"[^\"\n]{0,200}\")"
    r"|(?P<address>(?<![\w.:])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?![\w.])|\b2001:db8::[0-9a-f:]+)"
    r"|(?P<host>\b(?:[\w\-]+\.)*example\.(?:org|net|com)(?::\d{1,5})?)"
    r"|(?P<path>(?<![\w.:/])/[\w.\-/%+~]+)"
    r"|(?P<hex>\b(?:0x[0-9a-f]+|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{6,64})\b)"
    r"|(?P<user>\b(?:user|secret)-\d+\b)"
    r"|(?P<number>(?<![\w.])\d+(?:\.\d+)?(?![\d]))"
)
CAPTURE = {
    "quoted": None,
    "address": r"[0-9a-f.:]{2,300}",
    "host": r"[\w.\-]{1,300}(?::\d{1,5})?",
    "path": r"/[^\s,:;'\"()\[\]]{0,500}",
    "hex": r"(?:0x)?[0-9a-f]{1,300}",
    "user": r"[^\s,:;'\"]{1,300}",
    "number": r"\d{1,300}(?:\.\d{1,300})?",
}
"""What is captured for each kind of thing that varies; bounded, so that it stays linear, and by more than MOST_TEXT."""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What a pattern looks for, made from one example."""

    contains: str
    regex: str
    fixed: str
    """The words that do not vary, for a title and a name."""


def skeleton(text: str) -> Skeleton | None:
    """The regex and literal for lines such as this one; None if too little of it stays the same."""
    code = re.match(rf"(?P<errno>\([^)]{{1,20}}\)[^:\[\n]{{1,80}}: )?(?P<code>{CODE.pattern})?", text)
    errno, number = (code["errno"] or "", code["code"] or "") if code else ("", "")
    rest = text[len(errno) + len(number) :]
    own, cut = rest[:MOST_TEXT], len(rest) > MOST_TEXT
    regex, runs, names, at = "", [], dict[str, int](), 0
    for found in VARIES.finditer(own):
        if found.start() < at or (cut and found.end() == len(own)):
            continue
        runs.append(own[at : found.start()])
        regex += _escaped(own[at : found.start()]) + _capture(found, names)
        at = found.end()
    runs.append(own[at:])
    regex += _escaped(own[at:])
    literal = _literal(runs) or _literal([errno])
    if literal is None:
        return None
    head = _escaped(errno) + (f"(?:{number})?" if number else "")
    return Skeleton(literal, f"^{head}{regex}" + ("" if cut else "$"), " ".join(" ".join(runs).split()))


def _capture(found: re.Match[str], names: dict[str, int]) -> str:
    kind = found.lastgroup or "number"
    names[kind] = names.get(kind, 0) + 1
    name = kind if names[kind] == 1 else f"{kind}{names[kind]}"
    quote = found[0][0]
    if kind == "quoted":
        return f"{quote}(?P<{name}>[^{quote}\\n]{{0,500}}){quote}"
    return f"(?P<{name}>{CAPTURE[kind]})"


def _escaped(text: str) -> str:
    """A text as a regex that matches it alone; tabs as they are written."""
    return SPECIAL.sub(lambda found: "\\" + found[0], text).replace("\t", "\\t")


def _literal(runs: list[str]) -> str | None:
    """The longest run of plain characters that does not vary."""
    plain = [part for run in runs for part in re.split(r"[^\x20-\x7e]+", run) if WORD.search(part)]
    best = max(plain, key=lambda part: (min(len(part.strip()), LONGEST_LITERAL), len(part)), default="")
    best = best[:LONGEST_LITERAL] if len(best) > LONGEST_LITERAL else best
    return best if len(best.strip()) >= SHORTEST_LITERAL and WORD.search(best) else None
