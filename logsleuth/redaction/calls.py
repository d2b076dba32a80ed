"""Secrets among the arguments of calls: in PHP's stack traces, in lines of code that are quoted, in SQL."""

from __future__ import annotations

import re
from typing import Final

from logsleuth.redaction.keys import KEY
from logsleuth.redaction.rule import Rule, rule

FRAME = r"""\#\d{1,3}[ ](?>(?:(?!\\n|[ ]\#\d{1,3}[ ]|\n).)+)"""
"""One frame of a PHP stack trace, up to the next."""
ARGUMENT = r"""(?<=[(,\s\[])(?P<quote>\\?['"])(?P<value>(?:(?!(?P=quote)).){1,300})(?:(?P=quote)|$)"""
CREDENTIAL_CALLS = r"""(?:pdo|mysqli?|real_connect|mysqli?_p?connect|mysqli?_real_connect|pg_p?connect|ldap_bind
          |ftp_login|
  ssh2_auth_\w+|imap_open|odbc_p?connect|oci_p?connect|sqlsrv_connect|mssql_connect|connect|create_engine|login
          |log_in|
  sign_?in|authenticate|auth|attempt|bind|simple_bind_s|set_?password|check_?password|change_?password|
  verify_?password|password_verify|password_hash|hash_hmac|crypt|md5|sha1|sha256|openssl_\w{3,12}crypt|decrypt
          |encrypt|
  create_?user|register|set_?cookie|setcookie|setrawcookie|basic_?auth|HTTPBasicAuth|set_?auth|credentials?|
  from_?token|with_?token|bearer|set_?api_?key|setex|hset|identified_by|redis|memcached?|starttls|sasl\w*|putenv|
  username_?token|client|signature|sign|verify)"""
"""Functions that take a name and a password, or a secret."""
CODE: Final = re.compile(
    r"(?:[A-Za-z_]\w*\\{1,4})+\w+|[A-Z]\w*::\w+|[a-z]+(?:_[a-z]+)*\.(?:php|html?|twig|tpl|xml|json)"
)
PATH: Final = re.compile(r"(?:phar://|file://)?/(?:[\w.\-]+/)*[\w.\-]*\.{0,3}|[A-Za-z]:\\.*|\.{1,2}/.*")
WORD: Final = re.compile(r"[a-z]+(?:[_\-][a-z]+)*")
CHARSETS: Final = frozenset({"utf8", "utf8mb4", "utf-8", "latin1", "get", "post", "put", "delete", "head", "localhost"})
PLAIN_CALLS = r"""(?:do_action|apply_filters\w*|call_user_func\w*|require(?:_once)?|include(?:_once)?|locate_template|
  load_template|get_template_part|\w*autoload\w*|\w*_exists|defined|constant|define|ini_[gs]et|trigger_error|
  extension_loaded|loadClass|findFile|fopen|file_get_contents|is_file|is_dir|mkdir|unlink|rename|opendir|readfile
          |make|
  resolve|build)"""
"""Functions whose arguments are names of code or of files."""


def is_data(value: str) -> bool:
    """Whether an argument is data of the application rather than a name of its code or a file of the server."""
    if value.lower() in CHARSETS or CODE.fullmatch(value):
        return False
    return not (PATH.fullmatch(value) and value.count("/") + value.count("\\") > 1)


def is_no_word(value: str) -> bool:
    """Whether an argument is data, and not a lower-case word such as the name of a hook."""
    return is_data(value) and not WORD.fullmatch(value)


SECRETS: tuple[Rule, ...] = (
    rule("secret", "#", ARGUMENT, within=rf"{FRAME}", accepts=is_no_word, reach="everywhere"),
    rule(  # words, too, unless the function works on names
        "secret",
        "#",
        ARGUMENT,
        within=rf"""\#\d{{1,3}}[ ]
          (?>(?:(?![:]?[ ](?:[\w\\]{{1,80}}(?:->|::))?{PLAIN_CALLS}\(|\\n|[ ]\#\d{{1,3}}[ ]|\n).)+)
          (?=\\n|[ ]\#\d|\n|$)""",
        accepts=is_data,
        reach="here",
    ),
    rule(
        "secret",
        "(",
        ARGUMENT,
        within=rf"""(?:\b|_|->|::|\bnew[ ]){CREDENTIAL_CALLS}\((?:[^()]|\([^()]{{0,200}}\)){{0,400}}""",
        accepts=is_data,
        reach="here",
    ),
    rule(  # IDENTIFIED BY '…', PASSWORD('…')
        "secret",
        "identified password(",
        r"""\b(?:identified[ ](?:with[ ]\S{1,60}[ ])?(?:by|as)(?:[ ]password)?|password\()[ ]*+
          (?P<quote>\\?['"])(?P<value>(?:(?!(?P=quote)).){1,300})""",
    ),
    rule(  # INSERT INTO users (name, password) VALUES ('…', '…')
        "secret",
        "values value",
        ARGUMENT,
        within=rf"""\([^()]{{0,300}}{KEY}[^()]{{0,300}}\)[ ]*+values?[ ]*+\([^()]{{0,600}}""",
        accepts=is_data,
        reach="here",
    ),
    rule(  # the values that an ORM bound to a statement
        "secret",
        "params parameters bindings",
        r"""(?<=[\[(,:\s{])(?P<quote>\\?['"])(?P<value>(?:(?!(?P=quote)).){1,300})
          (?=(?P=quote)(?!\s*(?:=>|:)))""",
        within=r"""\b(?:params|parameters|bindings)\b['"]?[ ]?[:=]?[ ]?[\[({][^\])}]{0,600}""",
        accepts=is_data,
        reach="here",
    ),
)
