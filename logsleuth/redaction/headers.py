"""Secrets in HTTP headers: cookies and credentials."""

from __future__ import annotations

from typing import Final

from logsleuth.redaction.keys import is_secret
from logsleuth.redaction.randomness import is_mixed
from logsleuth.redaction.rule import QUOTE, SIGN, Rule, rule

SCHEMES = r"""(?:basic|bearer|digest|negotiate|ntlm|kerberos|token|api-?key|apikey|oauth|hawk|mac|jwt
          |aws4-hmac-sha256|aws|
  hmac|gnap|dpop|sharedkey(?:lite)?|sharedaccesssignature|hoba|mutual|scram-sha-\d+|vapid|signature|privatetoken|
  key|secret|goog4-rsa-sha256|splunk|bot|genie-?key|snowflake|discogs|ssws|deepl-auth-key|acs-?hmac|eg1-hmac-sha256|
  [a-z][\w\-]{1,24})"""
HEADER_END = r"""(?:(?!\\[nr]|\s-H\s).)"""
COOKIE_NAME = r"""[\w.\-]{1,80}"""
ATTRIBUTES: Final = frozenset({"lax", "strict", "none", "secure", "httponly", "/", "0", "1", "deleted"})


def is_cookie(value: str) -> bool:
    """Whether a cookie's value may identify somebody: it is not an attribute, a date or a path."""
    return value.lower() not in ATTRIBUTES and not value.startswith("/") and is_secret(value)


def is_proof(value: str) -> bool:
    """Whether the text after the name of a scheme can be a credential: it is not a word of a sentence."""
    return is_mixed(value) or "=" in value or any(char.isdigit() for char in value)


SECRETS: tuple[Rule, ...] = (
    rule(  # Cookie: a=…; b=…
        "secret",
        "cookie",
        rf"""(?:(?<=[ ;:,\[{{(="'])|(?<=%20)|(?<=3A)|(?<=\\")){COOKIE_NAME}=(?P<value>[^\s;,'"<>\\]++)""",
        within=rf"""\b(?:http_)?cookies?2?(?:{QUOTE}|\])?[ ]?{SIGN}{HEADER_END}{{1,2000}}""",
        accepts=is_cookie,
        reach="here",
    ),
    rule(  # cookies that are known by their names, without their header
        "secret",
        "wordpress wp- remember session sess .sid aspx aspnet clearance auth prestashop frontend",
        r"""(?<![\w.\-])(?:wordpress_\w{4,80}|wp-(?:postpass|settings)\w{0,60}|remember_\w{2,80}|\w{1,40}_session|connect\.sid
          |s?sess[0-9a-f]{8,64}|\.?aspx\w{2,20}|\.aspnet(?:core)?\.\w{2,40}|cf_clearance|prestashop-\w{4,64}|adminhtml|frontend
          |auth(?:_?cookie|_?session|_?user)|\w{1,20}sessid\w{0,8})=(?P<value>[^\s;,'"<>\\&]{4,})""",
        accepts=is_cookie,
    ),
    rule(  # Set-Cookie: a=…; Path=/; and what PHP prints of $_COOKIE
        "secret",
        "cookie",
        rf"""(?P<quote>{QUOTE})(?P<value>(?:(?!(?P=quote))[^=]){{6,400}})(?P=quote)(?!\s*(?:=>|:|\]))""",
        within=r"""\$?_cookie['"]?\]?[ ]?(?:=>?|:)?[ ]?(?:array|\[|\{).{1,1000}""",
        reach="here",
    ),
    rule(  # Authorization: SCHEME …
        "secret",
        "authorization",
        rf"""authorization(?>(?:{QUOTE}|\])*)[ ]?{SIGN}[ ]?[\[({{]?[ ]?{QUOTE}?(?:{SCHEMES}[ ]++(?![=,]))?
          (?P<value>[^\s'",;)\]}}\\]{{3,}})""",
        accepts=is_secret,
    ),
    rule(  # its parameters: Credential=…, response="…"
        "secret",
        "authorization digest hawk oauth hmac signature",
        r"""\b(?:credential|signature|response|c?nonce|opaque|mac|hash|id|oauth_\w{1,20}|keyid|sig|token
          |access_token)=
          (?P<quote>\\?["']?)(?P<value>[^\s'",;\\]{6,})""",
        within=rf"""(?:authorization['"\]]{{0,2}}[ ]?(?:=>?|:)|\b(?:digest|hawk|oauth|aws4-hmac-sha256
          |signature)[ ](?=\w+=))
          {HEADER_END}{{1,1500}}""",
        accepts=is_secret,
    ),
    rule(  # a scheme without its header
        "secret",
        "bearer basic digest negotiate ntlm token apikey",
        r"""\b(?:bearer|basic|digest|negotiate|ntlm|token|apikey)(?:[ ]++|%20
          |\+)(?P<value>[A-Za-z0-9+/=._~\-]{8,})""",
        accepts=is_proof,
    ),
    rule(  # X-Api-Key, X-Auth-User and their like, of which the name says enough
        "secret",
        "x- http_x_",
        rf"""\b(?:http_)?x[_\-][\w\-]{{0,40}}(?:key|auth|token|secret|signature|hmac|password|session|otp|sig|code
          |user-?id)
          [\w\-]{{0,20}}{QUOTE}?[ ]?{SIGN}[ ]?{QUOTE}?(?:sha\d+=)?(?P<value>[^\s'",;)\]}}\\]{{4,}})""",
        accepts=is_secret,
    ),
)
