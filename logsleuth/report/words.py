"""Small words: durations, counts, times of day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from logsleuth.library.slot import SLOT
from logsleuth.logs.format.sniff import OF_OLD
from logsleuth.units import DAY, SECOND, duration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ORDINARY = frozenset(
    """A After All An Answer At Backend Backend's Backends Browsers Build Bus Certificate Chatter Child Children
    Choice Clean-up Client Clients Code Command Compiled Configuration Connections Cookies Daemon Data Details
    Directory Distribution Each Egg Encoded Endless Even Every Everybody Fatal Fewer File Graceful Host Import In
    Internal Invalid It Its Last Likely Lines Load Log Logins Malformed Many Messages More Native Nearly New No
    Nobody None Nothing On One Out Package Packages Pages Passwords Pid Plain Port Processes Proxied Reading
    Request Requests Responses Restart Scoreboard Scripts Segmentation Server Sessions Several Shared Small
    Somebody Something Start-up Statements Static Text The There This Too Traffic Two Uncaught Unknown Uploads
    User Waiting Warnings What Where While With Workers Writing Wrong Zipped
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
"""First words that are small within a sentence; any other may be a name (Python, Django, MaxRequestWorkers)."""
LONGEST_QUOTE = 160
"""Characters of a line that are quoted in a sentence."""
TENTHS = 10
"""Seconds below which a rounded length would be wrong by more than a twentieth."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def file_name(path: str) -> str:
    """The last part of a path, on whatever system it was written."""
    name = path.replace("\\", "/").rpartition("/")[2]
    return "the log" if name in {"", "-"} else name


def place(path: str, line: int | None, at: int) -> str:
    """Where a line stands: 'error.log:17', or by its byte offset where lines have no numbers."""
    return f"{path}:{line}" if line is not None else f"{path}@{at}"


def offset(micros: int) -> str:
    """A time relative to the onset: 'T+04:10', 'T-00:30', 'T+2:22:00'."""
    seconds = round(abs(micros) / 1_000_000)
    sign = "-" if micros < 0 and seconds else "+"
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"T{sign}{hours}:{minutes:02}:{rest:02}" if hours else f"T{sign}{minutes:02}:{rest:02}"


def after(time: int, onset: int) -> str:
    """A time relative to the onset, both to the second as clocks show them: the difference of the two is shown."""
    return offset((time // 1_000_000 - onset // 1_000_000) * 1_000_000)


def clock(micros: int, tz: tzinfo) -> str:
    """Time of day, to the second, in a zone."""
    return _local(micros, tz).strftime("%H:%M:%S")


def clock_after(micros: int, since: int, tz: tzinfo) -> str:
    """Time of day; with its date where it is a day or more from `since`, and the time alone would mislead."""
    return clock(micros, tz) if abs(micros - since) < DAY else day_clock(micros, tz)


def clock_span(first: int, last: int, tz: tzinfo, to: str = "to") -> str:
    """'14:02:11 to 14:05:00': both with their dates where a day or more is between them."""
    return f"{clock_after(first, last, tz)} {to} {clock_after(last, first, tz)}"


def day_clock(micros: int, tz: tzinfo) -> str:
    """Date and time of day, to the second, in a zone."""
    return _local(micros, tz).strftime("%Y-%m-%d %H:%M:%S")


def day_span(first: int, last: int, tz: tzinfo) -> str:
    """'2026-03-03 14:02:11 to 14:05:00': the second date only where it is another one, and one second only once."""
    begin, end = day_clock(first, tz), day_clock(last, tz)
    if begin == end:
        return begin
    return f"{begin} to {end[11:] if begin[:10] == end[:10] else end}"


def _local(micros: int, tz: tzinfo) -> datetime:
    return (EPOCH + timedelta(microseconds=micros)).astimezone(tz)


def step_words(micros: int) -> str:
    """The length of one bar: tenths of a second count where it is short, for counts of one second stand beside it."""
    seconds = micros / SECOND
    return f"{seconds:.1f} s".replace(".0 s", " s") if 0.1 <= seconds < TENTHS else duration(seconds)


def plural(number: int, word: str, many: str = "") -> str:
    """'1 worker', '12 workers', '3,810 lines'."""
    return f"{number:,} {word if number == 1 else many or word + 's'}"


def ordinal(number: int) -> str:
    """'1st', '2nd', '11th', '23rd'."""
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def cut(text: str, longest: int) -> str:
    """A text of at most `longest` characters: of a longer one the end is left out."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def brief(micros: int) -> str:
    """How long a request took, in two digits: '0.0042 s', '0.27 s', '6.7 s', '41 s', '1 min 5 s'."""
    seconds = micros / SECOND
    return f"{seconds:.2g} s" if 0.001 <= seconds < 10 else "less than 1 ms" if seconds < 10 else duration(seconds)


def lengths(micros: Sequence[int]) -> str:
    """'42 s', or of two kinds of requests '42 s or 84 s'."""
    return " or ".join(map(brief, micros))


def joined(names: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)


def fill(text: str, values: Mapping[str, str]) -> str:
    """A pattern's sentence with its slots filled; a slot without a value says so."""
    return SLOT.sub(lambda slot: values.get(slot[1], "(unknown)"), text)


def has_all(text: str, values: Mapping[str, str]) -> bool:
    """Whether every slot of a sentence has a value."""
    return all(slot in values for slot in SLOT.findall(text))


def within_sentence(text: str) -> str:
    """A title or sentence as it reads after a colon: its first letter small, but never that of a name or acronym."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return text[:1].lower() + text[1:] if first in ORDINARY else text


def beyond(title: str, text: str) -> str:
    """What a sentence says beyond a title that begins it alike; empty: nothing."""
    rest = text.removeprefix(title)
    if rest == text or rest[:1] not in {"", ",", ";", ":", "."}:
        return text
    rest = rest.lstrip(",;:. ").removeprefix("so ")
    return rest if rest.startswith("httpd") else f"{rest[:1].upper()}{rest[1:]}"


def format_shown(text: str) -> str:
    """The name of a log's format, for readers: lines of httpd 1.3 look like those of 2.2."""
    return text.replace(OF_OLD, "httpd 1.3 to 2.2")


def full_stop(sentence: str) -> str:
    """The sentence with one full stop, however the pattern or the log ended it."""
    bare = sentence.rstrip()
    return bare if bare.endswith((".", "!", "?", ".”", ".'", '."')) else f"{bare}."
