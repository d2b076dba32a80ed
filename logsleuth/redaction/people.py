"""Names of people and accounts, found by the words around them; mail addresses; telephone, card and account numbers."""

from __future__ import annotations

import re
from typing import Final

from logsleuth.redaction.rule import GAP, GAPS, QUOTE, SIGN, Rule, rule

NAME = r"[^\s'\"`,;:()\[\]<>/\\@=&?%{}|]+"
VALUE = rf"(?P<q>['\"])?(?P<value>(?(q)[^'\"]+|{NAME}))"
"""A name, quoted or not."""
ACCESS_TIME = r"\[\d\d/[A-Za-z]{3}/\d{4}:"
"""The text after the user in a line of an access log."""
USER_KEY = r"""\b(?:(?:db|my|mysql|smtp|ftp|ldap|mail|proxy|remote|auth|login|admin|app|bind|php_auth
          |redirect_remote)[_\-]?)?
  (?:user(?:[_\- ]?(?:name|login))?|usr|login(?:name)?|logname|uname|acct|account(?:name)?|samaccountname|uid
          |customer(?:name)?|
  (?:first|last|full|sur|given|family|display|real|nick)[_\-]?name|vorname|nachname)"""
AT = r"""(?:@|%(?:25)?40|&\#(?:64|x40|0?64);|&commat;|\\{1,4}(?:u0040|x40)|=40|[ ]?(?:\(at\)|\[at\]|\{at\})[ ]?
          |[ ]at[ ](?=[\w\-]{1,60}[ ]dot[ ]))"""
DOT = r"(?:\.|%2E|&\#(?:46|x2e);|[ ]?(?:\(dot\)|\[dot\]|\{dot\})[ ]?|[ ]dot[ ])"
IBAN_PATTERN = r"(?<![A-Za-z0-9])(?P<value>[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]){11,30})(?![A-Za-z0-9])"
CARD_LENGTHS: Final = range(13, 20)
LONGEST_UID: Final = 6
"""Most digits of a user id."""
SHORTEST_PHONE: Final = 7
"""Digits."""
COMMON_USERS: Final = frozenset(
    """root www-data apache httpd nginx nobody daemon mysql postgres user users admin administrator test guest demo web
    anonymous unknown none null - all any
    deploy deployer deployment release staging production ansible jenkins puppet vagrant git svn cron backup backups
    monitor monitoring nagios zabbix server service services system support info sales office mail list news proxy
    oracle tomcat redis ubuntu debian centos fedora rocky plesk cpanel operator developer database app webmaster
    hostmaster postmaster""".split()  # noqa: SIM905
)
"""Common account names, and those that are words of a log as well: never replaced elsewhere in a text."""
NOT_A_NAME: Final = frozenset(
    """name password with not is the a an id in of for and or was has does login can returned authentication to
    from who that gets credentials failed demands cannot option php upper user users names directive realm""".split()  # noqa: SIM905
)
AUTHORITY = re.compile(r"(?i)\b(?:ca|root|authority|certification|certificate|encryption|ssl|tls|intermediate)\b")
"""Words in the names of those who sign certificates."""


def is_name(value: str) -> bool:
    """Whether a value names somebody: user ids do not, nor do words of a sentence."""
    bare = value.strip(".!").lower()
    return bare not in NOT_A_NAME and not (bare.isdecimal() and len(bare) < LONGEST_UID) and any(map(str.isalnum, bare))


def is_no_authority(value: str) -> bool:
    """Whether the name in a certificate is no certificate authority's, which is public."""
    return AUTHORITY.search(value) is None


def is_iban(value: str) -> bool:
    """Whether the check digits of an IBAN are right (ISO 13616: modulo 97)."""
    bare = re.sub(r"\s", "", value).upper()
    moved = bare[4:] + bare[:4]
    return moved.isalnum() and moved.isascii() and int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def is_card(value: str) -> bool:
    """Whether the check digit of a payment card's number is right (ISO/IEC 7812: Luhn)."""
    digits = [int(char) for char in value if char.isdigit()]
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[-2::-2]]
    known_start = digits[:1] in ([2], [3], [4], [5], [6])
    return len(digits) in CARD_LENGTHS and known_start and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def is_phone(value: str) -> bool:
    """Whether there are enough digits for a telephone."""
    return sum(map(str.isdigit, value)) >= SHORTEST_PHONE


USERS: tuple[Rule, ...] = (
    rule("user", "://", r"(?<=://)(?P<value>[^\s/@:'\"<>]+)(?=(?::[^\s/@]*)?@)"),
    rule("user", "@", r"(?<![\w.:/\-@])(?P<value>[A-Za-z][\w.\-]{0,63})(?=:secret-\d+@)"),
    rule(
        "user",
        "user usr login logname uname acct account uid customer name",
        rf"{USER_KEY}\b['\"]?\]?\s*(?:=>?|:)\s*{VALUE}",
        accepts=is_name,
    ),
    rule(  # the same, escaped
        "user",
        "user usr login account customer name",
        rf"""{USER_KEY}{QUOTE}?{GAPS}{SIGN}{GAPS}(?:string\(\d+\){GAP})?{QUOTE}(?P<value>[^\s'"\\&%]{{2,80}})""",
        accepts=is_name,
    ),
    rule("user", "user name>", rf"<(?:\w{{1,20}}:)?(?:user(?:_?name)?|login|account)>(?P<value>{NAME})"),
    rule("user", "user", rf"\b(?:for|by|of|unknown|invalid|bad)[ ]user[ ]{VALUE}", accepts=is_name),
    rule(
        "user",
        "user",
        rf"""(?:^|\W)user[ ]{VALUE}['"]?
          (?=:|[ ](?:not[ ]found|in[ ]realm|does[ ]not|is[ ]not|has[ ]no|failed|denied|logged|already|tried|was[ ]
          |cannot))""",
        accepts=is_name,
    ),
    rule("user", "role", r"\brole[ ]\"(?P<value>[^\"]+)\""),
    rule("user", "'@' @` \"@", r"""(?P<q>\\?['"`])(?P<value>[^'"`@\s\\]+)(?=(?P=q)@(?P=q)?\w?)"""),
    rule("user", "/home/ /users/ %2fhome", r"(?:/|%2F)(?:home|Users)(?:/|%2F)(?P<value>[^/\s'\":;,)\]%\\]+)"),
    rule(
        "user",
        "users\\ settings\\",
        r"""(?:[A-Z]:\\+(?:Users|Documents[ ]and[ ]Settings)|\\home)\\+(?P<value>[^\\\s'"]+)""",
    ),
    rule(  # DOMAIN\user
        "user",
        "user logon login account identity by for as principal",
        r"""(?-i:(?<![\w\\:/])[A-Z][A-Z0-9\-]{1,14})\\{1,2}(?P<value>[a-z][\w.\-]{1,40})(?![\\\w])""",
        within=r"""\b(?:\w{0,20}user|\w{0,12}logon|login|account|identity|by|for|as|principal)\b[^\\\n]{0,40}\\{1,2}[\w.\-]{1,40}""",
    ),
    rule("user", "/~", r"/~(?P<value>[A-Za-z][\w.\-]*)"),
    rule("user", "http/", rf"^(?:\S+[ ])?\S+[ ]\S+[ ](?P<value>[^\s\-]\S*)[ ]{ACCESS_TIME}"),
    rule(
        "user",
        "cn=",
        r"""\b(?:CN|uid)=(?P<value>[^,\s'"=]{1,60}(?:[ ][^,\s'"=]{1,60}){0,3})(?=,[ ]?(?:ou|dc|o|cn)=)""",
        accepts=is_no_authority,
    ),
    rule("user", "sudo", r"\bsudo(?:\[\d+\])?:[ ]+(?P<value>[\w.\-]{1,40})[ ]:[ ]"),
    rule(
        "user",
        "-u",
        r"""\b(?:mysql\w*|mariadb[\w\-]*|mydumper|psql|ssh|pg_dump|mongo\w*)[ ]
          (?:.{0,80}[ ])?-[uUl][ ]?(?P<value>[A-Za-z][\w.\-]*)""",
    ),
    rule("user", "curl -u --user", r"(?<=[ ])(?:-u|--user)[ =]?['\"]?(?P<value>[A-Za-z][\w.\-]{0,60})(?=:secret-\d)"),
    rule("user", "accepted", r"\bAccepted[ ]\S{1,40}[ ]for[ ](?P<value>[\w.\-]{1,40})(?=[ ]from[ ])"),
    rule("user", "ssh", r"\b(?:ssh|scp|rsync|sftp)[ ](?:-\S+[ ])*(?P<value>[a-z_][\w.\-]*)(?=@)"),
)
MAILS: tuple[Rule, ...] = (
    rule(
        "mail",
        "%40 %2540 &# &commat; u0040 x40 =40 (at) [at] {at} [ at ] at",
        rf"""(?<![\w.+\-])(?P<value>[A-Za-z0-9][\w.+\-]{{0,63}}{AT}[A-Za-z0-9][\w\-]{{0,62}}(?:{DOT}[A-Za-z0-9][\w\-]{{0,62}}){{1,5}})""",
        accepts=lambda value: "@" not in value,
    ),
)
"""Mail addresses escaped for a URL, HTML or JSON, or spelled out."""
NUMBERS: tuple[Rule, ...] = (
    rule("number", "", IBAN_PATTERN, accepts=is_iban),
    rule("number", "iban", r"\biban\b\W{0,5}(?P<value>[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]){8,30})"),
    rule(
        "number",
        "+ tel phone fax mobile mobil whatsapp sms",
        r"""(?:(?<![\w+:.\-])|(?<=(?:tel|sms):)|(?<=%2B))(?P<value>(?:\+
          |00(?=[1-9]))[1-9]\d{0,3}(?:[ \-./]?\(?\d{1,5}\)?){2,6})(?![\d:])""",
        accepts=is_phone,
    ),
    rule(
        "number",
        "tel phone fax mobile mobil whatsapp sms msisdn",
        r"""\b(?:tel(?:ephone|efon)?|phone|fax|mobile?|whatsapp|sms|msisdn)(?:[_ ]?(?:no|nr
          |number)\.?)?['"]?[ :=>]{1,4}['"]?
          (?P<value>\(?\d[\d ()./\-]{5,18}\d)""",
        accepts=is_phone,
    ),
    rule(
        "number",
        "",
        r"""(?<![\w.:\-])(?P<value>[2-6]\d{3}(?:[ \-]?\d{4}){2}[ \-]?\d{1,7}
          |3[47]\d{2}[ \-]?\d{6}[ \-]?\d{5})(?![\w.:])""",
        accepts=is_card,
    ),
    rule(
        "number",
        "ssn social tax passport birth dob personal",
        r"""\b(?:ssn|social[ _]security(?:[ _](?:no|number))?|tax[ _]?id|passport(?:[ _]?(?:no|number))?
          |date[ _]of[ _]birth|birth_?(?:day|date)|dob|personal[ _]?(?:id|number))
          ['"]?[ :=>#.]{1,4}['"]?(?P<value>[A-Z]{0,3}\d[\d\-./]{5,14}\w?)""",
    ),
    rule("number", "-", r"(?<![\w\-.:])(?P<value>(?!000|666|9)\d{3}-\d{2}-\d{4})(?![\w\-.:])"),
)
"""Accounts, cards and telephones."""
