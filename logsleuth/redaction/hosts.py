"""Names of machines, found by the words around them, and by the form that names in a fleet have."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

from logsleuth.redaction.people import ACCESS_TIME
from logsleuth.redaction.rule import Rule, rule

LABEL = r"[A-Za-z0-9][A-Za-z0-9\-]{0,62}"
HOST = rf"{LABEL}(?:\.{LABEL}){{0,8}}"
DOTTED = rf"{LABEL}(?:\.{LABEL}){{0,7}}\.[A-Za-z]{{2,24}}"
WIDE_LABEL = r"[^\W_](?:[^\W_]|-){0,62}"
"""A label with letters of any script."""
COMMON_HOSTS: Final = frozenset(
    """localhost localhost.localdomain ip6-localhost _ server client host name the a was fail sys.path unix socket
    null none http https     www.php.net php.net httpd.apache.org www.apache.org docs.python.org
    modwsgi.readthedocs.io sqlalche.me example.com     docs.djangoproject.com www.modsecurity.org""".split()  # noqa: SIM905
)
"""Names that are never replaced: they identify nobody."""
PUBLIC_ENDINGS = r"""(?:com|org|net|edu|gov|mil|info|biz|io|eu|us|uk|de|at|ch|fr|nl|be|it|es|pt|se|no|dk|fi|pl|cz
          |ru|ua|cn|jp|kr|
  in|au|nz|ca|br|mx|za|cloud|online|shop|tech|agency|services|systems)"""
PRIVATE_ENDINGS = r"""(?:internal|intern|local|lan|corp|intranet|intra|home\.arpa|localdomain|example|test|invalid
          |private|priv|prod|consul|onion)"""
WORD_BEFORE = r"(?<![\w.@/\\\-$&%=:>])"
NOT_NAMES: Final = frozenset(
    {"local", "settings", "config", "conf", "rc", "env", "wsgi", "httpd", "apache2", "php", "self", "this"}
)
"""First labels of files and modules that look like host names: `settings.local`."""
SCRIPTS: Final = frozenset({"pl", "pm", "ps", "py", "sh"})
"""Suffixes of scripts that are also those of countries: `view.pl` is a script, not a host in Poland."""
ROLES: Final = frozenset(
    """db sql dbs web www app apps api cache redis memcache memcached mq rabbit kafka elastic search lb haproxy
    proxy node     host srv server svr vm front frontend back backend master slave primary replica standby mail
    smtp mx imap ldap dc nfs nas     storage san auth prod stage staging dev uat qa kube k8s ip ec2 mysql pg
    postgres postgresql mongo mongodb maria mariadb     galera oracle mssql dbmaster dbslave dbhost dbserver
    dbnode webserver appserver appnode worker queue batch cron job jobs     bastion jump gw gateway fw router
    vpn dns ns ns1 ntp log logs graphite metrics mon monitor nagios zabbix puppet salt     ansible docker swarm
    rancher es ci build runner jenkins git gitlab nexus file files fs ftp sftp backup bak cdn edge     origin
    static img media varnish nginx solr cassandra etcd zk zookeeper consul vault fpm pod rds vip wp shop""".split()  # noqa: SIM905
)
"""Roles that machines of a fleet are named after, with a number: `db-prod-17`, `web07`."""
NUMBERED: Final = re.compile(r"([a-z]+(?:\d[a-z]+)?)(\d{0,4}[a-z]?)")
ACME: Final = "dns-01"
"""A kind of challenge (RFC 8555), not a machine."""
UNDERSCORED: Final = re.compile(r"_\d{2,4}$")
"""The end of a machine's name with underscores; other words with them are names of code."""
VERSIONED: Final = re.compile(r"(?:.*-)?v?\d+(?:\.\d+)+|.*-v\d{1,3}")


def is_in_fleet(value: str) -> bool:
    """Whether a word looks like a machine's name: it contains a role and a number."""
    parts = value.lower().replace("_", "-").split("-")
    if "_" in value and not UNDERSCORED.search(value):
        return False
    if VERSIONED.fullmatch(value) or value == ACME or not any(char.isdigit() for char in value):
        return False
    if parts[0] == "ip" and len(parts) == 5 and all(part.isdecimal() for part in parts[1:]):
        return True
    if len(parts) == 1:
        return bool(re.search(r"[a-z]\d{2,4}$|\d[a-z]$|[a-z]{4}\d$", parts[0])) and _starts_with_role(parts[0])
    return any(_is_role(part) for part in parts) and not parts[0].isdecimal()


def _is_role(part: str) -> bool:
    found = NUMBERED.fullmatch(part)
    return found is not None and (part in ROLES or found[1] in ROLES)


def _starts_with_role(word: str) -> bool:
    """`db` and `master` in `dbmaster04`."""
    name = word.rstrip("abcdefghijklmnopqrstuvwxyz") if word[-2:-1].isdigit() else word
    name = name.rstrip("0123456789")
    return name in ROLES or any(name[:end] in ROLES and name[end:] in ROLES for end in range(2, len(name) - 1))


OF_WINDOWS = frozenset({0xC000, 0xC06D, 0x8000, 0x8001, 0x8002, 0x8003, 0x8004, 0x8005, 0x8007, 0x8009, 0x800B, 0x4000})
"""How statuses of Windows begin (ntstatus.h, winerror.h, delayimp.h), in hexadecimal."""


def is_hex_address(value: str) -> bool:
    """Whether eight hexadecimal digits are an IPv4 address rather than a Windows error."""
    number = int(value, 16)
    first = number >> 24
    windows = number >> 16 in OF_WINDOWS
    return 1 <= first < 224 and first != 127 and not windows and bool(number & 0xFFFFFF)


def is_whole_address(value: str) -> bool:
    """Whether a decimal number can be an IPv4 address."""
    return 0x0100_0000 < int(value) < 0xE000_0000


def is_named_host(value: str) -> bool:
    """Whether a dotted word is a host, not a file, a module or a script."""
    first, _, rest = value.lower().partition(".")
    return first not in NOT_NAMES and rest not in SCRIPTS


def names_machine(value: str) -> bool:
    """Whether the word after `host=` is the name of a particular machine."""
    return not value.isdecimal() and value.lower() not in COMMON_HOSTS


def has_digit(value: str) -> bool:
    """Whether a name has a number in it, as those of machines have."""
    return any(map(str.isdigit, value))


HOSTS: tuple[Rule, ...] = (
    rule("host", "://", rf"(?<=://)(?<!balancer://)(?:[^\s/@'\"<>]*@)?(?P<value>{HOST})(?=[:/\s'\"?\#,;)>\]\\&]|$)"),
    rule("host", ":\\/ %3a%2f", rf"(?::(?:\\{{1,3}}/){{2}}|%3A%2F%2F)(?:[\w\-:.]{{0,80}}(?:@|%40))?(?P<value>{HOST})"),
    rule("host", "'@' `@` \"@\"", rf"""(?P<q>['"`])@(?P=q)(?P<value>{HOST})(?P=q)"""),
    rule("host", "@", rf"(?<=[\w'\"])@(?:tcp\(|//)?['\"]?(?P<value>{LABEL})(?=[:/)'\",;\s]|$)", accepts=is_in_fleet),
    rule("host", "@tcp(", rf"@tcp\((?P<value>{HOST})(?=[:)])"),
    rule("host", ",", rf"(?<=[\w\])],)(?P<value>{HOST})(?=:\d{{4,5}}(?:[,/\s'\"]|$))"),
    rule(
        "host",
        "[client [remote [vhost [host [server",
        rf"""\[(?:client|remote|vhost|host(?:name)?|server)[ ]"?(?P<value>{DOTTED})(?=[:\]"])""",
    ),
    rule(
        "host",
        "host server",
        rf"\b(?:(?:db_?)?host(?:name)?|(?:remote[ ])?server(?:[_ ]?name)?|vhost)[:=]?[ ]?['\"](?P<value>{DOTTED})['\"]",
    ),
    rule(
        "host",
        "host: host= hostname= server: server= vhost",
        rf"""\b(?:server|v?(?:db_?)?host(?:name)?)(?::[ ]|=)(?P<value>{DOTTED})\b""",
    ),
    rule(  # in connection strings a word alone is a machine's name
        "host",
        "host= server= source= hostname= hostaddr= host'= host\"",
        rf"""\b(?:host(?:name)?|server|data[ ]source|address|hostaddr)=(?:tcp:)?(?P<value>{HOST})(?=[;,\s:)'"]|$)""",
        accepts=names_machine,
    ),
    rule(
        "host",
        "host server node",
        rf"""\b(?:\w{{1,20}}_)?(?:host(?:name)?|server|node(?:name)?)(?:\\?['"])?[\])]?[ ]{{0,2}}(?:=>|:
          |=)[ ]{{0,2}}\\?['"](?P<value>{HOST})\\?['"]""",
        accepts=lambda value: is_in_fleet(value) or "." in value,
    ),
    rule("host", "server", rf"\bremote[ ]server[ ](?P<value>{DOTTED})(?=[:\s])"),
    rule(
        "host",
        "connect",
        rf"""\bconnect(?:ion|ing|ed)?[ ](?:attempt[ ])?(?:to|with|from)[ ](?:[a-z]+[ ])?['"]?
          (?P<value>{DOTTED})(?=[:\s'"(]|$)""",
    ),
    rule("host", "failed", rf"\((?P<value>{DOTTED})\)[ ]failed"),
    rule(
        "host",
        "lookup getaddrinfo resolve",
        rf"""(?:lookup[ ](?:failure[ ]|error[ ])?(?:for|of)[: ]+|getaddrinfo[ ](?:for[ ]|ENOTFOUND[ ]|EAI_AGAIN[ ])?
          |(?:could|can)[ ]?not[ ]resolve[ ](?:host(?:name)?)?[: ]*)['"]?(?P<value>{DOTTED}|{HOST}(?=[ ]failed
          |[ ]?$))""",
    ),
    rule("host", "relay=", rf"\brelay=(?P<value>{DOTTED})(?=\[)"),
    rule("host", "hostname", rf"\bhostname[ ](?P<value>{HOST})[ ]provided[ ]via"),
    rule("host", "cn=", rf"\bCN=(?:\*\.)?(?P<value>{DOTTED})"),
    rule("host", "dc=", r"\bDC=(?P<value>[\w\-]+)", reach="here"),
    rule("host", "http/", rf"^(?P<value>{DOTTED})(?::\d+)?[ ]\S+[ ](?:\S+[ ])?\S+[ ]{ACCESS_TIME}"),
    rule(  # the head of a syslog line
        "host",
        "[ :",
        rf"""^(?:<\d+>)?(?:1[ ])?
          (?:[A-Z][a-z]{{2}}[ ][ \d]?\d[ ]\d\d:\d\d:\d\d|\d{{4}}-\d\d-\d\dT[\d:.]+(?:Z|[+\-]\d\d:?\d\d))
          [ ](?P<value>{HOST})[ ][\w\-./]+(?:\[\d+\])?[: ]""",
    ),
    rule(
        "host",
        "\\\\",
        r"""(?<![\w\\:])\\{2,4}(?P<value>(?!x[0-9a-f]{2})[A-Za-z][\w\-]{2,30})(?=\\{1,2}[\w$])""",
        accepts=has_digit,
    ),
    rule(
        "host",
        "nfs cifs",
        rf"""\b(?:(?:nfs4?:|NFS)[ ]server[ ](?=\S{{1,255}}[ ](?:not[ ]responding|ok)\b)
          |NFS[ ]\w{{1,20}}[ ](?:error[ ]on[ ]host|failed[ ]for[ ]server)[ ]
          |CIFS:?[ ]VFS:[ ](?:Server[ ]|\\{{2,4}}))(?P<value>{HOST})(?=[ :]|$)""",
    ),
    rule(  # what ansible did, and where
        "host", "[", rf"\b(?:ok|changed|failed|fatal|skipping|unreachable):[ ]\[(?P<value>{HOST})\](?=:|[ ]=>|$)"
    ),
    rule(  # a name with an ending that hosts have
        "host",
        ".",
        rf"""(?:{WORD_BEFORE}|(?<=\\[nrt]))(?P<value>(?:{WIDE_LABEL}\.){{1,6}}{PUBLIC_ENDINGS})(?![\w\-(=]|\.\w|\\\w)""",
        accepts=is_named_host,
    ),
    rule(
        "host",
        ".intern .local .lan .corp .intra .home .example .test .invalid .priv .prod .consul .onion",
        rf"""(?:(?<![\w.@/\\\-$])|(?<=\\[nrt]))(?P<value>(?:{LABEL}\.){{1,6}}{PRIVATE_ENDINGS})(?![\w\-(]|\.\w)""",
        accepts=is_named_host,
    ),
    rule(
        "host",
        "",
        r"""(?<![\w./\\\-@$%&=*])(?<![0-9a-f]:)(?:(?<=\s)|(?<=[("',:;\[\]>])
          |^)(?P<value>[a-z][a-z0-9]{0,20}(?:[\-_][a-z0-9]{1,20}){0,6})
          (?![\w\-/\\=(*@]|\.\w|::)""",
        accepts=is_in_fleet,
    ),
    rule(
        "host",
        "0x",
        r"""(?<!address[ ])(?<!pointer[ ])(?<!at[ ])(?<!code[ ])
          (?<!status[ ])(?<!error[ ])(?<!flags[ ])(?<!=)(?<![\w\[(])
          0x(?P<value>[0-9a-f]{8})(?![\w])""",
        accepts=is_hex_address,
        reach="here",
    ),
    rule("host", "://", r"(?<=://)(?P<value>\d{8,10})(?=[/:\s'\"]|$)", accepts=is_whole_address),
    rule(  # an address with hyphens: host-203-0-113-45
        "host",
        "-",
        r"(?<=[A-Za-z]-)(?P<value>(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:-(?:25[0-5]|2[0-4]\d|1?\d?\d)){3})(?![\d.])",
    ),
    rule("host", ":", r"(?<![0-9a-f:\-])(?P<value>[0-9a-f]{2}(?:[:\-][0-9a-f]{2}){5})(?![0-9a-f:\-])"),
)


def address_of(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a text is, or None."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
