r"""What a rule is, and the pieces of syntax that rules are made of.

A value stands between quotes, after a sign, or in a tag; each of these may be escaped for JSON, for a URL, for HTML or
by httpd itself (`\"`, `%22`, `&quot;`, `\x22`). Patterns are verbose: a blank in them is written `[ ]`. Every
repetition is bounded or gives nothing back, so that no text takes more than linear time. A repeated group is within an
atomic one, `(?>(?:…)*)`: Python 3.11.0 to 3.11.4 match `(?:…)*+` wrongly (cpython's issue 106052), and Debian 12 has
such a one.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Literal

from logsleuth.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

Kind = Literal["secret", "user", "host", "mail", "query", "path", "name", "id", "number"]
Reach = Literal["here", "everywhere"]

QUOTE = r"""(?:\\{0,7}(?:['"`]|[xX]2[27]|u002[27])|&(?:quot|apos|\#0?3[49]|\#x2[27]);|%(?:25){0,2}2[27])"""
"""A quote, however it is escaped."""
SIGN = r"""(?:=>|[=:]|%(?:25){0,2}3[aAdD]|\\{1,4}(?:[xX]3[aAdD]|u003[aAdDeE])|&\#(?:58|61);)"""
"""What stands between a key and its value."""
GAP = r"""(?:[ \t\r\n]|\\[nrt]|%(?:25)?20|\+)"""
"""A blank, as it is or as httpd escapes it."""
GAPS = rf"(?>{GAP}*)"
"""Any number of blanks, none given back."""
SOME_GAPS = rf"(?>{GAP}+)"
BARE = r"""(?:[^\s'"`<>,;&|)\]}\\%]|\\(?!['"nrtxu\\])|%(?!(?:25){0,2}(?:2[02cC67]|3[bBcCeE]|7[dD]|0[aAdD])))"""
"""A character of a value without quotes."""
BARE_VALUE = rf"(?>{BARE}+)"
"""A value without quotes."""
QUOTED = r"""(?:(?!(?P=quote)).){0,400}"""
"""The rest of a value within quotes."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Finds values of one kind."""

    kind: Kind
    cues: tuple[str, ...]
    """Each text that can match contains one of these, in lower case: a cheap check before the pattern is tried."""
    pattern: str
    """Its group `value` is replaced."""
    needs: str | None = None
    """What several rules have in common, looked for once a text: where it is not, none of them is tried."""
    within: str | None = None
    """The pattern is tried only within the spans that this one matches; None: in the whole text."""
    accepts: Callable[[str], bool] | None = None
    """Whether the rule applies to a value; None: to every value."""
    reach: Reach = "everywhere"
    """Whether a value that is distinctive is replaced in other texts, too."""


def rule(
    kind: Kind,
    cues: str,
    pattern: str,
    *,
    needs: str | None = None,
    within: str | None = None,
    accepts: Callable[[str], bool] | None = None,
    reach: Reach = "everywhere",
) -> Rule:
    """A rule whose `cues` are separated by blanks."""
    return Rule(kind, tuple(cues.split()), pattern, needs, within, accepts, reach)


@functools.cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A rule's pattern, which is verbose and ignores case: compiled when a text first has one of the rule's cues."""
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE | re.DOTALL)
