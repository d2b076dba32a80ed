"""Secrets recognised by their form: keys with a known prefix, hashes, PEM blocks, random words."""

from __future__ import annotations

from logsleuth.redaction.randomness import HEX, LONGEST_HEX_NUMBER, is_long_hex, looks_drawn
from logsleuth.redaction.rule import Rule, rule

PREFIXED = r"""(?:A(?:KI|SI|BI|CC|RO|ID|NP|GP)A[A-Z0-9]{12,}|gh[oprsu]_\w{12,}|github_pat_\w{12,}
          |gl[a-z]{1,6}-[\w\-]{12,}
  |xox[a-z](?:\.xox\w)?-[\w\-]{8,}|xapp-[\w\-]{8,}|[sprw]k_(?:live|test|prod)_[\w*]{6,}|whsec_[\w+/=]{8,}|sk-[\w\-]{12,}
  |sq0[a-z]{3}-[\w\-]{12,}|EAAA\w{12,}|shp[a-z]{2}_\w{12,}|SG\.[\w\-]{10,}\.[\w\-]{10,}|key-[0-9a-f]{16,}
  |[0-9a-f]{20,}-us\d{1,2}\b|(?:AC|SK|AP)[0-9a-f]{32}|AIza[\w\-]{16,}|ya29\.[\w\-.]{8,}|GOCSPX-[\w\-]{8,}
          |1//0[\w\-]{12,}
  |npm_\w{16,}|pypi-[\w\-]{12,}|rubygems_\w{12,}|dckr_[a-z]{2,4}_[\w\-]{12,}|do[opr]_v1_\w{12,}|hv[sbr]\.[\w\-]{12,}
  |hf_\w{12,}|dapi[0-9a-f]{16,}|gl(?:sa|c)_[\w+/=]{12,}|NRA[KL]-\w{12,}|NRJS-\w{8,}|sntry[su]_[\w+/=]{12,}|AT(?:ATT
          |CTT|BB)\w[\w\-=]{12,}
  |lin_(?:api|oauth)_\w{12,}|(?:secret|ntn)_[A-Za-z0-9]{20,}|fig[dou]_[\w\-]{12,}|PMAK-[\w\-]{12,}|pul-[0-9a-f]{16,}
  |\w{14}\.atlasv1\.[\w\-]{12,}|dp\.[a-z]{2,5}\.[\w.\-]{12,}|HRKU-[\w\-]{12,}|fo1_[\w\-]{12,}|nf[pcoub]_\w{12,}
          |sbp_\w{12,}
  |sb_(?:secret|publishable)_\w{12,}|pscale_[a-z]+_[\w\-]{12,}|pat[A-Za-z0-9]{14}\.\w{12,}|sl\.[\w\-]{20,}
          |xkeysib-[\w\-]{12,}
  |AGE-SECRET-KEY-1\w{8,}|LTAI\w{10,}|AKID\w{10,}|AQVN\w{10,}|tfp_[\w\-]{12,}|FLWSECK[\w\-]{8,}|EZ[AT]K\w{12,}
          |live_[0-9a-f]{20,}
  |r8_\w{20,}|gsk_\w{20,}|pplx-\w{20,}|v[1-4]\.(?:local|public)\.[\w\-]{16,}|ops_eyJ\w{12,}|(?:dG9rO|MTE)[\w=]{16,}
  |[MN][A-Za-z\d]{23,25}\.[\w\-]{6}\.[\w\-]{27,}|\d{8,10}:AA[\w\-]{30,}|PRIVATE-TOKEN-\w{8,}|[a-z]{2,10}_(?:live
          |test|prod|pat|sk|secret|key|token)_\w{10,})"""
"""Keys with a known prefix."""
HASHES = r"""(?:\$(?:2[abxy]?|1|5|6|7|y|gy|apr1|sha1|md5|argon2(?:id|i|d)|scrypt|pbkdf2[\w\-]*|P|H|S|bcrypt[\w\-]*)\$
  [\w./=,$+\-]{8,}|pbkdf2_\w{3,12}\$\d+\$[^\s'"]{8,}|\{(?:S?SHA\d{0,3}|S?MD5|CRYPT|PBKDF2[\w\-]*
          |ARGON2)\}[\w+/=.$]{6,}
  |\$P\$[\w./]{8,}|\*[0-9A-F]{40}\b|(?:sha1|sha256|md5|bcrypt|argon2)\$[\w./=,$+\-]{8,})"""
"""Passwords as they are stored."""


def _is_named(word: str) -> bool:
    """Whether a word is made of words with hyphens or underscores and a few numbers, or is a UUID."""
    parts = word.replace("_", "-").replace("~", "-").split("-")
    if [len(part) for part in parts] == [8, 4, 4, 4, 12]:
        return True
    if len(parts) > 1 and all(HEX.fullmatch(part) and len(part) <= LONGEST_HEX_NUMBER for part in parts):
        return True  # a range of memory
    return len(parts) > 1 and all(part.isalpha() or part.isdigit() or len(part) < 8 for part in parts)


SHAPES: tuple[Rule, ...] = (
    rule("secret", "eyj", r"""(?P<value>(?<![A-Za-z0-9])eyJ[\w\-+/=]{8,}(?:(?:\.|%2E)[\w\-+/=]{4,}){0,4})"""),
    rule("secret", "", rf"""(?-i:(?<![A-Za-z0-9])(?P<value>{PREFIXED}))"""),
    rule("secret", "$ {sha {ssha {md5 {smd5 {crypt {pbkdf {argon *", rf"""(?P<value>{HASHES})"""),
    rule(
        "secret",
        "begin",
        r"""-----BEGIN[ +][A-Z0-9 +]{0,40}PRIVATE[ +]KEY(?:[ +]BLOCK)?-----(?>(?:\\n|\s)*)
          (?P<value>(?>(?:(?!-----END).)+))""",
    ),
    rule(
        "secret",
        "begin",
        r"""-----BEGIN[ ][A-Z0-9 ]{1,40}-----(?>(?:\\n|\s)*)(?P<value>(?:(?!-----END)[\w+/=\\\s]){16,})""",
    ),
    rule(
        "secret",
        "ssh- ecdsa-",
        r"""\b(?:ssh-(?:rsa|dss|ed25519)
          |ecdsa-sha2-\w{1,20})[ ](?P<value>AAAA[\w+/=]{20,})""",
    ),
    rule("secret", "sess_", r"""(?P<value>(?<![A-Za-z])sess_[\w,\-]{8,})"""),
)
"""Secrets that are certain."""
NO_LOG_ID = r"""(?<!\][ ]\[)(?<!\][ ]\[[\w+/@\-]{11}/)"""
"""Right after another bracket: ids of connection and request in httpd's own head (%L), which lead to their lines."""
DRAWN: tuple[Rule, ...] = (
    rule(  # a base64 text, also one that holds slashes
        "secret",
        "",
        rf"""{NO_LOG_ID}(?<![\w/+.\-])(?P<value>[A-Za-z0-9+/]{{32,}}={{0,2}})(?![\w/])""",
        accepts=looks_drawn,
    ),
    rule("secret", "", r"""(?<![A-Za-z0-9\\])(?P<value>[0-9a-f]{24,})(?![A-Za-z0-9])""", accepts=is_long_hex),
    rule(
        "secret",
        "",
        rf"""{NO_LOG_ID}(?<!unique_id[ ]")(?<!unique_id=)(?<![A-Za-z0-9\\])(?!0x)
          (?P<value>(?:[A-Za-z0-9]|(?<=[A-Za-z0-9])[\-_~](?=[A-Za-z0-9])){{20,}}={{0,2}})
          (?![A-Za-z0-9])(?!\.(?:so|py|php|egg|whl|jar|rb|pl|pm|html?|js|css|log|conf)\b)""",
        accepts=lambda value: looks_drawn(value) and not _is_named(value),
    ),
)
"""Probable secrets: tried last."""
