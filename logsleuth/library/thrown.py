"""Lines that name an exception: what a program writes of an error that none of its code handled.

Whatever the language, the line has the exception's name and its message: the last one of a traceback in Python, the
first one of a stack trace elsewhere. What a message nobody knows means is then clear as far as this: the program's own
code ended there, and says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from logsleuth.regexes import regex
from logsleuth.values import NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

LOOKED_AT: Final = 600
"""Characters of a line that are looked at."""
THROWN: Final = regex(
    # a logger's or runtime's words before it, then a name that says that it is one
    r"(?:\[[^\]\n]{1,60}\] ){0,3}"
    r"(?:(?:[^\n]{0,300}?(?:\b[Uu]ncaught |[Uu]nhandled [Ee]xception[.:]? |Caused by: |nested exception is "
    r"|\bin thread \"[^\"\n]{1,60}\" |[(\[]|: |> ))?(?:exception ')?"
    r"(?:(?:[A-Za-z_]\w{0,60}(?:\.|::|\\{1,2})){0,8}[A-Z]\w{0,80}(?:Error|Exception|Fault|Failure|Interrupt)"
    r"(?=:{1,2} |:?\n|:?\Z| \(|[)\];]|' with message )"
    # PHP's and Node's own, of which only the word before tells
    r"|(?<=ncaught )(?:Error|Exception): )"
    # a class of its own by a dotted name, shop.stock.LedgerLocked: the ledger is locked; Ruby's, with the message in
    # brackets
    r"|(?:[a-z_]\w{0,60}\.){1,8}[A-Z][a-z0-9]{1,60}[A-Z]\w{0,60}: |(?:[A-Z]\w{0,60}::){1,6}[A-Z]\w{1,60} \("
    # Go's and Rust's
    r"|panic: |fatal error: (?=[a-z])|thread '[^'\n]{1,60}' panicked at "
    # what Perl cannot go on after
    r"|(?:Can't (?:locate|call|use) |Undefined subroutine |Died)[^\n]{0,300} at \S{1,300} line \d)",
)
"""How such a line begins."""
HANDLED: Final = regex(r"(?i)\A[^\n]{0,40}\b(?:warning|deprecat\w+|notice|retry\w*|ignor\w+|caught)\b")
"""Words of what a program goes on after."""


class Kind(NamedTuple):
    """What an exception means, as far as its name and words tell."""

    words: tuple[str, ...]
    """One of them is in the line; in small letters."""
    cause: str
    fix: str


LOADING: Final = Kind(
    (
        "importerror", "modulenotfounderror", "undefined symbol", "cannot open shared object", "loaderror",
        "cannot load such file", "noclassdeffounderror", "classnotfoundexception", "nosuchmethoderror",
        "nosuchfielderror", "incompatibleclasschangeerror", "abstractmethoderror", "unsupportedclassversionerror",
        "unsatisfiedlinkerror", "cannot find module", "err_module_not_found", "err_dlopen_failed", "binary incompatib",
        "built for another version", "versionconflict", "could not load file or assembly", "typeloadexception",
        "missingmethodexception",
    ),
    "Code that the program needs could not be loaded, or does not fit the rest of it: a package is missing, or two "
    "versions are mixed. That also comes about when files are replaced under running processes: what they have in "
    "memory is of the old version, and what they load later of the new one.",
    "Compare the versions that the message names with those installed. If something was installed or deployed since "
    "these processes were started, restart them; else install what is missing, or undo the last change.",
)  # fmt: skip
OTHER: Final = Kind(
    (),
    "The program's own code raised this exception; a request in which nothing handles it ends with an error.",
    "Read the stack trace beside the line: it names the file and the line of code. If it began with a deploy or an "
    "upgrade, undo that.",
)

FRAME: Final = regex(r"at [\w$.<]|#\d|File \"|raise |throw |\.{3} \d+ more|goroutine \d|from \S+:\d")
"""How a line of a stack begins that says where it was, not what was thrown."""
INNER: Final = regex(r"Caused by: |-+> ?(?=[A-Z])")
"""What Java and .NET put before an exception that led to the one above it: the last of them came first."""
TRACEBACK: Final = "Traceback (most recent call last)"
NAME_ALONE: Final = regex(r"[A-Za-z_][\w.]{0,200}(?::|\Z)")
"""How the line of Python's that names the exception begins, whatever it is called; frames are indented."""
NAMELESS: Final = regex(r"(?:Error|Exception|RangeError|fatal): \S")
"""How JavaScript and Go begin the line of an error that has no name of its own."""


def thrown(message: str) -> Kind | None:
    """What an exception that a message names means; None: the message names none."""
    if _match(message) is None or HANDLED.match(message):
        return None
    said = message.lower()
    return LOADING if any(word in said for word in LOADING.words) else OTHER


def reason_below(lines: Sequence[str]) -> int | None:
    """Which of the lines below the head of a record names what was thrown; None: none does.

    Of a chain of causes, that which came first: Java and .NET name it last, after its words for that, Python first.
    """
    found, is_pythons = None, False
    for nth, line in enumerate(lines):
        text = line.strip()
        inner = INNER.match(text)
        said = text[inner.end() :] if inner is not None else text
        ends_a_traceback = is_pythons and NAME_ALONE.match(line) is not None
        if (found is None or inner is not None) and (ends_a_traceback or _names_what_was_thrown(said)):
            found = nth
        is_pythons = (is_pythons or text.startswith(TRACEBACK)) and not ends_a_traceback
    return found


def _names_what_was_thrown(text: str) -> bool:
    return FRAME.match(text) is None and (_match(text) is not None or NAMELESS.match(text) is not None)


def _match(message: str) -> re.Match[str] | None:
    return THROWN.match(message[:LOOKED_AT])
