"""The log of a deploy script or of Ansible: a time, and what it did. Each line is a change, as in a list of changes."""

from __future__ import annotations

from typing import Final

from logsleuth.logs.httpd.record import Record
from logsleuth.logs.wrappers.stamps import ISO, iso_stamp
from logsleuth.regexes import regex

_OF_ANSIBLE: Final = r"(?:p=\d{1,10} u=\S{1,64} (?:n=\S{1,64} )?\| +)?"
"""What its log has behind the time: lib/ansible/utils/display.py."""
HEAD: Final = rf"\[?{ISO}(?: (?P<apart>[+-]\d\d:?\d\d))?\]?:? +{_OF_ANSIBLE}"
"""How a line begins. What follows has no level, or it would be an application's log."""
TELLING: Final = (
    r"(?i:deploy(?!ment[/-])|rollback|rolling back|roll(?:ed|ing)? ?out|maintenance:(?:en|dis)able|maintenance mode"
    r"|ln -s\S* \S*releases?/|git (?:pull|checkout|archive|reset|clone)|rsync |(?:PLAY|TASK) \[)"
)
"""What some line of it says, as no other program's log does."""
DONE: Final = regex(
    r"(?:\[[^\]\n]{1,60}\] ?|\w{1,40}: )?(?i:done|ok|finished|complete[d]?|success\w*)[.!]*\Z"
    r"|(?:ok|skipping|included): |PLAY RECAP|\S+ +: ok=\d"
)
"""What says no more than that a step is over, or that it found nothing to change."""
LINE = regex(HEAD + r"(?P<what>\S.*?)(?: \*{3,})?\Z")


def read(line: bytes) -> Record:
    """A change; a line without a time, or without news, goes on with the one before."""
    text = line.decode("utf-8", "backslashreplace").strip("\r\ufeff")
    found = LINE.match(text)
    stamp = iso_stamp(found) if found is not None else None
    if found is None or stamp is None or DONE.match(found["what"]):
        return Record("bare", text)
    return Record("foreign", f"change: {found['what']}", stamp[0], stamp[2], offset=stamp[1])
