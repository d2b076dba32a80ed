"""Secrets that follow a key such as `password=…`, in the syntax of any language, escaped or not."""

from __future__ import annotations

import re
from typing import Final

from logsleuth.redaction.rule import BARE_VALUE, GAPS, QUOTE, QUOTED, SIGN, SOME_GAPS, Rule, rule

NOT_OF_KEY = r"""(?!\w{0,12}(?:file|path|policy|length|count|type|ttl|expir|timeout|method|field|page|url|uri|dir|
  reset(?!_?(?:token|code|key))|manager|provider|handler|class|name|limit|required|changed|verified|strength|enabled|
  attempts|failed|failure|mismatch|error|less|izer|ary\b))"""
"""Parts of keys that only sound like secrets: `password_file`, `token_type`, `tokenizer`."""
LONG_WORDS = r"""(?:pass[_\-]?(?:wor[dt]|wd|phrase|code|key)|kennwort|contrase(?:n|ñ|Ã±|\\xc3\\xb1)a
          |mot[_\-]?de[_\-]?passe|
  wachtwoord|passord|lösenord|senha|parol[ae]?\b|secret(?!-\d)|(?<!unexpected[ ])token|credential|cred\b|creds\b|
  (?:api|app|access|private|client|nonce|logged[_\-]?in|encryption|encrypt|enc|auth|account|licen[cs]e|signing|sign|master
          |shared[_\-]?access|
  consumer|storage|subscription|ssh|session|security|admin|service|server|deploy|hmac|crypt|cipher|aes|jwt|rsa|pgp|
  gpg|hash|merchant|integration|write|read|ingest|routing|project|team|user|unlock|recovery|backup|seed|
  shared|webhook|site|stripe|map|maps|device|instrumentation|primary[_\-]?access)[_\-.]?key\b|
  (?:db|my|user|smtp|root|bind|key|store|mail|ftp|admin|sql|mysql|ldap|imap|trust|new|old)(?:pass|pwd|pw)\b|
  sess(?:ion)?[_\-]?(?:id|hash|data|cookie)|ses+id|recovery[_\-]?(?:code|phrase)|security[_\-]?(?:code|answer)|
  verification[_\-]?code|backup[_\-]?code|one[_\-]?time[_\-]?(?:code|pass)|mnemonic|seed[_\-]?phrase|signature|
  magic[_\-]?link|community)"""
"""Words that indicate a secret anywhere in a key."""
SHORT_WORDS = r"""(?:(?<![A-Za-z])|(?-i:(?<=[a-z])(?=[A-Z])))
  (?:pass|pwd|pw|pin|otp|totp|mfa|auth|sig|sid|hmac|c?nonce|psk|cvv2?|cvc2?|ssn|jwt|bearer|salt|opaque|samlresponse|
  assertion|api[_\-]?auth|x[_\-]?auth|jwt[_\-]\w{3,12}|csrf|xsrf|_?csrfmiddleware|secretkey|opensesame)"""
"""Words that indicate a secret only as a separate word: `bypass` does not."""
KEY = rf"""(?:{LONG_WORDS}{NOT_OF_KEY}[\w\-]{{0,24}}|{SHORT_WORDS}(?![A-Za-z])(?:[_\-]?\d{{1,3}})?)"""

NO_SECRET: Final = frozenset(
    """yes no true false null none nil undefined empty missing required invalid expired incorrect wrong not is was
    the     on off failed authentication mismatch unknown unset optional string array object integer bool
    boolean default     disabled enabled cannot could unable error denied rejected unexpected too must has have
    does are a an for of in     bad malformed forbidden continue info warn warning debug notice header length
    found changed updated verified verification basic bearer digest""".split()  # noqa: SIM905
)
"""Texts after `password:` that are not passwords, as in `using password: YES`."""
FILE = re.compile(r"(?:/(?:etc|var|srv|usr|opt|home|root|run|tmp|mnt|data|app|proc|lib)(?:/.*|\Z)|[A-Za-z]:\\.*)")
MASK = re.compile(r"[*x•.\-]*|\[?(?:redacted|filtered|hidden|secret|removed|masked)\]?", re.IGNORECASE)


def is_secret(value: str) -> bool:
    """Whether a value can be a secret: it is not a word of an error message, a file or a mask."""
    bare = value.strip("*'\"")
    if value[:1].isspace() or value.startswith("[") or value.endswith("("):  # after a quote; a list; a function
        return False
    if FILE.match(bare) or MASK.fullmatch(bare):
        return False
    return bare.rstrip(".:!?").lower() not in NO_SECRET


def is_serious(value: str) -> bool:
    """Whether a value that may be a word of a sentence is long enough for a secret."""
    return len(value) >= 4 and is_secret(value)


def is_odd(value: str) -> bool:
    """Whether a word that follows a key without a sign is a secret: not a plain word or number, and long enough."""
    letters, digits = sum(map(str.isalpha, value)), sum(map(str.isdigit, value))
    alone = digits in range(4, 9) and not letters
    return is_secret(value) and (alone or (len(value) >= 6 and letters > 0 and digits > 0 and "/" not in value))


QUOTED_VALUE = rf"""(?P<quote>{QUOTE})(?P<value>{QUOTED})"""
TYPED = rf"""(?>(?:{GAPS}(?:string|str|s)(?:\(\d+\)|:\d+:){GAPS})?)"""
"""The type that PHP writes before a value: `string(8) "…"`, `s:8:"…"`."""
CUES = """pass pw pin otp mfa auth sig sid mac nonce psk cv ssn jwt bearer salt opaque saml assertion csrf xsrf secret
  token cred key kenn contrase passe wachtwoord lösen senha parol sess code answer mnemonic phrase link community"""

SECRETS: tuple[Rule, ...] = (
    rule(  # password="…", "password": "…", ['password'] => '…', {\"password\":\"…\"}, %22password%22%3A%22…
        "secret",
        CUES,
        rf"""{KEY}[\])]{{0,2}}(?:{QUOTE}|\\?\]){{0,2}}{GAPS}{SIGN}(?:&gt;|>
          |u003e)?{GAPS}[\[({{]?{TYPED}{QUOTED_VALUE}""",
        needs=KEY,
        accepts=is_secret,
    ),
    rule(  # "password";s:8:"…" and ("password", "…")
        "secret",
        CUES,
        rf"""(?P<q>{QUOTE}):?[\w.\-]{{0,40}}?{KEY}(?P=q)\)?{GAPS}(?:,|;{GAPS}s:\d+:){GAPS}\(?{QUOTED_VALUE}""",
        needs=KEY,
        accepts=is_secret,
    ),
    rule(  # name="password" value="…", key="ApiKey" … value="…"
        "secret",
        CUES,
        rf"""\b(?:name|key|id|field)=(?P<q>{QUOTE}?)[\w.:\[\]\-]{{0,40}}?{KEY}\]?(?P=q)[^<>]{{0,60}}?
          \b(?:value|content)={QUOTED_VALUE}""",
        needs=KEY,
        accepts=is_secret,
    ),
    rule(  # a part of a form: name="password"\r\n\r\n…
        "secret",
        "name=",
        rf"""\bname={QUOTE}{KEY}{QUOTE}{SOME_GAPS}(?P<value>{BARE_VALUE})""",
        accepts=is_secret,
    ),
    rule(  # <password>…</password>, <ns:Password type="…">…
        "secret",
        CUES,
        rf"""(?:<|&lt;|%3C|\\u003c)[\w.\-]{{0,30}}:?[\w.\-]{{0,30}}?{KEY}(?:[ ][^<>]{{0,200}}?)?(?:>|&gt;|%3E|\\u003e)
          (?:<!\[CDATA\[)?{GAPS}(?P<value>(?:(?!\]\]>|&lt;|%3C|\\u003c)[^<]){{1,400}})""",
        needs=KEY,
        accepts=is_secret,
    ),
    rule(  # password=…, APP_KEY=…, ["password"]=>…, [password] => …
        "secret",
        CUES,
        rf"""{KEY}[\])]{{0,2}}{QUOTE}?[\])]?{GAPS}(?:=>|=|%(?:25){{0,2}}3[dD]|\\{{1,4}}(?:[xX]3[dD]|u003[dD]))
          {GAPS}(?P<value>{BARE_VALUE})""",
        needs=KEY,
        accepts=is_secret,
    ),
    rule(  # password: …
        "secret",
        CUES,
        rf"""(?<!\[){KEY}[\])]{{0,2}}{QUOTE}?{GAPS}(?::|%(?:25){{0,2}}3[aA]){GAPS}
          (?:[|>][\-+]?{SOME_GAPS})?(?P<value>{BARE_VALUE})""",
        needs=KEY,
        accepts=is_serious,
    ),
    rule(  # the password is …
        "secret",
        "password passcode pin token code secret passphrase",
        rf"""\b(?:password|passcode|passphrase|pin|secret|token|code)[ ](?:(?:is|was|of|to|as)[ ])?
          (?P<quote>['"`])(?P<value>{QUOTED})""",
        accepts=is_serious,
        reach="here",
    ),
    rule(  # Invalid client secret provided: …; login kim password …
        "secret",
        "password passcode pin passphrase code otp secret token key",
        r"""\b(?:password|passwd|passcode|passphrase|pin|code|otp|secret|token
          |(?:api|licen[cs]e|access|secret|product)[ ]key)
          [ ](?:(?:is|was|to|provided|given|supplied|used|received|value)[ :]++|[:=][ ])?
          (?P<value>(?=[^\s\d]{0,40}\d)[^\s'",;()\[\]]{4,})""",
        accepts=is_odd,
    ),
    rule(  # License key: …
        "secret",
        "key",
        r"""\b(?:api|licen[cs]e|access|secret|product|activation|serial)[ ](?:key|code|number)[ ]*+[:=][ ]*+
          (?P<value>[^\s'",;]{6,})""",
        accepts=is_secret,
    ),
    rule(  # <name>password</name><value>…
        "secret",
        "name>",
        rf"""<name>{KEY}</name>\s{{0,9}}<value>(?:<string>)?(?P<value>[^<]{{1,400}})""",
        accepts=is_secret,
    ),
    rule(  # what WordPress is sent by XML-RPC: names and passwords by their place
        "secret",
        "<param>",
        r"""<value>(?:<string>)?(?P<value>[^<]{3,400})""",
        within=r"""<params?>(?:(?!</params>).){1,2000}""",
        accepts=is_secret,
        reach="here",
    ),
    rule(  # AUTH default …, requirepass …, ACL SETUSER shop on >…: what Redis is told
        "secret",
        "auth requirepass masterauth setuser",
        r"""(?-i:\bAUTH)[ ](?:[\w.\-]{1,40}[ ]){0,2}?(?P<value>(?=[^\s\d]{0,60}\d)[^\s'",;()\[\]=]{4,})""",
        accepts=is_odd,
    ),
    rule(
        "secret",
        "requirepass masterauth setuser",
        r"""\b(?:requirepass|masterauth|setuser[ ][^\n>]{1,80}>)[ ]?['"]?(?P<value>[^\s'",;]{4,})""",
        accepts=is_secret,
    ),
    rule(  # a distinguished name, and what it was bound with
        "secret",
        "dc=",
        r"""\bdc=[\w\-]{1,63}['"]?[ ]*+
          (?:/|:|,?[ ](?:with|using)(?:[ ]the)?[ ](?:password|pw|credentials)[ :]?)[ ]*+
          (?P<value>(?=[^\s\d]{0,60}\d)[^\s'",;()\[\]]{4,})""",
        accepts=is_odd,
    ),
    rule(  # aws configure set aws_session_token …
        "secret",
        "_token _secret _password _key",
        r"""(?<![\w])\w{1,30}_(?:token|secret|password|key|pass)[ ]
          (?P<value>(?=[^\s\d]{0,40}\d)[^\s'",;()\[\]=]{4,})""",
        accepts=is_odd,
    ),
)
