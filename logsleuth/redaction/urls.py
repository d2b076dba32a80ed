"""Secrets in URLs and connection strings: user:password@, queries, links that grant access."""

from __future__ import annotations

from logsleuth.redaction.keys import is_secret
from logsleuth.redaction.randomness import is_mixed
from logsleuth.redaction.rule import Rule, rule

START = r"""(?::(?:\\{0,3}/){2}|%(?:25)?3A(?:%(?:25)?2F){2})"""
"""What follows a scheme, also with escaped slashes."""
QUERY_KEYS = r"""(?:\w{0,20}(?:code|auth|sig|sign|hash|hmac|key|nonce|ticket|assertion|verif\w{0,8}|otp|
          login_hint|invite|invitation|confirm\w{0,8}|activat\w{0,8}|reset|unsubscribe|magic|client_info|cred\w{0,10}|
          session\w{0,8}|passw?|access|grant|challenge|uuid|guid|jwt|saml\w{0,12}|relaystate|tok|secret|proof|cookie|
          security-token)|pin|state|link|hint|cert|policy|pw|sso|st|sid|skoid|t|k|h|s|e|c|p|u)"""
"""Keys of a query whose value may be a secret; the short ones only by themselves."""
SECRET_STEPS = r"""(?:reset(?:[_\-]?password)?|password[_\-]?resets?|verify(?:[_\-]?e?mail)?|confirm(?:ation)?s?
          |activat(?:e|ion)|
  invit(?:e|es|ation|ations)|unsubscribe|magic(?:[_\-]?links?)?|tokens?|shared?|s|d|download|login|auth|sso|accept
          |join|hooks?|
  webhooks?|callback|sessions?|recover(?:y)?|key|e|private|feed|ical|calendar|bot)"""


def is_query_secret(value: str) -> bool:
    """Whether the value of a key that may hold a secret is one: long enough, and no word or number alone."""
    return len(value) >= 6 and not value.isdecimal() and not value.isalpha() and is_secret(value) and _is_odd(value)


def _is_odd(value: str) -> bool:
    return any(char.isdigit() for char in value) or "%" in value


def is_step_secret(value: str) -> bool:
    """Whether a part of a path is a key, not the name of a page."""
    return len(value) >= 8 and any(char.isdigit() for char in value) and (is_mixed(value) or len(value) >= 16)


SECRETS: tuple[Rule, ...] = (
    rule(  # scheme://user:password@, up to the last @: passwords hold it, too
        "secret",
        ":// :\\/ %3a%2f %3a%252f",
        rf"""(?<=[a-z0-9]){START}[^\s/@:'"<>%\\]{{0,80}}(?::|%(?:25)?3A)(?!\d{{1,5}}(?:[/?\#]|\\/|$))
          (?P<value>[^\s'"<>]{{1,200}})(?=(?:@|%(?:25)?40)[\w\[(/.])""",
    ),
    rule(  # scheme://token@host
        "secret",
        "@",
        rf"""{START}(?P<value>(?=[^\s/@]{{0,60}}\d)[A-Za-z0-9_\-]{{16,}})(?=@)""",
    ),
    rule(  # user:password@tcp(host), user:password@host without a scheme
        "secret",
        "@",
        r"""(?<![\w.:/\-@])[A-Za-z][\w.\-]{0,63}:(?!//)(?P<value>[^\s/@'"<>:,;]{3,100})
          (?=@(?:tcp|udp|unix)?[(/]|@[\w.\-]{1,100}(?::\d|/|[\s'"),;]|$))""",
        accepts=is_secret,
    ),
    rule(  # user/password@host, as Oracle has it
        "secret",
        "@",
        r"""(?:(?<=\bsqlplus[ ])|(?<=\bexp[ ])|(?<=\bimp[ ])|(?<=thin:)|(?<=oracle:)|(?<=-s[ ]))
          \w{1,40}/(?P<value>[^\s@/'"]{3,80})(?=@)""",
    ),
    rule(  # links that are keys themselves
        "secret",
        "hook services workflows triggers maker. discord bot catch",
        r"""(?:(?:hooks\.slack(?:-gov)?\.com|hooks\.\w{1,30}\.\w{2,10})\\?/(?:services|workflows|triggers
          |hooks(?:\\?/catch)?)
          |discord(?:app)?\.com\\?/api(?:\\?/v\d{1,2})?\\?/webhooks
          |webhook(?:b2)?\.office\.com\\?/webhookb?2?|\b[\w.\-]{1,80}\.office\.com\\?/webhookb?2?
          |outlook\.office(?:365)?\.com\\?/webhook|/(?:incoming)?-?webhooks?2?(?:\\?/incoming)?|/hooks?(?=/[\w\-]{10})
          |maker\.ifttt\.com\\?/trigger\\?/[\w\-]{1,60}\\?/(?:json\\?/)?with\\?/key)
          \\?/(?P<value>[\w\-./@:%\\]{8,})""",
    ),
    rule("secret", "private-", r"""/private-(?P<value>[0-9a-f]{8,})(?=/)"""),
    rule("secret", "bot", r"""\bbot(?P<value>\d{6,12}:[\w\-]{20,})"""),
    rule(  # /reset/6f1c9a8b7d/confirm
        "secret",
        "/",
        rf"""(?:/|%2F){SECRET_STEPS}(?:/|%2F)(?:\d{{1,9}}/)?(?P<value>[\w\-.~=%+:]{{8,}})""",
        accepts=is_step_secret,
    ),
    rule(  # ?code=…, &sig=…
        "secret",
        "? & %26 %3f",
        rf"""(?:[?&]|&amp;|%3F|%26|\\u0026|\#){QUERY_KEYS}(?:=|%3D)(?P<value>[^\s&'"<>\#;\\)\]}},]++)""",
        accepts=is_query_secret,
    ),
    rule(  # any other key, if its value looks drawn
        "secret",
        "? & %26 %3f",
        r"""(?:[?&]|&amp;|%3F|%26|\\u0026)[\w.\-\[\]]{1,30}=(?P<value>[A-Za-z0-9_\-]{10,})(?![\w.])""",
        accepts=is_mixed,
    ),
    rule(  # presigned: the id of the key, and the parts of the policy
        "secret",
        "accesskeyid googleaccessid credential key-pair-id policy=",
        r"""(?:AWSAccessKeyId|GoogleAccessId|X-(?:Amz|Goog)-Credential|Key-Pair-Id|OSSAccessKeyId
          |(?<=[?&])Policy)(?:=|%3D)
          (?P<value>[^\s&'"<>\\;,]{6,})""",
    ),
    rule(  # a link to a folder or a meeting: its query is all that guards it
        "secret",
        "/d/ /u/ /t/ /s/ /j/",
        r"""://[^\s/]{1,100}/(?:[\w\-]{1,30}/){0,3}(?:d|u|t|s|j)/(?P<value>[\w\-]{16,})""",
        accepts=is_mixed,
    ),
)
