"""The text that patterns see, and the client, taken from what follows a line's head.

The same as `Record.text` of the tokenizer gives, at less cost: heads are not read a second time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from logsleuth.logs.httpd.record import LONGEST_KEY
from logsleuth.logs.httpd.tokenize import split_client
from logsleuth.regexes import regex

if TYPE_CHECKING:
    from re import Match

ERRNO = regex(rb"\((?:(?:EAI|OS|os) )?(?:-?\d{1,10}|0x[0-9a-fA-F]{1,16})\)[^:\[]*: ")
CLIENT = regex(rb"\[(?:client|remote) ([^\]]*)\] ?")
PLAIN_CLIENT = regex(rb"\[client (\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?\]")
"""What nearly every client field is: read without further thought."""
SOURCE = regex(rb"[\w./+\-]+\.(?:c|cc|cpp|h)\(\d+\): ")
REFERER = b", referer"
REFERRED = regex(rb", referer(?:: | https?://\S*\Z)")


def message_of(rest: bytes) -> bytes:
    """What follows head and client, without a source file, without a client behind that or an errno, and no referer."""
    if rest[:1] == b"(" and (errno := ERRNO.match(rest)):
        rest = errno[0] + _fields_cut(rest[errno.end() :], errno=False)
    elif SOURCE.match(rest):
        rest = _fields_cut(rest, errno=True)
    at = rest.find(REFERER)
    if at >= 0 and (found := REFERRED.search(rest, at)):
        return rest[: found.start()]
    return rest


def _fields_cut(rest: bytes, *, errno: bool) -> bytes:
    """Fields taken off the text's start, each once; an errno stays."""
    kept, left = b"", [CLIENT, SOURCE, *([ERRNO] if errno else [])]
    while found := next(((field, match) for field in left if (match := field.match(rest))), None):
        field, match = found
        left.remove(field)
        kept += match[0] if field is ERRNO else b""
        rest = rest[match.end() :]
    return kept + rest


def own_message(message: bytes) -> bytes:
    """A message without what mod_cgi puts before a script's stderr."""
    if message.startswith(b"AH01215: ") and (found := CGI.match(message)):
        return message[found.end() :]
    return message


CGI = regex(rb"AH01215: (?:stderr from [^:]*: )?")


def is_errno(rest: bytes) -> bool:
    """Whether a text starts with an errno: httpd's own words, never a part of what a program wrote line by line."""
    return rest[:1] == b"(" and ERRNO.match(rest) is not None


def client_of(client: bytes, rest: bytes, *, ported: bool) -> str:
    """The address in a line's client field, or in one behind an errno or a source file; '' if none is there.

    `ported`: the line names a pid, and so is of an era that prints the client's port (httpd 2.4).
    """
    if plain := PLAIN_CLIENT.fullmatch(client):
        return plain[1].decode()
    found = CLIENT.match(client) or _client_behind(rest)
    return address_of(found[1], ported=ported) if found else ""


def names_client(client: bytes, rest: bytes) -> bool:
    """Whether a line has a client field, before its text or behind an errno or a source file."""
    return bool(client) or _client_behind(rest) is not None


def _client_behind(rest: bytes) -> Match[bytes] | None:
    """The client field behind the errno or the source file that a text starts with."""
    lead = ERRNO.match(rest) or SOURCE.match(rest)
    return CLIENT.match(rest, lead.end()) if lead else None


@lru_cache(maxsize=4096)
def address_of(client: bytes, *, ported: bool) -> str:
    """The address in a client field's value, without a port; cut at LONGEST_KEY."""
    host, _ = split_client(client.decode("utf-8", "backslashreplace"), ported=ported)
    return (host or "")[:LONGEST_KEY]
