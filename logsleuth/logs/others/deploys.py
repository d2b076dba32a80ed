"""The log of a deploy script: a time, and what it did. Each of its lines is a change, as in a list of changes."""

from __future__ import annotations

from typing import Final

from logsleuth.logs.httpd.record import Record
from logsleuth.logs.wrappers.stamps import ISO, iso_stamp
from logsleuth.regexes import regex

HEAD: Final = rf"\[?{ISO}(?: (?P<apart>[+-]\d\d:?\d\d))?\]?:? +"
"""How a line begins. What follows has no level, or it would be an application's log."""
TELLING: Final = (
    r"(?i:deploy|rollback|rolling back|roll(?:ed|ing)? ?out|maintenance:(?:en|dis)able|maintenance mode"
    r"|ln -s\S* \S*releases?/|git (?:pull|checkout|archive|reset|clone)|rsync )"
)
"""What some line of it says, as no other program's log does."""
DONE: Final = regex(r"(?:\[[^\]\n]{1,60}\] ?|\w{1,40}: )?(?i:done|ok|finished|complete[d]?|success\w*)[.!]*\Z")
"""What says no more than that a step is over."""
LINE = regex(HEAD + r"(?P<what>\S.*)")


def read(line: bytes) -> Record:
    """A change; a line without a time, or without news, goes on with the one before."""
    text = line.decode("utf-8", "backslashreplace").strip("\r\ufeff")
    found = LINE.match(text)
    stamp = iso_stamp(found) if found is not None else None
    if found is None or stamp is None or DONE.match(found["what"]):
        return Record("bare", text)
    return Record("foreign", f"change: {found['what']}", stamp[0], stamp[2], offset=stamp[1])
