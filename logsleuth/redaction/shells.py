"""Secrets on command lines: passwords in options, arguments, and variables set before the command."""

from __future__ import annotations

import re
from typing import Final

from logsleuth.redaction.keys import is_secret
from logsleuth.redaction.rule import Rule, rule

WORD = r"""(?:(?P<quote>\\?['"])(?P<value>(?:(?!(?P=quote)).){1,300})"""
ARGUMENT = rf"""{WORD}|(?P<bare>(?!-)[^\s'"|;&<>`)\\]++))"""
REST = r"""(?:(?!\\n|\n|[ ]&&|[ ]\|\|?[ ]).){0,600}"""
ATTACHED = r"""(?:mysql|mysqldump|mysqladmin|mysqlimport|mysqlcheck|mysqlshow|mysqlbinlog|mysqlpump
          |mariadb(?:-\w+)?|mydumper|xtrabackup|innobackupex|7z|7za|rar|unrar)"""
SEPARATE = r"""(?:sshpass|docker|podman|buildah|skopeo|helm|mongo(?:sh|dump|restore|import|export)?|ldap\w+|zip
          |unzip|az|oc|
  influx|cqlsh|vsql|rabbitmqadmin|mosquitto_\w+|ftp|lftp|ncftp\w*|smbclient|wget|pg_dump|redis-cli|keytool|openssl|
  nomad|svn|argocd|ansible\w*|kinit|plink|pscp|winexe|psexec|bcp|sqlcmd|isql|tsql|osql|amqp-\w+|snmp\w+|ipmitool
          |curl|consul)"""
OPTION = r"""(?:p|P|w|a|W|c|A|x|X|k|pw|pass|pwd)"""
WORDLIKE: Final = re.compile(r"\d{1,5}|[a-z.]{1,3}|\{port\}")


def is_argument(value: str) -> bool:
    """Whether an argument can be a password.

    It is not a port, the place of one in a pattern's command, or the letter of a flag.
    """
    return not WORDLIKE.fullmatch(value) and not value.startswith(("/", "-", "http:", "https:")) and is_secret(value)


SECRETS: tuple[Rule, ...] = (
    rule(  # curl -u user:password, --user user:password, --proxy-user
        "secret",
        "curl wget http httpie siege ab lynx -u --user",
        r"""(?<=[\s'"])(?:-[a-zA-Z]{0,5}[uUAPa]|--(?:proxy-)?user|--auth|--login-path)[ =]?\\?['"]?[^\s:'"]{1,80}:
          (?P<value>[^\s'"\\]++)""",
        accepts=is_argument,
    ),
    rule(  # mysqldump -pPASSWORD
        "secret",
        "-p",
        r"""(?<=[\s'",])-p\\?['"]?(?P<value>[^\s'"|;&<>`)\\]++)""",
        within=rf"""\b{ATTACHED}\b{REST}""",
        accepts=is_argument,
    ),
    rule(  # sshpass -p PASSWORD, docker login -p PASSWORD, redis-cli -a PASSWORD, ldapsearch -w PASSWORD
        "secret",
        "sshpass docker podman buildah skopeo helm mongo ldap zip az oc influx cqlsh vsql rabbitmq mosquitto ftp "
        "smbclient wget pg_dump redis-cli keytool openssl nomad svn argocd ansible kinit plink pscp winexe psexec bcp "
        "sqlcmd isql tsql osql amqp snmp ipmitool consul",
        rf"""(?<=[\s'",])-{OPTION}[ =]\\?['"]?(?P<value>[^\s'"|;&<>`)\\]++)""",
        within=rf"""\b{SEPARATE}\b[ '",]{REST}""",
        accepts=is_argument,
    ),
    rule(  # smbclient -U user%password
        "secret",
        "%",
        r"""(?<=[\s'"])(?:-U|--user(?:name)?)[ =]?\\?['"]?[^\s%'"]{1,60}%(?P<value>[^\s'"\\]++)""",
        accepts=is_argument,
    ),
    rule(  # --password PASSWORD, --token=…; -password …, as Java's and OpenSSL's tools have it; /p:… on Windows
        "secret",
        "--pass --pw --token --secret --key --api --access --auth --cred --private --client --user-pass --http-pass "
        "--admin --root --store -pass -storepass -keypass -pw --requirepass --masterauth --db --smtp --bind --new "
        "--old --registry --from-literal --vault --sasl --license --encrypt --basic --bearer --cookie --otp --pin "
        "--psk",
        r"""(?<![\w\-])--?(?:[a-z][\w]{0,20}-){0,3}(?:pass(?:word|wd|phrase|code)?|passin|passout|pw|token|secret
          |api-?key|
          (?:access|secret|private|account|auth|encryption|license|client)-?(?:key|secret|token)|auth|masterauth
          |requirepass|
          credentials?|storepass|keypass|userpass|psk|otp|pin|cookie|bearer|basic)
          (?:[ =]|\\?['"],[ ]*\\?['"])\\?['"]?(?:pass:)?(?P<value>[^\s'"|;&<>`)\\,\]]++)""",
        accepts=is_argument,
    ),
    rule(
        "secret",
        "/p: /pass: /password: pass:",
        r"""(?:(?<=[\s'"])/(?:p|pass|password|pw):|\bpass:)(?P<value>[^\s'"\\]{3,})""",
        accepts=is_argument,
    ),
    rule(  # net use \\server\share PASSWORD /user:…; AUTH …; CONFIG SET requirepass …; htpasswd -b FILE user PASSWORD
        "secret",
        "requirepass masterauth auth pass login htpasswd mysqladmin chpasswd identify net",
        r"""(?:\b(?:requirepass|masterauth|identify)[ ]\\?['"]?|\b(?-i:AUTH|PASS)[ ](?!LOGIN|PLAIN|CRAM)\\?['"]?
          |\b(?-i:AUTH)[ ](?!LOGIN|PLAIN|CRAM)[a-z_]{1,30}[ ](?=\S{0,40}\d)
          |\b(?-i:LOGIN)[ ](?=\S{1,60}[ ]\S{4})\S{1,60}[ ]
          |\bAUTH[ ](?-i:LOGIN|PLAIN)[ ]
          |\bhtpasswd[ ]-\w*b\w*[ ]\S{1,200}[ ]\S{1,60}[ ]|\bmysqladmin[ ].{0,100}?\bpassword[ ]\\?['"]?
          |\bnet[ ]use[ ](?:\w:[ ])?\S{1,100}[ ]|\bnet[ ]user[ ]\S{1,60}[ ]
          |\becho[ ]\\?['"]?\w{1,32}:(?=[^|]{1,80}\|[ ]?(?:sudo[ ])?chpasswd))
          (?P<value>[^\s'"|;&<>`)\\/]++)""",
        accepts=is_argument,
    ),
    rule(  # echo PASSWORD | sudo -S, | docker login --password-stdin
        "secret",
        "echo printf <<<",
        r"""(?:\b(?:echo|printf)(?:[ ]-\w{1,3})?|<<<)[ ]?\\?['"]?(?P<value>[^\s'"|]{4,100})
          (?=\\?['"]?[ ]?\|[ ]?(?:sudo[ ](?:-\w[ ])*-?S|\S{1,40}[ ](?:login|passwd|.{0,60}?(?:pass|stdin|-S\b))
          |passwd|su\b|openssl|base64))""",
        accepts=is_argument,
    ),
)
