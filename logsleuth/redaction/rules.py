"""What says who or where, by the words around it. Each rule: a kind, and a pattern whose group `value` is replaced.

A name alone (`alice`, `db7`) can't be told from any other word: it is known by its context first, and then, if it is
distinctive enough, replaced wherever it stands. Patterns are verbose: a blank in them is written `[ ]`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LABEL = r"[A-Za-z0-9][A-Za-z0-9\-]*"
HOST = rf"{LABEL}(?:\.{LABEL})*"
DOTTED = rf"{HOST}\.[A-Za-z]{{2,}}"
NAME = r"[^\s'\"`,;:()\[\]<>/\\@=&?]+"
VALUE = rf"(?P<q>['\"])?(?P<value>(?(q)[^'\"]+|{NAME}))"
"""A name, quoted or not."""
KEY = r"""(?:pass(?:word|wd|phrase)?|pwd|secret|(?:access|auth|refresh|csrf|xsrf|id|api|bearer)?[_\-]?token
  |(?:api|access|secret|private|client)[_\-]?(?:key|secret)|session[_\-]?id|php[_\-]?sessid|jsessionid|sig(?:nature)?)"""
ACCESS_TIME = r"\[\d\d/[A-Za-z]{3}/\d{4}:"
"""What follows the user in a line of an access log."""
NO_SECRET = frozenset(
    """yes no true false null none nil undefined empty missing required invalid expired incorrect wrong not is was the
    on off failed authentication mismatch""".split()  # noqa: SIM905 - a list of words reads best as words
)
"""What stands behind `password:` where no password does, as in `using password: YES`."""
COMMON_USERS = frozenset(
    """root www-data apache httpd nginx nobody daemon mysql postgres user users admin administrator test guest demo web
    anonymous unknown none null - all any""".split()  # noqa: SIM905
)
"""Names of no one: replaced where they stand as a user's, but not in other places."""
COMMON_HOSTS = frozenset({"localhost", "localhost.localdomain", "ip6-localhost", "_", "server", "client"})


@dataclass(frozen=True, slots=True)
class Rule:
    """Where a value of one kind stands."""

    kind: str
    cues: tuple[str, ...]
    """One of these, in lower case, stands in every text that can match: a cheap look before the pattern is tried."""
    pattern: re.Pattern[str]


def _rule(kind: str, cues: str, pattern: str) -> Rule:
    return Rule(kind, tuple(cues.split()), re.compile(pattern, re.IGNORECASE | re.VERBOSE))


SECRETS = (
    _rule("secret", "://", r"(?<=://)[^\s/@:'\"<>]*:(?P<value>[^\s/@'\"<>]+)(?=@)"),
    _rule("secret", "bearer basic digest", r"\b(?:bearer|basic|digest)[ ]+(?P<value>[A-Za-z0-9+/=._~\-]{8,})"),
    _rule("secret", "eyj", r"(?P<value>\beyJ[\w\-]{8,}\.[\w\-]{8,}(?:\.[\w\-]*)?)"),
    _rule(
        "secret",
        "akia asia gho_ ghp_ ghs_ ghu_ github_pat_ glpat- xox sk_ pk_ rk_ sk- aiza ya29. npm_ pypi-",
        r"""\b(?P<value>A(?:KI|SI)A[A-Z0-9]{12,}|gh[opsu]_\w{16,}|github_pat_\w{16,}|glpat-[\w\-]{12,}
          |xox[abprs]-[\w\-]{10,}|[spr]k_(?:live|test)_\w{8,}|sk-[\w\-]{16,}|AIza[\w\-]{20,}|ya29\.[\w\-]{10,}
          |npm_\w{20,}|pypi-[\w\-]{20,})""",
    ),
    _rule("secret", "begin", r"-----BEGIN[ ][A-Z ]*PRIVATE[ ]KEY-----(?P<value>.*?)(?:-----END|$)"),
    _rule(
        "secret",
        "= %3d",
        rf"""(?<![A-Za-z]){KEY}\b['"]?\s*(?:=>?|%3d)\s*
          (?P<q>['"])?(?P<value>(?(q)[^'"]*|[^\s'"&,;)\]}}]+))""",
    ),
    _rule(
        "secret",
        ":",
        rf"""(?<![A-Za-z]){KEY}['"]?\s*:\s*(?P<q>['"])?(?P<value>(?(q)[^'"]*|[^\s'"&,;)\]}}]{{4,}}))""",
    ),
)
USERS = (
    _rule("user", "://", r"(?<=://)(?P<value>[^\s/@:'\"<>]+)(?=(?::[^\s/@]*)?@)"),
    _rule("user", "user", rf"\buser(?:name)?['\"]?\s*(?:=>?|:)\s*{VALUE}"),
    _rule("user", "user", rf"\b(?:for|by|of|unknown|invalid)[ ]user[ ]{VALUE}"),
    _rule(
        "user",
        "user",
        rf"""(?:^|\W)user[ ]{VALUE}['"]?
          (?=:|[ ](?:not[ ]found|in[ ]realm|does[ ]not|is[ ]not|has[ ]no|failed|denied))""",
    ),
    _rule("user", "role", r"\brole[ ]\"(?P<value>[^\"]+)\""),
    _rule(
        "user",
        "login= logname= uname= acct= account=",
        rf"\b(?:login|logname|uname|acct|account)=['\"]?(?P<value>{NAME})",
    ),
    _rule("user", "'@'", r"'(?P<value>[^'@\s]+)'(?=@')"),
    _rule("user", "/home/ /users/", r"/(?:home|Users)/(?P<value>[^/\s'\":;,)\]]+)"),
    _rule("user", "users\\", r"[A-Z]:\\+Users\\+(?P<value>[^\\\s'\"]+)"),
    _rule("user", "/~", r"/~(?P<value>[A-Za-z][\w.\-]*)"),
    _rule("user", "http/", rf"^(?:\S+[ ])?\S+[ ]\S+[ ](?P<value>[^\s\-]\S*)[ ]{ACCESS_TIME}"),
)
HOSTS = (
    _rule("host", "://", rf"(?<=://)(?:[^\s/@'\"<>]*@)?(?P<value>{HOST})(?=[:/\s'\"?\#,;)>\]]|$)"),
    _rule("host", "'@'", rf"'@'(?P<value>{HOST})'"),
    _rule("host", "[client [remote", rf"\[(?:client|remote)[ ](?P<value>{DOTTED})(?=[:\]])"),
    _rule(
        "host",
        "host server",
        rf"\b(?:(?:db_?)?host(?:name)?|(?:remote[ ])?server(?:[_ ]?name)?|vhost)[:=]?[ ]?['\"](?P<value>{DOTTED})['\"]",
    ),
    _rule(
        "host", "host: host= hostname= server:", rf"\b(?:server|(?:db)?host(?:name)?)(?::[ ]|=)(?P<value>{DOTTED})\b"
    ),
    _rule("host", "server", rf"\bremote[ ]server[ ](?P<value>{DOTTED})(?=[:\s])"),
    _rule("host", "connect", rf"\bconnect(?:ion|ing)?[ ]to[ ](?:[a-z]+[ ])?['\"]?(?P<value>{DOTTED})(?=[:\s'\"(]|$)"),
    _rule("host", "failed", rf"\((?P<value>{DOTTED})\)[ ]failed"),
    _rule(
        "host",
        "lookup getaddrinfo resolve",
        rf"""(?:lookup[ ](?:failure[ ]|error[ ])?(?:for|of)[: ]+|getaddrinfo[ ](?:for[ ])?
          |could[ ]not[ ]resolve[ ]host(?:name)?[: ]+)['"]?(?P<value>{DOTTED}|{HOST}(?=[ ]failed))""",
    ),
    _rule("host", "hostname", rf"\bhostname[ ](?P<value>{HOST})[ ]provided[ ]via"),
    _rule("host", "cn=", rf"\bCN=(?:\*\.)?(?P<value>{DOTTED})"),
    _rule("host", "http/", rf"^(?P<value>{DOTTED})(?::\d+)?[ ]\S+[ ](?:\S+[ ])?\S+[ ]{ACCESS_TIME}"),
    _rule(  # the head of a syslog line
        "host",
        "[ :",
        rf"""^(?:<\d+>)?(?:1[ ])?
          (?:[A-Z][a-z]{{2}}[ ][ \d]\d[ ]\d\d:\d\d:\d\d|\d{{4}}-\d\d-\d\dT[\d:.]+(?:Z|[+\-]\d\d:?\d\d))
          [ ](?P<value>{HOST})[ ][\w\-./]+(?:\[\d+\])?[: ]""",
    ),
)
STRICT = (
    _rule("query", "?", r"\?(?P<value>[^\s'\"<>]+)"),
    _rule("path", "://", r"(?<=://)[^\s/'\"<>]+/(?P<value>[^\s'\"<>?]+)"),
    _rule(
        "path",
        "/",
        r"(?<![\w:/.\-<])/(?P<value>(?:srv|var/www|opt|data|mnt|www|usr/local|app|home|Users)/[^\s'\":,;)\]]+)",
    ),
    _rule(
        "path",
        "exist: configuration: stat found: long:",
        r"""\b(?:does[ ]not[ ]exist|denied[ ]by[ ]server[ ]configuration|unable[ ]to[ ]stat|not[ ]found|too[ ]long)
          :[ ]/(?P<value>[^\s,'\"]+)""",
    ),
    _rule("name", "agent", r"\buser-?agent['\"]?[:=][ ]*['\"]?(?P<value>[^'\"]+)"),
    _rule("id", "-", r"\b(?P<value>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b"),
    _rule("id", "", r"\b(?P<value>(?=[0-9a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{24,})\b"),
    _rule("number", "", r"(?<!tid[ ])(?<![\d.:\-])(?P<value>\d(?:[ \-]?\d){11,18})(?![\d.:])"),
)
"""What a stranger could still read something from: addresses of pages, files of the application, identifiers."""
